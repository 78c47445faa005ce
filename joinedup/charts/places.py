"""One measure at places beside each other: one's own first and strong. Over time, as dots, by group, as a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings import dots
from joinedup.charts.drawings_places import SHADES, VERDICTS, among, places, tiles
from joinedup.charts.picture import Picture, Table
from joinedup.charts.points import PLAIN, Points
from joinedup.charts.words import HIDDEN, interval, listed, percent, span, whole
from joinedup.stats import funnel_verdict, poisson_interval

if TYPE_CHECKING:
    from datetime import date

    from joinedup.definitions import Breakdown, Measure, Period
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

HOW_AMONG = (
    "The strong line is the place named first, with its 95% limits as a pale band; the dashed line is all of them together, the grey ones "
    "the other places. A line ends where a figure is hidden, and the scale need not start at nought."
)
HOW_DOTS = (
    "Each dot is a place, the diamond the one named first; the pale bar holds its value 95 times in 100. The dashed line is all of them "
    "together. The scale need not start at nought."
)
HOW_CROSSED = (
    "A panel a place, all on one scale; each dot is a group and the pale bar holds its value 95 times in 100. The dashed line is the "
    "reference group at that place. Bars that do not overlap differ by more than chance."
)
HOW_MAP = (
    "Each tile is a borough, roughly where it lies; it is as large for a small borough as for a large one. Blue is better and orange worse than "
    "all together by more than chance (998 times in 1,000), grey within it. The heavy frame is the borough named first."
)
HOW_SHADES = (
    "Each tile is a borough, roughly where it lies; the darker, the higher on the scale from the lowest to the highest borough. The heavy "
    "frame is the borough named first."
)
TILES: Mapping[str, tuple[int, int, str]] = {
    "E09000015": (1, 0, "HRW"), "E09000003": (2, 0, "BNT"), "E09000010": (3, 0, "ENF"), "E09000014": (4, 0, "HGY"),
    "E09000017": (0, 1, "HIL"), "E09000009": (1, 1, "EAL"), "E09000005": (2, 1, "BRE"), "E09000007": (3, 1, "CMD"),
    "E09000019": (4, 1, "ISL"), "E09000018": (1, 2, "HOU"), "E09000013": (2, 2, "H&F"), "E09000020": (3, 2, "K&C"),
    "E09000033": (4, 2, "WES"),
}  # fmt: skip
"""Column, row and three letters of the boroughs of North West and North Central London: our own arrangement."""


@dataclass(frozen=True)
class Scale:
    """How a measure is shown: as a percentage, or as a count for every 1,000 `residents` (of place or group)."""

    measure: Measure
    residents: Mapping[str, int] | None = None

    @property
    def unit(self) -> str:
        """What follows the title."""
        if self.measure.statistic == "percentage":
            return "%"
        return "number" if self.residents is None else "for every 1,000 residents"

    def of(self, figure: Figure) -> tuple[float | None, float | None, float | None]:
        """Value and limits as they are drawn; None where they are hidden."""
        if self.measure.statistic == "percentage" or figure.numerator is None:
            return figure.value, figure.lower, figure.upper
        if self.residents is None:
            return float(figure.numerator), None, None
        people = self.residents.get(figure.place)
        if not people:
            return None, None, None
        low, high = (1000 * float(np.asarray(end)) / people for end in poisson_interval(figure.numerator))
        return 1000 * figure.numerator / people, low, high

    def text(self, figure: Figure) -> str:
        """The value as words."""
        value = self.of(figure)[0]
        if self.measure.statistic == "percentage":
            return percent(value)
        return HIDDEN if value is None else whole(value) if self.residents is None else f"{value:.1f}"

    def limits(self, figure: Figure) -> str:
        """The limits as words; empty where there are none."""
        _, low, high = self.of(figure)
        if low is None or high is None:
            return ""
        return interval(low, high) if self.measure.statistic == "percentage" else f"{low:.1f} to {high:.1f}"


def among_places(
    released: Released[MeasureResult], measure: Measure, *, slug: str, caption: str, own: str, whole_of: str,
    what: str, residents: Mapping[str, int] | None = None, points: Points = PLAIN,
) -> Picture:  # fmt: skip
    """A measure over periods at `own` (a code) beside the others and the whole, `whole_of`. `what`: "borough".

    Raises YourCommand for what was not released.
    """
    scale = Scale(measure, residents)
    found = sorted(figures(released, measure_id=measure.id), key=lambda f: (_rank(f, own, whole_of), f.place_name, f.start))  # fmt: skip
    series = {name: tuple(group) for name, group in groupby(found, key=lambda f: f.place_name)}
    rows = [
        {"series": f.place_name, "date": _drawn_at(f.period).isoformat(), "part": _part(f, own, whole_of),
         **dict(zip(("value", "lower", "upper"), scale.of(f), strict=True)), **points.of(f.code)}
        for f in found
    ]  # fmt: skip
    return Picture(
        slug=slug,
        title=_change(series, scale, own, measure),
        subtitle=f"{measure.title} ({measure.id}), {scale.unit}, by {what}",
        sentence=_latest(series, scale, own, whole_of, what),
        how_to_read=HOW_AMONG,
        caption=caption,
        table=_over_time(found, scale, what),
        draw=lambda size, width: among(
            rows, size=size, width=width, title=f"{measure.title}, {scale.unit}", order=list(series)
        ),
    )


def _drawn_at(period: Period) -> date:
    """The day at which a period stands on the axis: its first; for twelve months the first of their last month."""
    return period.end.replace(day=1) if period.kind == "rolling_year" else period.start


def by_place(
    released: Released[MeasureResult], measure: Measure, *, slug: str, caption: str, own: str, whole_of: str,
    what: str, residents: Mapping[str, int] | None = None, points: Points = PLAIN,
) -> Picture:  # fmt: skip
    """Dots and limits of one measure at each place in one period, `own` first. Raises YourCommand if not released."""
    scale, found, together = _one_period(released, measure, own, whole_of, residents)
    rows = [
        {"name": f.place_name, "own": f.place == own, **dict(zip(("value", "lower", "upper"), scale.of(f), strict=True)), **points.of(f.code)}
        for f in found
    ]  # fmt: skip
    line = scale.of(together)[0] if together is not None else None
    return Picture(
        slug=slug,
        title=_range(found, scale, measure, what),
        subtitle=f"{measure.title} ({measure.id}), {scale.unit}, by {what}, {_when(found)}",
        sentence=_beside_whole(found, scale, own, together, what),
        how_to_read=HOW_DOTS,
        caption=caption,
        table=_of_places([*found, *([together] if together else [])], scale, what),
        draw=lambda size, width: places(
            rows, size=size, width=width, title=f"{measure.title}, {scale.unit}",
            order=[f.place_name for f in found], whole=line,
        ),
    )  # fmt: skip


def by_place_and_group(
    released: Released[MeasureResult], measure: Measure, breakdown: Breakdown, *, slug: str, caption: str,
    own: str, what: str, points: Points = PLAIN,
) -> Picture:  # fmt: skip
    """One percentage by two breakdowns: a panel a place, a dot a group. Raises YourCommand if not released."""
    found = sorted(
        figures(released, measure_id=measure.id, breakdown=breakdown.slug),
        key=lambda f: (f.place != own, f.place_name, breakdown.group_names.index(f.group)),
    )
    order = [name for name in breakdown.group_names if any(f.group == name for f in found)]
    rows = [
        {"panel": f.place_name, "group": f.group, "value": f.value, "lower": f.lower, "upper": f.upper, "stated": True,
         "reference": f.group == breakdown.reference, **points.of(f.code)}
        for f in found
    ]  # fmt: skip
    panels = list(dict.fromkeys(f.place_name for f in found))
    return Picture(
        slug=slug,
        title=_apart(found, breakdown, measure, what),
        subtitle=f"{measure.title} ({measure.id}), %, by {what} and {breakdown.title.lower()}, {_when(found)}",
        sentence=_hidden_of(found, breakdown),
        how_to_read=HOW_CROSSED,
        caption=caption,
        table=_crossed(found, order, breakdown, what),
        draw=lambda size, width: dots(
            rows, size=size, width=width, title=f"{measure.title}, %", order=order, panels=panels,
            across={"page": 2, "a4": 2}.get(size, 1),
        ),
    )  # fmt: skip


def tile_map(
    released: Released[MeasureResult], measure: Measure, *, slug: str, caption: str, own: str, whole_of: str,
    what: str, residents: Mapping[str, int] | None = None, points: Points = PLAIN,
) -> Picture:  # fmt: skip
    """The boroughs as tiles where they lie, each with its figure. Raises YourCommand for what was not released."""
    scale, found, together = _one_period(released, measure, own, whole_of, residents)
    told = verdicts_of(found, measure) if measure.statistic == "percentage" else _shades(found, scale)
    rows = [
        {"column": TILES[f.place][0], "row": TILES[f.place][1], "short": TILES[f.place][2], "name": _brief(f.place_name),
         "text": scale.text(f), "limits": scale.limits(f), "kind": kind, "own": f.place == own, **points.of(f.code)}
        for f, kind in zip(found, told, strict=True) if f.place in TILES
    ]  # fmt: skip
    return Picture(
        slug=slug,
        title=_range(found, scale, measure, what),
        subtitle=f"{measure.title} ({measure.id}), {scale.unit}, by {what}, {_when(found)}",
        sentence=_beside_whole(found, scale, own, together, what),
        how_to_read=HOW_MAP if measure.statistic == "percentage" else HOW_SHADES,
        caption=caption,
        table=_of_places([*found, *([together] if together else [])], scale, what),
        draw=lambda size, width: tiles(
            rows, size=size, width=width, title=f"{measure.title}, {scale.unit}"
        ),
    )  # fmt: skip


def _brief(name: str) -> str:
    """A name that fits a tile."""
    return name.replace("Kensington and Chelsea", "Kensington & C.").replace(
        "Hammersmith and Fulham", "Hammersm. & F."
    )


def _one_period(
    released: Released[MeasureResult], measure: Measure, own: str, whole_of: str, residents: Mapping[str, int] | None
) -> tuple[Scale, list[Figure], Figure | None]:  # fmt: skip
    everywhere = sorted(
        figures(released, measure_id=measure.id), key=lambda f: (f.place != own, f.place_name)
    )
    together = next((f for f in everywhere if f.place == whole_of), None)
    return Scale(measure, residents), [f for f in everywhere if f.place != whole_of], together


def _rank(figure: Figure, own: str, whole_of: str) -> int:
    return {own: 0, whole_of: 1}.get(figure.place, 2)


def _part(figure: Figure, own: str, whole_of: str) -> str:
    return {own: "own", whole_of: "whole"}.get(figure.place, "peer")


def _when(found: Sequence[Figure]) -> str:
    return span(found[0].period.key) if found else ""


def verdicts_of(found: Sequence[Figure], measure: Measure) -> list[str]:
    """What each place is beside the whole: the funnel's verdict, in the direction that the measure calls better."""
    known = [f for f in found if f.value is not None and f.denominator]
    counts = np.array([[f.numerator, f.denominator] for f in known], dtype=float).reshape(-1, 2)
    verdicts = {
        f.place: str(v) for f, v in zip(known, funnel_verdict(counts[:, 0], counts[:, 1]), strict=True)
    }
    better = "Low" if measure.better == "lower" else "High"

    def words(verdict: str | None) -> str:
        if verdict is None:
            return "hidden to protect people"
        if "001" not in verdict or measure.better not in ("higher", "lower"):
            return VERDICTS[1]
        return VERDICTS[0] if verdict.startswith(better) else VERDICTS[2]

    return [words(verdicts.get(f.place)) for f in found]


