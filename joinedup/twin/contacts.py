"""Appointments: every session, assessment, follow-up and missed appointment of every referral, with its
scores."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import numpy as np

from joinedup.twin.drawing import Array, Floats, choose
from joinedup.twin.figures import practice, services
from joinedup.twin.flags import questionnaires
from joinedup.twin.scores import Pool, on_grid

MISSED_CODES = {"2": "M083", "3": "M084", "4": "M085", "7": "M088"}


class Kind(IntEnum):
    """What an appointment was for, in the order of APP_TYPES."""

    ASSESSMENT = 0
    FIRST = 1
    SESSION = 2
    REVIEW_SESSION = 3
    FOLLOW_UP = 4
    MISSED = 5
    EMPLOYMENT = 6
    FIRST_PLAIN = 7


APP_TYPES = ("01", "03", "02", "05", "06", "02", "02", "02")


def sessions(columns: Mapping[str, Array], generator: np.random.Generator) -> tuple[Array, Array, Array]:
    """(referral, day, kind) of all treatment sessions."""
    count = columns["sessions"].astype(np.int64)
    who = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    first, second, last = (columns[key][who] for key in ("first", "second", "last"))
    parts = np.maximum(count[who] - 2, 1)
    later = second + np.floor((last - second) * (step - 1) / parts)
    day = np.where(step == 0, first, later).astype(np.int32)
    kind = np.where(generator.random(len(who)) < 0.08, Kind.REVIEW_SESSION, Kind.SESSION)
    plain = generator.random(len(who)) < practice()["treated_without_assessment"]
    apart = columns["assessed_apart"][who]
    kind = np.where(step == 0, np.where(plain | apart, Kind.FIRST_PLAIN, Kind.FIRST), kind)
    return who, day, kind.astype(np.int8)


def single(chosen: Array, day: Array, kind: Kind) -> tuple[Array, Array, Array]:
    """(referral, day, kind) of one appointment for each of the `chosen` referrals."""
    who = np.flatnonzero(chosen)
    return who, day[who].astype(np.int32), np.full(len(who), kind, dtype=np.int8)


def missed(columns: Mapping[str, Array], generator: np.random.Generator) -> tuple[Array, Array, Array]:
    """Appointments nobody came to: as many as published per attended one, some before the first contact."""
    rate = np.array(
        [
            sum(s.means.get(m, 0.0) for m in MISSED_CODES.values())
            / (s.means["M086"] + s.means.get("M087", 0.0))
            for s in services()
        ]
    )[columns["service"]]
    treated = columns["sessions"] > 0
    expected = np.where(treated, rate * columns["sessions"] * 0.9, practice()["unseen_missed"])
    count = generator.poisson(expected)
    # A person whose home is not known is placed by an appointment: without one no service could be told.
    count = np.where((columns["decile"] == 0) & ~columns["seen"], np.maximum(count, 1), count)
    who = np.repeat(np.arange(len(count)), count)
    until = np.where(treated, columns["last"], columns["end"])[who]
    span = np.maximum(until - columns["received"][who], 1)
    day = columns["received"][who] + np.floor(generator.random(len(who)) * span)
    return who, np.minimum(day, columns["end"][who]).astype(np.int32), np.full(len(who), Kind.MISSED, np.int8)


def appointments(columns: Mapping[str, Array], generator: np.random.Generator) -> dict[str, Array]:
    """All appointments, ordered by trust, day and referral: referral, day, kind, place among its referral's
    scored ones."""
    rules, size = practice(), len(columns["received"])
    half = columns["received"] + (columns["first"] - columns["received"]) // 2
    close = columns["end"] - columns["last"]
    working = (columns["sessions"] >= 4) & (generator.random(size) < 0.03)
    unseen_day = np.minimum(columns["end"], columns["received"] + 10)
    parts = (
        sessions(columns, generator),
        single(columns["assessed_apart"], half, Kind.ASSESSMENT),
        single(columns["seen"] & (columns["sessions"] == 0), unseen_day, Kind.ASSESSMENT),
        single(
            columns["second_treatment"] & (close > 20) & (generator.random(size) < rules["follow_up"] * 2),
            columns["last"] + close // 2,
            Kind.FOLLOW_UP,
        ),
        single(working, (columns["second"] + columns["last"]) // 2, Kind.EMPLOYMENT),
        missed(columns, generator),
    )
    who, day, kind = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.lexsort((kind, who, day, columns["trust"][who]))
    result = {"referral": who[order].astype(np.int32), "day": day[order], "kind": kind[order]}
    result["trust"] = columns["trust"][who[order]]
    return result | placed(result)


def placed(rows: Mapping[str, Array]) -> dict[str, Array]:
    """Place of each scored appointment within its referral (0, 1, ...; -1 if not scored) and how many there
    are."""
    scored = (rows["kind"] != Kind.MISSED) & (rows["kind"] != Kind.EMPLOYMENT)
    index = np.flatnonzero(scored)
    order = index[np.lexsort((rows["day"][index], rows["referral"][index]))]
    who = rows["referral"][order]
    start = np.searchsorted(who, who, side="left")
    place = np.full(len(scored), -1, dtype=np.int16)
    many = np.zeros(len(scored), dtype=np.int16)
    place[order] = np.arange(len(order)) - start
    many[order] = np.searchsorted(who, who, side="right") - start
    return {"place": place, "many": many}


def first_and_last(
    columns: Mapping[str, Array], pools: Mapping[str, Pool], generator: np.random.Generator
) -> dict[str, Array]:
    """First and last PHQ-9, GAD-7 and specific scores of every referral; `measure` is -1 or a
    questionnaire's place."""
    size, known = len(columns["received"]), questionnaires()
    problem = {q.problem: place for place, q in enumerate(known) if q.problem}
    measure = np.array([problem.get(code, -1) for code in columns["problem"].tolist()], dtype=np.int8)
    right = np.array([min(1.0, s.means["M204"] / s.means["M203"]) for s in services()])[columns["service"]]
    measure[generator.random(size) >= right] = -1
    general = pools["GAD7"].draw(columns["outcome"], generator)
    result: dict[str, Array] = {
        "phq": general[:, :2],
        "gad": general[:, 2:],
        "specific": np.zeros((size, 2), np.float32),
    }
    for place, q in enumerate(known[2:], start=2):
        here = np.flatnonzero(measure == place)
        drawn = pools[q.code].draw(columns["outcome"][here], generator)
        result["phq"][here], result["specific"][here] = drawn[:, :2], drawn[:, 2:]
    return result | {"measure": measure}


