"""What people do to papers and their claims. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from joinedup.errors import YourCommand
from joinedup.improvement import Tie, find_claims
from joinedup_web.improvement.actions import check, said
from joinedup_web.improvement.checking import NOT_TIED, check_claim, check_paper
from joinedup_web.improvement.claim_records import ClaimCheck, Paper, PaperClaim
from joinedup_web.improvement.released import known_measure, newest
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

CLAIM = "claim"


@transaction.atomic
def write_paper(
    *, by: Scope, place: Place, title: str, source: str = "", paragraphs: Sequence[str]
) -> Paper:  # fmt: skip
    """Find the claims of a text and keep them; the rest of the text is not kept. Raises YourCommand where none
    is found, and UnsafeFile for more than 2,000."""
    check(by, "write", place.code, CLAIM)
    found = find_claims(paragraphs)
    if not found:
        raise YourCommand(
            "No sentence of this text has a figure that claims a change or a share.",
            remedy="Paste the sentences with the figures, as they stand.",
        )
    paper = Paper.objects.create(
        place=place, title=said(title, "a title"), source=source.strip(), paragraphs=len(paragraphs)
    )
    for order, one in enumerate(found, 1):
        PaperClaim.objects.create(
            paper=paper, place=place, order=order, paragraph=one.paragraph, number=one.number, sentence=one.sentence,
            begins=one.quantity.start, figure=one.quantity.figure[:200],
        )  # fmt: skip
    check_paper(paper, newest())
    return paper


@transaction.atomic
def tie_claim(
    *, by: Scope, claim: PaperClaim, measure: str, level: str, after: str, before: str = "",
    places: Sequence[str] = (), comparison: Sequence[str] | str = (),
) -> PaperClaim:  # fmt: skip
    """Say which measure, places and period a claim is about, and check it at once. Raises JoinedupError with what does
    not fit; then nothing is kept."""
    check(by, "write", claim.place_id, CLAIM)
    found = claim.found
    if found is None:
        raise YourCommand("No figure is found in this sentence any more.", remedy="Enter the text again.")
    known = known_measure(measure)
    told: dict[str, Any] = {
        "text": found.sentence, "claim": found.quantity.phrase, "measure": known.id if known else measure,
        "after": after.strip(), "level": level, "places": list(places),
        "comparison": comparison if isinstance(comparison, str) else list(comparison),
    }  # fmt: skip
    if before.strip():
        told["before"] = before.strip()
    claim.tie = _tie(told).model_dump(mode="json")
    with pghistory.context(why="tied to a measure"):
        claim.save(update_fields=["tie"])
    check_claim(claim, newest(), strict=True)
    return claim


def _tie(told: dict[str, Any]) -> Tie:
    try:
        return Tie.model_validate(told)
    except ValidationError as error:
        faults = "; ".join(fault["msg"].removeprefix("Value error, ").rstrip(".") for fault in error.errors())
        raise YourCommand(f"That does not fit together: {faults}.", remedy="Mend the form.") from error


@transaction.atomic
def share_paper(*, by: Scope, paper: Paper, shared: bool) -> Paper:
    """Let everyone whose role reads claims see a paper, or nobody beyond its own place any more."""
    check(by, "share", paper.place_id, CLAIM)
    if paper.shared == shared:
        raise YourCommand("It is so already.", remedy="Nothing is left to do.")
    paper.shared = shared
    if not shared:
        paper.public_since = None
    with pghistory.context(why="shared" if shared else "private again"):
        paper.save(update_fields=["shared", "public_since"])
    return paper


@transaction.atomic
def publish_paper(*, by: Scope, paper: Paper, public: bool) -> Paper:
    """Put the claims of a paper that were checked on the public page, or take them off it again. Raises YourCommand
    where none was: the public is shown what was found, not what somebody meant to look up."""
    check(by, "publish", paper.place_id, CLAIM)
    answers = ClaimCheck.objects.filter(claim__paper=paper).exclude(verdict=NOT_TIED)
    if public and not answers.exists():
        raise YourCommand(
            "None of its claims is tied to a measure yet.",
            remedy="Tie a claim; then what was found can be shown.",
        )
    paper.public_since = timezone.now() if public else None
    paper.shared = paper.shared or public
    with pghistory.context(why="made public" if public else "no longer public"):
        paper.save(update_fields=["shared", "public_since"])
    return paper
