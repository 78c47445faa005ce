"""Months and spans of them, as people write them: 2025-04, 2024-25, 2019-04 to 2021-03."""

from __future__ import annotations

from joinedup.definitions import Period


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Months from one to another, both included; none where the second lies before the first."""
    start, end = (_number(month) for month in (first, last))
    return tuple(_text(number) for number in range(start, end + 1))


def month_after(month: str, by: int) -> str:
    """The month so many after another."""
    return _text(_number(month) + by)


def months_of(span: str) -> tuple[str, ...]:
    """Months of a period, or from the first of one to the last of another ("2019-20 to 2020-21").

    Raises UnknownName where a part is no period.
    """
    first, _, last = span.partition(" to ")
    ends = Period.parse(first.strip()), Period.parse((last or first).strip())
    return months_between(ends[0].months[0], ends[1].months[-1])


def _number(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def _text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
