"""A newer file of a committee's tracker, merged into the tracker that is there: nothing is dropped without being told.

What the file says otherwise than both the last file and the tracker is a difference, and a person takes it or does not.
What has happened in the tracker stays in the histories and goes into the cells on export, as it always does. Rows,
columns and sheets that the file lacks are kept, and listed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from joinedup.definitions.scrutiny import TrackerColumns
from joinedup.errors import YourData
from joinedup.governance.cells import Sheet, Value, Workbook, cell_name, text_of
from joinedup.governance.columns import Layout, layout_of
from joinedup.governance.events import ActionTaken, Amended, Answered, Asked, ClaimedDone, Event
from joinedup.governance.exporting import workbook_of
from joinedup.governance.history import MAY_FOLLOW, History, State
from joinedup.governance.importing import tracker_of
from joinedup.governance.matching import Pair, paired
from joinedup.governance.tracker import Item, Tracker

ANSWERS = {"answer": "answer", "response": "response", "responded_on": "received_on", "reasons": "reasons"}
"""Field of the sheet -> what it is of an answer."""
RAISED: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "due", "due_by"), "topic": ("topic", "measures"), "text": ("text", "due", "due_by"),
    "meeting": ("meeting", "due", "due_by"), "to_whom": ("to_whom",), "asked_on": ("asked_on", "due", "due_by"),
    "due": ("due", "due_by"), "measures": ("measures",),
}  # fmt: skip
"""Field of the sheet -> what of a recommendation follows from it."""


@dataclass(frozen=True)
class Difference:
    """One cell of the newer file that says otherwise. `both`: the tracker changed it too since the last file.

    `refused` says why the history cannot take it; empty where a person may take it or not.
    """

    row: str
    cell: str
    heading: str
    field: str
    before: Value
    after: Value
    both: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Merge:
    """What merging comes to. `differences` have the cell of the newer file as their name; `missing` are rows of the
    tracker that the file lacks, and `columns` and `sheets` what else it lacks: all are kept."""

    old: Tracker
    new: Tracker
    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]
    added: tuple[Item, ...]
    missing: tuple[Item, ...]
    columns: tuple[tuple[str, str], ...]
    sheets: tuple[str, ...]
    out: Workbook = field(repr=False)

    @property
    def doubtful(self) -> tuple[Pair, ...]:
        """Pairs by number alone, with other words: a person says whether they are one row."""
        return tuple(pair for pair in self.pairs if pair.doubtful)

    @property
    def seal(self) -> str:
        """A sha256 over what a person is shown: another one, and the tracker or the file has changed since."""
        shown = [astuple(one) for one in self.differences]
        rows = [(pair.old.id, pair.new.id, pair.doubtful) for pair in self.pairs]
        text = repr((shown, rows, self.columns, self.sheets, [item.id for item in self.missing]))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def names(self) -> frozenset[str]:
        """The differences that a person may take, by cell."""
        return frozenset(one.cell for one in self.differences if not one.refused)


def reckon(old: Tracker, new: Tracker, apart: Collection[str] = ()) -> Merge:
    """What the newer file `new` says otherwise than the tracker `old`. Pure: neither changes.

    `apart` names rows of the newer file, by id, that are not those that their number alone names. Raises YourData where
    the file holds no tracker.
    """
    if not new.layouts:
        raise YourData(
            "The file holds no tracker.",
            file=new.source.file,
            remedy="Give one of its sheets a row of headings, such as Topic and Recommendation.",
        )
    pairs, out = paired(old, new, apart), workbook_of(old)
    olds, news = {pair.old.id for pair in pairs}, {pair.new.id for pair in pairs}
    reader = _Reader(old, new, out)
    return Merge(
        old, new, pairs,
        tuple(one for pair in pairs for one in reader.differences(pair)),
        tuple(item for item in new.items if item.id not in news and not item.blank),
        tuple(item for item in old.items if item.id not in olds),
        tuple(_columns_gone(old, new, pairs)),
        tuple(sheet.name for sheet in old.workbook.sheets if _gone(sheet, old, new)),
        out,
    )  # fmt: skip


def merged(
    merge: Merge,
    taken: Collection[str],
    *,
    on: date,
    by: str,
    meeting: date | None = None,
    committee: str = "",
) -> Tracker:
    """The tracker with the newer file's workbook, in which every difference that is not in `taken` (by cell) stays as
    the tracker had it. Each history goes on; none is shortened. `meeting` and `committee` are those with which the
    newer file was imported. Raises YourCommand where `on` lies before an event.
    """
    taken = frozenset(taken) & merge.names
    book, kept = _book(merge, taken)
    source = replace(merge.new.source, on=on, by=by)
    again = partial(tracker_of, meeting=meeting, committee=committee)
    known = again(merge.new.workbook, merge.new.source).findings
    found = tuple(one for one in merge.new.findings if one not in known)
    read = again(book, source, found=found)
    before = {pair.new.id: pair.old for pair in merge.pairs} | kept
    fields = _fields(merge, taken)
    items = (
        _item(item, before.get(item.id), fields.get(item.id, frozenset()), source.file) for item in read.items
    )
    return replace(read, items=tuple(items))


def kept_rows(merge: Merge) -> dict[str, str]:
    """Rows that the newer file lacks, by where they stand once merged -> by where they stood."""
    return {name: item.id for name, item in _book(merge, frozenset())[1].items()}


def _gone(sheet: Sheet, old: Tracker, new: Tracker) -> bool:
    there = {found.name for found in new.workbook.sheets}
    return bool(sheet.rows) and sheet.name not in there and sheet.name not in old.layouts


class _Reader:
    """Reads what is different in a pair of rows; columns are looked up once a pair of sheets."""

    def __init__(self, old: Tracker, new: Tracker, out: Workbook) -> None:
        self._old, self._new, self._out, known = old, new, out, TrackerColumns.load()
        self._layouts = {name: layout_of(out.sheet(name), known) or old.layouts[name] for name in old.layouts}
        self._same: dict[tuple[str, str], dict[int, int]] = {}

    def differences(self, pair: Pair) -> Iterator[Difference]:
        sheet, layout = self._new.workbook.sheet(pair.new.sheet), self._new.layouts[pair.new.sheet]
        then, now = self._old.workbook.sheet(pair.old.sheet), self._out.sheet(pair.old.sheet)
        fields = {column: name for name, column in layout.columns.items()}
        for column, before in self._columns(pair.old.sheet, pair.new.sheet).items():
            base, ours = then.seen_at(pair.old.row, before), now.seen_at(pair.old.row, before)
            theirs = sheet.seen_at(pair.new.row, column)
            if _same(theirs, ours) or _same(theirs, base):
                continue
            name = fields.get(column, "")
            yield Difference(
                pair.old.id, f"{sheet.name}!{cell_name(pair.new.row, column)}",
                text_of(sheet.at(layout.row, column)), name, ours, theirs, not _same(ours, base),
                _refused(pair, name),
            )  # fmt: skip

    def _columns(self, old: str, new: str) -> dict[int, int]:
        if (old, new) not in self._same:
            sheets = (
                (self._out.sheet(old), self._layouts[old]),
                (
                    self._new.workbook.sheet(new),
                    self._new.layouts[new],
                ),
            )
            self._same[old, new] = _same_columns(*sheets[0], *sheets[1])
        return self._same[old, new]


def _same_columns(old: Sheet, before: Layout, new: Sheet, after: Layout) -> dict[int, int]:
    """Column of the new sheet -> the same of the old one: by what it means, else by its heading."""
    known = {after.columns[name]: before.columns[name] for name in after.columns if name in before.columns}
    theirs, ours = _own(new, after), _own(old, before)
    return {**known, **{theirs[name]: ours[name] for name in theirs if name in ours}}


def _own(sheet: Sheet, layout: Layout) -> dict[tuple[str, int], int]:
    """The council's own columns by heading, and which of that heading: headings may be there twice, or be empty."""
    found: dict[tuple[str, int], int] = {}
    for column in range(sheet.width):
        if column not in layout.columns.values():
            heading = text_of(sheet.at(layout.row, column)).strip().casefold()
            times = sum(one == heading for one, _ in found)
            found[heading, times] = column
    return found


