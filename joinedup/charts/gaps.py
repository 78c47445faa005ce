"""The gap as a waterfall, and the two groups side by side at every step, from a released gap attribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings import compared, waterfall
from joinedup.charts.gap_figures import code_of_part
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, capital, points, span, whole
from joinedup.definitions import Breakdown
from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import GapAttribution, GapBar

HOW = (
    "Walk down from the reference group to the group: a full bar is a stage where fewer go on, beyond chance; a pale one could be chance. "
    "White bars are no losses: who could recover, who is still in treatment, and how the groups differ. Thin lines are 95% limits."
)
HOW_COMPARED = (
    "Of every 100 people who reach a step, how many go on: circles are the reference group, diamonds the group. "
    "The longer the line between them, the more of the group stop there."
)
LABELS = {
    ("open", "leak"): "{title}: still waiting",
    ("open", "ended"): "Still in treatment",
    ("scope", "scope"): "Above threshold at start",
    ("leak", "paired"): "Scores at both ends",
    ("leak", "recovered"): "Below threshold at end",
    ("leak", "outcome"): "Reliable recovery",
    ("services", "services"): "Which service they use",
    ("case_mix", "case_mix"): "Age, sex, deprivation",
}


def gap_waterfall(released: Released[GapAttribution], *, slug: str, caption: str) -> Picture:
    """Waterfall of one gap. Raises YourCommand for what was not released; a hidden gap gives a table only."""
    only_released(released)
    gap = released.value
    answer = gap.to_json()
    rows = _steps(gap, answer)
    return Picture(
        slug=slug,
        title=gap.headline(),
        subtitle=f"{capital(gap.outcome.title)}, per 100 referred: {name_of(gap, gap.group)} beside {name_of(gap, gap.reference)}, {when(gap)}",
        sentence=gap.sentence(),
        how_to_read=HOW,
        caption=caption,
        table=gap_table(released),
        draw=lambda size, width: waterfall(rows, size=size, width=width, title="Reliable recoveries per 100 referred"),
        notes=tuple(gap.warnings),
    )  # fmt: skip


def gap_compared(released: Released[GapAttribution], *, slug: str, caption: str) -> Picture:
    """Both groups at every step that people pass or leave. Raises YourCommand for what was not released."""
    only_released(released)
    gap = released.value
    bars = [bar for bar in gap.bars if bar.kind == "leak" and bar.group_rate is not None]
    series = (_short(gap, gap.reference), _short(gap, gap.group))
    heads = (capital(name_of(gap, gap.reference)), capital(name_of(gap, gap.group)))
    rows = [row for bar in bars for row in _pair(gap, bar, series)]
    widest = max(bars, key=lambda bar: (bar.reference_rate or 0) - (bar.group_rate or 0), default=None)
    codes = tuple(code_of_part(released, bar.stage, bar.kind) for bar in bars)
    table = tuple((label(bar), *(_percent(gap, bar, side) for side in (0, 1))) for bar in bars)
    return Picture(
        slug=slug,
        title=f"The groups part most {widest.opens}" if widest else "Too few people to compare",
        subtitle=f"Of every 100 who reach a step, how many go on; {when(gap)}, followed for {gap.follow_up or 12} months",
        sentence=_compared_sentence(gap, widest),
        how_to_read=HOW_COMPARED,
        caption=caption,
        table=Table(("Step", *heads), table, frozenset({1, 2}), codes),
        draw=lambda size, width: compared(
            rows, size=size, width=width, title="Went on, of every 100 who reached the step", series=series
        ),
    )


def _compared_sentence(gap: GapAttribution, widest: GapBar | None) -> str:
    if widest is None:
        return "Hidden to protect people."
    against = (
        " at the services, ages, sexes and deprivation of the group" if gap.standardised is not None else ""
    )
    return (
        f"{_percent(gap, widest, 1)} of {name_of(gap, gap.group)} pass it, against {_percent(gap, widest, 0)} of "
        f"{name_of(gap, gap.reference)}{against}. It is where they differ, not why."
    )


def _pair(gap: GapAttribution, bar: GapBar, series: tuple[str, str]) -> list[dict[str, Any]]:
    shown = [100 * (bar.reference_rate or 0.0), 100 * (bar.group_rate or 0.0)]
    text = f"{_percent(gap, bar, 0)} and {_percent(gap, bar, 1)}"
    return [
        {"stage": label(bar), "series": series[k], "value": round(shown[k], 1), "other": round(shown[1 - k], 1), "text": text if k else None}
        for k in (0, 1)
    ]  # fmt: skip


def _percent(gap: GapAttribution, bar: GapBar, side: int) -> str:
    """Share of those who reached the step who passed it, of the reference (0) or the group (1), as it may be shown."""
    rate, reached = ((bar.reference_rate, bar.reference_reached), (bar.group_rate, bar.reached))[side]
    if rate is None or gap.display is None:
        return HIDDEN
    shown = gap.display.percentage(100 * rate, reached)
    return HIDDEN if shown is None else f"{shown:.0f}%" if float(shown).is_integer() else f"{shown:.1f}%"


def name_of(gap: GapAttribution, group: str) -> str:
    """A group of the gap as a sentence speaks of it, people first."""
    try:
        return Breakdown.load(gap.by).people(group)
    except UnknownName:  # groups by place have no breakdown
        return f"people referred to {group}"


def when(gap: GapAttribution) -> str:
    """The referrals the gap is of."""
    what = "published counts" if gap.basis == "flows" else "referrals"
    return f"{what} of {span(gap.period)}" if gap.period else ""


def label(bar: GapBar) -> str:
    """What a part of the gap is called beside its bar."""
    form = LABELS.get((bar.kind, bar.stage)) or LABELS.get((bar.kind, "leak")) or "{title}"
    return capital(form.format(title=bar.title))


def _steps(gap: GapAttribution, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Bars from the reference rate down to the group's, in per cent; parts below 0.05 are left to the table."""
    rates = answer["rates"]
    top, bottom = rates["reference"], rates["group"]
    if top is None or bottom is None or answer["gap"] is None:
        return []
    level = 100 * top
    rows = [_total(_short(gap, gap.reference), level)]
    for bar, part in zip(gap.bars, answer["stages"], strict=True):
        size = 100 * (part["contribution"] or 0.0)
        if abs(size) >= 0.05:
            rows.append(_bar(bar, part, level, size))
            level += size
    rows.append(_total(_short(gap, gap.group), 100 * bottom))
    below = [row["label"] for row in rows[1:]]
    return [{**row, "next": name} for row, name in zip(rows, [*below, None], strict=True)]


