"""Reads days as people write them in trackers: as days, as text in British order, or as a workbook's bare number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from joinedup.governance.cells import Value

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_IN_WORDS = re.compile(
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+([a-z]{{3,9}})\.?,?[\s-]+([0-9]{{4}}|[0-9]{{2}})"
    r"(?:,?\s+(?:at\s+)?[0-9]{1,2}[.:][0-9]{2}(?:\s*[ap]m)?)?"
)
_IN_NUMBERS = re.compile(
    r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?:\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[t ][0-9:.]+)?")
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
"""A bare number is a day only if it falls in these hundred years: 2025 is no day of 1905."""


@dataclass(frozen=True)
class Day:
    """A day that was read, and the rule of the finding where the reading rests on a convention."""

    day: date
    rule: str | None = None


def read_day(value: Value, date_1904: bool = False) -> Day | None:
    """The day that a cell holds, or None for what is no day: "TBC", "November 2025", a time, another number."""
    if isinstance(value, datetime):
        return Day(value.date())
    if isinstance(value, date):
        return Day(value)
    if isinstance(value, float) and not isinstance(value, bool):
        return _serial(value, date_1904)
    return _text(" ".join(value.split()).casefold(), date_1904) if isinstance(value, str) else None


def _serial(number: float, date_1904: bool) -> Day | None:
    if not (0 < number < 80_000):
        return None
    day = (_EPOCH_1904 if date_1904 else _EPOCH_1900) + timedelta(days=int(number))
    return Day(day, "serial-number") if _FIRST <= day <= _LAST else None


def _text(text: str, date_1904: bool) -> Day | None:
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _IN_WORDS.fullmatch(text):
        if found[2][:3] in _MONTHS and _names_month(found[2]):
            return _day(_year(found[3]), _MONTHS.index(found[2][:3]) + 1, int(found[1]))
        return None
    if found := _IN_NUMBERS.fullmatch(text):
        return _day(_year(found[3]), int(found[2]), int(found[1]), "text-day")
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return _serial(float(text), date_1904)
    return None


def _names_month(word: str) -> bool:
    whole = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
             "november", "december")  # fmt: skip
    return any(month.startswith(word) for month in whole) or word == "sept"


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day(year: int, month: int, day: int, rule: str | None = None) -> Day | None:
    try:
        return Day(date(year, month, day), rule)
    except ValueError:
        return None