def _shades(found: Sequence[Figure], scale: Scale) -> list[str]:
    values = [scale.of(f)[0] for f in found]
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    step = (high - low) / 3 or 1.0
    return [
        "hidden to protect people" if value is None else SHADES[min(int((value - low) / step), 2)]
        for value in values
    ]


def _range(found: Sequence[Figure], scale: Scale, measure: Measure, what: str) -> str:
    known = [f for f in found if scale.of(f)[0] is not None]
    if not known:
        return f"{measure.title}: hidden in every {what} to protect people"
    low, high = _ends(known, scale)
    return (
        f"{measure.title}: {scale.text(low)} in {low.place_name} to {scale.text(high)} in {high.place_name}"
    )


def _ends(known: Sequence[Figure], scale: Scale) -> tuple[Figure, Figure]:
    key: Callable[[Figure], float] = lambda f: scale.of(f)[0] or 0.0  # noqa: E731 - one key for both ends
    return min(known, key=key), max(known, key=key)


def _beside_whole(found: Sequence[Figure], scale: Scale, own: str, together: Figure | None, what: str) -> str:
    mine = next((f for f in found if f.place == own), None)
    all_ = f" All {what}s together: {scale.text(together)}." if together is not None else ""
    hidden = [f.place_name for f in found if scale.of(f)[0] is None]
    stars = f" Hidden to protect people: {listed(hidden)}." if hidden else ""
    if mine is None or scale.of(mine)[0] is None:
        return f"It does not allow for who lives there.{all_}{stars}"
    limits = f" ({scale.limits(mine)})" if scale.limits(mine) else ""
    return (
        f"{mine.place_name}: {scale.text(mine)}{limits}.{all_}{stars} It does not allow for who lives there."
    )


