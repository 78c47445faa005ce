"""Reporting periods and their keys: `2026-03`, `2025-26-Q4`, `2025-26`, `12m-2026-03`.

NHS years run from April to March. Every period is made of whole calendar months; `start` and `end` are both
included.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joinedup.errors import UnknownName

Kind = Literal["month", "quarter", "financial_year", "rolling_year"]

LENGTHS: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "financial_year": 12, "rolling_year": 12}
_PATTERNS: Final[tuple[tuple[Kind, str], ...]] = (
    ("month", r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])"),
    ("quarter", r"(?P<year>\d{4})-(?P<next>\d{2})-Q(?P<quarter>[1-4])"),
    ("financial_year", r"(?P<year>\d{4})[-/](?P<next>\d{2})"),
    ("rolling_year", r"12m-(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])"),
)


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole months. Ordered by start, then end; built through `parse` or the makers below."""

    start: date
    end: date
    kind: Kind
    key: str

    @classmethod
    def parse(cls, key: str) -> Period:
        """Period of a key. A key such as 2010-11 reads as a month; write 2010/11 for the year. Raises
        UnknownName."""
        for kind, pattern in _PATTERNS:
            found = re.fullmatch(pattern, key, flags=re.ASCII)
            if found and _is_possible(parts := found.groupdict()):
                return _from_first_month(kind, _first_month(kind, parts))
        raise UnknownName(
            f"{key!r} is not a period.", remedy="Write 2026-03, 2025-26-Q4, 2025-26 or 12m-2026-03."
        )

    def contains(self, day: date) -> bool:
        """Whether a day falls in the period, both ends included."""
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.key

    @property
    def months(self) -> tuple[str, ...]:
        """Keys of its calendar months, in order."""
        first = _ordinal(self.start)
        return tuple(_month_key(first + step) for step in range(LENGTHS[self.kind]))


def months(n: int, *, ending: str) -> tuple[Period, ...]:
    """The last `n` months up to the end of the period `ending` (any key)."""
    return _makers("month", n, ending, step=1)


def quarters(n: int, *, ending: str) -> tuple[Period, ...]:
    """The last `n` whole quarters (of the NHS year) that end at or before the end of `ending`."""
    return _makers("quarter", n, ending, step=3)


def financial_years(n: int, *, ending: str) -> tuple[Period, ...]:
    """The last `n` whole financial years that end at or before the end of `ending`."""
    return _makers("financial_year", n, ending, step=12)


def rolling_years(n: int, *, ending: str, every: int = 12) -> tuple[Period, ...]:
    """`n` spans of twelve months, the last ending with `ending`, each `every` months after the one before.

    With `every` below 12 they overlap, so neighbouring values are not independent.
    """
    if every < 1:
        raise UnknownName("Rolling years are at least one month apart.", remedy="Give every=1 or more.")
    return _makers("rolling_year", n, ending, step=every)


def containing(kind: Kind, day: date) -> Period:
    """The period of that kind in which a day falls; for a rolling year, the one that ends in the day's
    month."""
    month = _ordinal(day)
    into = {"month": 0, "quarter": month % 3, "financial_year": (month - 3) % 12, "rolling_year": 11}[kind]
    return _from_first_month(kind, month - into)


def _makers(kind: Kind, n: int, ending: str, *, step: int) -> tuple[Period, ...]:
    if n < 1:
        raise UnknownName(f"{n} periods were asked for.", remedy="Ask for one or more.")
    after = _ordinal(Period.parse(ending).end) + 1
    # quarters and financial years end where a quarter or an NHS year ends, the others anywhere
    surplus = {"quarter": after % 3, "financial_year": (after - 3) % 12}.get(kind, 0)
    last = after - surplus - LENGTHS[kind]
    return tuple(_from_first_month(kind, last - step * back) for back in reversed(range(n)))


def _is_possible(parts: dict[str, str]) -> bool:
    year = int(parts["year"])
    in_calendar = date.min.year < year < date.max.year
    return in_calendar and ("next" not in parts or int(parts["next"]) == (year + 1) % 100)


def _first_month(kind: Kind, parts: dict[str, str]) -> int:
    """Months since year 0, counted so that January of year 0 is 0."""
    year = int(parts["year"]) * 12
    if kind == "financial_year":
        return year + 3
    if kind == "quarter":
        return year + 3 * int(parts["quarter"])
    return year + int(parts["month"]) - 1 - (LENGTHS[kind] - 1)


def _from_first_month(kind: Kind, first: int) -> Period:
    last = first + LENGTHS[kind] - 1
    start = date(first // 12, first % 12 + 1, 1)
    end = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
    return Period(start, end, kind, _key(kind, first))


def _key(kind: Kind, first: int) -> str:
    if kind == "month":
        return _month_key(first)
    if kind == "rolling_year":
        return f"12m-{_month_key(first + 11)}"
    year = (first - 3) // 12
    years = f"{year:04d}-{(year + 1) % 100:02d}"
    if kind == "quarter":
        return f"{years}-Q{(first - 3) % 12 // 3 + 1}"
    # 2010-11 is a month already, so the years 2000-01 to 2011-12 (and their like) are written 2010/11
    return years if not re.fullmatch(_PATTERNS[0][1], years) else years.replace("-", "/")


def _month_key(ordinal: int) -> str:
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def _ordinal(day: date) -> int:
    return day.year * 12 + day.month - 1
