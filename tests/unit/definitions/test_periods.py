from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.periods import (
    Kind,
    Period,
    containing,
    financial_years,
    months,
    quarters,
    rolling_years,
)
from joinedup.errors import UnknownName
from tests.reference.periods import days, month_of, nhs_year_of, quarter_of

DAYS = st.dates(date(1948, 7, 5), date(2100, 12, 31))
KINDS = st.sampled_from(["month", "quarter", "financial_year", "rolling_year"])


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-26-Q4", date(2026, 1, 1), date(2026, 3, 31)),
        ("2025-26-Q1", date(2025, 4, 1), date(2025, 6, 30)),
        ("2025-26", date(2025, 4, 1), date(2026, 3, 31)),
        ("12m-2026-03", date(2025, 4, 1), date(2026, 3, 31)),
        ("12m-2026-01", date(2025, 2, 1), date(2026, 1, 31)),
        ("1999-00", date(1999, 4, 1), date(2000, 3, 31)),
        ("2010/11", date(2010, 4, 1), date(2011, 3, 31)),
        ("2010-11", date(2010, 11, 1), date(2010, 11, 30)),
    ],
)
def test_a_key_is_a_span_of_days_and_comes_back(key: str, start: date, end: date) -> None:
    period = Period.parse(key)
    assert (period.start, period.end, period.key) == (start, end, key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2025-27",
        "2025-26-Q5",
        "12m-2026-13",
        "26-03",
        "2026-3",
        "٢٠٢٦-03",
        "0000-01",
        "9999-12",
    ],
)
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(UnknownName, match="is not a period"):
        Period.parse(key)


@settings(deadline=None)
@given(KINDS, DAYS)
def test_every_day_is_in_the_period_that_contains_it_and_the_key_comes_back(kind: Kind, day: date) -> None:
    period = containing(kind, day)
    assert period.contains(day)
    assert Period.parse(period.key) == period
    assert not period.contains(period.start - timedelta(days=1))
    assert not period.contains(period.end + timedelta(days=1))


@settings(deadline=None)
@given(DAYS)
def test_days_walked_one_by_one_agree(day: date) -> None:
    month, quarter, year = (containing(kind, day) for kind in ("month", "quarter", "financial_year"))
    assert {month_of(each) for each in days(month.start, month.end)} == {month.key}
    assert {quarter_of(each) for each in days(quarter.start, quarter.end)} == {quarter_of(day)}
    assert quarter.key.endswith(f"-Q{quarter_of(day)[1]}")
    assert {nhs_year_of(each) for each in days(year.start, year.end)} == {nhs_year_of(day)}
    assert list(dict.fromkeys(month_of(each) for each in days(year.start, year.end))) == list(year.months)


@settings(deadline=None)
@given(st.integers(1, 40), DAYS)
def test_makers_give_spans_that_touch_and_end_no_later(n: int, day: date) -> None:
    ending = containing("month", day)
    for maker in (months, quarters, financial_years, rolling_years):
        made = maker(n, ending=ending.key)
        assert len(made) == n
        assert made[-1].end <= ending.end
        assert (ending.end - made[-1].end).days < 366
        for before, after in pairwise(made):
            assert before.end + timedelta(days=1) == after.start
    assert months(n, ending=ending.key)[-1] == ending
    assert rolling_years(n, ending=ending.key)[-1].end == ending.end


def test_the_last_quarters_before_the_end_of_february() -> None:
    assert [str(quarter) for quarter in quarters(2, ending="2026-02")] == ["2025-26-Q2", "2025-26-Q3"]
    assert [str(year) for year in financial_years(2, ending="2026-02")] == ["2023-24", "2024-25"]
    overlapping = rolling_years(3, ending="2026-03", every=1)
    assert [str(year) for year in overlapping] == ["12m-2026-01", "12m-2026-02", "12m-2026-03"]


def test_nothing_and_less_cannot_be_asked_for() -> None:
    with pytest.raises(UnknownName, match="0 periods"):
        months(0, ending="2026-03")
    with pytest.raises(UnknownName, match="one month apart"):
        rolling_years(2, ending="2026-03", every=0)
