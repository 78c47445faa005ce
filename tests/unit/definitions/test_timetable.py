"""When returns are due: days of later months, exact days where they are known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from joinedup.definitions.timetable import Timetable, Window


def test_each_month_is_due_twice_and_the_source_is_named() -> None:
    table = Timetable.load("talking_therapies")
    primary, refresh = table.dues("2026-03")
    assert (primary.kind, primary.due, primary.late_after) == (
        "primary",
        date(2026, 4, 22),
        date(2026, 4, 29),
    )
    assert (refresh.kind, refresh.due, refresh.late_after) == (
        "refresh",
        date(2026, 5, 22),
        date(2026, 5, 29),
    )
    assert "22nd to 29th" in table.source and table.certainty == "assumed"


def test_a_day_that_is_known_counts_for_both() -> None:
    plain = Timetable.load("talking_therapies").model_dump(by_alias=True)
    known = Timetable.model_validate({**plain, "closes": {"2026-03": {"primary": "2026-04-24"}}})
    primary, refresh = known.dues("2026-03")
    assert primary.due == primary.late_after == date(2026, 4, 24) and refresh.due == date(2026, 5, 22)


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_dues_follow_the_month_and_each_other(year: int, month: int) -> None:
    end = date(year, month, 28)
    primary, refresh = Timetable.load("talking_therapies").dues(f"{year}-{month:02d}")
    assert end < primary.due <= primary.late_after < refresh.due <= refresh.late_after
    assert (refresh.due - end).days < 95


def test_a_window_cannot_be_late_before_it_is_due() -> None:
    with pytest.raises(ValidationError):
        Window(kind="primary", title="x", months_after=1, due_day=22, late_after_day=3)
