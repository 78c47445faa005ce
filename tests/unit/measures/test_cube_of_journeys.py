"""The finest-grain cube against `calculate` over the journeys table: every cell of every measure it can hold."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.conditions import PERIOD_END
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.measure import Measure
from joinedup.definitions.pathway import Pathway as Stages
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys.one_pass import Reading, in_chunks
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS
from joinedup.measures import MeasureResult, calculate
from joinedup.measures.asked_of_cube import MeasureCube, cube_of
from tests.reference import journeys as reference
from tests.unit.journeys.records import clustered, pathways
from tests.unit.measures.small_journeys import Small

DERIVATIONS, THRESHOLDS = Derivations.load(), Thresholds.load()
FACTS = reference.Facts.of(Places.load(), Stages.load("talking_therapies"), THRESHOLDS)
BREAKDOWNS = ("ethnic_category", "deprivation_quintile", "age_band", "gender")
PERIODS = [Period.parse(key) for key in ("2024-04", "2024-06", "2024-25-Q1", "2024-07")]


FIRST, LAST = date(2024, 4, 1), date(2024, 7, 31)


def held(rows: list[dict[str, Any]]) -> Small:
    tables = (ANSWERS.empty_table(), CONTACTS.empty_table(), EVENTS.empty_table())
    answers, contacts, events = tables
    journeys = pa.Table.from_pylist(rows, schema=JOURNEYS)
    return Small(journeys, contacts, events, answers, first_day=FIRST, last_day=LAST)


@cache
def in_one_pass() -> tuple[Measure, ...]:
    """Measures of journeys by one of their dates, which read nothing that the pass does not derive."""
    derived = {"SickpayIndicator", "EmployStatus", "SickAbsenceInd", "InternetEnabledTherapy"}
    found = [m for m in Measure.all() if m.table == "journeys" and m.date_basis != PERIOD_END]
    return tuple(m for m in found if not any(name in _text(m) for name in derived))


def _text(measure: Measure) -> str:
    texts = [*measure.numerator_terms, *measure.denominator_terms]
    return repr(texts) + repr(measure.value_of)


def both(seed: int, count: int) -> tuple[Small, MeasureCube]:
    """The same random pathways as a journeys table made by loops, and as a cube counted in the pass."""
    found = pathways(seed, count, days=60)
    rows: list[dict[str, Any]] = []
    for at, one in enumerate(found):
        row = reference.journey_of(one.journey, one.contacts, one.scores, FACTS)
        named = {name: float(v) if name.endswith("Score") and v is not None else v for name, v in row.items()}
        rows.append({**dict.fromkeys(JOURNEYS.names), **named, "pathway_id": f"p{at}"})
    made = held(rows)
    record, coder = clustered(found, seed)
    reading = Reading.of(coder.columns, DERIVATIONS, THRESHOLDS)
    chunks = in_chunks([record], reading, 37)
    return made, cube_of(chunks, reading, in_one_pass(), by=BREAKDOWNS, unit="borough", about=made)


def only_mean() -> MeasureCube:
    record, coder = clustered(pathways(1, 5))
    reading = Reading.of(coder.columns, DERIVATIONS, THRESHOLDS)
    chunks = in_chunks([record], reading)
    return cube_of(chunks, reading, "mean_wait_to_first_treatment", by=(), unit="borough", about=held([]))


def same(fast: MeasureResult, slow: MeasureResult) -> None:
    assert fast.table.schema == slow.table.schema
    for name in fast.table.column_names:
        one, other = fast.table[name].to_pylist(), slow.table[name].to_pylist()
        if fast.table.schema.field(name).type == pa.float64():
            np.testing.assert_allclose(
                np.array(one, float), np.array(other, float), rtol=1e-12, atol=1e-12, err_msg=name
            )
        else:
            assert one == other, name
    assert fast.excluded == slow.excluded and fast.incomplete == slow.incomplete
    assert (fast.snapshot, fast.rule, fast.filters) == (slow.snapshot, slow.rule, slow.filters)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 300))
def test_every_cell_equals_calculate(seed: int, count: int) -> None:
    small, cube = both(seed, count)
    source = random.Random(seed)
    asked = source.sample(in_one_pass(), 25)
    first, second = source.sample(BREAKDOWNS, 2)
    question: dict[str, Any] = {
        "by": [(), (first,), (first, second)],
        "place": source.choice(["borough", "total", ["borough", "icb"]]),
        "periods": source.sample(PERIODS, source.randint(1, 3)),
    }
    same(cube.calculate(asked, **question), calculate(asked, small, **question))


def test_every_measure_of_the_pass_by_everyone() -> None:
    small, cube = both(11, 400)
    question: dict[str, Any] = {"by": (), "place": "borough", "periods": PERIODS}
    assert len(in_one_pass()) > 80
    same(cube.calculate(in_one_pass(), **question), calculate(in_one_pass(), small, **question))


def test_cells_too_many_for_the_finest_grain_are_counted_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    _, cube = both(21, 300)
    monkeypatch.setattr("joinedup.measures.counted.FINEST_BYTES", 0)
    _, straight = both(21, 300)
    for source, rolled in cube.cube.rolled.items():
        assert np.array_equal(rolled, straight.cube.rolled[source]), source


def test_what_was_not_counted_is_refused_with_a_remedy() -> None:
    _, cube = both(1, 5)
    period = PERIODS[0]
    with pytest.raises(YourCommand, match="not counted by religion"):
        cube.calculate("finished_course", by="religion", periods=period)
    with pytest.raises(YourCommand, match="counted by borough"):
        cube.calculate("finished_course", place="service", periods=period)
    with pytest.raises(YourCommand, match="does not hold"):
        cube.calculate("appointments", periods=period)
    with pytest.raises(
        YourCommand, match="does not hold"
    ):  # the mean of the same waits was counted, not they
        only_mean().calculate("median_wait_to_first_treatment", periods=period)
    with pytest.raises(YourCommand, match="not counted in one pass"):
        _, coder = clustered(pathways(1, 5))
        reading = Reading.of(coder.columns, DERIVATIONS, THRESHOLDS)
        cube_of([], reading, "appointments", by=(), unit="borough", about=held([]))


def test_no_question_sees_a_cell_twice_or_not_at_all() -> None:
    """Groups add up to everyone, in every month and borough, for every pair of axes."""
    _, cube = both(5, 200)
    for source, rolled in cube.cube.rolled.items():
        everyone = rolled[:, :, cube.cube.frame.lies[()]].sum(axis=2)
        for cut in cube.cube.frame.cuts:
            assert (rolled[:, :, cube.cube.frame.lies[cut]].sum(axis=2) == everyone).all(), (source, cut)
