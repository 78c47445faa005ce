"""A row added by hand: cells under the council's own headings, a history that begins with it, nothing else moved."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.errors import YourCommand
from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.events import Raised
from joinedup.governance.exporting import workbook_of
from joinedup.governance.history import Status
from joinedup.governance.importing import tracker_of
from joinedup.governance.raising import with_row
from joinedup.governance.tracker import Source, Tracker

DAY = date(2026, 1, 20)
HEAD = ("Ref", "Topic", "Recommendation", "To whom", "Due", "Our colour")
ROW = ("R1", "Beds", "Publish how many beds are open.", "CNWL", None, "blue")
RAISED = Raised(
    on=DAY, by="council scrutiny officer", why="as minuted", kind="recommendation", text="Ten more beds.",
    topic="Beds", to_whom="A trust", due=date(2026, 6, 30), due_by="as promised",
)  # fmt: skip


def tracker(head: tuple[str, ...] = HEAD) -> Tracker:
    book = Workbook((Sheet("Notes", (("A note",),)), Sheet("Tracker", (head, ROW))))
    return tracker_of(book, Source("a.xlsx", "0" * 64, DAY, "council scrutiny officer"))


def test_the_row_stands_last_and_nothing_else_changed() -> None:
    before = tracker()
    after, item = with_row(before, RAISED)
    assert item.id == "Tracker!3" and item.history is not None
    assert item.history.state.status is Status.AWAITING_RESPONSE
    rows = workbook_of(after).sheet("Tracker").rows
    assert rows[:2] == before.workbook.sheet("Tracker").rows
    assert rows[2] == (None, "Beds", "Ten more beds.", "A trust", date(2026, 6, 30))
    assert after.items[:-1] == before.items and after.workbook.sheets[0] == before.workbook.sheets[0]


def test_a_tracker_without_a_column_for_the_text_takes_none() -> None:
    with pytest.raises(YourCommand, match="no column for recommendations"):
        with_row(tracker(("Ref", "Topic", "Mine", "To whom", "Due", "Our colour")), RAISED)
