"""The demo's rounds: finished and signed ones at four partnerships, open ones at two. Every score is invented, and each
round says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pghistory
from django.db import transaction

from joinedup.definitions.frameworks import Framework
from joinedup.governance.frameworks.assessments import Document, Score
from joinedup.governance.frameworks.charters import Charter, Role
from joinedup.governance.frameworks.evidence import NothingHeld
from joinedup.governance.frameworks.neighbourhoods import Area, Register
from joinedup.governance.frameworks.roadmaps import Milestone, Roadmap
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.models import (
    SCORING,
    SIGNED,
    Agreement,
    Handover,
    Party,
    PlaceForm,
    Round,
    Sheet,
    Signature,
)
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened

BY, WHY = "joinedup serve", "a round of the demo"
FRAMEWORK = "place_based_partnership"
NOTE = "Invented for the demo: no partner gave these scores."
VOLUNTARY = "Voluntary and community sector"
BRENT, EALING = "PBP-BRENT", "PBP-EALING"


@dataclass(frozen=True)
class Told:
    """A round of the demo: a digit for each core criterion in order. `agreed` is empty where it is still open, and
    the partners without a draft have given none yet."""

    unit: str
    council: str
    trust: str
    name: str
    day: date
    scores: tuple[str, str, str]
    agreed: str = ""


ROUNDS = (
    Told(BRENT, "GB-LAE-BEN", "RV3", "November 2025", date(2025, 11, 28),
         ("221211212111", "222221211112", "121211111111"), "221211211111"),
    Told(BRENT, "GB-LAE-BEN", "RV3", "March 2026", date(2026, 3, 27),
         ("332222212121", "322322222122", "222212211111"), "322222212121"),
    Told(BRENT, "GB-LAE-BEN", "RV3", "July 2026", date(2026, 7, 24),
         ("333323222222", "333323322232", "232222212122"), "333322222222"),
    Told(EALING, "GB-LAE-EAL", "RKL", "March 2026", date(2026, 3, 20),
         ("223232322121", "222332322221", "112221221111"), "222232322121"),
    Told("PBP-HARROW", "GB-LAE-HRW", "RV3", "March 2026", date(2026, 3, 13),
         ("322211212212", "222221211211", "221111111111"), "222211211211"),
    Told("PBP-HOUNSLOW", "GB-LAE-HNS", "RKL", "March 2026", date(2026, 3, 6),
         ("332222222323", "233222322322", "222121212212"), "232222222322"),
    Told(BRENT, "GB-LAE-BEN", "RV3", "November 2026", date(2026, 11, 30), ("", "333333323232", "")),
    Told(EALING, "GB-LAE-EAL", "RKL", "November 2026", date(2026, 11, 30), ("233332322222", "", "")),
)  # fmt: skip


def enter_rounds() -> None:
    """Enter those that are not there yet, and the roadmap, charter and neighbourhoods of one partnership."""
    for told in ROUNDS:
        with transaction.atomic(), pghistory.context(why=WHY), opened(BY, _places(told)):
            if not Round.objects.filter(unit_id=told.unit, framework=FRAMEWORK, name=told.name).exists():
                _enter(told)
    with transaction.atomic(), pghistory.context(why=WHY), opened(BY, [BRENT]):
        for part, found in _forms():
            _form(part, found)


def _places(told: Told) -> list[str]:
    return [told.unit, told.council, told.trust]


def _enter(told: Told) -> None:
    about = Framework.load(FRAMEWORK)
    kept = Round.objects.create(
        place_id=told.unit, framework=about.slug, version=about.version, unit_id=told.unit, name=told.name,
        day=told.day, note=NOTE, state=SCORING, parties=",".join(sorted((told.council, told.trust))), opened_by=BY,
    )  # fmt: skip
    parties = [
        _party(kept, about.views[0].slug, code, digits)
        for code, digits in zip((told.council, told.trust, ""), told.scores, strict=True)
    ]
    if told.agreed:
        _finish(kept, parties, _scores(told.agreed, told.day, "Agreed in the meeting; invented."))


def _party(kept: Round, view: str, code: str, digits: str) -> Party:
    place = Place.objects.get(code=code) if code else None
    party = Party.objects.create(
        place_id=kept.place_id,
        round=kept,
        view=view,
        name=place.name if place else VOLUNTARY,
        organisation=place,
    )
    if digits:
        own = {"place_id": party.keeper, "round": kept, "party": party, "by": BY}
        scores = keeping.scores_kept(_scores(digits, kept.day, "Invented."))
        Sheet.objects.create(scores=scores, **own)
        Handover.objects.create(on_behalf=place is None, at=_at(kept.day, -7), **own)
    return party


def _finish(kept: Round, parties: Sequence[Party], scores: Sequence[Score]) -> None:
    """Agreed, signed by all, and fixed."""
    agreed = Agreement.objects.create(
        place_id=kept.place_id, round=kept, scores=keeping.scores_kept(scores), by=BY
    )
    found = keeping.scored(kept, [party.sheet for party in parties], None, NothingHeld(), more=scores)
    assert found is not None  # noqa: S101 - it has scores, three lines above
    agreed.allowed = {one.criterion: one.allowed for one in found.outcomes}
    agreed.save(update_fields=["allowed"])
    for party in parties:
        Signature.objects.create(
            place_id=party.keeper, round=kept, party=party, office="Director (invented)", by=BY,
            on_behalf=party.organisation_id is None, at=_at(kept.day, 14),
        )  # fmt: skip
    kept.state, kept.signed_on = SIGNED, kept.day + timedelta(days=14)
    kept.save(update_fields=["state", "signed_on"])


def _scores(digits: str, day: date, reason: str) -> list[Score]:
    about = Framework.load(FRAMEWORK)
    minutes = Document("Minutes (invented)", day - timedelta(days=60), "https://demo.invalid/minutes")
    return [
        Score(one.slug, int(digit), reason, (minutes,) if int(digit) >= about.evidence.from_level else ())
        for one, digit in zip(about.criteria, digits, strict=True)
    ]


def _at(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(12), tzinfo=UTC)


def _forms() -> Iterator[tuple[str, keeping.PartOfPlace]]:
    """Invented, with what has to be settled: a duty that two answer for, and a neighbourhood that is too large."""
    yield "roadmap", Roadmap(FRAMEWORK, BRENT, (
        Milestone("coordinated_flow", 3, "One number to ring for every team (invented)", "Managing director",
                  date(2026, 12, 31)),
        Milestone("what_came_of_it", 3, "Publish what residents said, and what came of it (invented)", "Chair",
                  date(2027, 3, 31)),
    ))  # fmt: skip
    signed = date(2026, 8, 3)
    yield "charter", Charter(FRAMEWORK, BRENT, (
        Role("set_priorities", "Integrator", "AR", "managing_director", "", signed),
        Role("coordinate_budgets", "Integrated Care Board", "A", "icb_borough_director", "", signed),
        Role("coordinate_budgets", "Local Authorities", "AR", "", "", signed),
        Role("run_neighbourhood_teams", "Lead Provider", "AR", "", "", signed),
        Role("involve_residents", "Local Authorities", "AR", "", ""),
    ))  # fmt: skip
    sizes = (("North", 81_000), ("Centre", 96_000), ("East", 64_000), ("South", 112_000))
    yield "neighbourhoods", Register(
        FRAMEWORK, BRENT,
        tuple(
            Area(name, "E09000005", f"INVENTED{at}", residents, "Invented for the demo")
            for at, (name, residents) in enumerate(sizes, 1)
        ),
    )  # fmt: skip


def _form(part: str, found: keeping.PartOfPlace) -> None:
    key = {"place_id": BRENT, "framework": FRAMEWORK, "unit_id": BRENT, "part": part}
    if not PlaceForm.objects.filter(**key).exists():
        rows = keeping.rows_kept(found)
        PlaceForm.objects.create(**key, rows=rows, file="invented for the demo", on=date(2026, 8, 3), by=BY)