def _same(one: Value, other: Value) -> bool:
    """Whether people read the same: a day and the text of that day are."""
    return text_of(one).strip() == text_of(other).strip()


def _refused(pair: Pair, name: str) -> str:
    """Why the history of a row cannot take a change of that field; empty where it can, or where it is no part of it."""
    history = pair.old.history
    if history is None:
        return ""
    event: type[Event] | None = Answered if name in ANSWERS else Amended if name in RAISED else None
    event = ActionTaken if name == "actions" else event
    status = history.state.status
    if event is None or status in MAY_FOLLOW[event]:
        return ""
    return f"It is {status}, and its history takes no such change."


def _columns_gone(old: Tracker, new: Tracker, pairs: tuple[Pair, ...]) -> Iterator[tuple[str, str]]:
    """Sheet and heading of the old columns that hold something and that the newer file lacks."""
    homes = _homes(old, new, pairs)
    for name, layout in old.layouts.items():
        sheet, home = old.workbook.sheet(name), homes[name]
        there = set(_same_columns(sheet, layout, new.workbook.sheet(home), new.layouts[home]).values())
        rows = range(layout.row + 1, len(sheet.rows))
        for column in range(sheet.width):
            if column not in there and any(sheet.at(row, column) is not None for row in rows):
                yield name, text_of(sheet.at(layout.row, column))


