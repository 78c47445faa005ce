"""Trends of published figures: one panel a service, one point a year."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings_over_time import lines
from joinedup.charts.joins import joins_of, notes_of
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import interval, percent, whole

if TYPE_CHECKING:
    from joinedup.definitions import Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

HOW = "Each panel is a service on the same scale, a point a year; the pale band is the 95% limits of a percentage. A year that was hidden or not published is a gap in the line; the scale need not start at nought."


def trend(released: Released[MeasureResult], measure: Measure, *, slug: str, caption: str) -> Picture:
    """Trend of one measure by place over the periods of a released result. Raises YourCommand if not released."""
    found = sorted(figures(released, measure_id=measure.id), key=lambda f: (f.place_name, f.start))
    series = {name: tuple(group) for name, group in groupby(found, key=lambda f: f.place_name)}
    shown = {name: tuple(f for f in line if _value(f) is not None) for name, line in series.items()}
    rows = [_row(name, figure) for name, line in series.items() for figure in line]
    unit = "%" if measure.statistic == "percentage" else "number"
    return Picture(
        slug=slug,
        title=_finding(shown, measure),
        subtitle=f"{measure.title} ({measure.id}), {unit}, by service and financial year",
        sentence=_sentence(shown, measure),
        how_to_read=HOW,
        caption=caption,
        table=_table(found, measure),
        draw=lambda size, width: lines(
            rows, size=size, width=width, title=f"{measure.title}, {unit}", order=list(shown)
        ),
        notes=notes_of(joins_of(found)),
    )


def _value(figure: Figure) -> float | None:
    return figure.value if figure.value is not None else figure.numerator


def _row(name: str, figure: Figure) -> dict[str, Any]:
    value = _value(figure)
    lower, upper = (value if limit is None else limit for limit in (figure.lower, figure.upper))
    return {"series": name, "year": figure.period.key, "value": value, "lower": lower, "upper": upper}


def _change(line: tuple[Figure, ...]) -> float:
    return (_value(line[-1]) or 0.0) - (_value(line[0]) or 0.0)


def _finding(shown: dict[str, tuple[Figure, ...]], measure: Measure) -> str:
    changes = [_change(line) for line in shown.values() if len(line) > 1]
    if not changes:
        return f"{measure.title}: too few years to compare"
    up = sum(change > 0 for change in changes)
    return f"{measure.title}: higher than at first in {up} of {len(changes)} services"


def _sentence(shown: dict[str, tuple[Figure, ...]], measure: Measure) -> str:
    known = [(line[-1], name) for name, line in shown.items() if line]
    if not known:
        return "Nothing was published that can be shown."
    text = percent if measure.statistic == "percentage" else whole
    low, high = min(known, key=lambda k: _value(k[0]) or 0), max(known, key=lambda k: _value(k[0]) or 0)
    when = high[0].period.key
    return f"In {when} it ran from {text(_value(low[0]))} in {low[1]} to {text(_value(high[0]))} in {high[1]}. Services see different people."


def _table(found: list[Figure], measure: Measure) -> Table:
    text = percent if measure.statistic == "percentage" else whole
    rows = tuple((f.place_name, f.period.key, text(_value(f)), interval(f.lower, f.upper)) for f in found)
    return Table(
        ("Service", "Year", measure.title, "95% limits"), rows, frozenset({2}), tuple(f.code for f in found)
    )
