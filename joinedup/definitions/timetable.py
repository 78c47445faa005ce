"""When the return of a month is due: windows as days of later months, and exact days where they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition, load

Kind = Literal["primary", "refresh"]


class Window(Definition):
    """One of the times at which a month is sent. Days are of the month `months_after` the one reported."""

    kind: Kind
    title: str
    months_after: int = Field(ge=1, le=12)
    due_day: int = Field(ge=1, le=28)
    late_after_day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.late_after_day < self.due_day:
            raise ValueError("late before it is due")
        return self


@dataclass(frozen=True)
class Due:
    """One return of one month: due by the end of `due`, late after the end of `late_after`."""

    period: str
    kind: Kind
    due: date
    late_after: date


class Timetable(Definition):
    """The timetable of a return, with its source."""

    title: str
    return_: str = Field(alias="return")
    windows: tuple[Window, ...] = Field(min_length=1)
    closes: Mapping[str, Mapping[Kind, date]]
    source: str
    note: str
    certainty: Literal["known", "assumed"]
    reviewer: str
    next_review: date

    @classmethod
    def load(cls, slug: str) -> Timetable:
        """The timetable that ships with joinedup. Raises DefinitionBroken."""
        return _loaded(slug)

    def dues(self, period: str) -> tuple[Due, ...]:
        """What is due for a month (`2026-03`), in the order of the windows. ValueError for what is no month."""
        return tuple(self._due(period, window) for window in self.windows)

    def _due(self, period: str, window: Window) -> Due:
        known = self.closes.get(period, {}).get(window.kind)
        first = _later(date.fromisoformat(f"{period}-01"), window.months_after)
        due = known or first.replace(day=window.due_day)
        last = (_later(first, 1) - first).days
        late = known or first.replace(day=min(window.late_after_day, last))
        return Due(period, window.kind, due, late)


def _later(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


@lru_cache(maxsize=8)
def _loaded(slug: str) -> Timetable:
    return load(Timetable, f"returns/{slug}/timetable.yaml")
