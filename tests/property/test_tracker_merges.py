"""A newer file merged into a tracker, at random: nothing is dropped, nothing is taken unasked, histories only grow."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.governance.cells import Sheet, Value, Workbook, text_of
from joinedup.governance.events import ActionTaken, Answered, ClaimedDone, Event
from joinedup.governance.exporting import export_tracker, workbook_of
from joinedup.governance.importing import import_bytes, tracker_of
from joinedup.governance.merging import Merge, kept_rows, merged, reckon
from joinedup.governance.tracker import Source, Tracker
from tests.eighths import examples

FIRST, LATER = date(2025, 12, 1), date(2026, 2, 1)
HEAD = ("Ref", "Topic", "Recommendation", "Meeting", "Response", "Accepted", "Actions", "Status", "Colour")
FEW = settings(max_examples=examples(75), deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROW = st.tuples(
    st.sampled_from([None, 1.0, 2.0, 3.0, "R4", "R5"]),
    st.sampled_from([None, "Acute beds", "Maternity"]),
    st.sampled_from([None, "Halve the wait.", "Say how many.", "Publish the plan.", "publish  the PLAN."]),
    st.sampled_from([None, date(2025, 11, 18), "18/11/2025", date(2026, 1, 20)]),
    st.sampled_from([None, "We shall.", "We have."]),
    st.sampled_from([None, "Yes", "No"]),
    st.sampled_from([None, "A plan is written.", "A plan is written.\nIt is out."]),
    st.sampled_from([None, "Open", "Complete", "purple"]),
    st.sampled_from([None, "blue", "green"]),
)
ROWS = st.lists(ROW, max_size=7)
EVENTS = st.lists(
    st.sampled_from(
        [
            Answered(on=FIRST, by="officer", why="letter", answer="accepted", response="We will."),
            ActionTaken(on=FIRST, by="officer", why="minuted", action="A board was set up."),
            ClaimedDone(on=FIRST, by="officer", why="said in the meeting", said="done"),
        ]
    ),
    max_size=3,
)


def tracker(rows: list[tuple[Value, ...]], on: date = FIRST, head: tuple[str, ...] = HEAD) -> Tracker:
    book = Workbook((Sheet("Tracker", (("A title",), head, *rows)), Sheet("Notes", (("Ask the clerk",),))))
    return tracker_of(book, Source("council.xlsx", "0" * 64, on, "officer"))


def lived(found: Tracker, events: list[Event], row: int) -> Tracker:
    """The tracker after some events of one of its rows."""
    if not found.live:
        return found
    name = found.live[row % len(found.live)].id
    for event in events:
        found = found.recorded(name, event)
    return found


TRACKERS = st.builds(lived, st.builds(tracker, ROWS), EVENTS, st.integers(0, 6))
NEWER = st.builds(tracker, ROWS, st.just(LATER))


def goes_on(merge: Merge, after: Tracker) -> dict[str, Any]:
    """For each row of the old tracker the row that goes on with it."""
    rows = {pair.old.id: pair.new.id for pair in merge.pairs}
    rows |= {old: new for new, old in kept_rows(merge).items()}
    items = {item.id: item for item in after.items}
    return {old: items[new] for old, new in rows.items()}


@FEW
@given(TRACKERS)
def test_merging_what_was_exported_changes_nothing(old: Tracker) -> None:
    again = import_bytes(export_tracker(old, ".xlsx"), "council.xlsx", on=LATER, by="officer")
    merge = reckon(old, again)
    assert not merge.differences and not merge.added and not merge.missing and not merge.columns
    after = merged(merge, (), on=LATER, by="officer")
    assert workbook_of(after) == workbook_of(old)
    before = {item.id: item.history for item in old.items}
    assert {item.id: item.history for item in after.items} == before


@FEW
@given(TRACKERS, NEWER, st.booleans())
def test_no_row_is_dropped_and_no_history_is_shortened(old: Tracker, new: Tracker, take: bool) -> None:
    merge = reckon(old, new)
    after = merged(merge, merge.names if take else (), on=LATER, by="officer")
    rows = goes_on(merge, after)
    assert set(rows) == {item.id for item in old.items} and len({id(one) for one in rows.values()}) == len(
        rows
    )
    for item in old.items:
        if item.history is not None:
            history = rows[item.id].history
            assert history is not None
            assert history.events[: len(item.history.events)] == item.history.events
    assert len(after.items) == len(new.items) + len(merge.missing)
    added = {item.id for item in merge.added}
    assert added <= {item.id for item in after.live}
    assert Tracker.from_json(after.to_json()) == after


@FEW
@given(TRACKERS, NEWER)
def test_what_nobody_took_stays_as_the_tracker_had_it(old: Tracker, new: Tracker) -> None:
    merge = reckon(old, new)
    after = merged(merge, (), on=LATER, by="officer")
    for name, item in goes_on(merge, after).items():
        before = old.item(name).history
        if before is not None:
            assert item.history == before
    # and what the tracker said on export, it still says, wherever the row now stands
    before_it, now = workbook_of(old).sheet("Tracker"), workbook_of(after).sheet("Tracker")
    for name, item in goes_on(merge, after).items():
        if item.history is not None and old.item(name).history is not None:
            said, was = cells(now, item.row), cells(before_it, old.item(name).row)
            # the council's own word of a status stays where the file's answer says as much as the history
            assert said[7] in (was[7], cells(old.workbook.sheet("Tracker"), old.item(name).row)[7])
            assert [*said[:7], *said[8:]] == [*was[:7], *was[8:]]


@FEW
@given(TRACKERS, NEWER)
def test_every_cell_that_says_otherwise_is_told_or_was_changed_here_alone(old: Tracker, new: Tracker) -> None:
    merge = reckon(old, new)
    out, told = workbook_of(old).sheet("Tracker"), {one.cell for one in merge.differences}
    for pair in merge.pairs:
        for column in range(len(HEAD)):
            theirs = text_of(new.workbook.sheet("Tracker").at(pair.new.row, column)).strip()
            ours = text_of(out.at(pair.old.row, column)).strip()
            base = text_of(old.workbook.sheet("Tracker").at(pair.old.row, column)).strip()
            cell = f"Tracker!{'ABCDEFGHI'[column]}{pair.new.row + 1}"
            assert (cell in told) == (theirs not in (ours, base))


@FEW
@given(TRACKERS, NEWER)
def test_taking_all_makes_the_tracker_say_what_the_file_says(old: Tracker, new: Tracker) -> None:
    merge = reckon(old, new)
    after = merged(merge, merge.names, on=LATER, by="officer")
    again = reckon(after, new)
    pairs = {(pair.old.row, pair.new.row) for pair in again.pairs}
    assert pairs >= {(pair.new.row, pair.new.row) for pair in merge.pairs}
    refused = {one.cell for one in merge.differences if one.refused}
    assert {one.cell for one in again.differences if not one.both} <= refused


@given(ROWS, st.randoms(use_true_random=False))
@FEW
def test_rows_that_moved_are_found_again(rows: list[tuple[Value, ...]], random: Any) -> None:
    numbered = [(float(100 + number), *row[1:]) for number, row in enumerate(rows)]
    old, moved = tracker(numbered), list(numbered)
    random.shuffle(moved)
    merge = reckon(old, tracker(moved, LATER))
    assert not merge.differences and not merge.missing and not merge.added


def cells(sheet: Sheet, row: int) -> list[str]:
    return [" ".join(text_of(sheet.at(row, column)).split()) for column in range(len(HEAD))]
