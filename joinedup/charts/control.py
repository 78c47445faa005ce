"""Control charts of released monthly figures, a panel a service, by Making Data Count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings import control_chart
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import capital, percent, several
from joinedup.stats import SpecialCause, XmrLimits, xmr_limits, xmr_rules

if TYPE_CHECKING:
    from joinedup.definitions import Measure
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

RISING = {
    SpecialCause.ABOVE,
    SpecialCause.TREND_UP,
    SpecialCause.TWO_OF_THREE_ABOVE,
    SpecialCause.SHIFT_ABOVE,
}
HOW = (
    "Each panel is a service on the same scale; the line is its average and the grey band what ordinary variation "
    "gives. A triangle is improvement and a square is concern, by the rules of Making Data Count; the dashed line "
    "is the standard."
)


@dataclass(frozen=True)
class Panel:
    """One service: its figures, limits, what each point is, and what the last one says."""

    name: str
    figures: tuple[Figure, ...]
    limits: XmrLimits
    kinds: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The variation of the last point, in words with the icon's letter."""
        word = self.kinds[-1]
        return {"improvement": "improvement (I)", "concern": "concern (C)"}.get(word, "common cause")


def control(
    released: Released[MeasureResult],
    measure: Measure,
    *,
    slug: str,
    caption: str,
    target: float | None = None,
) -> Picture:
    """Control charts of one percentage by place and month. Raises YourCommand for what was not released.

    Limits are computed from the released figures; hidden months are left out of them.
    """
    panels = panels_of(figures(released, measure_id=measure.id), measure.better)
    rows = [row for panel in panels for row in _rows(panel)]
    order = [panel.name for panel in panels]
    title = f"{measure.title}, % by month"
    return Picture(
        slug=slug,
        title=_finding(panels, measure),
        subtitle=f"{measure.title} ({measure.id}), % by month and service",
        sentence=_sentence(panels, measure, target),
        how_to_read=HOW,
        caption=caption,
        table=_table(panels),
        draw=lambda size, width: control_chart(
            rows, size=size, width=width, title=title, target=target, order=order
        ),
    )


def panels_of(found: Sequence[Figure], better: str) -> list[Panel]:
    """A panel for each place with at least twelve months shown."""
    panels = []
    for name, group in groupby(
        sorted(found, key=lambda f: (f.place_name, f.start)), key=lambda f: f.place_name
    ):
        shown = tuple(figure for figure in group if figure.value is not None)
        if len(shown) >= 12:
            values = np.array([figure.value for figure in shown], dtype=float)
            limits = xmr_limits(values)
            kinds = tuple(_kind(str(label), better) for label in xmr_rules(values, limits))
            panels.append(Panel(name, shown, limits, kinds))
    return panels


def _kind(label: str, better: str) -> str:
    if label == SpecialCause.COMMON or better not in ("higher", "lower"):
        return "common cause"
    return "improvement" if (label in RISING) == (better == "higher") else "concern"


def _rows(panel: Panel) -> list[dict[str, Any]]:
    limits = panel.limits
    return [
        {
            "series": panel.name, "date": figure.start.isoformat(), "value": figure.value, "mean": limits.mean,
            "lower": max(limits.lower, 0.0), "upper": min(limits.upper, 100.0), "kind": kind,
        }
        for figure, kind in zip(panel.figures, panel.kinds, strict=True)
    ]  # fmt: skip


def _finding(panels: Sequence[Panel], measure: Measure) -> str:
    changed = {word: [p.name for p in panels if p.kinds[-1] == word] for word in ("improvement", "concern")}
    if not changed["improvement"] and not changed["concern"]:
        return f"{measure.title}: no service has changed beyond ordinary variation"
    parts = [f"{word} in {several(names, len(panels))}" for word, names in changed.items() if names]
    return f"{measure.title}: {', '.join(parts)}"


def _sentence(panels: Sequence[Panel], measure: Measure, target: float | None) -> str:
    if not panels:
        return "Too few months can be shown for a control chart."
    low, high = (pick(panels, key=lambda p: p.limits.mean) for pick in (min, max))
    spread = f"On average over the months shown it lies between {low.limits.mean:.0f}% ({low.name}) and {high.limits.mean:.0f}% ({high.name})."
    if target is None:
        return spread
    steady = [panel for panel in panels if panel.kinds[-1] != "concern"]
    higher = measure.better == "higher"
    sure = [p.name for p in steady if (p.limits.lower > target if higher else p.limits.upper < target)]
    never = [p.name for p in steady if (p.limits.upper < target if higher else p.limits.lower > target)]
    words = [
        f"As things stand {several(sure, len(panels))} will meet it every month." if sure else "",
        f"{capital(several(never, len(panels)))} will not." if never else "",
    ]
    rest = (
        " ".join(filter(None, words))
        or "No service can be relied on to meet it, nor to miss it, every month."
    )
    return f"{spread} The standard is {percent(target)}. {rest}"


def _table(panels: Sequence[Panel]) -> Table:
    header = (
        "Service",
        "First month",
        "Last month",
        "Last",
        "Average",
        "Lower limit",
        "Upper limit",
        "Variation",
    )
    rows = tuple(
        (
            panel.name, f"{panel.figures[0].start:%b %Y}", f"{panel.figures[-1].start:%b %Y}", percent(panel.figures[-1].value),
            *(f"{value:.1f}%" for value in (panel.limits.mean, max(panel.limits.lower, 0), min(panel.limits.upper, 100))), panel.verdict,
        )
        for panel in panels
    )  # fmt: skip
    return Table(header, rows, frozenset({3, 4, 5, 6}), tuple(panel.figures[-1].code for panel in panels))
