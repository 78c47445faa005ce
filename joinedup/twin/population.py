"""The whole synthetic population: referrals, persons, appointments and scores of all services, before any
file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from joinedup.twin import areas, contacts, people
from joinedup.twin.calendar import WARM_UP, Month, months_ending
from joinedup.twin.courses import dates, problems, reach
from joinedup.twin.drawing import Array, choose
from joinedup.twin.figures import Service, practice, services
from joinedup.twin.flags import questionnaires
from joinedup.twin.outcomes import conclude
from joinedup.twin.planted import Effect, effects
from joinedup.twin.referrals import refer
from joinedup.twin.scores import pools

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Population:
    """Columns of referrals (one row each), persons (by position of their first referral) and appointments.

    Days are numbers since 1970-01-01. `months` are the months to be sent; rows may lie before or after them.
    """

    months: tuple[Month, ...]
    trusts: tuple[str, ...]
    referrals: dict[str, Array]
    appointments: dict[str, Array]
    areas: areas.Areas
    nhs_number: Array


def one_service(
    service: Service,
    months: tuple[Month, ...],
    scale: float,
    chosen: tuple[Effect, ...],
    seed: np.random.SeedSequence,
) -> dict[str, Array]:
    """Referrals of one service with everything that happens to them."""
    generator = np.random.Generator(np.random.PCG64(seed))
    columns = refer(service, months, scale, generator)
    columns |= reach(service, columns, chosen, generator)
    columns |= dates(service, columns, chosen, generator)
    columns["presenting_problem"] = problems(service, columns, generator)
    columns["problem"] = np.array(service.mixes["presenting_problem"].codes)[columns["presenting_problem"]]
    columns |= conclude(service, columns, chosen, generator)
    size = len(columns["received"])
    apart = generator.random(size) < practice()["assessment_apart"]
    columns["assessed_apart"] = (
        apart & columns["first_treatment"] & (columns["first"] - columns["received"] >= 4)
    )
    return columns


def populate(
    scale: float, months: int, seed: int, ending: str, *, chosen: tuple[Effect, ...] | None = None
) -> Population:
    """Simulate all services over `months` and the 18 months before them, so that the first month is not
    empty."""
    root = np.random.SeedSequence(seed)
    *seeds, seed_people, seed_contacts = root.spawn(len(services()) + 2)
    span = months_ending(ending, months + WARM_UP)
    trusts = tuple(sorted({service.trust for service in services()}))
    planted = effects() if chosen is None else chosen
    parts = []
    for place, (service, each) in enumerate(zip(services(), seeds, strict=True)):
        columns = one_service(service, span, scale, planted, each)
        columns["service"] = np.full(len(columns["received"]), place, dtype=np.int8)
        columns["trust"] = np.full(len(columns["received"]), trusts.index(service.trust), dtype=np.int8)
        parts.append(columns)
    referrals = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    generator = np.random.Generator(np.random.PCG64(seed_people))
    invented = areas.invent(tuple(service.borough for service in services()), generator)
    referrals |= settled(referrals, generator)
    kept = referrals["end"] >= span[WARM_UP].first
    referrals = {key: column[kept] for key, column in referrals.items()}
    generator = np.random.Generator(np.random.PCG64(seed_contacts))
    rows = scored(referrals, generator)
    numbers = people.nhs_numbers(int(referrals["person"].max(initial=0)) + 1, generator)
    return Population(span[WARM_UP:], trusts, referrals, rows, invented, numbers)


def settled(referrals: dict[str, Array], generator: np.random.Generator) -> dict[str, Array]:
    """Person, birth date and home of each referral; persons are numbered from 0."""
    first, moved = people.link(referrals, generator)
    _, person = np.unique(first, return_inverse=True)
    borough = referrals["service"].astype(np.int64)
    away = (generator.random(len(first)) < practice()["resident_elsewhere"]) & referrals["seen"]
    borough = np.where(away, generator.integers(0, len(services()), len(first)), borough)
    own = areas.homes(borough, referrals["decile"], generator)
    stays = ~moved & (first != np.arange(len(first)))
    return {
        "person": person.astype(np.int32),
        "born": referrals["born"][first],
        "home": np.where(stays & (referrals["decile"] == referrals["decile"][first]), own[first], own).astype(
            np.int32
        ),
        "head": first == np.arange(len(first)),
    }


def scored(referrals: dict[str, Array], generator: np.random.Generator) -> dict[str, Array]:
    """Appointments with attendance and scores; adds each referral's first and last scores to `referrals`."""
    rows = contacts.appointments(referrals, generator)
    ends = contacts.first_and_last(referrals, pools(generator), generator)
    referrals["measure"] = ends["measure"]
    known = questionnaires()
    rows["attend"] = contacts.attendance(referrals, rows, generator)
    rows["phq"] = contacts.course_of(ends["phq"], rows, known[0], generator)
    rows["gad"] = contacts.course_of(ends["gad"], rows, known[1], generator)
    rows["specific"] = np.zeros(len(rows["day"]), dtype=np.float32)
    for place in range(2, len(known)):
        here = np.flatnonzero(ends["measure"][rows["referral"]] == place)
        part = {key: rows[key][here] for key in ("referral", "place", "many")}
        rows["specific"][here] = contacts.course_of(ends["specific"], part, known[place], generator)
    unpaired = referrals["second_treatment"] & ~referrals["paired"]
    rows["scored"] = (rows["place"] == 0) | ((rows["place"] > 0) & ~unpaired[rows["referral"]])
    referrals["phq_first"], referrals["gad_first"] = ends["phq"][:, 0], ends["gad"][:, 0]
    referrals["specific_first"] = ends["specific"][:, 0]
    rows["therapy"] = therapies(referrals, rows, generator)
    return rows


def therapies(referrals: dict[str, Array], rows: dict[str, Array], generator: np.random.Generator) -> Array:
    """SNOMED CT code of the therapy of each appointment: low intensity first, then high, in the published
    shares."""
    rules = practice()
    size = len(referrals["received"])
    low = np.array(list(rules["therapy_low"]))[choose(rules["therapy_low"], size, generator)]
    high = np.array(list(rules["therapy_high"]))[choose(rules["therapy_high"], size, generator)]
    kind = np.array(list(rules["pathway_kind"]))[choose(rules["pathway_kind"], size, generator)]
    who = rows["referral"]
    early = rows["place"] < np.maximum(rows["many"] * 0.4, 1)
    is_low = (kind[who] == "low") | ((kind[who] == "both") & early)
    result = np.where(is_low, low[who], high[who])
    return np.where(rows["kind"] == contacts.Kind.EMPLOYMENT, rules["employment_support"], result)
