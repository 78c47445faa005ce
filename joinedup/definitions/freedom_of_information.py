"""The clock and the grounds of refusal of requests for information: data with their source."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition, load
from joinedup.definitions.working_days import WorkingDays


class Ground(Definition):
    """A section by which information may be withheld. Absolute, or weighed against the public interest."""

    section: str = Field(pattern="^[0-9]{1,2}[A-Z]?$")
    title: str
    kind: Literal["absolute", "qualified", "refusal"]


class InformationLaw(Definition):
    """How long an answer may take, in working days of a calendar, and why it may be withheld."""

    slug: str
    title: str
    valid_from: date
    working_days: int = Field(ge=1, le=60)
    calendar: str
    review_working_days: int = Field(ge=1, le=60)
    starts: str
    source: str
    note: str
    certainty: Literal["high", "medium", "low", "assumed"]
    reviewer: str
    next_review: date
    grounds: tuple[Ground, ...] = Field(min_length=1)

    @classmethod
    def load(cls) -> InformationLaw:
        """The law that ships with joinedup. Raises DefinitionBroken."""
        return _loaded()

    @model_validator(mode="after")
    def _each_section_once(self) -> Self:
        sections = [ground.section for ground in self.grounds]
        if len(set(sections)) < len(sections):
            raise ValueError("a section stands twice")
        return self

    def due(self, received: date) -> date:
        """The last day on which an answer is in time. Raises YourCommand beyond the calendar."""
        return WorkingDays.load(self.calendar).after(received, self.working_days)

    def review_due(self, asked: date) -> date:
        """The last day on which an internal review is in time. Raises YourCommand beyond the calendar."""
        return WorkingDays.load(self.calendar).after(asked, self.review_working_days)

    def ground(self, section: str) -> Ground | None:
        """The ground of that section, or None."""
        return next((one for one in self.grounds if one.section == section), None)


@lru_cache(maxsize=1)
def _loaded() -> InformationLaw:
    return load(InformationLaw, "scrutiny/freedom_of_information.yaml")
