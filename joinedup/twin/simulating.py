"""Straight to rows: small cohorts with known pass probabilities, for trying the gap analysis thousands of
times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.errors import UnknownName
from joinedup.twin.calendar import months_ending
from joinedup.twin.courses import first_treatment_rate
from joinedup.twin.drawing import Array, Floats
from joinedup.twin.figures import practice, read, services
from joinedup.twin.flags import questionnaires
from joinedup.twin.outcomes import Outcome
from joinedup.twin.planted import GROUPS
from joinedup.twin.scores import Pool, pool_of
from joinedup.twin.sending import day_column, serial, texts

STAGES = ("accessed", "second_treatment", "finished", "in_scope", "paired", "reliably_improved", "recovered")
SESSIONS = 6
TYPES = {"date": pa.date32(), "integer": pa.int32()}
NEVER_STORED = ("NHSNumber", "PersonBirthDate", "Postcode")
FINISHED, STILL_OPEN = (
    0.97,
    0.03,
)  # assumed: finished within a year of those treated twice; open of those not passing


class SimulatedTables(dict[str, pa.Table]):
    """Returns tables as a lake holds them, by name ("returns/IDS101"), with what they were drawn from in
    `truth`."""

    truth: Mapping[str, Any]


@dataclass(frozen=True)
class Cohort:
    """One row per referral: group, whether each stage was passed (False after the first not passed), days."""

    group: Array
    passed: Mapping[str, Array]
    received: Array
    first: Array
    second: Array
    sessions: Array
    end: Array
    is_open: Array


@cache
def published_rates(group: str | None) -> Mapping[str, float]:
    """Pass rates by stage in North West London, 2024-25, of one ethnic group, or of everyone (None)."""
    lift = practice()["improved_below_caseness"]
    sums, whole = np.zeros(5), np.zeros(5)
    for service in services():
        for code, cell in read(f"services/{service.code}")["breakdowns"]["ethnic_category"].items():
            received, finished, below, _, improved, recovered, _ = (float(value or 2) for value in cell)
            row = np.array([received, finished, finished - below, improved - lift * below, recovered])
            whole += row
            sums += row * (group is None or GROUPS[code] == group)
    base = sums if sums[0] else whole
    access = float(np.mean([first_treatment_rate(service) for service in services()]))
    lean = (base[1] / base[0]) / (whole[1] / whole[0])
    share, overall = practice()["access_share"], whole[1] / whole[0] / FINISHED
    return {
        "accessed": float(access * lean**share),
        "second_treatment": float(overall / access * lean ** (1 - share)),
        "finished": FINISHED,
        "in_scope": float(base[2] / base[1]),
        "paired": float(np.mean([service.paired for service in services()])),
        "reliably_improved": float(base[3] / base[2]),
        "recovered": float(base[4] / base[3]),
    }


def simulate_tables(
    n_referrals: int = 9_000,
    groups: Mapping[str, float] | None = None,
    *,
    leak: tuple[str, str, float] | None = None,
    background_gaps: bool = True,
    seed: int = 0,
    ending: str = "2026-03",
    service: str = "RKL07",
) -> SimulatedTables:
    """A cohort of referrals received in the first twelve of the 24 months up to `ending`, followed for a
    year or more.

    `groups` gives the share of each ethnic group (default White 0.75, Other Ethnic Groups 0.25). `leak` is
    (stage, group, points): that group passes the stage less often by so many percentage points. With
    `background_gaps` each group has its published rates, otherwise all have those of everyone. Every person
    passes each stage by an independent draw; scores are then drawn to realise the outcome. `truth` holds
    the pass probabilities per stage and group ("probability"), those without the leak ("background"), and
    the number of referrals ("referrals"). UnknownName for a stage or group that is not there.
    """
    shares = dict(groups or {"White": 0.75, "Other Ethnic Groups": 0.25})
    probability = {name: dict(published_rates(name if background_gaps else None)) for name in shares}
    background = {name: dict(rates) for name, rates in probability.items()}
    if leak is not None:
        stage, name, points = leak
        if stage not in STAGES or name not in shares:
            raise UnknownName(
                f"no stage '{stage}' or group '{name}' here", remedy=f"stages: {', '.join(STAGES)}"
            )
        probability[name][stage] = float(np.clip(probability[name][stage] - points / 100, 0.0, 1.0))
    generator = np.random.Generator(np.random.PCG64(seed))
    cohort = drawn(n_referrals, shares, probability, generator, ending)
    tables = SimulatedTables(rows_of(cohort, service, generator, ending))
    names, counts = np.unique(cohort.group, return_counts=True)
    tables.truth = {
        "stages": STAGES,
        "probability": probability,
        "background": background,
        "leak": leak,
        "referrals": dict(zip(names.tolist(), counts.tolist(), strict=True)),
        "passed": {
            name: {stage: int(passed[cohort.group == name].sum()) for stage, passed in cohort.passed.items()}
            for name in shares
        },
    }
    return tables


def drawn(
    size: int, shares: Mapping[str, float], probability: Mapping[str, Mapping[str, float]],
    generator: np.random.Generator, ending: str,
) -> Cohort:  # fmt: skip
    """Stages passed and the days of a cohort, all within 250 days of referral."""
    names = list(shares)
    bounds = np.round(np.cumsum(list(shares.values())) / sum(shares.values()) * size).astype(int)
    group = np.array(names)[np.searchsorted(bounds, np.arange(size), side="right")]
    alive, passed = np.ones(size, bool), {}
    for stage in STAGES:
        chance = np.zeros(size)
        for name in names:
            chance[group == name] = probability[name][stage]
        alive = alive & (generator.random(size) < chance)
        passed[stage] = alive
    months = months_ending(ending, 24)
    received = generator.integers(months[0].first, months[11].last + 1, size)
    first = received + generator.integers(3, 60, size)
    second = first + generator.integers(6, 60, size)
    sessions = np.where(
        passed["second_treatment"], generator.integers(2, SESSIONS + 1, size), passed["accessed"] * 1
    )
    last = np.where(sessions > 1, second + 7 * (sessions - 2), np.where(sessions == 1, first, received))
    stopped = ~passed["second_treatment"] & (generator.random(size) < STILL_OPEN)
    is_open = stopped | (passed["second_treatment"] & ~passed["finished"])
    end = last + generator.integers(3, 40, size)
    return Cohort(group, passed, received, first, second, sessions, end, is_open)


@cache
def general_pool() -> Pool:
    """Score sets of PHQ-9 and GAD-7, the same for every simulation."""
    return pool_of(questionnaires()[1], np.random.Generator(np.random.PCG64(20_250_401)))


def outcomes_of(cohort: Cohort, generator: np.random.Generator) -> Array:
    """Outcome class of each referral; those who do not improve stay unchanged or, one in six, get worse."""
    passed = cohort.passed
    below = passed["finished"] & ~passed["in_scope"]
    worse = generator.random(len(below)) < 1 / 6
    result = np.where(worse, Outcome.CASE_DETERIORATED, Outcome.CASE_UNCHANGED)
    result = np.where(passed["reliably_improved"], Outcome.CASE_IMPROVED, result)
    result = np.where(passed["recovered"], Outcome.CASE_RELIABLY_RECOVERED, result)
    below_worse = np.where(worse, Outcome.BELOW_DETERIORATED, Outcome.BELOW_UNCHANGED)
    return np.where(below, below_worse, result).astype(np.int8)


def rows_of(cohort: Cohort, service: str, generator: np.random.Generator, ending: str) -> dict[str, pa.Table]:
    """All 21 tables of the lake's form; those a gap does not need are empty."""
    spec, months = ReturnSpec.load("talking_therapies"), months_ending(ending, 24)
    place = read("places")["services"][service]
    size = len(cohort.group)
    last_day = months[-1].last
    sent = np.where(cohort.is_open, last_day, cohort.end)
    ids, persons = serial("R", np.arange(size), 8), serial("", np.arange(size), 32)
    given: dict[str, dict[str, pa.Array]] = {
        "IDS000": {
            "OrgIDProv": pa.repeat(place["trust"], len(months)),
            "ReportingPeriodStartDate": day_column(np.array([m.first for m in months])),
            "ReportingPeriodEndDate": day_column(np.array([m.last for m in months])),
            "period": pa.array([m.key for m in months]),
        },
        "IDS001": people(cohort, persons, place["borough"], generator) | {"period": periods(sent)},
        "IDS101": {
            "ServiceRequestId": ids,
            "LocalPatientId": persons,
            "person_id": persons,
            "OrgIDComm": pa.repeat(read("places")["commissioner"], size),
            "ReferralRequestReceivedDate": day_column(cohort.received),
            "SourceOfReferralIAPT": pa.repeat("B1", size),
            "EndCode": texts(
                ["", "50", "12", "46"], np.where(cohort.is_open, 0, 1 + np.minimum(cohort.sessions, 2))
            ),
            "ServDischDate": day_column(cohort.end, cohort.is_open),
            "Age_ReferralRequest_ReceivedDate": pa.array(generator.integers(18, 75, size), pa.int16()),
            "period": periods(sent),
        },
    } | appointment_rows(cohort, service, ids, generator)
    return {
        f"returns/{table.id}": completed(table, given.get(table.id, {}), place["trust"])
        for table in spec.tables
    }


