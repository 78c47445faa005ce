"""A committee's tracker: its workbook as it came, and the history of each row. It is kept as JSON.

The workbook is never changed: what has happened since is in the histories, and goes into the cells on export.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from joinedup.definitions.scrutiny import TopicList, TopicRow
from joinedup.errors import JoinedupError, UnknownName, YourCommand, YourData
from joinedup.governance.cells import Area, Sheet, Workbook, from_json, to_json
from joinedup.governance.columns import Layout
from joinedup.governance.events import Event, event_from
from joinedup.governance.findings import Finding
from joinedup.governance.history import History

FORMAT = "joinedup tracker 1"
_REMEDY = "Take the file as joinedup wrote it, or import the workbook again."


@dataclass(frozen=True)
class Item:
    """One row of the tracker: where it stands (row counted from 0) and its history; a blank row has none.

    `imported` is how many events the import made; what came after is what people did since. `read` is what the newest
    file said of the row, where the history began with an earlier one (see `merging`).
    """

    sheet: str
    row: int
    history: History | None
    imported: int = 0
    read: tuple[Event, ...] = ()

    @property
    def id(self) -> str:
        """How it is named in commands: `Tracker!7`, sheet and row as the spreadsheet shows them."""
        return f"{self.sheet}!{self.row + 1}"

    @property
    def told(self) -> tuple[Event, ...]:
        """What the newest file says of the row, as events."""
        return self.read or (self.history.events[: self.imported] if self.history else ())

    @property
    def blank(self) -> bool:
        """A row without topic and text, kept for a person to look at."""
        return self.history is None


@dataclass(frozen=True)
class Source:
    """The file that was imported: its name, its sha256, when and by which role."""

    file: str
    sha256: str
    on: date
    by: str


@dataclass(frozen=True)
class Tracker:
    """Workbook, layout of each sheet that is a tracker, rows with their histories, and what the import found."""

    source: Source
    workbook: Workbook
    layouts: Mapping[str, Layout]
    items: tuple[Item, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def live(self) -> tuple[Item, ...]:
        """Rows that are recommendations or requests."""
        return tuple(item for item in self.items if not item.blank)

    @property
    def topics(self) -> tuple[str, ...]:
        """The different topics in the order of the rows."""
        found = (item.history.state.raised.topic for item in self.items if item.history)
        return tuple(dict.fromkeys(topic for topic in found if topic))

    def item(self, name: str) -> Item:
        """The row of that id. Raises UnknownName."""
        for item in self.items:
            if item.id == name:
                return item
        raise UnknownName(f"There is no row {name!r}.", remedy="Name sheet and row, as in Tracker!7.")

    def recorded(self, name: str, event: Event) -> Tracker:
        """The tracker with one more event of a row. Raises UnknownName, YourCommand."""
        item = self.item(name)
        if item.history is None:
            raise YourCommand(
                "This is a blank row.", remedy="Write its topic or text in the workbook, and import that."
            )
        changed = replace(item, history=item.history.recorded(event))
        return replace(self, items=tuple(changed if found is item else found for found in self.items))

    def of_topic(self, topic: TopicRow) -> tuple[Item, ...]:
        """The rows of a topic of a list."""
        return tuple(
            item for item in self.items if item.history and _is(item.history.state.raised.topic, topic)
        )

    def to_json(self) -> str:
        """The whole tracker as JSON, with a seal for each event."""
        about = {
            "file": self.source.file,
            "sha256": self.source.sha256,
            "on": str(self.source.on),
            "by": self.source.by,
        }
        kept = {
            "format": FORMAT,
            "source": about,
            "workbook": book_kept(self.workbook),
            "layouts": {
                name: {"row": layout.row, "columns": dict(layout.columns)}
                for name, layout in self.layouts.items()
            },
            "items": [_kept_item(item) for item in self.items],
            "findings": [[f.sheet, f.cell, f.rule, f.remedy, f.text] for f in self.findings],
        }
        return json.dumps(kept, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, name: str = "tracker") -> Tracker:
        """The tracker of `to_json`. Raises YourData where it is another file, or a history was altered."""
        try:
            kept = json.loads(text)
            if kept["format"] != FORMAT:
                raise ValueError(kept["format"])
            return cls(
                Source(**{**kept["source"], "on": date.fromisoformat(kept["source"]["on"])}),
                book_from(kept["workbook"]),
                {sheet: Layout(found["row"], found["columns"]) for sheet, found in kept["layouts"].items()},
                tuple(_item(found, name) for found in kept["items"]),
                tuple(Finding(*found) for found in kept["findings"]),
            )
        except JoinedupError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise YourData("This is no tracker of joinedup.", file=name, remedy=_REMEDY) from error


def _is(title: str, topic: TopicRow) -> bool:
    try:
        return TopicList.load().topic(title).slug == topic.slug
    except UnknownName:
        return title.casefold() == topic.title.casefold()


def book_kept(book: Workbook) -> dict[str, Any]:
    """A workbook as JSON keeps it."""
    sheets = [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "merged": [[area.top, area.left, area.bottom, area.right] for area in sheet.merged],
            "rows": [[to_json(value) for value in row] for row in sheet.rows],
        }
        for sheet in book.sheets
    ]
    return {"date_1904": book.date_1904, "sheets": sheets}


def book_from(kept: Mapping[str, Any]) -> Workbook:
    """The workbook of `book_kept`."""
    sheets = (
        Sheet(
            str(found["name"]),
            tuple(tuple(from_json(value) for value in row) for row in found["rows"]),
            tuple(Area(*area) for area in found["merged"]),
            bool(found["hidden"]),
        )
        for found in kept["sheets"]
    )
    return Workbook(tuple(sheets), bool(kept["date_1904"]))


def _kept_item(item: Item) -> dict[str, Any]:
    events = [event.model_dump(mode="json") for event in item.history.events] if item.history else []
    seals = list(item.history.seals) if item.history else []
    kept = {"sheet": item.sheet, "row": item.row, "imported": item.imported, "events": events, "seals": seals}
    return {**kept, "read": [event.model_dump(mode="json") for event in item.read]} if item.read else kept


def _item(kept: Mapping[str, Any], name: str) -> Item:
    events = tuple(event_from(event) for event in kept["events"])
    read = tuple(event_from(event) for event in kept.get("read", ()))
    item = Item(kept["sheet"], kept["row"], History(events) if events else None, kept["imported"], read)
    if list(item.history.seals if item.history else ()) != kept["seals"]:
        raise YourData(
            f"The history of {item.id} was altered after it was recorded.",
            file=name,
            row=item.row + 1,
            remedy="Take the file from a backup.",
        )
    return item
