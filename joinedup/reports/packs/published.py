"""A pack of published annual statistics: what everybody can download, in the formats of a pack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from joinedup.charts.picture import Picture
from joinedup.definitions import Period
from joinedup.definitions.pack_layouts import PackLayout
from joinedup.errors import YourCommand
from joinedup.reports.content import Headline, Report, Section
from joinedup.reports.packs.content import Pack, Page
from joinedup.reports.published import report_of_published

Progress = Callable[[str, int, int], None]
LAYOUTS = ("board", "scrutiny")
"""Packs that published figures can fill: they have no months, no places below a service, and no notes."""
PURPOSE = "What the published annual figures say: where the gap opens, how services have changed, and outcomes by group."


def pack_of_published(file: Path, layout: PackLayout | str, *, progress: Progress | None = None) -> Pack:
    """The pack of an annual file, for the readers of `layout`; documents carry the last day of its last year.

    Raises UnknownFigures as the report does, YourCommand for a pack that published figures cannot fill.
    """
    chosen = PackLayout.load(layout) if isinstance(layout, str) else layout
    if chosen.slug not in LAYOUTS:
        raise YourCommand(
            f"Published figures do not fill the pack {chosen.slug}: they have no months and no notes.",
            remedy=f"Choose {' or '.join(LAYOUTS)}, or name a lake.",
        )
    report = report_of_published(file, progress=progress)
    year = dict(report.facts)["Years"].rpartition(" ")[2]
    return Pack(
        slug=chosen.slug, title=report.title, subtitle=report.subtitle, readers=chosen.readers, purpose=PURPOSE,
        asked=(), pages=(_first(report), *(_page(one) for one in report.sections)), facts=report.facts,
        footnotes=report.footnotes, caption=f"Source: NHS England, published figures to {year} ({file.name}).",
        moment=datetime.combine(Period.parse(year).end, time()), registry=report.registry,
    )  # fmt: skip


def _first(report: Report) -> Page:
    return Page("published-first", "At a glance", "What the figures say first", report.headlines, listed=True)


def _page(section: Section) -> Page:
    """A section as a page: its first picture's finding is the title, its lead the words."""
    pictures = [item for item in section.items if isinstance(item, Picture)]
    title = pictures[0].title if pictures else section.heading
    lines = tuple(Headline(text) for text in section.lead)
    return Page(section.slug, section.heading, title, lines, section.items, section.cautions)
