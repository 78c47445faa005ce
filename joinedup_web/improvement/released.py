"""What initiatives and claims are judged from: released figures by month, of one state of the lake, and nothing else.

Boroughs are where people live (the published cube), services where they are treated; the two are never mixed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from joinedup.definitions import Measure, Places
from joinedup.definitions.lattice import BOROUGH, EVERYONE
from joinedup.disclosure.profiles import profile_of
from joinedup.errors import UnknownName, YourCommand
from joinedup.improvement import MonthlyCounts
from joinedup_web.equity.crossing import LIVED, TREATED_AT, cube_of, place_names, service_names, source_of
from joinedup_web.equity.opening import current_figures
from joinedup_web.equity.publishing import PROFILE

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.improvement import Group, Stays
    from joinedup.measures import MeasureResult
    from joinedup_web.equity.figures import Figures

SERVICE = "service"
COUNTED = {BOROUGH: LIVED, SERVICE: TREATED_AT}
"""Level of place -> how its people are counted."""
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
JUDGED = ("higher", "lower")


@dataclass(frozen=True)
class State:
    """One state of the lake with its released figures."""

    figures: Figures

    @property
    def snapshot(self) -> int:
        """Its number."""
        return self.figures.snapshot

    @property
    def made(self) -> str:
        """When it was committed: a lake made anew counts from one again."""
        return str(self.figures.about.get("committed_at", ""))[:40]

    @property
    def caption(self) -> str:
        """What stands under its pictures."""
        return str(self.figures.about.get("caption", ""))

    def released(self, level: str) -> Released[MeasureResult] | None:
        """Every month of every measure by place of a level, for everyone; None where nothing was released."""
        count = COUNTED.get(level)
        found = source_of(self.figures, count) if count else None
        if found is None:
            return None
        kept = found.value.only(level=level, breakdown=EVERYONE)
        months = tuple(key for key in kept.table["period"].unique().to_pylist() if MONTH.fullmatch(key))
        return replace(found, value=kept.only(period=months))


def newest() -> State | None:
    """The newest state whose figures are all there; None while there is none. The cube comes last."""
    figures = current_figures()
    return State(figures) if figures is not None and cube_of(figures) is not None else None


@dataclass(frozen=True)
class PublishedHeld:
    """What the library may ask for: counts as they were released. Nothing is computed from people."""

    state: State

    def monthly(
        self, measure: str, *, level: str = BOROUGH, group: Group | None = None, months: Sequence[str] | None = None
    ) -> MonthlyCounts | None:  # fmt: skip
        """Released counts by place and month; None where none were released. Raises YourCommand for a group, whose
        figures leave by quarter and year only, and for a measure that is no count and no percentage."""
        wanted = known_measure(measure)
        if group is not None:
            raise YourCommand("Groups are not published by month.", remedy="Tie it to everyone of a place.")
        if wanted is None:
            return None
        if wanted.statistic not in ("count", "percentage"):
            raise YourCommand(
                f"{wanted.title} is a {wanted.statistic}, which counts cannot be made into again.",
                remedy="Choose a count or a percentage.",
            )
        released = self.state.released(level)
        if released is None:
            return None
        asked = None if months is None else set(months)
        rows = [
            row
            for row in released.value.only(measure_id=wanted.id).table.to_pylist()
            if asked is None or row["period"] in asked
        ]
        return _counts(rows, wanted, released.value) if rows else None

    def stays(self) -> Stays | None:
        """None: they come with a later return."""
        return None


def known_measure(measure: str) -> Measure | None:
    """The measure of that slug or national id; None for what no return held here tells of."""
    try:
        return Measure.load(measure)
    except UnknownName:
        return None


def _counts(rows: list[dict[str, Any]], wanted: Measure, of: MeasureResult) -> MonthlyCounts:
    share = wanted.statistic == "percentage"
    return MonthlyCounts(
        measure_id=wanted.id, title=wanted.title, better=wanted.better, share=share,
        place=tuple(row["place"] for row in rows), month=tuple(row["period"] for row in rows),
        numerator=tuple(_number(row["numerator"]) for row in rows),
        denominator=tuple(_number(row["denominator"]) if share else math.nan for row in rows),
        names={row["place"]: row["place_name"] for row in rows}, snapshot=of.snapshot, version=str(wanted.version),
        rule=of.rule, filters={"level": rows[0]["level"]}, display=profile_of(PROFILE).display,
    )  # fmt: skip


def _number(count: int | None) -> float:
    return math.nan if count is None else float(count)


def measures_at(
    level: str, state: State | None = None, *, judged: bool = True
) -> tuple[tuple[str, str], ...]:
    """Id and title of every measure that is released by month at a level; `judged`: percentages of which more, or less,
    is agreed to be better."""
    return tuple(_titles(level, state or newest(), judged))


def _titles(level: str, state: State | None, judged: bool) -> Iterator[tuple[str, str]]:
    released = state.released(level) if state is not None else None
    for one in released.value.measures if released is not None else ():
        if (
            released is not None
            and not released.value.only(measure_id=one.id).table["numerator"].drop_null().length()
        ):
            continue  # all of it is hidden
        if not judged or (one.statistic == "percentage" and one.better in JUDGED):
            yield one.id, f"{one.title} ({one.id})"


def places_at(level: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every place of a level."""
    if level == BOROUGH:
        return place_names()[1:]
    register = Places.load()
    return tuple((code, register.name(code)) for code, _ in service_names())


def name_of(code: str) -> str:
    """Name of a borough or service; a code without one stands for itself."""
    known = dict((*places_at(BOROUGH), *places_at(SERVICE)))
    return known.get(code, code)
