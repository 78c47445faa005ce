"""The compiled derivations against plain loops, on random records: every column of every journey."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway as Stages
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING
from joinedup.journeys.one_pass import JourneyRows, Reading, all_at_once, in_chunks
from tests.reference import journeys as reference
from tests.unit.journeys.records import EPOCH, Pathway, clustered, pathways

DERIVATIONS, THRESHOLDS = Derivations.load(), Thresholds.load()
FACTS = reference.Facts.of(Places.load(), Stages.load("talking_therapies"), THRESHOLDS)
NOT_DERIVED = ("first", "last")


def by_loops(found: list[Pathway]) -> list[dict[str, Any]]:
    return [reference.journey_of(one.journey, one.contacts, one.scores, FACTS) for one in found]


def rows(made: JourneyRows) -> list[dict[str, Any]]:
    """What the kernel made, as rows with dates, points and texts."""
    columns: dict[str, list[Any]] = {}
    for name in made.derived._fields:
        if name in NOT_DERIVED:
            continue
        if name in ("ADSM", "InterpreterPresentInd"):
            places, texts = made.texts(name)
            columns[name] = [texts[place] for place in places]
        elif name.endswith("_Flag"):
            columns[name] = [bool(value) for value in made.flags(name)]
        else:
            values = made.days(name).tolist()
            dated = name.endswith("Date")
            columns[name] = [_day(value) if dated else value for value in values]
    scores = [
        f"{column}_{end}Score" for column in (*made.reading.questions, "ADSM") for end in ("First", "Last")
    ]
    for name in scores:
        values = made.hundredths(name).tolist()
        columns[name] = [None if value == MISSING else Decimal(value) / 100 for value in values]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _day(value: int) -> Any:
    return None if value == MISSING else EPOCH + timedelta(value)


def compared(found: list[Pathway], made: list[dict[str, Any]]) -> None:
    for fast, slow in zip(made, by_loops(found), strict=True):
        assert fast == {name: slow[name] for name in fast}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 120), chunk=st.integers(1, 50))
def test_kernel_and_loops_agree_on_every_column(seed: int, count: int, chunk: int) -> None:
    found = pathways(seed, count)
    record, coder = clustered(found, seed)
    reading = Reading.of(coder.columns, DERIVATIONS, THRESHOLDS)
    compared(found, rows(all_at_once(record, reading)))
    compared(found, [row for part in in_chunks([record], reading, chunk) for row in rows(part)])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_change_of_exactly_the_threshold_follows_the_definition(seed: int) -> None:
    found = pathways(seed, 60)
    record, coder = clustered(found, seed)
    more_than = THRESHOLDS.with_comparison("more_than")
    facts = reference.Facts.of(Places.load(), Stages.load("talking_therapies"), more_than)
    made = rows(all_at_once(record, Reading.of(coder.columns, DERIVATIONS, more_than)))
    for fast, one in zip(made, found, strict=True):
        slow = reference.journey_of(one.journey, one.contacts, one.scores, facts)
        assert fast == {name: slow[name] for name in fast}


def test_the_random_records_reach_every_outcome() -> None:
    """Guards the tests above, which prove nothing about a flag never raised or a column never filled."""
    slow = by_loops(pathways(3, 3000))
    for name in ("Paired_Flag", "Caseness_Flag", "NotCaseness_Flag", "Recovery_Flag", "NoChange_Flag"):
        assert Counter(row[name] for row in slow)[True] > 5, name
    for name in ("ReliableImprovement_Flag", "ReliableDeterioration_Flag", "CompletedTreatment_Flag"):
        assert Counter(row[name] for row in slow)[True] > 5, name
    assert len({row["ADSM"] for row in slow}) > 5
    assert len({row["stage"] for row in slow}) > 6


def test_contacts_that_say_nothing_rare() -> None:
    """The pass leaves out a loop where no contact is integrated, supports employment or has an interpreter."""
    found = pathways(9, 50)
    for row in (row for one in found for row in one.contacts):
        row |= {"IAPTLTCServiceInd": None, "InterpreterPresentInd": "?", "procedures": ()}
    record, coder = clustered(found)
    compared(found, rows(all_at_once(record, Reading.of(coder.columns, DERIVATIONS, THRESHOLDS))))


def test_far_dates_and_an_empty_record() -> None:
    found = pathways(5, 3)
    found[0].contacts.append({**pathways(1, 40)[3].contacts[0], "CareContDate": EPOCH})
    record, coder = clustered(found)
    assert record.contact_day.dtype == np.int16
    compared(found, rows(all_at_once(record, Reading.of(coder.columns, DERIVATIONS, THRESHOLDS))))
    nothing, coder = clustered([])
    assert all_at_once(nothing, Reading.of(coder.columns, DERIVATIONS, THRESHOLDS)).count == 0