def _change(series: Mapping[str, Sequence[Figure]], scale: Scale, own: str, measure: Measure) -> str:
    line = [f for found in series.values() for f in found if f.place == own and scale.of(f)[0] is not None]
    if len(line) < 2:
        return f"{measure.title} over time"
    first, last = line[0], line[-1]
    return f"{measure.title} in {last.place_name}: from {scale.text(first)} to {scale.text(last)}"


def _latest(series: Mapping[str, Sequence[Figure]], scale: Scale, own: str, whole_of: str, what: str) -> str:
    last = {found[-1].place: found[-1] for found in series.values() if found}
    mine, together = last.get(own), last.get(whole_of)
    if mine is None or scale.of(mine)[0] is None:
        return "The last period is hidden to protect people."
    known = [f for f in last.values() if f.place != whole_of and scale.of(f)[0] is not None]
    low, high = _ends(known, scale)
    limits = f" ({scale.limits(mine)})" if scale.limits(mine) else ""
    beside = f"; all together {scale.text(together)}" if together is not None else ""
    return (
        f"In {span(mine.period.key)} it is {scale.text(mine)}{limits} in {mine.place_name}{beside}; {what}s run from {scale.text(low)} "
        f"({low.place_name}) to {scale.text(high)} ({high.place_name}). One period after another also differs by chance: the control chart "
        "says which change is more than that."
    )


