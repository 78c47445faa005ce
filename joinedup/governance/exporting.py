"""A tracker back to its workbook: the cells as they came, and in them what has happened since.

Nothing happened: the values are those that were imported, cell for cell. Something happened: the row's cells for
status, answer, response, its day, reasons, actions and evidence say so; a column that is absent is added at the right.
"""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.definitions.scrutiny import TopicList
from joinedup.errors import YourCommand
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.evidence import Document, Figures
from joinedup.governance.history import State, fold
from joinedup.governance.tracker import Item, Tracker
from joinedup.governance.writing import write_xlsx

HEADINGS = {
    "status": "Status",
    "answer": "Accepted",
    "response": "Response",
    "responded_on": "Responded on",
    "reasons": "Reasons",
    "actions": "Actions",
    "evidence": "Evidence",
}
_START = (
    "No",
    "Topic",
    "Recommendation or information request",
    "Meeting",
    "To whom",
    "Due",
    "Response",
    "Accepted",
    "Actions",
    "Linked measures",
    "Evidence",
    "Status",
    "Data held",
)


def workbook_of(tracker: Tracker) -> Workbook:
    """The workbook with what has happened since it was imported."""
    book = tracker.workbook
    for name, layout in tracker.layouts.items():
        sheet, columns = book.sheet(name), dict(layout.columns)
        for item in (item for item in tracker.items if item.sheet == name):
            for field, value in _changes(item).items():
                if field not in columns:
                    columns[field] = sheet.width
                    sheet = sheet.with_value(layout.row, columns[field], HEADINGS[field])
                sheet = sheet.with_value(item.row, columns[field], value)
        book = book.with_sheet(sheet)
    return book


def export_tracker(tracker: Tracker, kind: str, sheet: str | None = None) -> bytes:
    """The tracker as `.xlsx`, or one sheet of it as `.csv`: that of the name, else the only one. Raises YourCommand."""
    book = workbook_of(tracker)
    if kind == ".xlsx":
        return write_xlsx(book)
    if kind != ".csv":
        raise YourCommand(f"A tracker is not written as {kind or 'that'}.", remedy="Write .xlsx or .csv.")
    return write_csv(book.sheet(sheet) if sheet else _only(book))


def source_workbook(topics: TopicList) -> Workbook:
    """A list of topics as a workbook to begin with: a row for each, blank rows as the source has them."""
    rows: list[tuple[Value, ...]] = [_START]
    for number, row in enumerate(topics.rows, 1):
        if row.blank:
            rows.append((float(number),))
            continue
        held = row.no_data_held or row.held_in_part
        said = f"No data held. {held}" if row.no_data_held else held
        rows.append(
            (float(number), row.title, *[None] * 7, ", ".join(row.measures) or None, None, None, said)
        )
    return Workbook((Sheet("Tracker", tuple(rows)),))


def _only(book: Workbook) -> Sheet:
    if len(book.sheets) != 1:
        names = ", ".join(sheet.name for sheet in book.sheets)
        raise YourCommand("CSV holds one sheet, and there are several.", remedy=f"Name one: {names}.")
    return book.sheets[0]


def _changes(item: Item) -> Mapping[str, Value]:
    if item.history is None or item.history.events == item.told:
        return {}
    before, now = _said(fold(item.told)), _said(item.history.state)
    return {name: value for name, value in now.items() if value != before[name]}


def _said(state: State) -> dict[str, Value]:
    answered = state.answered
    return {
        "status": str(state.status),
        "answer": (answered.answer or "").replace("_", " ") if answered else "",
        "response": answered.response if answered else "",
        "responded_on": answered.received_on if answered else None,
        "reasons": answered.reasons if answered else "",
        "actions": "\n".join(action.action for action in state.actions),
        "evidence": "\n".join(evidence_in_words(held.evidence) for held in state.accepted),
    }


def evidence_in_words(evidence: Figures | Document) -> str:
    """Evidence as a line: the released figures with their codes, or the document and where it is."""
    if isinstance(evidence, Document):
        return f"{evidence.title} ({evidence.where})"
    points = (
        f"{point.period}: {'hidden' if point.value is None else f'{point.value:g}'}"
        + (f" [{point.code}]" if point.code else "")
        for point in evidence.points
    )
    return f"{evidence.series.measure} at {evidence.series.place}: {', '.join(points)}"
