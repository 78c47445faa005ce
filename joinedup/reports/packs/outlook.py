"""What lies ahead: next month if nothing changes, standards to come, and when the next returns are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.charts import Table
from joinedup.charts.words import listed, percent, points, span
from joinedup.definitions.timetable import Timetable
from joinedup.reports.asked import TOTAL
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import Page
from joinedup.reports.packs.sections import Asked

if TYPE_CHECKING:
    from joinedup.reports.packs.figures import Material


def outlook(asked: Asked) -> tuple[Page, ...]:
    """Where next month's figures will fall if nothing changes, standards to come, and when the next returns are due."""
    material = asked.material
    rows, codes = [], []
    for measure in asked.shares:
        for panel in material.panels(measure, TOTAL):
            low, high = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
            target = material.target(measure)
            met = panel.standard(target, measure.better).brief if target is not None else "none"
            rows.append(
                (
                    material.name(measure),
                    percent(panel.figures[-1].value),
                    f"{low:.0f}% to {high:.0f}%",
                    percent(target) if target is not None else "none",
                    met,
                )
            )
            codes.append(panel.figures[-1].code)
    header = ("All services together", "Now", "Next month, if nothing changes", "Standard", "Will it be met?")
    block = Block(
        f"{asked.slug}-table",
        "What to expect",
        "",
        Table(header, tuple(rows), frozenset({1, 2, 3}), tuple(codes)),
    )
    lines = [*_standards_to_come(asked), *_returns_due(material)]
    return (
        asked.page(
            "If nothing changes, next month will look like this one", lines, items=(block,) if rows else ()
        ),
    )


def _standards_to_come(asked: Asked) -> list[Headline]:
    end = asked.material.period.end
    return [
        Headline(f"{asked.material.name(measure)}: the standard becomes {percent(float(one.value))} on {one.start:%-d %B %Y} ({points(float(one.value) - now)} points).")
        for measure in asked.shares
        for now in (asked.material.target(measure),)
        for one in measure.standard
        if now is not None and end < one.start and (one.start - end).days <= 400
    ]  # fmt: skip


def _returns_due(material: Material) -> list[Headline]:
    timetable = Timetable.load("talking_therapies")
    due = timetable.dues(material.period.key)
    surely = "" if timetable.certainty == "known" else " (days assumed)"
    told = [f"the {one.kind} return of {span(one.period)} by {one.due:%-d %B %Y}" for one in due]
    return [Headline(f"Due: {listed(told)}{surely}.")] if told else []