def _homes(old: Tracker, new: Tracker, pairs: tuple[Pair, ...]) -> dict[str, str]:
    """For each sheet of the tracker the sheet of the newer file that goes on with it."""
    moved = {pair.old.sheet: pair.new.sheet for pair in reversed(pairs)}
    first = next(iter(new.layouts))
    return {name: name if name in new.layouts else moved.get(name, first) for name in old.layouts}


def _book(merge: Merge, taken: frozenset[str]) -> tuple[Workbook, dict[str, Item]]:
    """The newer workbook with what is not taken as it was, and with all that it lacks; and the rows added for that."""
    book, homes = merge.new.workbook, _homes(merge.old, merge.new, merge.pairs)
    cells = {
        f"{pair.new.sheet}!{cell_name(pair.new.row, column)}": (pair.new.sheet, pair.new.row, column)
        for pair in merge.pairs
        for column in range(book.sheet(pair.new.sheet).width)
    }
    for one in merge.differences:
        if one.cell not in taken:
            name, row, column = cells[one.cell]
            book = book.with_sheet(book.sheet(name).with_value(row, column, one.before))
    kept: dict[str, Item] = {}
    for name, home in homes.items():
        sheet, made = _with_kept(merge, name, book.sheet(home), merge.new.layouts[home])
        book, kept = book.with_sheet(sheet), kept | made
    gone = tuple(sheet for sheet in merge.old.workbook.sheets if sheet.name in merge.sheets)
    return replace(book, sheets=(*book.sheets, *gone)), kept


