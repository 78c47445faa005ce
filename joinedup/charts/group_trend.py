"""One measure by group: over several periods, a panel a group; and numbers by group, which are a table alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings_over_time import lines
from joinedup.charts.picture import Picture, Table
from joinedup.charts.points import PLAIN, Points
from joinedup.charts.words import interval, percent, span, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.definitions import Breakdown, Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

HOW = (
    "A panel a group, all on one scale; the pale band is the 95% limits of each period. A period that is hidden to protect people is a gap "
    "in the line, and the scale need not start at nought."
)


def groups_over_time(
    released: Released[MeasureResult], measure: Measure, breakdown: Breakdown, *, slug: str, caption: str,
    points: Points = PLAIN,
) -> Picture:  # fmt: skip
    """One percentage by group over the periods of a released result. Raises YourCommand for what was not released."""
    shown = _in_order(released, measure, breakdown)
    order = list(dict.fromkeys(f.group for f in shown))
    rows = [
        {"series": f.group, "year": f.period.key, "value": f.value, "lower": f.lower, "upper": f.upper, **points.of(f.code)}
        for f in shown
    ]  # fmt: skip
    return Picture(
        slug=slug,
        title=_finding(shown, measure, breakdown),
        subtitle=f"{measure.title} ({measure.id}), %, by {breakdown.title.lower()} and period",
        sentence="Periods differ by chance too: read the bands before the line. Groups are as recorded.",
        how_to_read=HOW,
        caption=caption,
        table=_table(shown),
        draw=lambda size, width: lines(
            rows, size=size, width=width, title=f"{measure.title}, %", order=order
        ),
    )


def numbers_by_group(
    released: Released[MeasureResult], measure: Measure, breakdown: Breakdown, *, slug: str, caption: str
) -> Picture:
    """Numbers of people by group. Groups differ in size, so that a drawing would mislead: it is a table alone."""
    shown = _in_order(released, measure, breakdown)
    rows = tuple((f.place_name, f.group, whole(f.numerator)) for f in shown)
    return Picture(
        slug=slug,
        title=f"{measure.title} by {breakdown.title.lower()}",
        subtitle=f"{measure.title} ({measure.id}), number of people, {span(shown[0].period.key)}",
        sentence="Groups differ in size: a number says nothing of how often. The percentages of other measures do.",
        how_to_read="",
        caption=caption,
        table=Table(("Place", breakdown.title, "Number"), rows, frozenset({2}), tuple(f.code for f in shown)),
        draw=lambda size, width: {},
    )


def _in_order(released: Released[MeasureResult], measure: Measure, breakdown: Breakdown) -> Sequence[Figure]:
    order = {name: at for at, name in enumerate(breakdown.group_names)}
    return sorted(figures(released, measure_id=measure.id), key=lambda f: (order[f.group], f.start))


def _finding(shown: Sequence[Figure], measure: Measure, breakdown: Breakdown) -> str:
    """How far the group furthest behind is from the reference in the last period in which both are shown."""
    by_period: dict[str, dict[str, Figure]] = {}
    for figure in shown:
        if figure.value is not None:
            by_period.setdefault(figure.period.key, {})[figure.group] = figure
    full = [found for found in by_period.values() if breakdown.reference in found and len(found) > 1]
    if not full:
        return f"{measure.title}: too much is hidden to compare groups over time"
    last = full[-1]
    base = last.pop(breakdown.reference)
    sign = -1 if measure.better == "lower" else 1
    worst = min(last.values(), key=lambda f: sign * (f.value or 0.0))
    return (
        f"{measure.title}: {percent(worst.value)} among {breakdown.people(worst.group)}, "
        f"{percent(base.value)} among {breakdown.people(base.group)}"
    )


def _table(shown: Sequence[Figure]) -> Table:
    rows = tuple(
        (f.group, span(f.period.key), whole(f.numerator), whole(f.denominator), percent(f.value), interval(f.lower, f.upper))
        for f in shown
    )  # fmt: skip
    header = ("Group", "When", "Reached it", "Out of", "Percentage", "95% limits")
    return Table(header, rows, frozenset({2, 3, 4}), tuple(f.code for f in shown))
