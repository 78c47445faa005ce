"""The sections of a pack that draw: a measure by service, a page for each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from joinedup.charts import Picture, Table, control
from joinedup.charts.words import listed, percent, span
from joinedup.definitions import Measure, Places
from joinedup.reports.asked import TOTAL
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import Item, Line, Page
from joinedup.reports.packs.sections import Asked, average, small
from joinedup.reports.packs.signals import Signal, signals_of
from joinedup.reports.tables import shown

if TYPE_CHECKING:
    from joinedup.charts.control import Panel


def measure_pages(asked: Asked) -> tuple[Page, ...]:
    """Control charts of the measures with most to show: those where a place changed; where none did, the first."""
    counts = {measure.id: 0 for measure in asked.shares}
    for signal in signals_of(asked.material, asked.shares, ("service",)):
        counts[signal.measure.id] += 1 if signal.kind != "missed" else 0
    order = sorted(asked.shares, key=lambda measure: -counts[measure.id])
    chosen = [measure for measure in order if counts[measure.id]][: asked.section.most] or order[:1]
    return tuple(_measure_page(asked, measure) for measure in chosen)


def _measure_page(asked: Asked, measure: Measure) -> Page:
    material = asked.material
    target = material.target(measure)
    picture = control(
        material.narrowed(measure, "service"), measure, slug=f"{asked.slug}-{measure.id.lower()}",
        caption=asked.caption, target=target, name=material.name(measure),
    )  # fmt: skip
    if not picture.table.rows:
        return asked.page(
            f"{material.name(measure)}: too few months to chart",
            [Headline(picture.sentence)],
            name=measure.id.lower(),
        )
    together = next(iter(material.panels(measure, TOTAL)), None)
    items: list[Item] = [picture]
    lines_of = dict[str, Line]()
    if together is not None:
        items.append(_chart_of(asked, measure, together, TOTAL))
        lines_of[items[-1].slug] = line_of(together, target)
    return asked.page(
        picture.title, [Headline(picture.sentence)], items=tuple(items), comments=asked.said([measure]),
        name=measure.id.lower(), lines_of=lines_of,
    )  # fmt: skip


def place_pages(asked: Asked) -> tuple[Page, ...]:
    """A page a place: what stands out there, its figures, and the chart of the measure that stands out most."""
    material = asked.material
    names = {
        figure.place: figure.place_name
        for level in asked.section.levels
        for measure in asked.measures
        for figure in material.now(measure, level).values()
        if figure.place != "not_known" and _known(figure.place)
    }
    order = sorted(names, key=lambda place: names[place])
    return tuple(_place_page(asked, place, names[place]) for place in order)


def _known(place: str) -> bool:
    return any(one.code == place for one in Places.load().places)


def _place_page(asked: Asked, place: str, name: str) -> Page:
    material, level = asked.material, asked.section.levels[0]
    found = [s for s in signals_of(material, asked.shares, asked.section.levels) if s.figure.place == place]
    panels = {
        measure.id: panel
        for measure in asked.measures
        for panel in material.panels(measure, level)
        if panel.figures[-1].place == place
    }
    lines = [
        Headline(f"{one.name}: {one.words}, at {percent(one.figure.value)}.", one.figure.code)
        for one in found
    ]
    lines = lines or [Headline("Nothing changed beyond chance, and no standard is sure to be missed.")]
    items: list[Item] = [_figures_of(asked, place, name, panels)]
    native = dict[str, Line]()
    wanted = (*(one.measure for one in found), *reversed(asked.shares))
    chosen = next((measure for measure in wanted if measure.id in panels), None)
    if chosen is not None:
        picture = _chart_of(asked, chosen, panels[chosen.id], level)
        items.append(picture)
        native[picture.slug] = line_of(panels[chosen.id], material.target(chosen))
    title = f"{name}: {_place_finding(found)}"
    comments = asked.said(asked.measures, [place])
    return asked.page(
        title, lines, items=tuple(items), lines_of=native, comments=comments, beside=True, name=place.lower()
    )


def _chart_of(asked: Asked, measure: Measure, panel: Panel, level: str) -> Picture:
    """The control chart of one place, or of all together."""
    material, target, place = asked.material, asked.material.target(measure), panel.figures[-1].place
    released = material.narrowed(measure, level)
    picture = control(
        replace(released, value=released.value.only(place=place)), measure, caption=asked.caption, target=target,
        name=material.name(measure), slug=f"{asked.slug}-{place.lower() or TOTAL}-{measure.id.lower()}",
    )  # fmt: skip
    title = f"{material.name(measure)}, {panel.name}, month by month"
    return replace(picture, title=title, sentence=_expected(panel, target, measure))


def _expected(panel: Panel, target: float | None, measure: Measure) -> str:
    """The average, ordinary variation, and whether the standard will be met if nothing changes."""
    lower, upper = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
    told = f"The average of the months is {panel.limits.mean:.1f}%; {lower:.0f}% to {upper:.0f}% is ordinary variation."
    if target is None:
        return told
    met = panel.standard(target, measure.better).brief
    how = f"{met} every month" if met in ("met", "missed") else "met or missed by chance"
    return f"{told} As things stand the standard of {percent(target)} will be {how}."


def _place_finding(found: Sequence[Signal]) -> str:
    told = []
    for kind, words in (
        ("concern", "worse in"),
        ("improvement", "better in"),
        ("missed", "short of the standard for"),
    ):
        names = [small(one.name) for one in found if one.kind == kind]
        if names:
            told.append(f"{words} {listed(names)}")
    return "; ".join(told) if told else "no change beyond chance"


def _figures_of(asked: Asked, place: str, name: str, panels: dict[str, Panel]) -> Block:
    material, level = asked.material, asked.section.levels[0]
    rows, codes = [], []
    for measure in asked.measures:
        figure = material.now(measure, level).get(place)
        together = next(iter(material.now(measure, TOTAL).values()), None)
        target = material.target(measure)
        rows.append(
            (
                material.name(measure), shown(figure, measure.id), average(panels.get(measure.id), measure),
                shown(together, measure.id), percent(target) if target is not None else "none",
            )
        )  # fmt: skip
        codes.append(("", figure.code if figure else "", "", together.code if together else "", ""))
    header = ("Measure", span(material.period.key), "Average", "All services", "Standard")
    table = Table(header, tuple(rows), frozenset({1, 2, 3, 4}), cell_codes=tuple(codes))
    return Block(f"{asked.slug}-{place.lower()}-figures", f"{name} in figures", "", table)


def line_of(panel: Panel, target: float | None) -> Line:
    """A control chart of one place as the data of a native chart."""
    lower, upper = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
    values = [float(figure.value or 0.0) for figure in panel.figures]
    drawn = [*values, lower, upper, *([target] if target is not None else [])]
    return Line(
        panel.name, tuple(f"{figure.start:%b %y}" for figure in panel.figures), tuple(values), panel.kinds,
        round(panel.limits.mean, 1), round(lower, 1), round(upper, 1), target,
        max(5.0 * ((min(drawn) - 1) // 5), 0.0), min(5.0 * ((max(drawn) + 6) // 5), 100.0),
    )  # fmt: skip
