"""Working days: which days are none, and the day that is so many working days after another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition, load
from joinedup.errors import YourCommand

SATURDAY = 5


class Holiday(Definition):
    """A day on which banks are closed, and in which parts: E England and Wales, S Scotland, N Northern Ireland."""

    title: str
    parts: str = Field(pattern="^[ESN]+$")


class WorkingDays(Definition):
    """A calendar from `first` to `last`; it says nothing of days outside."""

    slug: str
    title: str
    first: date
    last: date
    source: str
    note: str
    certainty: Literal["high", "medium", "low", "assumed"]
    reviewer: str
    next_review: date
    holidays: Mapping[date, Holiday]

    @classmethod
    def load(cls, slug: str = "united_kingdom") -> WorkingDays:
        """The calendar of that name. Raises DefinitionBroken."""
        return _loaded(slug)

    @model_validator(mode="after")
    def _holidays_lie_within(self) -> Self:
        if any(not self.first <= day <= self.last for day in self.holidays):
            raise ValueError("a holiday lies outside the calendar")
        return self

    def works(self, day: date) -> bool:
        """Whether a day is a working day in every part. Raises YourCommand for a day outside the calendar."""
        if not self.first <= day <= self.last:
            raise YourCommand(
                f"Bank holidays are known from {self.first:%-d %B %Y} to {self.last:%-d %B %Y} alone.",
                remedy="Give a day within, or enter the holidays of that year in the calendar.",
            )
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """The last of so many working days that follow a day, which is not counted itself. Raises YourCommand."""
        found = day
        for _ in range(working_days):
            found += timedelta(days=1)
            while not self.works(found):
                found += timedelta(days=1)
        return found


@lru_cache(maxsize=2)
def _loaded(slug: str) -> WorkingDays:
    return load(WorkingDays, f"working_days/{slug}.yaml")
