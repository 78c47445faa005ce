"""One place at a glance: every measure there, beside the whole and the other places, and whether it has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.charts.cells import Figure, figures
from joinedup.charts.control import Panel, panels_of
from joinedup.charts.drawings_places import VERDICTS
from joinedup.charts.picture import Picture, Table
from joinedup.charts.places import Scale, verdicts_of
from joinedup.charts.words import listed, span

if TYPE_CHECKING:
    from joinedup.definitions import Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

HOW = (
    "A row a measure. 'Beside the whole' is the funnel's verdict: better or worse than all together by more than chance (998 times in 1,000). "
    "'By month' is the control chart's verdict on the last month: improvement, concern, or common cause, which is ordinary variation. Rates "
    "are for every 1,000 residents."
)
SAID = {VERDICTS[0]: "better", VERDICTS[1]: "within chance", VERDICTS[2]: "worse"}


@dataclass(frozen=True)
class Row:
    """One measure at the place: its cells as text, their codes, the icon of the last one, and the verdict."""

    title: str
    cells: tuple[str, ...]
    codes: tuple[str, ...]
    icon: str
    verdict: str


@dataclass(frozen=True)
class Where:
    """The place, the whole it is part of, and the period."""

    own: str
    whole_of: str
    period: str


def scorecard(
    released: Released[MeasureResult], measures: Sequence[Measure], *, slug: str, caption: str, own: str, whole_of: str,
    what: str, period: str, residents: Mapping[str, int],
) -> Picture:  # fmt: skip
    """A table of measures at one place (`own`, a code) in one period. Raises YourCommand for what was not released."""
    where = Where(own, whole_of, period)
    found = [row for measure in measures if (row := _row(released, measure, where, residents))]
    place = next((f.place_name for f in figures(released, place=own, period=period)), "")
    header = (
        "Measure", place or "Here", "95% limits", "All together", f"{what.capitalize()}s from lowest to highest",
        "Beside the whole", "By month",
    )  # fmt: skip
    return Picture(
        slug=slug,
        title=_finding(place, found),
        subtitle=f"{place}, {span(period)}",
        sentence="It does not allow for who lives there. What is worse is a place to look, not a fault found.",
        how_to_read=HOW,
        caption=caption,
        table=Table(
            header, tuple(row.cells for row in found), frozenset({1, 3}), cell_codes=tuple(row.codes for row in found),
            icons=tuple((*[""] * 6, row.icon) for row in found),
        ),
        draw=lambda size, width: {},
    )  # fmt: skip


def _row(
    released: Released[MeasureResult], measure: Measure, where: Where, residents: Mapping[str, int]
) -> Row | None:
    """The row of a measure; None where it was not published of the place."""
    scale = Scale(measure, None if measure.statistic == "percentage" else residents)
    found = figures(released, measure_id=measure.id, period=where.period, breakdown="total")
    mine, together = (
        next((f for f in found if f.place == place), None) for place in (where.own, where.whole_of)
    )
    if mine is None:
        return None
    others = [f for f in found if f.place != where.whole_of]
    verdict, panel = _verdict(others, measure, where.own), _panel(released, measure, where.own)
    cells = (
        named(measure), scale.text(mine), scale.limits(mine), scale.text(together) if together else "",
        _spread(others, scale), verdict, panel.word if panel else "",
    )  # fmt: skip
    last = panel.figures[-1].code if panel else ""
    codes = ("", mine.code, "", together.code if together else "", "", "", last)
    icon = panel.icon.svg(20, beside_words=True) if panel else ""
    return Row(measure.title.lower(), cells, codes, icon, verdict)


def named(measure: Measure) -> str:
    """What the row of a measure is called."""
    return measure.title if measure.statistic == "percentage" else f"{measure.title}, per 1,000 residents"


def _verdict(found: Sequence[Figure], measure: Measure, own: str) -> str:
    if measure.statistic != "percentage":
        return ""
    told = dict(zip((f.place for f in found), verdicts_of(found, measure), strict=True))
    return SAID.get(told.get(own, ""), "")


def _panel(released: Released[MeasureResult], measure: Measure, own: str) -> Panel | None:
    if measure.statistic != "percentage":
        return None
    rows = released.value.only(measure_id=measure.id, place=own, breakdown="total")
    months = [f for f in figures(replace(released, value=rows)) if f.period.kind == "month"]
    return next(iter(panels_of(months, measure.better)), None)


def _spread(found: Sequence[Figure], scale: Scale) -> str:
    known = sorted((f for f in found if scale.of(f)[0] is not None), key=lambda f: scale.of(f)[0] or 0.0)
    if not known:
        return "hidden"
    low, high = known[0], known[-1]
    return f"{scale.text(low)} ({low.place_name}) to {scale.text(high)} ({high.place_name})"


def _finding(place: str, rows: Sequence[Row]) -> str:
    apart = {word: [row.title for row in rows if row.verdict == word] for word in ("better", "worse")}
    told = [f"{word} in {listed(names)}" for word, names in apart.items() if names]
    if not told:
        return f"{place}: within chance of the whole in every measure"
    return f"{place}: {'; '.join(told)} than the whole, beyond chance"
