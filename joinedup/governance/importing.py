"""From a council's workbook to a tracker: every row read, everything kept, and all that was not understood told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from joinedup.definitions.measure import Measure
from joinedup.definitions.scrutiny import Kind, ResponseClock, TopicList, TrackerColumns
from joinedup.errors import UnknownName, YourCommand
from joinedup.governance.cells import Sheet, Workbook, text_of
from joinedup.governance.columns import Layout, headings_found, layout_of
from joinedup.governance.days import read_day
from joinedup.governance.events import ActionTaken, Answered, ClaimedDone, Event, Raised
from joinedup.governance.findings import Finding
from joinedup.governance.history import History
from joinedup.governance.reading import file_content, read_bytes
from joinedup.governance.tracker import Item, Source, Tracker


def import_tracker(
    path: Path, *, on: date, by: str, meeting: date | None = None, committee: str = ""
) -> Tracker:
    """The tracker in a .xlsx or .csv file. `on` and `by` are the day and the role that import it; `meeting` is that of
    rows that name none. Raises UnreadableFile, UnsafeFile, MissingPart.
    """
    content = file_content(path)
    return import_bytes(content, path.name, on=on, by=by, meeting=meeting, committee=committee)


def import_bytes(
    content: bytes, name: str, *, on: date, by: str, meeting: date | None = None, committee: str = ""
) -> Tracker:
    """The same of a file in memory."""
    if not by.strip():
        raise YourCommand("Who imports it is not said.", remedy="Name a role, such as scrutiny officer.")
    book, found = read_bytes(content, name)
    source = Source(name, hashlib.sha256(content).hexdigest(), on, by)
    return tracker_of(book, source, found=found, meeting=meeting, committee=committee)


def tracker_of(
    book: Workbook,
    source: Source,
    *,
    found: Iterable[Finding] = (),
    meeting: date | None = None,
    committee: str = "",
) -> Tracker:
    """The tracker in a workbook that was read. `found` is what was found while reading it."""
    known, findings, layouts, items = TrackerColumns.load(), list(found), {}, []
    for sheet in book.sheets:
        layout = layout_of(sheet, known)
        if layout is None:
            if sheet.rows:
                remedy = "Nothing to do, or give it a row of headings."
                findings.append(Finding(sheet.name, "A1", "no-tracker-here", remedy))
            continue
        layouts[sheet.name] = layout
        findings += headings_found(sheet, layout, known)
        for row in range(layout.row + 1, len(sheet.rows)):
            reader = _Row(sheet, row, layout, known, book.date_1904, findings)
            items.append(_item(reader, source.file, source.on, source.by, meeting, committee))
    return Tracker(source, book, layouts, tuple(items), tuple(findings))


@dataclass
class _Row:
    """One row while it is read; what is not understood goes to `findings`."""

    sheet: Sheet
    row: int
    layout: Layout
    known: TrackerColumns
    date_1904: bool
    findings: list[Finding] = field(repr=False)

    def text(self, name: str) -> str:
        return self.layout.text(self.sheet, self.row, name)

    def tell(self, name: str, rule: str, remedy: str) -> None:
        cell = self.layout.cell(self.row, name)
        self.findings.append(Finding(self.sheet.name, cell, rule, remedy, self.text(name)))

    def day(self, name: str) -> date | None:
        value = self.layout.value(self.sheet, self.row, name)
        if value is None or not text_of(value).strip():
            return None
        found = read_day(value, self.date_1904)
        if found is None:
            self.tell(name, "not-a-day", "Write it as 18 November 2025.")
            return None
        if found.rule:
            self.tell(name, found.rule, f"Check that {found.day:%-d %B %Y} is meant.")
        return found.day

    def kind(self) -> Kind:
        words = self.text("kind")
        kind = self.known.kind_of(words) if words else None
        if words and kind is None:
            self.tell("kind", "unknown-kind", "Write recommendation or information request.")
        if kind is None and not words:
            heading = text_of(self.sheet.at(self.layout.row, self.layout.columns.get("text", 0)))
            kind = self.known.kind_of(heading)
        return kind or "recommendation"


def _item(row: _Row, file: str, on: date, by: str, meeting: date | None, committee: str) -> Item:
    if not row.text("topic") and not row.text("text"):
        row.tell(
            "topic" if "topic" in row.layout.columns else "text", "blank-row", "Fill it in, or delete it."
        )
        return Item(row.sheet.name, row.row, None)
    why = f"Imported from {file}, sheet {row.sheet.name}, row {row.row + 1}."
    events = tuple(_events(row, why, on, by, meeting, committee))
    return Item(row.sheet.name, row.row, History(events), len(events))


def _events(row: _Row, why: str, on: date, by: str, meeting: date | None, committee: str) -> Iterator[Event]:
    yield _raised(row, why, on, by, meeting, committee)
    if answered := _answered(row, why, on, by):
        yield answered
    if actions := row.text("actions"):
        yield ActionTaken(on=on, by=by, why=why, action=actions)
    if status := row.text("status"):
        finished = row.known.says_finished(status)
        if finished is None:
            row.tell("status", "unknown-status", "Write open or closed, or leave it as your own word.")
        elif finished:
            row.tell("status", "closed-without-evidence", "Set a test, and offer evidence.")
            yield ClaimedDone(on=on, by=by, why=why, said=status)


def _raised(row: _Row, why: str, on: date, by: str, meeting: date | None, committee: str) -> Raised:
    kind, held = row.kind(), row.day("meeting") or meeting
    asked, stated = row.day("asked_on"), row.day("due")
    topic, text = row.text("topic"), row.text("text")
    if text:
        due, due_by = _due(row, ResponseClock.for_kind(kind), asked, held, stated)
    else:
        row.tell("text", "no-text", "Write what was recommended or asked.")
        due, due_by = stated, "sheet" if stated else ""
    return Raised(
        on=on, by=by, why=why, kind=kind, text=text, topic=topic, committee=committee, meeting=held,
        to_whom=row.text("to_whom"), asked_on=asked, due=due, due_by=due_by, measures=_measures(row, topic),
    )  # fmt: skip


def _due(
    row: _Row, clock: ResponseClock, asked: date | None, meeting: date | None, stated: date | None
) -> tuple[date | None, str]:
    """The day due and what says so: the sheet where it says one, else the clock."""
    first = asked or meeting
    by_clock = clock.due(first) if first else None
    if stated is not None:
        if by_clock is not None and by_clock != stated:
            row.tell("due", "due-differs", f"By the clock it is {by_clock:%-d %B %Y}: say which holds.")
        return stated, "sheet"
    if by_clock is None:
        row.tell("due", "no-clock", "Write the day of asking, or of the meeting.")
        return None, ""
    if asked is None:
        row.tell("asked_on", "first-day-assumed", "Write the day on which a response was asked for.")
    return by_clock, clock.slug


def _answered(row: _Row, why: str, on: date, by: str) -> Answered | None:
    words = row.text("answer")
    answer = row.known.answer_of(words) if words else None
    if words and answer is None:
        row.tell("answer", "unknown-answer", "Write accepted, accepted in part, not accepted or supplied.")
    received, response, reasons = row.day("responded_on"), row.text("response"), row.text("reasons")
    if not (answer or response or received):
        return None
    return Answered(
        on=on, by=by, why=why, answer=answer, response=response, received_on=received, reasons=reasons
    )


def _measures(row: _Row, topic: str) -> tuple[str, ...]:
    """Measures that the row names, by id; else those that its topic opens in the list that ships with joinedup."""
    named: list[str] = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;\n]", row.text("measures")))):
        try:
            named += [measure.id for measure in Measure.find(name)]
        except UnknownName as error:
            row.tell("measures", "not-a-measure", error.remedy)
    if named or row.text("measures") or not topic:
        return tuple(dict.fromkeys(named))
    try:
        return tuple(measure.id for measure in TopicList.load().topic(topic).opens())
    except UnknownName:
        return ()
