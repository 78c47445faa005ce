"""Small tables of codes and places that the statements join: from the definitions, never from the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pyarrow as pa

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.places import Places
from joinedup.definitions.return_spec import ReturnSpec
from joinedup.definitions.thresholds import Thresholds

_DAY = timedelta(days=1)


def scored_columns(derivations: Derivations, thresholds: Thresholds) -> tuple[str, ...]:
    """Prefixes of the score columns (PHQ9, GAD, ..., WASAS_Work, ...); the place numbers the question."""
    scales = tuple(item.column for item in thresholds.questionnaires if item.snomed)
    return (*scales, *(item.column for item in derivations.wasas))


def questions(derivations: Derivations, thresholds: Thresholds) -> pa.Table:
    """SNOMED CT code -> number of the question, range in hundredths, whether only whole scores are valid."""
    columns = scored_columns(derivations, thresholds)
    rows = [
        (code, item.column, item.low, item.high)
        for item in thresholds.questionnaires
        for code in item.snomed
        if item.low is not None and item.high is not None
    ]
    rows += [(item.snomed, item.column, item.low, item.high) for item in derivations.wasas]
    return pa.table(
        {
            "snomed": pa.array([code for code, *_ in rows], pa.string()),
            "question": pa.array([columns.index(column) for _, column, *_ in rows], pa.int16()),
            "low": pa.array([round(low * 100) for *_, low, _ in rows], pa.int32()),
            "high": pa.array([round(high * 100) for *_, high in rows], pa.int32()),
            "whole": [column not in derivations.scores_with_decimals for _, column, *_ in rows],
        }
    )


def circumstance_codes(spec: ReturnSpec, derivations: Derivations) -> pa.Table:
    """SNOMED CT code of IDS011 -> category, meaning (null: not stated), place of the code in its category."""
    religions = dict.fromkeys(spec.circumstance("religion").codes) | {
        code: group for group, codes in derivations.religion.groups.items() for code in codes
    }
    found = spec.circumstance("sexual_orientation")
    orientations = dict.fromkeys(found.codes, found.otherwise) | {
        code: group for group, codes in found.groups.items() for code in codes
    }
    rows = [
        (code, category, meanings[code], place)
        for category, meanings in (("religion", religions), ("sexual_orientation", orientations))
        for place, code in enumerate(sorted(meanings))
    ]
    names = ("snomed", "category", "meaning", "place")
    types = (pa.string(), pa.string(), pa.string(), pa.int32())
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)], names
    )


def therapies(spec: ReturnSpec) -> pa.Table:
    """SNOMED CT code of a therapy -> a bit of its own, so that the therapies of a contact fit one number."""
    codes = sorted(item.snomed for item in spec.therapy_types)
    return pa.table(
        {"snomed": codes, "mark": pa.array([1 << place for place in range(len(codes))], pa.int64())}
    )


def therapy_lists(marks: Iterable[int], spec: ReturnSpec) -> pa.Table:
    """Each number that occurs -> the list of therapies it stands for, in the order of their codes."""
    codes = sorted(item.snomed for item in spec.therapy_types)
    found = sorted(set(marks))
    lists = [[code for place, code in enumerate(codes) if number >> place & 1] for number in found]
    return pa.table(
        {"marks": pa.array(found, pa.int64()), "therapies": pa.array(lists, pa.list_(pa.string()))}
    )


def sites(places: Places, days: Sequence[date]) -> pa.Table:
    """(code, day) for every service that was one of ours on each of the `days`."""
    known = {period: [place.code for place in places.services(period)] for period in _starts(places, days)}
    rows = [(code, day) for day in days for code in known[_start_of(day, known)]]
    return pa.table(
        {
            "code": pa.array([code for code, _ in rows], pa.string()),
            "day": pa.array([day for _, day in rows], pa.date32()),
        }
    )


def homes(places: Places, pairs: Iterable[tuple[str, date]]) -> pa.Table:
    """(borough, day, service): the service for a borough of residence on the day of referral."""
    wanted = sorted(set(pairs))
    starts = _starts(places, [day for _, day in wanted])
    known: dict[tuple[str, date], str | None] = {}
    rows = []
    for borough, day in wanted:
        key = (borough, _start_of(day, starts))
        if key not in known:
            known[key] = places.service_for_borough(*key)
        if known[key] is not None:
            rows.append((borough, day, known[key]))
    types = (pa.string(), pa.date32(), pa.string())
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(columns, types, strict=True)],
        ["borough", "day", "service"],
    )


def _starts(places: Places, days: Sequence[date]) -> list[date]:
    """The first of the `days`, and each later day on which the map of services changes."""
    if not days:
        return []
    changes = {min(days)}
    for service in (place for place in places.places if place.level == "service"):
        for dated in (service, *service.members):
            changes |= {
                day
                for day in (dated.valid_from, _after(dated.valid_to))
                if day and min(days) < day <= max(days)
            }
    return sorted(changes)


def _after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + _DAY


def _start_of(day: date, starts: Iterable[date]) -> date:
    return max(start for start in starts if start <= day)
