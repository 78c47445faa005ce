"""Days as people write them in trackers."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from joinedup.governance.cells import Value
from joinedup.governance.days import read_day

THE_DAY = date(2025, 11, 18)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        (THE_DAY, None),
        (datetime(2025, 11, 18, 10, 0), None),
        ("2025-11-18", None),
        ("2025-11-18T10:00:00", None),
        ("18 November 2025", None),
        ("Tuesday, 18th November, 2025 10.00 am", None),
        ("18th of Nov 2025", None),
        (" 18-Nov-25 ", None),
        ("18/11/2025", "text-day"),
        ("18.11.25", "text-day"),
        ("18/11/2025 10:00", "text-day"),
        (45979.0, "serial-number"),
        (45979.4, "serial-number"),
        ("45979", "serial-number"),
    ],
)
def test_days_are_read_however_they_are_written(written: Value, rule: str | None) -> None:
    found = read_day(written)
    assert found is not None and (found.day, found.rule) == (THE_DAY, rule)


def test_a_bare_number_is_read_by_the_calendar_of_its_workbook() -> None:
    assert read_day(45979.0 - 1462, date_1904=True).day == THE_DAY  # type: ignore[union-attr]
    assert read_day(45979.0 - 1462).day == date(2021, 11, 17)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "written",
    [
        "TBC",
        "November 2025",
        "31 February 2025",
        "18 Smarch 2025",
        "13/13/2025",
        "",
        2025.0,
        -1.0,
        1e12,
        True,
        time(9),
        None,
    ],
)
def test_what_is_no_day_is_not_made_one(written: Value) -> None:
    assert read_day(written) is None
