"""What pages of frameworks ask: each question begins at a scope. Whose scores are seen is the database's to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from joinedup.definitions.frameworks import Framework
from joinedup.definitions.places import Places
from joinedup.governance.frameworks.results import PlaceResult
from joinedup.governance.frameworks.scoring import Round as Scored
from joinedup.governance.published import published_in
from joinedup_web.controllers.checking import SHOWN, suspension
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.holding import ReleasedHeld, boroughs_of
from joinedup_web.governance.frameworks.models import (
    SCORING,
    SIGNED,
    SIGNING,
    Agreement,
    Handover,
    Party,
    PlaceForm,
    Round,
    Sheet,
    Signature,
)
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

KIND = "framework"
NEAR = ("council", "trust", "icb")
FOR_OTHERS = {"score": "keep", "sign": "moderate"}
"""What the partnership's own people may do for a party that has nobody here."""


def mine(scope: Scope) -> QuerySet[Round]:
    """Rounds that whoever asks keeps or takes part in, and those that were signed."""
    if settings.FILTERS_OFF:
        return Round.objects.select_related("place", "unit")
    own = scope.places_for("see", KIND)
    which = (
        Q(place_id__in=own)
        | Q(party_rows__organisation_id__in=own)
        | Q(first__party_rows__organisation_id__in=own)
    )
    signed = Q(signed_on__isnull=False) if scope.sees_shared(KIND) else Q(pk=None)
    return Round.objects.filter(which | signed).select_related("place", "unit").distinct()


def rounds(scope: Scope, framework: str = "", unit: str = "") -> list[Round]:
    """Rounds that may be seen, the newest first; of a framework, of a unit."""
    found = mine(scope)
    if framework:
        found = found.filter(framework=framework)
    if unit:
        found = found.filter(unit_id=unit)
    return list(found.order_by("framework", "unit__name", "-day", "name", "-edition"))


def round_of(scope: Scope, identity: Any) -> Round | None:
    """A round that may be seen; None for any other, as if it did not exist."""
    return mine(scope).filter(pk=identity).first()


def parties(found: Round) -> list[Party]:
    """Who takes part, in the order of the framework's views."""
    order = {view.slug: at for at, view in enumerate(Framework.load(found.framework).views)}
    rows = Party.objects.filter(round_id=found.origin).select_related("organisation")
    return sorted(rows, key=lambda one: (order.get(one.view, 99), one.name.casefold()))


def party_for(scope: Scope, found: Round, identity: Any, action: str) -> Party | None:
    """A party of a round for which this person may do this; None for any other."""
    row = Party.objects.filter(round_id=found.origin, pk=identity).select_related("organisation").first()
    return row if row is not None and may_for(scope, row, action) else None


def may_for(scope: Scope, party: Party, action: str) -> bool:
    """Whether this person scores, or signs, for a party: its own people; or the keeper's, where it has none here."""
    if party.organisation_id is None:
        return scope.may_at(FOR_OTHERS[action], KIND, party.place_id)
    return scope.may_at(action, KIND, party.organisation_id)


def handed_in(found: Round) -> dict[Any, Handover]:
    """What was handed in, by party."""
    return {one.party_id: one for one in Handover.objects.filter(round_id=found.origin)}


def sheet_of(party: Party) -> Sheet | None:
    """The scores of a party, where they may be seen."""
    return Sheet.objects.filter(party=party).select_related("party").first()


def sheets(found: Round, *, finished: bool = True) -> list[Sheet]:
    """Scores that whoever asks may see: of those who handed in, or drafts too."""
    rows = Sheet.objects.filter(round_id=found.origin).select_related("party").order_by("party__name")
    given = handed_in(found) if finished else {}
    return [one for one in rows if not finished or one.party_id in given]


def agreement_of(found: Round) -> Agreement | None:
    """What was agreed, where it may be seen."""
    return Agreement.objects.filter(round=found).first()


def signatures(found: Round) -> dict[Any, Signature]:
    """Who signed this version, by party."""
    return {one.party_id: one for one in Signature.objects.filter(round=found)}


def held(scope: Scope, on: date) -> ReleasedHeld:
    """The released figures on which evidence is judged."""
    if suspension(scope, SHOWN, on) is not None:
        return ReleasedHeld(None)
    return ReleasedHeld(published_in(Path(settings.ENVIRONMENT.folder) / "figures"))


