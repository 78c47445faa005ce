"""A funnel of released figures: does a service differ from the others by more than chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings_over_time import funnel as draw_funnel
from joinedup.charts.picture import Picture, Table
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
        {"name": f.place_name, "denominator": f.denominator, "value": f.value, "outside": "001" in verdict}
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
        draw=lambda size, width: draw_funnel(
            _placed(rows, width), curves, size=size, width=width, x_title=unit, y_title=title
        ),
    )


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


def _placed(rows: Sequence[dict[str, Any]], width: int) -> list[dict[str, Any]]:
    """Labels moved up or down where two dots lie close, so that none covers another."""
    placed: list[dict[str, Any]] = []
    span = max((r["denominator"] for r in rows), default=1) * 1.15
    plot = width - 62
    values = [r["value"] for r in rows] or [0.0]
    height = max(max(values) - min(values), 6.0) * 1.6
    for row in sorted(rows, key=lambda r: (-r["value"], r["denominator"])):
        nudge, at = 0.0, row["denominator"] / span * plot
        long = 7.2 * len(row["name"]) + 10
        side = "left" if at + long > plot else "right"
        left, right = (at - long, at) if side == "left" else (at, at + long)
        for other in placed:
            near_x = left < other["right"] and other["left"] < right
            gap = (other["value"] - row["value"]) / height * 300 + nudge - other["nudge"]
            if near_x and gap < 15:
                nudge += 15 - gap
        placed.append({**row, "nudge": nudge, "side": side, "left": left, "right": right})
    return placed


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
    header = ("Service", "Reached it", "Out of", measure.title, "95% limits", "Beside all services", "Paired scores")
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
        ("", "", "", f.code, "", "", paired[f.place].code if f.place in paired else "")
        for f in found
    )
    if not paired:
        return Table(header[:-1], tuple(row[:-1] for row in rows), frozenset({1, 2, 3}), tuple(f.code for f in found))
    return Table(header, rows, frozenset({1, 2, 3, 6}), cell_codes=codes)


def _side(verdict: str) -> str:
    strong = "clearly " if "001" in verdict else ""
    return f"{strong}{WORDS.get(verdict.split(' ', maxsplit=1)[0], '')}"
