"""On the twin: the cube counted in one pass answers what `calculate` answers from the stored journeys."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from joinedup.definitions import Measure, Period
from joinedup.definitions.conditions import PERIOD_END
from joinedup.journeys import load_journeys
from joinedup.lake import open_lake
from joinedup.measures import calculate
from joinedup.measures.asked_of_cube import measure_cube
from tests.eighths import an_eighth
from tests.system.conftest import Demo

BREAKDOWNS = ("ethnic_group", "deprivation_quintile", "gender")


PLACES = {"borough": ["borough", "total"], "service": ["service", "trust"]}


@pytest.mark.parametrize("unit", an_eighth(PLACES))
def test_every_measure_of_journeys_by_a_date(demo: Demo, unit: str) -> None:
    lake = open_lake(demo.lake)
    journeys = load_journeys(lake)
    measures = [m for m in Measure.all() if m.table == "journeys" and m.date_basis != PERIOD_END]
    month = Period.parse(f"{journeys.last_day:%Y-%m}")
    question = {
        "by": [(), ("ethnic_group",), ("gender", "deprivation_quintile")],
        "place": PLACES[unit],
        "periods": [month],
    }
    cube = measure_cube(lake, measures, by=BREAKDOWNS, unit=unit)
    fast, slow = cube.calculate(measures, **question), calculate(measures, journeys, **question)
    assert fast.excluded == slow.excluded and fast.table.num_rows == slow.table.num_rows > 10_000
    for name in fast.table.column_names:
        one, other = fast.table[name], slow.table[name]
        if pa.types.is_floating(one.type):
            np.testing.assert_allclose(one.to_numpy(), other.to_numpy(), rtol=1e-12, atol=1e-12, err_msg=name)
        else:
            assert one.equals(other), name
