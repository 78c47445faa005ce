"""Control charts of released monthly figures, a panel a service, by Making Data Count."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings_over_time import control_chart
from joinedup.charts.icons import Icon, assurance_icon, variation_icon
from joinedup.charts.joins import joins_of, notes_of
from joinedup.charts.picture import Picture, Table
from joinedup.charts.points import PLAIN, Points
from joinedup.charts.words import capital, percent, several
from joinedup.stats import SpecialCause, XmrLimits, xmr_limits, xmr_rules
from joinedup.stats.making_data_count import Variation, assurance

if TYPE_CHECKING:
    from datetime import date

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
    "A panel a service, all on one scale: the line is its average, the grey band ordinary variation. Triangles are better and squares worse "
    "by more than that, after Making Data Count (H high or rising, L low or falling); the word is of the last month. Steady: it moves by "
    "less than it is rounded to."
)
HOW_BEGAN = (
    " The dotted line is the start of what was done; where eight or more months before it are shown, the average and the "
    "band are of those months, so that what came after stands out."
)
HOW_STANDARD = (
    " The dashed line is the standard: with a tick it is met every month if nothing changes, with a cross missed every month, with two dots "
    "met or missed by chance."
)
FEWEST_BEFORE = 8
"""Months before a start that limits can be taken from: as many as the verdict asks for."""
STEADY = "steady"
"""Too steady to judge: see `Panel`."""


@dataclass(frozen=True)
class Panel:
    """One service: its figures, limits, what each point is, and what the last one says.

    `steady`: it varies by less than the figures are rounded to, so that no rule can be read off them.
    """

    name: str
    figures: tuple[Figure, ...]
    limits: XmrLimits
    kinds: tuple[str, ...]
    steady: bool = False
    high: bool = False

    @property
    def verdict(self) -> str:
        """The variation of the last point."""
        return STEADY if self.steady else self.kinds[-1]

    @property
    def icon(self) -> Icon:
        """The icon of the last point, with the letter of its direction."""
        kinds = {"improvement": Variation.IMPROVEMENT, "concern": Variation.CONCERN}
        return variation_icon(kinds.get(self.verdict, Variation.COMMON), high=self.high)

    def standard(self, target: float, better: str) -> Icon:
        """The icon of whether the target will be met, from where it lies beside the limits."""
        aim, lower, upper = (np.array([value]) for value in (target, self.limits.lower, self.limits.upper))
        return assurance_icon(
            str(assurance(aim, lower, upper, better if better in ("higher", "lower") else "neither")[0])
        )

    @property
    def word(self) -> str:
        """The verdict, with the letter of its icon: H is high or rising, L low or falling."""
        return (
            f"{self.verdict} ({'H' if self.high else 'L'})"
            if self.verdict in ("improvement", "concern")
            else self.verdict
        )

    @property
    def since(self) -> str:
        """The month since which it has been so."""
        last = len(self.kinds) - 1
        while last > 0 and self.kinds[last - 1] == self.kinds[-1]:
            last -= 1
        return f"{self.figures[last].start:%B %Y}"


def control(
    released: Released[MeasureResult],
    measure: Measure,
    *,
    slug: str,
    caption: str,
    target: float | None = None,
    name: str = "",
    first: str = "",
    points: Points = PLAIN,
    began: date | None = None,
    predicted: float | None = None,
) -> Picture:
    """Control charts of one percentage by place and month. Raises YourCommand for what was not released.

    Limits are computed from the released figures; hidden months are left out of them. `name` is what titles call
    the measure, where its own is long; `first` is the place whose panel comes before the others. `began` is the day
    on which something was begun: it is marked, and limits are of the months before it where there are enough. From then on `predicted`, in per cent, is drawn as a line.
    """
    found = figures(released, measure_id=measure.id)
    panels, joined = panels_of(found, measure.better, first, began), joins_of(found)
    marked = [one.day for one in joined] + ([began] if began is not None else [])
    how = HOW + ("" if began is None else HOW_BEGAN) + ("" if target is None else HOW_STANDARD)
    rows = [row for panel in panels for row in _rows(panel, measure, target, points)]
    if began is not None and predicted is not None:
        rows = [{**row, "predicted": predicted} if row["date"] >= began.isoformat() else row for row in rows]
    order = [panel.name for panel in panels]
    title = f"{measure.title}, % by month"
    domain = _domain(rows, target)
    return Picture(
        slug=slug,
        title=_finding(panels, name or measure.title),
        subtitle=f"{measure.title} ({measure.id}), % by month and service",
        sentence=_sentence(panels, measure, target),
        how_to_read=how,
        caption=caption,
        table=_table(panels, measure, target),
        draw=lambda size, width: control_chart(
            rows,
            size=size,
            width=width,
            title=title,
            target=target,
            order=order,
            domain=domain,
            joins=marked,
        ),
        notes=notes_of(joined, " (dotted line)"),
    )


def panels_of(
    found: Sequence[Figure], better: str, first: str = "", began: date | None = None
) -> list[Panel]:
    """A panel for each place with at least twelve months shown; the place `first` before the others. With `began`
    limits are of the months before that day, where at least eight of them are shown."""
    panels = []
    for name, group in groupby(
        sorted(found, key=lambda f: (f.place != first, f.place_name, f.start)), key=lambda f: f.place_name
    ):
        shown = tuple(figure for figure in group if figure.value is not None)
        if len(shown) >= 12:
            values = np.array([figure.value for figure in shown], dtype=float)
            before = sum(began is not None and figure.start < began for figure in shown)
            limits = xmr_limits(values, first=before if before >= FEWEST_BEFORE else None)
            labels = [str(label) for label in xmr_rules(values, limits)]
            kinds = tuple(_kind(label, better) for label in labels)
            steady = limits.average_moving_range < _step(values)
            panels.append(
                Panel(
                    name,
                    shown,
                    limits,
                    ("common cause",) * len(kinds) if steady else kinds,
                    steady,
                    labels[-1] in RISING,
                )
            )
    return panels


def _step(values: Any) -> float:
    """What the figures are rounded to: whole per cents, or tenths."""
    return 1.0 if bool((values == np.round(values)).all()) else 0.1


def _domain(rows: Sequence[Mapping[str, Any]], target: float | None) -> tuple[float, float]:
    """A scale that holds everything drawn, with a little air, in whole fives."""
    names = ("value", "lower", "upper", "predicted")
    drawn = [row[name] for row in rows for name in names if name in row] + (
        [] if target is None else [target]
    )
    low, high = min(drawn, default=0.0), max(drawn, default=100.0)
    return max(5.0 * math.floor((low - 1) / 5), 0.0), 5.0 * math.ceil((high + 1) / 5)


def _kind(label: str, better: str) -> str:
    if label == SpecialCause.COMMON or better not in ("higher", "lower"):
        return "common cause"
    return "improvement" if (label in RISING) == (better == "higher") else "concern"


def _rows(panel: Panel, measure: Measure, target: float | None, points: Points) -> list[dict[str, Any]]:
    limits = panel.limits
    rows: list[dict[str, Any]] = [
        {
            "series": panel.name, "date": figure.start.isoformat(), "value": figure.value, "mean": limits.mean,
            "lower": max(limits.lower, 0.0), "upper": min(limits.upper, 100.0), "kind": kind,
            **points.of(figure.code),
        }
        for figure, kind in zip(panel.figures, panel.kinds, strict=True)
    ]  # fmt: skip
    rows[-1] |= {"word": panel.verdict, "variation": panel.icon.words}
    if target is not None:
        rows[-1]["assurance"] = panel.standard(target, measure.better).words
    return rows


def _finding(panels: Sequence[Panel], name: str) -> str:
    words = {"improvement": "better", "concern": "worse"}
    changed = [panel for panel in panels if panel.verdict in words]
    if not changed:
        return f"{name}: no service has changed beyond chance"
    if len(changed) == 1:
        return f"{name}: {words[changed[0].verdict]} in {changed[0].name} since {changed[0].since}"
    parts = [
        f"{word} in {several([p.name for p in changed if p.verdict == verdict], len(panels))}"
        for verdict, word in words.items()
        if any(p.verdict == verdict for p in changed)
    ]
    return f"{name}: {', '.join(parts)}"


def _sentence(panels: Sequence[Panel], measure: Measure, target: float | None) -> str:
    if not panels:
        return "Too few months can be shown for a control chart."
    low, high = (pick(panels, key=lambda p: p.limits.mean) for pick in (min, max))
    spread = f"On average over the months shown it lies between {low.limits.mean:.0f}% ({low.name}) and {high.limits.mean:.0f}% ({high.name})."
    if len(panels) == 1:
        spread = f"On average over the months shown it is {low.limits.mean:.0f}% ({low.name})."
    if target is None:
        return spread
    steady = [panel for panel in panels if panel.verdict != "concern"]
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


def _table(panels: Sequence[Panel], measure: Measure, target: float | None) -> Table:
    header: tuple[str, ...] = (
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
            *(f"{value:.1f}%" for value in (panel.limits.mean, max(panel.limits.lower, 0), min(panel.limits.upper, 100))), panel.word,
        )
        for panel in panels
    )  # fmt: skip
    icons: tuple[tuple[Icon, ...], ...] = tuple((panel.icon,) for panel in panels)
    if target is not None:
        met = [panel.standard(target, measure.better) for panel in panels]
        header = (*header, "Standard")
        rows = tuple((*row, icon.brief) for row, icon in zip(rows, met, strict=True))
        icons = tuple((*own, icon) for own, icon in zip(icons, met, strict=True))
    return Table(
        header, rows, frozenset({3, 4, 5, 6}), tuple(panel.figures[-1].code for panel in panels),
        icons=tuple((*[""] * 7, *(icon.svg(20, beside_words=True) for icon in own)) for own in icons),
    )  # fmt: skip
