"""Is a gap closing? In points and as a ratio side by side, which need not agree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings_side_by_side import two_scales
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, capital, percent, points
from joinedup.definitions import Breakdown, Period
from joinedup.equity.trend import Movement
from joinedup.stats.arrays import upper_tail_z

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joinedup.disclosure import Display, Released
    from joinedup.equity.trend import InequalityTrend, ScaleTrend

HOW = (
    "Left: the percentage of the group less that of the others. Right: the one divided by the other. The dotted line is no gap; the pale bars "
    "hold a gap 95 times in 100. A full line is a change beyond chance, a dashed one could be chance."
)
FEW = 5
FIRM = (Movement.NARROWING, Movement.WIDENING, Movement.REVERSED)


def gap_trend(released: Released[InequalityTrend], *, slug: str, caption: str) -> Picture:
    """The gap of one group to another over periods, on both scales. Raises YourCommand for what was not released.

    The title says where the two scales disagree. Periods that are hidden are gaps in both panels.
    """
    only_released(released)
    trend = released.value
    rows, ends = _rows(trend), _ends(trend)
    group, reference = _people(trend)
    scales = (trend.absolute, trend.relative)
    titles = (f"In points: {scales[0].movement}", f"As a ratio: {scales[1].movement}")
    return Picture(
        slug=slug,
        title=_finding(trend),
        subtitle=f"{trend.figures.measure.title}: {group} beside {reference}{_where(trend)}",
        sentence=trend.sentence(),
        how_to_read=HOW,
        caption=caption,
        table=_table(released, rows),
        draw=lambda size, width: two_scales(
            rows, ends, size=size, width=width, titles=titles,
            firm=(scales[0].movement in FIRM, scales[1].movement in FIRM),
        ),
    )  # fmt: skip


def _people(trend: InequalityTrend) -> tuple[str, str]:
    breakdown = Breakdown.load(trend.figures.breakdown)
    group, reference = (breakdown.people(name) for name in trend.between)
    return group, reference


def _where(trend: InequalityTrend) -> str:
    figures = trend.figures
    when = f", {figures.periods[0]} to {figures.periods[-1]}" if figures.periods else ""
    return f"{f', {figures.place}' if figures.place else ''}{when}"


def _finding(trend: InequalityTrend) -> str:
    what, absolute, relative = trend.figures.measure.title, trend.absolute.movement, trend.relative.movement
    if trend.agree:
        agreed = {
            Movement.CANNOT_TELL: "too little is known to see a trend in the gap",
            Movement.NO_EVIDENCE: "no evidence that the gap is changing",
            Movement.REVERSED: "the gap has turned round",
        }
        return f"{what}: {agreed.get(absolute, f'the gap is {absolute}')}"
    scales = [(absolute, "in points"), (relative, "as a ratio")]
    sure = [f"{movement} {scale}" for movement, scale in scales if movement in FIRM]
    rest = next((scale for movement, scale in scales if movement not in FIRM), "")
    if not sure:
        return f"{what}: no evidence that the gap is changing"
    return f"{what}: gap {', '.join(sure)}{f', no clear change {rest}' if rest else ''}"


def _rows(trend: InequalityTrend) -> list[dict[str, Any]]:
    display, z = trend.figures.display, float(upper_tail_z(trend.figures.confidence))
    rows = []
    periods = trend.figures.periods
    for at, (key, tick) in enumerate(zip(periods, _ticks(periods), strict=True)):
        row: dict[str, Any] = {"period": key, "at": _day(trend, key), "tick": tick}
        for name, scale in (("points", trend.absolute), ("ratio", trend.relative)):
            gap, reach = scale.gaps[at], z * scale.errors[at]
            for part, value in (("gap", gap), ("lower", gap - reach), ("upper", gap + reach)):
                row[f"{part}_{name}"] = _shown(value, name, display)
        rows.append(row)
    return rows


def _day(trend: InequalityTrend, key: str) -> int:
    """Days from the start of the first period to the start of this one."""
    return (Period.parse(key).start - Period.parse(trend.figures.periods[0]).start).days


def _ticks(periods: Sequence[str]) -> list[str | None]:
    """What the scale says below each period: all of a few; of many those that begin a financial year, or some."""
    found = [Period.parse(key) for key in periods]
    if len(found) <= FEW:
        return [p.key if p.kind == "financial_year" else f"{p.start:%b %Y}" for p in found]
    aprils = [k for k, period in enumerate(found) if period.start.month == 4]
    marked = aprils if len(aprils) > 1 else range(0, len(found), math.ceil(len(found) / 4))
    return [f"{period.start:%b %Y}" if k in marked else None for k, period in enumerate(found)]


def _shown(value: float, name: str, display: Display | None) -> float | None:
    """A gap as a release shows it: points with one decimal, ratios with three figures."""
    if not math.isfinite(value) or display is None:
        return None
    return display.points(100 * value) if name == "points" else display.index(math.exp(value))


def _ends(trend: InequalityTrend) -> list[dict[str, Any]]:
    """Both ends of the line, on the days of the first and the last period; none without a trend."""
    lines: tuple[ScaleTrend, ScaleTrend] = trend.absolute, trend.relative
    periods, display = trend.figures.periods, trend.figures.display
    ends = [
        {
            "at": _day(trend, key),
            "points": _shown(getattr(lines[0], end), "points", display),
            "ratio": _shown(getattr(lines[1], end), "ratio", display),
        }
        for key, end in zip((periods[0], periods[-1]) if periods else (), ("first", "last"), strict=False)
    ]
    return ends


def _table(released: Released[InequalityTrend], rows: list[dict[str, Any]]) -> Table:
    trend = released.value
    figures, heads = trend.figures, [capital(name) for name in _people(trend)]
    codes = {
        (entry["cell"]["period"], entry["cell"]["group"]): code for code, entry in released.registry.items()
    }
    cells, opened = [], []
    for at, row in enumerate(rows):
        shares = [_percent(figures, at, column) for column in (0, 1)]
        gap, ratio = row["gap_points"], row["gap_ratio"]
        cells.append(
            (
                row["period"], *shares, points(gap), _limits(row, "points"),
                HIDDEN if ratio is None else f"{ratio:.2f}", _limits(row, "ratio"),
            )
        )  # fmt: skip
        own = [codes.get((row["period"], name), "") for name in trend.between]
        opened.append(("", *own, "", "", "", ""))
    header = ("Period", *heads, "Difference, points", "95% limits of it", "Ratio", "95% limits of the ratio")
    return Table(header, tuple(cells), frozenset({1, 2, 3, 5}), cell_codes=tuple(opened))


def _percent(figures: Any, at: int, column: int) -> str:
    rate, n = float(figures.rates[at, column]), float(figures.n[at, column])
    return percent(None if math.isnan(rate) else figures.display.percentage(100 * rate, n))


def _limits(row: dict[str, Any], name: str) -> str:
    lower, upper = row[f"lower_{name}"], row[f"upper_{name}"]
    if lower is None or upper is None:
        return ""
    return f"{points(lower)} to {points(upper)}" if name == "points" else f"{lower:.2f} to {upper:.2f}"
