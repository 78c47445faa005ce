"""Claims checked and kept: when they are tied, and again when data arrive."""

from __future__ import annotations

import pghistory
from django.db import transaction

from joinedup.errors import JoinedupError
from joinedup.improvement import CheckedClaim, ClaimVerdict, Holdings, NothingHeld, check_claims
from joinedup_web.improvement.claim_records import ClaimCheck, Paper, PaperClaim
from joinedup_web.improvement.judging import WORKER, at
from joinedup_web.improvement.released import PublishedHeld, State, newest
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened

NOT_TIED = "not tied yet"


def check_all(state: State | None = None) -> int:
    """Check every paper that was not checked against the newest state yet; how many were."""
    found = state or newest()
    if found is None:
        return 0
    with opened(WORKER, list(Place.objects.values_list("code", flat=True))):  # private ones too
        waiting = list(Paper.objects.exclude(checked_made__gte=found.made).order_by("pk"))
    for paper in waiting:
        with at(paper.place_id, "new figures"):
            check_paper(paper, found)
    return len(waiting)


@transaction.atomic
def check_paper(paper: Paper, state: State | None) -> None:
    """Check each claim of a paper against a state, or against nothing where there is none yet."""
    for claim in paper.claims.all():
        check_claim(claim, state)
    paper.checked_snapshot, paper.checked_made = _state(state)
    with pghistory.context(why="checked"):
        paper.save(update_fields=["checked_snapshot", "checked_made"])


def check_claim(claim: PaperClaim, state: State | None, *, strict: bool = False) -> ClaimCheck:
    """Check one claim; a check is kept where it says something new. `strict` raises what does not fit together instead
    of saying it."""
    try:
        said = _said(claim, PublishedHeld(state) if state is not None else NothingHeld())
    except JoinedupError as error:
        if strict:
            raise
        said = (str(ClaimVerdict.CANNOT_TELL), f"{error.message} {error.remedy}".strip(), "", "")
    before = claim.checks.order_by("-checked_at").first()
    if before is not None and (before.verdict, before.found, before.measure_id, before.title) == said:
        return before
    snapshot, made = _state(state)
    return ClaimCheck.objects.create(
        claim=claim, place_id=claim.place_id, verdict=said[0], found=said[1], measure_id=said[2], title=said[3][:300],
        snapshot=snapshot, state_made=made,
    )  # fmt: skip


def _said(claim: PaperClaim, held: Holdings) -> tuple[str, str, str, str]:
    found, tie = claim.found, claim.tied
    if found is None:
        return str(ClaimVerdict.CANNOT_TELL), "No figure is found in this sentence any more.", "", ""
    checked: CheckedClaim
    (checked,) = check_claims((found,), (tie,) if tie is not None else (), held)
    if str(checked.verdict).startswith("not tied"):  # as the command says it, which has a file of ties
        told = str(checked.verdict).partition(": ")[2]
        return NOT_TIED, "" if told.startswith("name its") else f"{told[:1].upper()}{told[1:]}.", "", ""
    return str(checked.verdict), checked.found or "", checked.measure or "", checked.title


def _state(state: State | None) -> tuple[int, str]:
    return (state.snapshot, state.made) if state is not None else (0, "")
