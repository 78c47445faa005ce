"""Control charts with a start: it is marked, and limits are those of before, so that a change stands out."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.charts import control
from joinedup.definitions import Measure
from joinedup_web.equity.figures import Figures
from joinedup_web.improvement.released import State
from tests.published_worlds import BRENT, rises_in_brent, write_state

BEGAN = date(2025, 4, 1)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> object:
    state = State(Figures.open(write_state(tmp_path_factory.mktemp("states"), 9, rises_in_brent(12))))
    return state.released("borough")


def test_limits_are_of_the_months_before_and_the_start_is_marked(released: object) -> None:
    whole, marked = (
        control(released, Measure.load("M195"), slug="s", caption="c", first=BRENT, began=began)  # type: ignore[arg-type]
        for began in (None, BEGAN)
    )
    average, since = (float(one.table.rows[0][4].rstrip("%")) for one in (whole, marked))
    assert since < 53 < average, "the months after it lift the average of all"
    assert (
        marked.table.rows[0][7].startswith("improvement")
        and "eight or more months before it" in marked.how_to_read
    )
    assert '"year": 2025, "month": 4' in repr(marked.spec("page")).replace("'", '"')
    assert "2025, 'month': 4" not in repr(whole.spec("page"))


def test_too_few_months_before_leave_the_limits_of_all(released: object) -> None:
    whole, early = (
        control(released, Measure.load("M195"), slug="s", caption="c", first=BRENT, began=began)  # type: ignore[arg-type]
        for began in (None, date(2024, 9, 1))
    )
    assert whole.table.rows == early.table.rows
