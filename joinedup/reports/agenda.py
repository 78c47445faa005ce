"""The agenda of a meeting as a document that can be edited: headings, tables with heads, every paper with who cleared it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Table
from joinedup.reports.content import Block
from joinedup.reports.packs.document_parts import add_table, document_of, saved, titled
from joinedup.reports.packs.notes import clean


@dataclass(frozen=True)
class AgendaPaper:
    """A paper of an item: who wrote it, who cleared it and who has not yet, and where it is."""

    title: str
    authors: tuple[str, ...]
    summary: str = ""
    where: str = ""
    cleared: tuple[str, ...] = ()
    not_cleared: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgendaLine:
    """A line of the agenda. `built` says what it was built from, where nobody added it."""

    number: int
    title: str
    purpose: str
    lead: str = ""
    built: str = ""
    papers: tuple[AgendaPaper, ...] = ()


@dataclass(frozen=True)
class Agenda:
    """An agenda. `begins` is in local time, and the time that the document carries: no clock has a part in it.

    `opening` is what comes before the lines; `standing` is what is to be said of the agenda itself, such as that it is
    not issued; `seats` are office and organisation.
    """

    body: str
    begins: datetime
    minutes: int
    opening: tuple[str, ...]
    lines: tuple[AgendaLine, ...]
    venue: str = ""
    standing: str = ""
    seats: tuple[tuple[str, str], ...] = ()
    quorum: int = 0
    kept_by: str = ""


def render_agenda(agenda: Agenda, template: Path | None = None) -> bytes:
    """DOCX bytes; the same agenda is the same bytes. Raises as packs' documents do: MissingPart, and for a template
    UnreadableFile, UnsafeFile, YourData."""
    document = document_of(template)
    day = f"{agenda.begins:%-d %B %Y}"
    titled(document, clean(f"Agenda: {agenda.body}, {day}")[:255], f"Meeting of {day}", agenda.begins)
    document.add_paragraph(clean(agenda.body), style="Title")
    document.add_paragraph(f"Agenda, {day}", style="Subtitle")
    if agenda.standing:
        document.add_paragraph().add_run(clean(agenda.standing)).bold = True
    _table(document, "When and where", ("What", "Value"), _facts(agenda))
    document.add_heading("Agenda", level=1)
    _table(
        document,
        "Items of the agenda",
        ("Item", "What it is about", "What for", "Led by", "Papers"),
        _rows(agenda),
    )
    if not agenda.lines:
        document.add_paragraph("Nothing else is on the agenda yet.")
    _papers(document, agenda.lines)
    if agenda.seats:
        document.add_heading("Seats", level=1)
        _table(document, "Seats of the body", ("Office", "Organisation"), agenda.seats)
    return saved(document, agenda.begins)


def _facts(agenda: Agenda) -> tuple[tuple[str, str], ...]:
    end = f"{agenda.begins:%H:%M}, {agenda.minutes} minutes"
    rows = (
        ("Day", f"{agenda.begins:%A, %-d %B %Y}"), ("Begins", end), ("Where", agenda.venue),
        ("Quorum", f"{agenda.quorum} of {len(agenda.seats)} seats" if agenda.quorum else ""),
        ("Record kept by", agenda.kept_by),
    )  # fmt: skip
    return tuple(row for row in rows if row[1])


def _rows(agenda: Agenda) -> tuple[tuple[str, ...], ...]:
    first = tuple((str(number), text, "", "", "") for number, text in enumerate(agenda.opening, start=1))
    return first + tuple(
        (
            str(one.number), f"{one.title} ({one.built.lower()})" if one.built else one.title, one.purpose, one.lead,
            str(len(one.papers)) if one.papers else "none",
        )
        for one in agenda.lines
    )  # fmt: skip


def _papers(document: Any, lines: Sequence[AgendaLine]) -> None:
    """Each paper under a heading with the number of its item."""
    told = [(line.number, paper) for line in lines for paper in line.papers]
    if told:
        document.add_heading("Papers", level=1)
    for number, paper in told:
        document.add_heading(clean(f"Item {number}: {paper.title}"), level=2)
        facts = (
            ("By", "; ".join(paper.authors)), ("Cleared by", "; ".join(paper.cleared)),
            ("Not yet cleared by", "; ".join(paper.not_cleared)), ("Where", paper.where),
        )  # fmt: skip
        for label, text in facts:
            if text:
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{label}: ").bold = True
                paragraph.add_run(clean(text))
        for text in paper.summary.splitlines():
            if clean(text):
                document.add_paragraph(clean(text))


def _table(document: Any, title: str, header: tuple[str, ...], rows: Sequence[Sequence[str]]) -> None:
    cells = tuple(tuple(clean(cell) for cell in row) for row in rows)
    add_table(document, Block("agenda", title, "", Table(header, cells)), 10.5)