def scored(found: Round, figures: ReleasedHeld) -> Scored | None:
    """A round as far as whoever asks may see it: what is being agreed does not stand yet."""
    agreed = agreement_of(found) if found.state in (SIGNING, SIGNED) else None
    return keeping.scored(found, sheets(found), agreed, figures)


def forms(scope: Scope, framework: str, unit: str) -> dict[str, PlaceForm]:
    """Roadmap, charter and register of a unit, where they may be seen."""
    own = scope.places_for("see", KIND)
    takes_part = mine(scope).filter(framework=framework, unit_id=unit)
    near = takes_part.filter(Q(place_id__in=own) | Q(party_rows__organisation_id__in=own)).exists()
    rows = PlaceForm.objects.filter(framework=framework, unit_id=unit)
    kept = rows if near or settings.FILTERS_OFF else rows.filter(place_id__in=own)
    return {one.part: one for one in kept.select_related("unit")}


def newest_versions(found: Iterable[Round]) -> list[Round]:
    """Of each round the newest version that is signed; the newest of all where none is."""
    groups: dict[Any, list[Round]] = {}
    for one in found:
        groups.setdefault(one.origin, []).append(one)
    chosen = []
    for versions in groups.values():
        ordered = sorted(versions, key=lambda one: one.edition)
        chosen.append(next((one for one in reversed(ordered) if one.state == SIGNED), ordered[-1]))
    return chosen


def result(scope: Scope, framework: str, unit: str, on: date) -> PlaceResult:
    """Everything of a unit in a framework that whoever asks may see."""
    figures = held(scope, on)
    told = (scored(one, figures) for one in newest_versions(rounds(scope, framework, unit)))
    parts = {part: keeping.form_of(one) for part, one in forms(scope, framework, unit).items()}
    return keeping.result(framework, unit, (one for one in told if one is not None), parts)


def results(scope: Scope, framework: str, on: date) -> list[PlaceResult]:
    """The signed rounds of every unit: what can be compared. Levels alone: whose scores led to them is not shown."""
    figures = held(scope, on)
    units: dict[str, list[Scored]] = {}
    for one in newest_versions(row for row in rounds(scope, framework) if row.state == SIGNED):
        agreed = agreement_of(one)
        found = keeping.scored(one, [], agreed, figures) if agreed is not None else None
        if found is not None:
            units.setdefault(one.unit_id, []).append(found)
    return [keeping.result(framework, unit, found) for unit, found in sorted(units.items())]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for whoever asks: of a round, perhaps of a party."""

    round: Round
    party: Party | None = None


def to_score(scope: Scope) -> list[Waiting]:
    """Parties of open rounds whose scores this person has still to hand in."""
    if not scope.may("score", KIND):
        return []
    found = mine(scope).filter(state=SCORING)
    return [
        Waiting(one, party)
        for one in found
        for given in [handed_in(one)]
        for party in parties(one)
        if party.pk not in given and may_for(scope, party, "score")
    ]


def keeps(scope: Scope) -> list[Place]:
    """Places at which this person opens rounds."""
    return list(Place.objects.filter(code__in=scope.places_for("keep", KIND)).order_by("name"))


def units_of(framework: Framework) -> list[Place]:
    """Every unit that a framework can judge."""
    return list(Place.objects.filter(level=framework.unit).order_by("name"))


def organisation_named(words: str) -> Place | None:
    """The place of a code or a whole name."""
    found = Place.objects.filter(code=words.split(maxsplit=1)[0].upper()).first()
    return found or Place.objects.filter(name__iexact=words).first()


def near_to(place: Place, on: date) -> list[Place]:
    """Councils of the same boroughs, trusts and commissioners: who usually takes part."""
    own = set(boroughs_of(place.code))
    return [
        one
        for one in Place.objects.filter(level__in=NEAR).order_by("level", "name")
        if one.holds(on) and (one.level != "council" or not own or own & set(boroughs_of(one.code)))
    ]


def units_for(place: str, framework: Framework) -> tuple[str, ...]:
    """Units of a framework that a keeper has assessed: itself, or those that share its boroughs."""
    register = Places.load()
    own = next((one for one in register.places if one.code == place), None)
    if own is not None and own.level == framework.unit:
        return (place,)
    shared = set(boroughs_of(place))
    return tuple(
        one.code
        for one in register.places
        if one.level == framework.unit and shared and shared & set(boroughs_of(one.code))
    )
