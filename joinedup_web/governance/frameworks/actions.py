"""What people do in a round before levels are agreed: open it, score, hand in; and the other forms of a place.

Triggers write the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.assessments import Score
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.asking import units_for
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
    SCORING,
    Handover,
    Party,
    PlaceForm,
    Round,
    Sheet,
)
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

NAME = 200


@dataclass(frozen=True)
class TakesPart:
    """Somebody who is to score: in which view, under which name, and the organisation where the register has it."""

    view: str
    name: str
    organisation: Place | None = None


@transaction.atomic
def open_round(
    *, by: Scope, place: Place, framework: Framework, unit: Place, name: str, day: date,
    parties: Sequence[TakesPart], note: str = "",
) -> Round:  # fmt: skip
    """Open a round: partners can score from now on. Raises YourCommand where `by` may not, or who takes part does not
    fit the views of the framework."""
    who, words = permitted(by, "keep", place.code), said(name, "The name of the round")
    if unit.code not in units_for(place.code, framework):
        raise YourCommand(
            f"{unit} is not for {place} to have assessed by this framework.", remedy="Choose another place."
        )
    _check_parties(framework, parties)
    with pghistory.context(why=f"{framework.title}: the round {words} is opened."):
        made = _create(
            place=place, framework=framework.slug, version=framework.version, unit=unit, name=words, day=day,
            note=note.strip(), parties=_codes(parties), opened_by=who,
        )  # fmt: skip
        Party.objects.bulk_create(
            Party(place=place, round=made, view=one.view, name=one.name, organisation=one.organisation)
            for one in parties
        )
    return made


@transaction.atomic
def save_scores(
    *, by: Scope, found: Round, party: Party, scores: Iterable[Score], edition: int, whole: bool = False
) -> Sheet:
    """Keep a draft of a party's scores: those given replace what stands there for their criteria; `whole`, for all.

    A score without level, reason and evidence takes what stood there away. Raises YourCommand where it was handed in,
    or where somebody was faster than `edition`.
    """
    who = speaks_for(by, party, "score")
    if found.state != SCORING or Handover.objects.filter(party=party).exists():
        raise YourCommand(
            "These scores were handed in, or scoring is over.", remedy="Say it where levels are agreed."
        )
    sheet = Sheet.objects.select_for_update().filter(party=party).first()
    unchanged(sheet, edition)
    kept = together({} if sheet is None or whole else sheet.scores, scores)
    with pghistory.context(why=f"Scores of {party} in {found}."):
        if sheet is None:
            own = {"place_id": party.keeper, "round_id": found.origin}
            return _first_sheet(party=party, scores=kept, by=who, **own)
        sheet.scores, sheet.by, sheet.edition = kept, who, sheet.edition + 1
        sheet.save(update_fields=["scores", "by", "edition"])
        return sheet


@transaction.atomic
def hand_in(*, by: Scope, found: Round, party: Party) -> Handover:
    """Hand a party's scores in: they are fixed, and it sees those of the others who have handed in. Raises YourCommand
    where a criterion has no level yet."""
    who = speaks_for(by, party, "score")
    with beside_keeper(by, found.place_id):
        locked(found, SCORING)
        sheet = Sheet.objects.filter(party=party).first()
        all_scored(found, sheet.scores if sheet else {}, "Not scored yet")
        if Handover.objects.filter(party=party).exists():
            raise YourCommand("It was handed in already.", remedy="Nothing is left to do.")
        with pghistory.context(why=f"{party} has handed in its scores for {found}."):
            made = Handover.objects.create(
                place_id=party.keeper, round_id=found.origin, party=party, by=who,
                on_behalf=party.organisation_id is None,
            )  # fmt: skip
    return made


@transaction.atomic
def put_form(
    *, by: Scope, place: Place, framework: Framework, unit: Place, part: str, found: keeping.PartOfPlace, file: str
) -> PlaceForm:  # fmt: skip
    """Keep a roadmap, role charter or register in place of the one before, which stays in the audit."""
    who = permitted(by, "keep", place.code)
    if part not in keeping.PARTS or unit.code not in units_for(place.code, framework):
        raise YourCommand("There is no such form here.", remedy="Open the page of the place.")
    key = {"place": place, "framework": framework.slug, "unit": unit, "part": part}
    row = PlaceForm.objects.select_for_update().filter(**key).first() or PlaceForm(**key, edition=0)
    row.rows, row.file, row.by = keeping.rows_kept(found), file[-NAME:], who
    row.on, row.edition = timezone.localdate(), row.edition + 1
    with pghistory.context(why=f"{keeping.PARTS[part]} from {row.file}."):
        row.save()
    return row


def together(kept: Mapping[str, Any], scores: Iterable[Score]) -> dict[str, Any]:
    """What is kept, with these scores in place of those of the same criteria."""
    merged = {**kept, **keeping.scores_kept(scores)}
    return {
        code: one
        for code, one in merged.items()
        if one["level"] is not None or one["reason"] or one["evidence"]
    }


def _codes(parties: Sequence[TakesPart]) -> str:
    return ",".join(sorted({one.organisation.code for one in parties if one.organisation is not None}))


def _check_parties(framework: Framework, parties: Sequence[TakesPart]) -> None:
    views = {view.slug: view for view in framework.views if not view.decides}
    if not parties:
        raise YourCommand("Nobody takes part yet.", remedy="Name at least one who scores.")
    seen: set[tuple[str, str]] = set()
    for one in parties:
        key = (one.view, one.name.casefold())
        if one.view not in views:
            raise YourCommand("There is no such view.", remedy=f"One of {', '.join(views)}.")
        if key in seen:
            raise YourCommand(f"{one.name} stands there twice.", remedy="Name each once.")
        if not views[one.view].several and any(view == one.view for view, _ in seen):
            raise YourCommand(
                f"{views[one.view].title} is one set of scores.", remedy="Name one who enters it."
            )
        seen.add(key)


def _create(**fields: Any) -> Round:
    try:
        with transaction.atomic():
            return Round.objects.create(**fields)
    except IntegrityError as error:
        raise YourCommand(
            "There is a round of that name already.", remedy="Give this one another name, as March 2027."
        ) from error


def _first_sheet(**fields: Any) -> Sheet:
    try:
        with transaction.atomic():
            return Sheet.objects.create(**fields)
    except IntegrityError as error:
        raise YourCommand(
            "Somebody has just begun these scores.", remedy="Open the page again, and go on there."
        ) from error
