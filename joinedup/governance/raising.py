"""Adds one row to a tracker by hand: cells under the council's own headings, and a history that begins with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from joinedup.errors import YourCommand
from joinedup.governance.cells import Value
from joinedup.governance.events import Raised
from joinedup.governance.history import History
from joinedup.governance.tracker import Item, Tracker


def with_row(tracker: Tracker, raised: Raised) -> tuple[Tracker, Item]:
    """The tracker with a new last row that says what was raised, and that row. Its sheet is the first with headings.

    Raises YourCommand where no sheet has a column for the text.
    """
    name = next((name for name, layout in tracker.layouts.items() if "text" in layout.columns), None)
    if name is None:
        raise YourCommand(
            "The tracker has no column for recommendations.",
            remedy="Add one, such as Recommendation, and bring that in.",
        )
    sheet, layout = tracker.workbook.sheet(name), tracker.layouts[name]
    row = max([len(sheet.rows), *(item.row + 1 for item in tracker.items if item.sheet == name)])
    for field, value in _cells(raised).items():
        if field in layout.columns and value:
            sheet = sheet.with_value(row, layout.columns[field], value)
    item = Item(name, row, History((raised,)), imported=1)
    changed = replace(tracker, workbook=tracker.workbook.with_sheet(sheet), items=(*tracker.items, item))
    return changed, item


def _cells(raised: Raised) -> Mapping[str, Value]:
    return {
        "topic": raised.topic, "text": raised.text, "meeting": raised.meeting, "to_whom": raised.to_whom,
        "asked_on": raised.asked_on, "due": raised.due, "measures": ", ".join(raised.measures),
    }  # fmt: skip
