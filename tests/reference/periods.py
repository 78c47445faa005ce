"""Reporting periods found by walking the calendar day by day: checks `definitions.periods`."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> str:
    """`2026-03`."""
    return f"{day.year:04d}-{day.month:02d}"


def nhs_year_of(day: date) -> int:
    """The year in which the NHS year of a day began."""
    return day.year if day.month >= 4 else day.year - 1


def quarter_of(day: date) -> tuple[int, int]:
    """(NHS year, quarter): April to June is 1, January to March is 4."""
    quarters = {4: 1, 5: 1, 6: 1, 7: 2, 8: 2, 9: 2, 10: 3, 11: 3, 12: 3, 1: 4, 2: 4, 3: 4}
    return nhs_year_of(day), quarters[day.month]


def days(start: date, end: date) -> list[date]:
    """Every day from one to the other, both included."""
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]