def course_of(ends: Floats, rows: Mapping[str, Array], q: Any, generator: np.random.Generator) -> Floats:
    """Scores along the course: exact at the first and last scored appointment, wandering between."""
    place, many = rows["place"].astype(float), rows["many"]
    part = np.where(many > 1, place / np.maximum(many - 1, 1), 0.0)
    who = rows["referral"]
    line = ends[who, 0] + (ends[who, 1] - ends[who, 0]) * part
    between = (place > 0) & (place < many - 1)
    wander = generator.normal(0.0, q.sd * 0.22, len(who))
    return np.asarray(np.where(between, on_grid(line + wander, q), line), dtype=np.float32)


def attendance(
    columns: Mapping[str, Array], rows: Mapping[str, Array], generator: np.random.Generator
) -> Array:
    """AttendOrDNACode of every appointment, the missed ones in the service's published shares."""
    size = len(rows["kind"])
    late = generator.random(size) < practice()["attended_late"]
    result = np.where(late, "6", "5").astype("U1")
    service = columns["service"][rows["referral"]]
    for place, each in enumerate(services()):
        here = np.flatnonzero((service == place) & (rows["kind"] == Kind.MISSED))
        shares = {code: each.means.get(name, 0.0) for code, name in MISSED_CODES.items()}
        result[here] = np.array(list(shares))[choose(shares, len(here), generator)]
    return result
