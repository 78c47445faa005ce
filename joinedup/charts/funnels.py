"""A funnel of released figures: does a service differ from the others by more than chance?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings_over_time import funnel as draw_funnel
from joinedup.charts.picture import Picture, Table
from joinedup.charts.points import PLAIN, Points
from joinedup.charts.words import interval, listed, percent, span, whole
from joinedup.stats import Z_95, Z_998, funnel_limits, funnel_verdict

if TYPE_CHECKING:
    from joinedup.definitions import Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

HOW = (
    "Each dot is a service: how many people across, the percentage up. Inside the curves a service differs from the "
    "whole by no more than chance gives; the dashed curves hold 95 in 100, the full ones 998 in 1,000."
)
WORDS = {"Low": "below", "High": "above"}


def funnel(
    released: Released[MeasureResult],
    measure: Measure,
    *,
    slug: str,
    caption: str,
    unit: str,
    beside: Released[MeasureResult] | None = None,
    points: Points = PLAIN,
) -> Picture:
    """Funnel of one percentage over the places of one period. Raises YourCommand for what was not released.

    `beside` holds the share of finished courses with paired scores, which stands in the table.
    """
    paired = {f.place: f for f in figures(beside, measure_id="M202")} if beside is not None else {}
    found = [
        f
        for f in figures(released, measure_id=measure.id)
        if f.value is not None and f.numerator and f.denominator
    ]
    counts = np.array([[f.numerator, f.denominator] for f in found], dtype=float).reshape(-1, 2)
    centre = float(counts[:, 0].sum() / counts[:, 1].sum()) if found else float("nan")
    verdicts = [str(v) for v in funnel_verdict(counts[:, 0], counts[:, 1])]
    rows = [
        {
            "name": f.place_name,
            "denominator": f.denominator,
            "value": f.value,
            "outside": "001" in verdict,
            **points.of(f.code),
        }
        for f, verdict in zip(found, verdicts, strict=True)
    ]
    curves = _curves(centre, counts[:, 1])
    title = f"{measure.title}, %"
    return Picture(
        slug=slug,
        title=_finding(found, verdicts, measure),
        subtitle=f"{measure.title} ({measure.id}), % by service, {span(found[0].period.key) if found else ''}",
        sentence=_sentence(found, verdicts, centre),
        how_to_read=HOW,
        caption=caption,
        table=_table(found, verdicts, measure, paired),
        draw=lambda size, width: _draw(rows, curves, size, width, unit, title),
    )


def _draw(
    rows: Sequence[dict[str, Any]],
    curves: Sequence[dict[str, float]],
    size: str,
    width: int,
    unit: str,
    title: str,
) -> dict[str, Any]:
    frame = _frame(rows, curves, size, width)
    return draw_funnel(
        _placed(rows, frame), curves, width=frame.width, height=frame.height, x_title=unit, y_title=title,
        most=frame.most, between=(frame.low, frame.high),
    )  # fmt: skip


def _curves(centre: float, sizes: Any) -> list[dict[str, float]]:
    if len(sizes) == 0:
        return []
    n = np.linspace(sizes.min() * 0.6, sizes.max() * 1.15, 60)
    lines = {"95": funnel_limits(centre, n, Z_95), "998": funnel_limits(centre, n, Z_998)}
    return [
        {
            "denominator": float(n[i]), "centre": 100 * centre,
            **{f"{end}{name}": 100 * float(pair[k][i]) for name, pair in lines.items() for k, end in enumerate(("lower", "upper"))},
        }
        for i in range(len(n))
    ]  # fmt: skip


LETTER, LINE, DOT = 7.0, 15.0, 6.0
"""Pixels: width of a letter, height of a line of text, half a dot."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """Where a funnel is drawn: plot width and height in pixels, the largest size, the lowest and highest value."""

    width: float
    height: float
    most: float
    low: float
    high: float

    def at(self, row: Mapping[str, Any]) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        x = row["denominator"] / self.most * self.width
        return x, (self.high - row["value"]) / (self.high - self.low) * self.height


def _frame(
    rows: Sequence[Mapping[str, Any]], curves: Sequence[Mapping[str, float]], size: str, width: int
) -> Frame:
    values = [row["value"] for row in rows]
    values += [curve[name] for curve in curves for name in ("lower998", "upper998")]
    low, high = min(values, default=0.0), max(values, default=100.0)
    most = 1000 * math.ceil(max((row["denominator"] for row in rows), default=1) * 1.05 / 1000)
    return Frame(
        width - 62, 290 if size == "phone" else 340, most, math.floor(low - 0.5), math.ceil(high + 0.5)
    )


def _placed(rows: Sequence[dict[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    """Each label beside its dot where it covers neither a label nor another dot: right or left, then up or down."""
    dots = {row["name"]: frame.at(row) for row in rows}
    taken: list[Box] = []
    placed = []
    for row in sorted(rows, key=lambda row: dots[row["name"]][1]):
        others = [
            (x - DOT, y - DOT, x + DOT, y + DOT) for name, (x, y) in dots.items() if name != row["name"]
        ]
        side, nudge, box = _free(row["name"], dots[row["name"]], [*taken, *others], frame.width)
        taken.append(box)
        placed.append({**row, "side": side, "nudge": nudge})
    return placed


def _free(name: str, dot: tuple[float, float], taken: Sequence[Box], width: float) -> tuple[str, float, Box]:
    long = LETTER * len(name)
    tried = []
    for nudge in (0.0, -10.0, 10.0, -18.0, 18.0, -30.0, 30.0):
        for side in ("right", "left"):
            left = dot[0] + 8 if side == "right" else dot[0] - 8 - long
            box = (left, dot[1] + nudge - LINE / 2, left + long, dot[1] + nudge + LINE / 2)
            outside = max(0.0, -left) + max(0.0, left + long - width)
            tried.append((sum(_overlap(box, other) for other in taken) + 100 * outside, side, nudge, box))
    _, side, nudge, box = min(tried, key=lambda found: found[0])
    return side, nudge, box


def _overlap(a: Box, b: Box) -> float:
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return across * down if across > 0 and down > 0 else 0.0


def _finding(found: Sequence[Figure], verdicts: Sequence[str], measure: Measure) -> str:
    outside = [
        (f.place_name, WORDS[v.split(" ")[0]]) for f, v in zip(found, verdicts, strict=True) if "001" in v
    ]
    if not outside:
        return f"{measure.title}: the services differ by no more than chance"
    parts = [
        f"{listed([name for name, side in outside if side == word])} {word}"
        for word in ("above", "below")
        if any(s == word for _, s in outside)
    ]
    return f"{measure.title}: {' and '.join(parts)} the others, beyond chance"


def _sentence(found: Sequence[Figure], verdicts: Sequence[str], centre: float) -> str:
    if not found:
        return "No service has enough people to be shown."
    low, high = (pick(found, key=lambda f: f.value or 0.0) for pick in (min, max))
    near = sum("Not" in verdict for verdict in verdicts)
    return (
        f"All services together reach {100 * centre:.1f}%; they range from {percent(low.value)} ({low.place_name}) to "
        f"{percent(high.value)} ({high.place_name}), and {near} of {len(found)} lie inside the inner curves. "
        "It does not allow for who each service sees."
    )


def _table(
    found: Sequence[Figure], verdicts: Sequence[str], measure: Measure, paired: Mapping[str, Figure]
) -> Table:
    header = (
        "Service",
        "Reached it",
        "Out of",
        measure.title,
        "95% limits",
        "Beside all services",
        "Paired scores",
    )
    words = {"": "", "Not significant": "within chance"}
    rows = tuple(
        (
            f.place_name,
            whole(f.numerator),
            whole(f.denominator),
            percent(f.value),
            interval(f.lower, f.upper),
            words.get(v, _side(v)),
            percent(paired[f.place].value) if f.place in paired else "",
        )
        for f, v in zip(found, verdicts, strict=True)
    )
    codes = tuple(
        ("", "", "", f.code, "", "", paired[f.place].code if f.place in paired else "") for f in found
    )
    if not paired:
        return Table(
            header[:-1], tuple(row[:-1] for row in rows), frozenset({1, 2, 3}), tuple(f.code for f in found)
        )
    return Table(header, rows, frozenset({1, 2, 3, 6}), cell_codes=codes)


def _side(verdict: str) -> str:
    strong = "clearly " if "001" in verdict else ""
    return f"{strong}{WORDS.get(verdict.split(' ', maxsplit=1)[0], '')}"
