"""The form for the meeting that moderates: what could be agreed, what each said, and the evidence that holds."""

from __future__ import annotations

from collections.abc import Sequence

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.assessments import Assessment, Score
from joinedup.governance.frameworks.results import PlaceResult
from joinedup.governance.frameworks.scoring import Outcome, Round


def undecided(places: Sequence[PlaceResult]) -> Round:
    """The one newest round that the deciding view has not scored. Raises YourCommand for none, or several."""
    found = [place.latest for place in places if place.latest is not None and not place.latest.moderated]
    if len(found) != 1:
        raise YourCommand(
            f"{len(found)} places wait to be decided, and a form is for one.",
            remedy="Name the forms of one place, of a round in which nobody has decided.",
        )
    return found[0]


def proposal(found: Round) -> Assessment:
    """A set of scores of the view that decides: proposed levels, with who said what as the reason.

    It is where a meeting begins. Evidence that holds comes along; in the new form it counts for the level agreed there.
    """
    framework = Framework.load(found.framework)
    scores = tuple(_proposed(one) for one in found.outcomes if one.claims)
    return Assessment(
        framework.slug,
        framework.version,
        found.place,
        found.name,
        found.day,
        framework.deciding.slug,
        "",
        scores,
    )


def _proposed(one: Outcome) -> Score:
    said = "; ".join(f"{claim.partner or claim.view} {claim.level}" for claim in one.claims)
    level = one.proposed
    evidence = dict.fromkeys(
        judged.evidence
        for judged in one.evidence
        if judged.holds and level is not None and judged.level >= level
    )
    local = ("", "") if one.core else (one.title, one.domain)
    return Score(one.criterion, level, f"Said: {said}", tuple(evidence), *local)