def _bar(bar: GapBar, part: dict[str, Any], level: float, size: float) -> dict[str, Any]:
    end = level + size
    low, high = ((level + 100 * part[name]) if part[name] is not None else end for name in ("lower", "upper"))
    claimed = part["claimed"] and part["fewer_recoveries"] is not None
    people = f", {round(part['fewer_recoveries']):,} people" if claimed else ""
    return {
        "label": label(bar), "start": level, "end": end, "kind": _kind(bar, part, size), "text": points(size) + people,
        "brief": points(size), "lower": low, "upper": high, "anchor": max(level, end, high),
    }  # fmt: skip


def _kind(bar: GapBar, part: dict[str, Any], size: float) -> str:
    if bar.kind != "leak":
        return "not a loss"
    if size > 0:
        return "more"
    return "fewer, beyond chance" if part["claimed"] else "fewer, could be chance"


def _short(gap: GapAttribution, group: str) -> str:
    """A group beside its bar: deprivation in words, since a number alone says nothing."""
    return capital(
        name_of(gap, group)
        .removeprefix("people recorded as ")
        .removeprefix("people in the ")
        .removesuffix(" of areas")
    )


def _total(name: str, value: float) -> dict[str, Any]:
    text = f"{value:.1f}"
    return {
        "label": name, "start": 0.0, "end": value, "kind": "group", "text": text, "brief": text,
        "lower": value, "upper": value, "anchor": value,
    }  # fmt: skip


def gap_table(released: Released[GapAttribution]) -> Table:
    """The parts of a gap as a table: per 100 referred, limits, whether claimed, people. Raises if not released."""
    only_released(released)
    gap, answer = released.value, released.value.to_json()
    header = ("Stage", "Per 100 referred", "95% limits", "Stands out", "Fewer recoveries", "Extra leavers")
    rows = [
        (
            label(bar), _hundred(part["contribution"]), f"{_hundred(part['lower'])} to {_hundred(part['upper'])}",
            "yes" if part["claimed"] else "no" if bar.kind == "leak" else "not a loss",
            whole(part["fewer_recoveries"]), whole(part["extra_leavers"]) if bar.kind == "leak" else "",
        )
        for bar, part in zip(gap.bars, answer["stages"], strict=True)
    ]  # fmt: skip
    limits = f"{_hundred(answer['lower'])} to {_hundred(answer['upper'])}"
    whole_gap = ("The whole gap", _hundred(answer["gap"]), limits, "", whole(answer["fewer_recoveries"]), "")
    codes = [code_of_part(released, bar.stage, bar.kind) for bar in gap.bars]
    return Table(header, (*rows, whole_gap), frozenset({1, 4, 5}), (*codes, code_of_part(released)))


def _hundred(value: float | None) -> str:
    return HIDDEN if value is None else points(100 * value)
