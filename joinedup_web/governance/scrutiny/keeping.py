"""Between the library's tracker and the rows that keep it: values in and out. An altered history is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from joinedup.errors import YourData
from joinedup.governance.columns import Layout
from joinedup.governance.events import event_from
from joinedup.governance.findings import Finding
from joinedup.governance.history import History
from joinedup.governance.tracker import Item, Source, Tracker, book_from, book_kept
from joinedup_web.governance.scrutiny import models

PLAIN = 200
"""Characters of a file's name that are kept."""


def contents(found: Tracker) -> dict[str, Any]:
    """What a row of trackers keeps of a tracker, beside its rows."""
    return {
        "file": found.source.file[-PLAIN:], "sha256": found.source.sha256, "imported_on": found.source.on,
        "imported_by": found.source.by, "book": book_kept(found.workbook), "findings": findings_kept(found.findings),
        "layouts": {
            name: {"row": layout.row, "columns": dict(layout.columns)} for name, layout in found.layouts.items()
        },
    }  # fmt: skip


def findings_kept(findings: Iterable[Finding]) -> list[list[str]]:
    """Findings as JSON keeps them."""
    return [[f.sheet, f.cell, f.rule, f.remedy, f.text] for f in findings]


def findings_of(kept: Iterable[Sequence[str]]) -> tuple[Finding, ...]:
    """The findings of `findings_kept`."""
    return tuple(Finding(*one) for one in kept)


def history_of(row: models.Row, steps: Iterable[models.Step]) -> History | None:
    """The history of a row from its steps in order; None for a blank row. Raises YourData where one was altered."""
    kept = list(steps)
    if not kept:
        return None
    history = History(tuple(event_from(step.event) for step in kept))
    numbered = [step.number for step in kept] == list(range(len(kept)))
    if not numbered or list(history.seals) != [step.seal for step in kept]:
        raise YourData(
            f"The history of {row} was altered after it was recorded.",
            remedy="Tell whoever runs joinedup: a backup has it as it was.",
        )
    return history


def item_of(row: models.Row, steps: Iterable[models.Step]) -> Item:
    """A row with its history as the library has it."""
    read = tuple(event_from(one) for one in row.read)
    return Item(row.sheet, row.number, history_of(row, steps), row.imported, read)


def tracker_of(kept: models.Tracker, items: Iterable[Item]) -> Tracker:
    """A tracker as the library has it."""
    return Tracker(
        Source(kept.file, kept.sha256, kept.imported_on, kept.imported_by),
        book_from(kept.book),
        {name: Layout(found["row"], found["columns"]) for name, found in kept.layouts.items()},
        tuple(items),
        findings_of(kept.findings),
    )


def steps_of(row: models.Row, history: History, person: str, before: int = 0) -> list[models.Step]:
    """Steps for the events of a history from the `before`-th on."""
    return [
        models.Step(
            row=row, place_id=row.place_id, number=number, what=event.what, event=event.model_dump(mode="json"),
            seal=seal, person=person,
        )
        for number, (event, seal) in enumerate(zip(history.events, history.seals, strict=True))
        if number >= before
    ]  # fmt: skip


def read_kept(item: Item) -> list[Mapping[str, Any]]:
    """What the newest file said of a row, as JSON keeps it."""
    return [event.model_dump(mode="json") for event in item.read]
