"""Calendar and quality of returns: words for what became of each, and better or worse than the month before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup_web.returns import calendar


@dataclass(frozen=True)
class Sent:
    """As much of a `Received` as the calendar reads."""

    period: str
    kind: str
    received: datetime
    rows_in: int | None = 1000
    rows_kept: int = 1000
    tables_filled: int = 17
    withdrawn_in: int | None = None


def sent(period: str, kind: str, day: str, **more: Any) -> Sent:
    return Sent(period, kind, datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC), **more)


FEBRUARY = sent("2026-02", "refresh", "2026-04-20")
SOON, IN_MAY = "Due 22 May, in 22 days", "Due 22 May, in 27 days"
LATE, BEFORE = "Late, nothing received; was due 22 May", "Not expected, before the first return here"


@pytest.mark.parametrize(
    ("records", "today", "primary", "refresh"),
    [
        ([sent("2026-03", "primary", "2026-04-20")], "2026-04-30", "Received 20 Apr, in time", SOON),
        ([sent("2026-03", "primary", "2026-05-01")], "2026-05-22", "Received 1 May, 2 days late", "Due 22 May, today"),
        ([FEBRUARY], "2026-04-25", "Due since 22 Apr, late after 29 Apr", IN_MAY),
        ([FEBRUARY], "2026-06-01", "Late, nothing received; was due 22 Apr", LATE),
        ([sent("2026-03", "primary", "2026-04-20", withdrawn_in=9)], "2026-06-01", "Withdrawn, Nothing is held", LATE),
        ([sent("2026-03", "primary", "2026-04-20"), sent("2026-03", "primary", "2026-04-21")], "2026-05-01",
         "Received 20 Apr, in time; sent 2 times", "Due 22 May, in 21 days"),
        ([sent("2026-05", "primary", "2026-06-20")], "2026-06-30", BEFORE, BEFORE),
    ],
)  # fmt: skip
def test_what_became_of_march_2026(records: list[Sent], today: str, primary: str, refresh: str) -> None:
    cells = calendar.due_cells(records, "2026-03", date.fromisoformat(today))
    assert [f"{cell.words}, {cell.more}" for cell in cells] == [primary, refresh]


def test_better_and_worse_are_said_in_words() -> None:
    records = [
        sent("2026-01", "primary", "2026-02-20", rows_kept=980),
        sent("2026-02", "primary", "2026-03-20", rows_kept=900),
        sent("2026-03", "primary", "2026-04-20", rows_kept=950),
        sent("2026-04", "primary", "2026-05-20", rows_kept=997),
        sent("2026-05", "primary", "2026-06-20", rows_kept=1000),
    ]
    cells = [calendar.quality_cell(records, f"2026-0{n}") for n in range(1, 6)]
    assert [(cell.left_out, cell.change) for cell in cells] == [
        ("2.0% of rows left out", "no comparison with the month before"),
        ("10.0% of rows left out", "worse than the month before (2.0%)"),
        ("5.0% of rows left out", "better than the month before (10.0%)"),
        ("fewer than 5 rows left out", "no comparison with the month before"),
        ("no row left out", "no comparison with the month before"),
    ]
    assert (
        calendar.quality_cell(records, "2026-06") is None
        and cells[0].arrived == "first came 20 days after the month"
    )


@given(st.integers(1, 50_000), st.integers(0, 50_000))
def test_no_small_count_can_be_read_off(rows_in: int, left: int) -> None:
    left = min(left, rows_in)
    one: Any = sent("2026-01", "primary", "2026-02-20", rows_in=rows_in, rows_kept=rows_in - left)
    words = calendar.left_out_words(one)
    assert ("%" in words) == (left >= 5) and (0 < left < 5) == ("fewer than 5" in words)


def test_months_run_backwards_over_years() -> None:
    assert calendar.months_to("2026-02", 4) == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert calendar.last_month(date(2026, 1, 15)) == "2025-12"
