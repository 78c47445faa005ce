"""Best practice in words, and as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from joinedup.equity.practice_rules import (
    KNOWN_LEAST,
    LASTING,
    LEAST_PEOPLE,
    PAIRED_LEAST,
    WORTHWHILE,
    Reason,
)

if TYPE_CHECKING:
    from joinedup.equity.practice import BestPractice
    from joinedup.equity.practice_rules import JourneyStep, Standing

NOTES = (
    "Case mix is what was recorded of age, sex and deprivation: people may differ in ways that nobody wrote down.",
    "Where a journey differs is where to look. What people there do differently is for a person to find out.",
)


def as_json(found: BestPractice) -> dict[str, Any]:
    """Figures as plain values, percentages from 0 to 100; after a release, as they may be shown."""
    return {
        "measure_id": found.measure_id,
        "title": found.title,
        "by": found.by,
        "period": found.period,
        "quarters": list(found.quarters),
        "standardised_on": list(found.standardised_on),
        "verdict": "really better" if found.named else "nobody is really better",
        "sentence": sentence(found),
        "named": [one.place for one in found.named],
        "places": [_place(found, one) for one in found.standings] + _small(found),
        "journeys": {
            one.place: [_step(found, step) for step in found.journey(one.place)] for one in found.named
        },
        "rules": rules(found),
        "warnings": [*found.warnings, *NOTES],
        "rule": found.rule,
        "snapshot": found.snapshot,
        "filters": dict(found.filters),
        "profile": found.display.profile if found.display else None,
    }


def sentence(found: BestPractice) -> str:
    """The finding in plain English, people first."""
    if not found.named:
        return _nobody(found)
    told = " ".join(_better(found, one) for one in found.named)
    quiet = len(found.places) - len(found.named)
    return f"{told} Nobody else of the {quiet} other {found.by}s stands out." if quiet else told


def rules(found: BestPractice) -> list[str]:
    """What a place must meet to be named, in words."""
    mix = ", ".join(found.standardised_on) or "nothing"
    return [
        f"at least {LEAST_PEOPLE} people in the period",
        f"above the others once {mix} are allowed for, by more than chance: p below {found.alpha:g} after Holm over "
        f"all {found.by}s that could be named, and its estimate, drawn towards the whole, above them too",
        f"by {100 * WORTHWHILE:g} percentage points or more, in that estimate",
        f"above the others in at least {100 * LASTING:g}% of the last quarters",
        f"first and last scores of at least {100 * PAIRED_LEAST:g}% of people, and age, sex and deprivation of "
        f"{100 * KNOWN_LEAST:g}%",
    ]


def journey_sentence(found: BestPractice, place: str) -> str:
    """Where the journey of people of a place differs from that of people elsewhere."""
    apart = [step for step in found.journey(place) if step.differs]
    if not apart:
        return "At no single stage does its journey differ by more than chance: the difference is spread over several."
    each = [f"{_went(step)} at “{step.title}”" for step in apart]
    return f"Its journey differs here: {'; '.join(each)}."


def _went(step: JourneyStep) -> str:
    return (
        f"{step.differs} people go on ({_percent(step.own)} beside {_percent(step.others)}, {_points(step)})"
    )


def _nobody(found: BestPractice) -> str:
    compared = [one for one in found.standings if Reason.HIDDEN not in one.reasons]
    if len(compared) < 3:
        return f"{found.title}: fewer than three {found.by}s have figures, so nobody can be compared with the others."
    return (
        f"Nobody is really better: in none of the {len(compared)} {found.by}s do more people reach {_what(found)} than "
        f"people like them elsewhere, by more than chance explains and for long enough. That is the usual answer."
    )


def _better(found: BestPractice, one: Standing) -> str:
    return (
        f"People in {found.name(one.place)} really do better: {_percent(one.own)} reach {_what(found)}, beside "
        f"{_percent(one.others)} of people like them in the other {found.by}s ({100 * one.difference:+.1f} percentage "
        f"points, {100 * found.confidence:g}% limits {100 * one.lower:+.1f} to {100 * one.upper:+.1f}), and more than "
        f"elsewhere in {one.better_in} of the last {one.of} quarters. {journey_sentence(found, one.place)}"
    )


def _what(found: BestPractice) -> str:
    return found.title[:1].lower() + found.title[1:]


def _place(found: BestPractice, one: Standing) -> dict[str, Any]:
    n = one.people

    def percent(share: float) -> float | None:
        return _shown(found, share, n)

    return {
        "place": one.place,
        "name": found.name(one.place),
        "named": one.named,
        "reasons": [str(reason) for reason in one.reasons],
        "people": _count(n),
        "percentage": percent(one.share),
        "adjusted": percent(one.own),
        "others": percent(one.others),
        **_difference(found, one, n),
        "p": _rounded(one.p, 4),
        "p_adjusted": _rounded(one.adjusted, 4),
        "estimate": percent(one.estimate),
        "lower": percent(one.estimate_lower),
        "upper": percent(one.estimate_upper),
        "quarters_above": one.better_in,
        "quarters": one.of,
        "paired": percent(one.paired),
        "mix_known": percent(one.known),
    }


def _small(found: BestPractice) -> list[dict[str, Any]]:
    """Places too small to be shown: by their names alone."""
    return [
        {"place": code, "name": found.name(code), "named": False, "reasons": [str(Reason.TOO_FEW)]}
        for code in found.left_out
    ]


def _step(found: BestPractice, step: JourneyStep) -> dict[str, Any]:
    n = step.reached
    return {
        "stage": step.stage,
        "title": step.title,
        "kind": step.kind,
        "reached": _count(n),
        "passed": _count(step.passed),
        "adjusted": _shown(found, step.own, n),
        "others": _shown(found, step.others, n),
        **_difference(found, step, n),
        "p_adjusted": _rounded(step.adjusted, 4),
        "differs": step.differs,
    }


def _difference(found: BestPractice, one: Standing | JourneyStep, n: float) -> dict[str, float | None]:
    names = ("difference", "lower", "upper")
    values = {
        f"{name}_points" if name == "difference" else f"difference_{name}": 100 * getattr(one, name)
        for name in names
    }
    if found.display is None:
        return {name: _rounded(value, 12) for name, value in values.items()}
    size = None if math.isnan(n) else n
    return {name: found.display.points(value, size or 0.0) for name, value in values.items()}


def _shown(found: BestPractice, share: float, n: float) -> float | None:
    if math.isnan(share) or math.isnan(n):
        return None
    return found.display.percentage(100 * share, n) if found.display else 100 * share


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _points(step: JourneyStep) -> str:
    return f"{100 * step.difference:+.1f} points, limits {100 * step.lower:+.1f} to {100 * step.upper:+.1f}"


def _count(value: float) -> int | None:
    return None if math.isnan(value) else round(value)


def _rounded(value: float, places: int) -> float | None:
    return None if math.isnan(value) else round(value, places)
