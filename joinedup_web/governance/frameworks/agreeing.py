"""What happens once scoring is over: levels are agreed with reasons, sent to be signed, signed, and corrected.

The library decides whether evidence holds; no level stands above what it allows, and none is kept here that would.
"""

from __future__ import annotations

from collections.abc import Iterable

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup.governance.frameworks.assessments import Score
from joinedup.governance.frameworks.evidence import Holdings
from joinedup.governance.frameworks.scoring import Round as Scored
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.actions import together
from joinedup_web.governance.frameworks.asking import agreement_of, handed_in, parties, sheets
from joinedup_web.governance.frameworks.checking import (
    all_scored,
    beside_keeper,
    locked,
    permitted,
    said,
    speaks_for,
    unchanged,
)
from joinedup_web.governance.frameworks.models import (
    MODERATION,
    SCORING,
    SIGNED,
    SIGNING,
    Agreement,
    Party,
    Round,
    Signature,
)
from joinedup_web.organisations.scope import Scope

NO_EVIDENCE = "Give evidence that holds, or agree a lower level."


@transaction.atomic
def begin_moderation(*, by: Scope, found: Round, reason: str) -> Round:
    """End the scoring: what was handed in is open to the moderator now. Raises YourCommand where nobody handed in."""
    who, why = permitted(by, "moderate", found.place_id), said(reason, "A reason")
    row = locked(found, SCORING)
    if not handed_in(row):
        raise YourCommand("Nobody has handed in scores yet.", remedy="Wait for the first, or remind them.")
    with pghistory.context(why=why):
        Agreement.objects.create(place_id=row.place_id, round=row, by=who)
        return _in_state(row, MODERATION)


@transaction.atomic
def agree(
    *, by: Scope, found: Round, scores: Iterable[Score], edition: int, figures: Holdings, whole: bool = False
) -> Agreement:
    """Keep agreed levels with their reasons; `whole`: these and no others. Raises YourCommand for a level without
    reason, or above what evidence allows."""
    who = permitted(by, "moderate", found.place_id)
    row, given = locked(found, MODERATION), tuple(scores)
    agreed = _agreement(row)
    unchanged(agreed, edition)
    for one in given:
        if one.level is not None:
            said(one.reason, f"The reason for the level of {one.title or one.criterion}")
    merged = together({} if whole else agreed.scores, given)
    _check_evidence(judged(row, merged, figures), {one.criterion for one in given})
    agreed.scores, agreed.by, agreed.edition = merged, who, agreed.edition + 1
    with pghistory.context(why=f"Levels agreed in {row}."):
        agreed.save(update_fields=["scores", "by", "edition"])
    return agreed


@transaction.atomic
def send_to_sign(*, by: Scope, found: Round, figures: Holdings) -> Round:
    """Send the agreed levels to the parties, to be signed. What evidence allows today is what they sign."""
    permitted(by, "moderate", found.place_id)
    row = locked(found, MODERATION)
    agreed = _agreement(row)
    all_scored(row, agreed.scores, "Not agreed yet")
    outcome = judged(row, agreed.scores, figures)
    _check_evidence(outcome, set(agreed.scores))
    agreed.allowed = {one.criterion: one.allowed for one in outcome.outcomes}
    with pghistory.context(why=f"{row} is sent to be signed."):
        agreed.save(update_fields=["allowed"])
        return _in_state(row, SIGNING)


@transaction.atomic
def take_back(*, by: Scope, found: Round, reason: str) -> Round:
    """Go back from signing to agreeing, while nobody has signed."""
    permitted(by, "moderate", found.place_id)
    row, why = locked(found, SIGNING), said(reason, "A reason")
    if Signature.objects.filter(round=row).exists():
        raise YourCommand("Somebody has signed already.", remedy="Begin a corrected version instead.")
    with pghistory.context(why=why):
        Agreement.objects.filter(round=row).update(allowed={})
        return _in_state(row, MODERATION)


@transaction.atomic
def sign(*, by: Scope, found: Round, party: Party, office: str) -> Signature:
    """Sign the agreed levels for a party, in an office. With the last signature the round is fixed."""
    who, role = speaks_for(by, party, "sign"), said(office, "The office in which it is signed")
    with beside_keeper(by, found.place_id), pghistory.context(why=f"{party} signs {found}."):
        row = locked(found, SIGNING)
        made = _signed(row, party, role, who)
        left = {one.pk for one in parties(row)} - set(
            Signature.objects.filter(round=row).values_list("party_id", flat=True)
        )
        if not left:
            row.signed_on = timezone.localdate()
            row.state = SIGNED
            row.save(update_fields=["state", "signed_on"])
    return made


@transaction.atomic
def correct(*, by: Scope, found: Round, reason: str) -> Round:
    """Begin a corrected version with the levels of this one, to be agreed and signed anew. This one stays as it is."""
    who, why = permitted(by, "moderate", found.place_id), said(reason, "A reason")
    if found.state not in (SIGNED, SIGNING):
        raise YourCommand("It is not signed yet.", remedy="Change the levels where they are agreed.")
    agreed = _agreement(found)
    fields = ("place_id", "framework", "version", "unit_id", "name", "day", "note", "parties")
    with pghistory.context(why=why):
        made = _next_version(
            **{name: getattr(found, name) for name in fields},
            edition=found.edition + 1, first_id=found.origin, opened_by=who, state=MODERATION,
        )  # fmt: skip
        Agreement.objects.create(
            place_id=made.place_id, round=made, scores=agreed.scores, why_corrected=why, by=who
        )
    return made


def judged(found: Round, scores: dict[str, object], figures: Holdings) -> Scored:
    """The round with these levels as those agreed, by the library."""
    made = keeping.scored(found, sheets(found), None, figures, more=keeping.scores_of(scores))  # type: ignore[arg-type]
    if made is None:
        raise YourCommand("Nothing was scored.", remedy="Agree a level first.")
    return made


def _check_evidence(outcome: Scored, which: set[str]) -> None:
    above = [
        f"{one.title}: level {one.decided}, and evidence that holds allows {one.allowed}"
        for one in outcome.outcomes
        if one.unsupported and one.criterion in which
    ]
    if above:
        raise YourCommand(f"{'; '.join(above)}.", remedy=NO_EVIDENCE)


def _agreement(found: Round) -> Agreement:
    agreed = agreement_of(found)
    if agreed is None:
        raise YourCommand("Nothing has been agreed here.", remedy="Open the round, and see what is next.")
    return agreed


def _in_state(row: Round, state: str) -> Round:
    row.state = state
    row.save(update_fields=["state"])
    return row


def _signed(row: Round, party: Party, office: str, who: str) -> Signature:
    try:
        with transaction.atomic():
            return Signature.objects.create(
                place_id=party.keeper, round=row, party=party, office=office, by=who,
                on_behalf=party.organisation_id is None,
            )  # fmt: skip
    except IntegrityError as error:
        raise YourCommand(f"{party} has signed already.", remedy="Nothing is left to do.") from error


def _next_version(**fields: object) -> Round:
    try:
        with transaction.atomic():
            return Round.objects.create(**fields)
    except IntegrityError as error:
        raise YourCommand(
            "A corrected version was begun already.", remedy="Open it from the page of the place."
        ) from error
