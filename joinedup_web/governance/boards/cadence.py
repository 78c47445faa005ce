"""When a body meets: RFC 5545 rules, read by dateutil; written from the three things a form asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrulestr

EVERY = {
    "": "When it is called", "1": "Every month", "2": "Every two months", "3": "Every quarter", "6": "Twice a year",
    "12": "Once a year",
}  # fmt: skip
WEEKS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday"}
OFTEN = {
    "1": "monthly", "2": "every two months", "3": "quarterly", "6": "every six months", "12": "yearly"
}  # fmt: skip


def rule_of(every: str, week: str, day: str) -> str:
    """The rule of a form: every so many months, on which of the month's weekdays. Raises KeyError for anything else."""
    if not every:
        return ""
    _ = EVERY[every], WEEKS[week], DAYS[day]
    interval = "" if every == "1" else f"INTERVAL={every};"
    return f"FREQ=MONTHLY;{interval}BYDAY={week}{day}"


def parts_of(rule: str) -> tuple[str, str, str]:
    """What a form shows of a rule; its first choices where there is none."""
    told = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    on = told.get("BYDAY", "2TU")
    return (told.get("INTERVAL", "1") if rule else "", on[:-2], on[-2:])


def words_of(rule: str) -> str:
    """The rule as people say it: `monthly, on the second Tuesday`."""
    if not rule:
        return "when it is called"
    every, week, day = parts_of(rule)
    return f"{OFTEN.get(every, f'every {every} months')}, on the {WEEKS.get(week, week)} {DAYS.get(day, day)}"


def days(rule: str, starts_on: date | None, after: date) -> Iterator[date]:
    """The days of a rule from `after` on, that day included, without end; none where there is no rule."""
    if not rule or starts_on is None:
        return
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    for at in found.xafter(datetime.combine(after, time()), inc=True):
        yield at.date()


def next_days(rule: str, starts_on: date | None, after: date, count: int) -> list[date]:
    """The next `count` days of a rule from `after` on."""
    return list(islice(days(rule, starts_on, after), count))


def last_day(rule: str, starts_on: date | None, before: date) -> date | None:
    """The latest day of a rule before a day; None where there was none."""
    if not rule or starts_on is None:
        return None
    found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    at = found.before(datetime.combine(before, time()))
    return at.date() if at is not None else None
