"""What the explorer offers, read from `explorer.yaml`: lenses, their measures, and the names of views."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from joinedup.definitions import Breakdown, Measure

MONTHS, SERVICES, BOROUGHS = "months", "services", "boroughs"
VIEWS = {
    MONTHS: "Month by month, by service",
    SERVICES: "By service, a year",
    BOROUGHS: "By borough of residence, per 1,000 residents",
}


class LensOffered(BaseModel):
    """One of access, experience and outcome, with the ids of its measures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    question: str
    measures: tuple[str, ...] = Field(min_length=1)


class Offer(BaseModel):
    """The service and its lenses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    lenses: Mapping[str, LensOffered]

    def lens_of(self, measure: str) -> str:
        """The lens that a measure stands under."""
        return next(slug for slug, lens in self.lenses.items() if measure in lens.measures)

    def title_of(self, measure: str) -> str:
        """What a measure is called in a list."""
        return measure_title(measure)

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of all measures, lens by lens."""
        return tuple(one for lens in self.lenses.values() for one in lens.measures)


@lru_cache(maxsize=1)
def load_offer() -> Offer:
    """The offer that ships with the workspace."""
    return Offer.model_validate(
        yaml.safe_load(Path(__file__).with_name("explorer.yaml").read_text(encoding="utf-8"))
    )


def view_title(view: str) -> str:
    """What a view is called in a list."""
    if view in VIEWS:
        return VIEWS[view]
    if view.startswith("residents:"):
        return f"By {Breakdown.load(view.partition(':')[2]).title.lower()}, per 1,000 residents"
    return f"By {Breakdown.load(view).title.lower()}"


def measure_title(measure: str) -> str:
    """What a measure is called in a list; its national id stays beside it."""
    title = (
        "'All of the time' to question 1 about treatment"
        if measure == "PEQ_T1_4"
        else Measure.load(measure).title
    )
    return f"{title} ({measure})"
