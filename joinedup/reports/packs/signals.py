"""What stands out: changes beyond chance, standards that will be missed, and what a board may be asked, by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from joinedup.charts import Figure, code_of_part
from joinedup.charts.control import RISING, Panel
from joinedup.charts.gaps import name_of
from joinedup.charts.words import capital, listed, percent
from joinedup.definitions import Measure
from joinedup.reports.content import Headline
from joinedup.reports.material import widest
from joinedup.reports.quality import quality_headline
from joinedup.stats import xmr_rules

if TYPE_CHECKING:
    from joinedup.reports.packs.figures import Material

SignalKind = Literal["concern", "missed", "improvement"]
ORDER: tuple[SignalKind, ...] = ("concern", "missed", "improvement")
SAID = {
    "concern": "worse, beyond chance",
    "missed": "will miss the standard as things stand",
    "improvement": "better, beyond chance",
}


@dataclass(frozen=True)
class Signal:
    """One place and measure that stands out in the month of the pack."""

    measure: Measure
    name: str
    level: str
    kind: SignalKind
    panel: Panel
    target: float | None

    @property
    def figure(self) -> Figure:
        """The figure of the month."""
        return self.panel.figures[-1]

    @property
    def words(self) -> str:
        """What stands out, and since when."""
        return SAID[self.kind] + ("" if self.kind == "missed" else f", since {self.panel.since}")


def signals_of(material: Material, measures: Iterable[Measure], levels: Iterable[str]) -> tuple[Signal, ...]:
    """Everything that stands out in these measures at these levels: what got worse first."""
    found = [
        Signal(measure, material.name(measure), level, kind, panel, target)
        for measure in measures
        if measure.statistic == "percentage"
        for target in (material.target(measure),)
        for level in levels
        for panel in material.panels(measure, level)
        for kind in (_kind(panel, measure, target),)
        if kind is not None
    ]
    return tuple(sorted(found, key=lambda signal: ORDER.index(signal.kind)))


def _kind(panel: Panel, measure: Measure, target: float | None) -> SignalKind | None:
    if panel.verdict == "concern":
        return "concern"
    if target is not None and panel.standard(target, measure.better).brief == "missed":
        return "missed"
    return "improvement" if panel.verdict == "improvement" else None


def verdict(panel: Panel | None, measure: Measure) -> str:
    """The verdict on the last month in words; of a number that is neither good nor bad, whether it is unusual."""
    if panel is None:
        return "too few months"
    if measure.better in ("higher", "lower"):
        return {"common cause": "no change beyond chance", "steady": "steady"}.get(panel.verdict, panel.word)
    import numpy as np

    values = np.array([figure.value for figure in panel.figures], dtype=float)
    last = str(xmr_rules(values, panel.limits)[-1])
    if last == "common cause":
        return "no change beyond chance"
    return "higher than usual" if last in RISING else "lower than usual"


def decisions(material: Material, measures: Iterable[Measure], most: int) -> tuple[Headline, ...]:
    """What the board may be asked, from the figures alone: the widest gap, what got worse, what will be missed, the data."""
    signals = signals_of(material, measures, material.layout.levels)
    found = [*_gaps(material), *_worse(signals), *_missed(signals, material), *_data(material)]
    return tuple(found[:most])


def _gaps(material: Material) -> list[Headline]:
    found = []
    for gaps in material.gaps.values():
        gap = widest(gaps)
        leaks = [bar for bar in gap.value.bars if bar.claimed and bar.kind == "leak"] if gap else []
        if gap is not None and leaks:
            worst = min(leaks, key=lambda bar: bar.contribution or 0.0)
            who = name_of(gap.value, gap.value.group)
            told = f"{capital(who)} get better less often" if material.layout.public else gap.value.headline()
            code = code_of_part(gap, worst.stage, worst.kind)
            found.append(Headline(f"{told}. Who will find out why?", code))
    return found


def _worse(signals: Iterable[Signal]) -> list[Headline]:
    """One question a measure, naming the places."""
    by_measure: dict[str, list[Signal]] = {}
    for signal in signals:
        if signal.kind == "concern":
            by_measure.setdefault(signal.name, []).append(signal)
    return [
        Headline(
            f"{name}: what has changed in {listed([one.panel.name for one in found])}, and is an improvement to be started there?",
            found[0].figure.code,
        )
        for name, found in by_measure.items()
    ]


def _missed(signals: Iterable[Signal], material: Material) -> list[Headline]:
    by_measure: dict[str, list[Signal]] = {}
    for signal in signals:
        if signal.kind == "missed":
            by_measure.setdefault(signal.name, []).append(signal)
    return [
        Headline(
            f"{name}: as things stand, {listed([one.panel.name for one in found])} will miss the standard of {percent(found[0].target)} "
            "every month. Is a plan needed?",
            found[0].figure.code,
        )
        for name, found in by_measure.items()
    ]


def _data(material: Material) -> list[Headline]:
    if not any(section.kind == "quality" for section in material.layout.sections):
        return []
    found = quality_headline(material)
    return [] if found is None else [Headline(f"Data: {found.text} Who will see to it?", found.code)]
