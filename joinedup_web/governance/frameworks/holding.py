"""Evidence in figures, judged on the workspace's released figures and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from joinedup.definitions.places import Places
from joinedup.governance.evidence import Figures, MeasureTest, Series
from joinedup.governance.published import Published, series_of

NONE_SHOWN = "No released figures can be shown to you today, so the measure was not judged."
BOROUGH = "borough"


@dataclass
class ReleasedHeld:
    """The newest released state; None while figures are suspended or none are published."""

    published: Published | None
    registry: dict[str, Any] = field(default_factory=dict)

    def figures(self, test: MeasureTest, on: date | None) -> Figures | str:
        """The last released figures that a test asks for, the newest or those of periods that had ended on a day."""
        if self.published is None:
            return NONE_SHOWN
        points = [
            one for one in series_of(where(test.series), self.published) if on is None or one.span.end <= on
        ]
        if not points:
            return f"No figures of {test.series.measure} at {test.series.place} are published."
        return Figures(series=test.series, points=tuple(points[-test.points :]))


def where(series: Series) -> Series:
    """The series as it is published: a partnership of one borough has that borough's figures."""
    boroughs = boroughs_of(series.place)
    if series.level in (BOROUGH, "total") or len(boroughs) != 1:
        return series
    return series.model_copy(update={"level": BOROUGH, "place": boroughs[0]})


def boroughs_of(code: str) -> tuple[str, ...]:
    """Codes of the boroughs that lie in a place, now or when it was; empty for what has none."""
    register = Places.load()
    known = {one.code for one in register.places if one.level == BOROUGH}
    found = next((one for one in register.places if one.code == code), None)
    if found is None:
        return ()
    if code in known:
        return (code,)
    return tuple(dict.fromkeys(one.code for one in found.members if one.code in known))