def people(
    cohort: Cohort, persons: pa.Array, borough: str, generator: np.random.Generator
) -> dict[str, pa.Array]:
    """IDS001: the group's ethnic category, and sex, decile and home without regard to it."""
    size = len(cohort.group)
    codes = {name: [code for code, of in GROUPS.items() if of == name] for name in set(cohort.group.tolist())}
    ethnic = np.full(size, "Z", dtype="U1")
    for name, choices in codes.items():
        here = cohort.group == name
        ethnic[here] = np.array(choices or ["Z"])[generator.integers(0, max(1, len(choices)), here.sum())]
    return {
        "LocalPatientId": persons,
        "person_id": persons,
        "nhs_number_valid": pa.repeat(True, size),
        "EthnicCategory": pa.array(ethnic),
        "Gender": texts(["1", "2"], (generator.random(size) < 0.66).astype(int)),
        "IndicesOfDeprivationDecile": pa.array(generator.integers(1, 11, size), pa.int8()),
        "LocalAuthority": pa.repeat(borough, size),
    }


def appointment_rows(
    cohort: Cohort, service: str, ids: pa.Array, generator: np.random.Generator
) -> dict[str, dict[str, pa.Array]]:
    """IDS201, IDS202 and IDS607: every session attended; scores at the first, and at the last where
    paired."""
    who = np.repeat(np.arange(len(cohort.group)), cohort.sessions)
    step = np.arange(len(who)) - np.repeat(np.cumsum(cohort.sessions) - cohort.sessions, cohort.sessions)
    day = np.where(step == 0, cohort.first[who], cohort.second[who] + 7 * (step - 1))
    number = np.arange(len(who))
    ends = general_pool().draw(outcomes_of(cohort, generator), generator)
    twice = cohort.passed["paired"] | (cohort.passed["finished"] & ~cohort.passed["in_scope"])
    opening = np.flatnonzero(step == 0)
    closing = np.flatnonzero((step == cohort.sessions[who] - 1) & (step > 0) & twice[who])
    place = np.concatenate([opening, opening, closing, closing])
    value = np.concatenate(
        [ends[who[opening], 0], ends[who[opening], 2], ends[who[closing], 1], ends[who[closing], 3]]
    ).astype(int)
    tool = np.repeat([0, 1, 0, 1], [len(opening), len(opening), len(closing), len(closing)])
    phq, gad = (q.snomed[0] for q in questionnaires()[:2])
    acts, contacts = serial("A", number, 9), serial("C", number, 9)
    size = len(who)
    return {
        "IDS201": {
            "CareContactId": contacts,
            "ServiceRequestId": ids.take(pa.array(who)),
            "CareContDate": day_column(day),
            "PlannedCareContIndicator": pa.repeat("Y", size),
            "AttendOrDNACode": pa.repeat("5", size),
            "IAPTLTCServiceInd": pa.repeat("N", size),
            "AppType": texts(["03", "02"], (step > 0).astype(int)),
            "SiteIDOfTreat": pa.repeat(service, size),
            "period": periods(day),
        },
        "IDS202": {
            "CareActId": acts,
            "CareContactId": contacts,
            "CodeProcAndProcStatus": pa.repeat("304891004", size),
            "period": periods(day),
        },
        "IDS607": {
            "CareActId": acts.take(pa.array(place)),
            "CodedAssToolType": texts([phq, gad], tool),
            "PersScore": texts([str(score) for score in range(28)], value),
            "period": periods(day[place]),
        },
    }


def periods(days: Floats | Array) -> pa.Array:
    """Reporting month of each day ("2024-04")."""
    known, place = np.unique(days.astype("datetime64[D]").astype("datetime64[M]"), return_inverse=True)
    return texts([str(month) for month in known], place)


def completed(table: Table, given: Mapping[str, pa.Array], provider: str) -> pa.Table:
    """A table with all columns the lake has, null where not given."""
    size = len(next(iter(given.values()))) if given else 0
    columns = {
        column.name: given.get(column.name, pa.nulls(size, TYPES.get(column.type, pa.string())))
        for column in table.columns
        if column.name not in NEVER_STORED
    }
    columns |= {name: values for name, values in given.items() if name not in columns}
    columns["provider"] = pa.array([provider] * size, pa.string())
    columns.setdefault("period", pa.nulls(size, pa.string()))
    columns["submission"] = pa.array(["0" * 16] * size, pa.string())
    columns["_row"] = pa.array(np.arange(1, size + 1), pa.int32())
    return pa.table(columns)