def _apart(found: Sequence[Figure], breakdown: Breakdown, measure: Measure, what: str) -> str:
    """In how many places some group is worse than the reference there by more than chance."""
    at, places_ = 0, 0
    for _, group in groupby(found, key=lambda f: f.place):
        known = {f.group: f for f in group if f.value is not None and f.lower is not None}
        base = known.pop(breakdown.reference, None)
        if base is None or not known:
            continue
        places_ += 1
        lower = measure.better == "lower"
        at += any(
            (f.lower or 0) > (base.upper or 0) if lower else (f.upper or 0) < (base.lower or 0)
            for f in known.values()
        )
    if not places_:
        return f"{measure.title}: too much is hidden to compare groups in each {what}"
    if not at:
        return f"{measure.title}: no {what} in which a group is worse off beyond chance"
    return f"{measure.title}: a group is worse off beyond chance in {at} of {places_} {what}s"


def _hidden_of(found: Sequence[Figure], breakdown: Breakdown) -> str:
    hidden = sum(f.value is None for f in found)
    stars = f" {hidden} of {len(found)} figures are hidden to protect people." if hidden else ""
    return f"Beside {breakdown.people(breakdown.reference)} at the same place; groups are as recorded.{stars}"


def _of_places(found: Sequence[Figure], scale: Scale, what: str) -> Table:
    header, numeric = [what.capitalize(), "Number"], {1}
    columns: list[Callable[[Figure], str]] = [lambda f: f.place_name, lambda f: whole(f.numerator)]
    if scale.measure.statistic == "percentage":
        header = [what.capitalize(), "Reached it", "Out of", "Percentage", "95% limits"]
        columns += [lambda f: whole(f.denominator), scale.text, scale.limits]
        numeric = {1, 2, 3}
    elif scale.residents is not None:
        people = scale.residents
        header += ["Residents", "Per 1,000 residents", "95% limits"]
        columns += [lambda f: whole(people.get(f.place)), scale.text, scale.limits]
        numeric = {1, 2, 3}
    rows = tuple(tuple(column(f) for column in columns) for f in found)
    return Table(tuple(header), rows, frozenset(numeric), tuple(f.code for f in found))


def _over_time(found: Sequence[Figure], scale: Scale, what: str) -> Table:
    header = (what.capitalize(), "When", "Number", "Out of", scale.unit.capitalize() if scale.unit != "%" else "Percentage", "95% limits")  # fmt: skip
    rows = tuple(
        (f.place_name, span(f.period.key), whole(f.numerator), whole(f.denominator) if f.denominator is not None else "",
         scale.text(f), scale.limits(f)) for f in found
    )  # fmt: skip
    return Table(header, rows, frozenset({2, 3, 4}), tuple(f.code for f in found))


def _crossed(found: Sequence[Figure], order: Sequence[str], breakdown: Breakdown, what: str) -> Table:
    """A row a place, a column a group, the code of every figure."""
    by_place_ = {
        name: {f.group: f for f in group} for name, group in groupby(found, key=lambda f: f.place_name)
    }
    rows, codes = [], []
    for name, cells in by_place_.items():
        rows.append((name, *(percent(cells[g].value) if g in cells else "" for g in order)))
        codes.append(("", *(cells[g].code if g in cells else "" for g in order)))
    header: tuple[Any, ...] = (what.capitalize(), *order)
    return Table(header, tuple(rows), frozenset(range(1, len(header))), cell_codes=tuple(codes))