def _with_kept(merge: Merge, name: str, sheet: Sheet, layout: Layout) -> tuple[Sheet, dict[str, Item]]:
    """A sheet with the columns and rows of one of the tracker's sheets that it lacks."""
    old, before = merge.old.workbook.sheet(name), merge.old.layouts[name]
    columns = {ours: theirs for theirs, ours in _same_columns(old, before, sheet, layout).items()}
    for heading_sheet, heading in merge.columns:
        if heading_sheet == name:
            ours = _column(old, before, heading, columns)
            columns[ours] = sheet.width
            sheet = sheet.with_value(layout.row, sheet.width, old.at(before.row, ours))
            for pair in merge.pairs:
                if pair.old.sheet == name and pair.new.sheet == sheet.name:
                    value = old.seen_at(pair.old.row, ours)
                    sheet = (
                        sheet.with_value(pair.new.row, columns[ours], value) if value is not None else sheet
                    )
    kept: dict[str, Item] = {}
    for item in (item for item in merge.missing if item.sheet == name):
        row = len(sheet.rows)
        for ours, theirs in columns.items():
            value = old.seen_at(item.row, ours)
            sheet = sheet.with_value(row, theirs, value) if value is not None else sheet
        if len(sheet.rows) == row:
            sheet = replace(sheet, rows=(*sheet.rows, ()))
        kept[f"{sheet.name}!{row + 1}"] = item
    return sheet, kept


def _column(sheet: Sheet, layout: Layout, heading: str, taken: Collection[int]) -> int:
    """The column of a heading that is not one of `taken`."""
    return next(
        column
        for column in range(sheet.width)
        if column not in taken and text_of(sheet.at(layout.row, column)) == heading
    )


def _fields(merge: Merge, taken: frozenset[str]) -> dict[str, frozenset[str]]:
    """For each row of the newer file (by id) the fields that a person took."""
    rows = {pair.old.id: pair.new.id for pair in merge.pairs}
    found: dict[str, frozenset[str]] = {}
    for one in merge.differences:
        if one.cell in taken:
            found[rows[one.row]] = found.get(rows[one.row], frozenset()) | {one.field}
    return found


def _item(read: Item, before: Item | None, changed: frozenset[str], file: str) -> Item:
    """The row as it was read, with the history it had and what the file adds to it."""
    if before is None or before.history is None or read.history is None:
        return replace(read, history=before.history, read=before.told) if before and before.history else read
    events = _added(before.history, read.history, changed, file)
    told = read.history.events
    return Item(
        read.sheet, read.row, History((*before.history.events, *events)), before.imported or len(told), told
    )


def _added(before: History, read: History, changed: frozenset[str], file: str) -> tuple[Event, ...]:
    """The events by which a history comes to say what a person took of the file."""
    state, now = before.state, read.state
    said: dict[str, Any] = {"on": now.raised.on, "by": now.raised.by, "why": f"Taken over from {file}."}
    events: list[Event] = []
    if names := _amends(changed, now):
        asked = {name: getattr(state.raised, name) for name in Asked.model_fields}
        events.append(Amended(**{**asked, **{name: getattr(now.raised, name) for name in names}, **said}))
    if changed & ANSWERS.keys() and now.answered is not None:
        before_it = state.answered.model_dump(exclude={"what"}) if state.answered else {}
        taken = {ANSWERS[one]: getattr(now.answered, ANSWERS[one]) for one in changed & ANSWERS.keys()}
        events.append(Answered(**{**before_it, **taken, **said}))
    if "actions" in changed and now.actions:
        told, there = now.actions[0].action, "\n".join(one.action for one in state.actions)
        more = told[len(there) :].strip() if there and told.startswith(f"{there}\n") else told
        events.append(ActionTaken(action=more or told, **said))
    done = next((one for one in read.events if isinstance(one, ClaimedDone)), None)
    if "status" in changed and done is not None and state.status in MAY_FOLLOW[ClaimedDone]:
        events.append(done.model_copy(update=said))
    return tuple(events)


def _amends(changed: frozenset[str], now: State) -> frozenset[str]:
    """What of a recommendation changes with fields of the sheet; a day due that stood stays where none follows."""
    names = {name for one in RAISED if one in changed for name in RAISED[one]}
    keeps = {"due", "due_by"} if now.raised.due is None and "due" not in changed else set()
    return frozenset(names - keeps)
