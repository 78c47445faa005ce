"""Where the headings of a tracker stand on a sheet, and what each of its columns means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joinedup.definitions.scrutiny import TrackerColumns
from joinedup.governance.cells import Sheet, Value, cell_name, text_of
from joinedup.governance.findings import Finding

_LOOKED_AT = 30
"""Rows among which the headings are looked for: titles and notes stand above them."""


@dataclass(frozen=True)
class Layout:
    """The row of the headings, counted from 0, and the column of each field that was recognised."""

    row: int
    columns: Mapping[str, int]

    def value(self, sheet: Sheet, row: int, field: str) -> Value:
        """What a reader sees in that field of a row: merged cells count for every row they span."""
        return sheet.seen_at(row, self.columns[field]) if field in self.columns else None

    def text(self, sheet: Sheet, row: int, field: str) -> str:
        """The same as text, without spaces at the ends."""
        return text_of(self.value(sheet, row, field)).strip()

    def cell(self, row: int, field: str) -> str:
        """The name of the cell, or of the row's first where there is no such column."""
        return cell_name(row, self.columns.get(field, 0))


def layout_of(sheet: Sheet, known: TrackerColumns) -> Layout | None:
    """The layout of a sheet, or None where it has no headings of a tracker."""
    best: Layout | None = None
    for row, cells in enumerate(sheet.rows[:_LOOKED_AT]):
        fields: dict[str, int] = {}
        for column, value in enumerate(cells):
            field = _field(value, known)
            if field is not None:
                fields.setdefault(field, column)
        enough = len(fields) >= 2 or (len(fields) == 1 and sheet.width == 1)
        if (
            enough
            and set(fields) & set(known.needs_one_of)
            and len(fields) > (len(best.columns) if best else 0)
        ):
            best = Layout(row, fields)
    return best


def headings_found(sheet: Sheet, layout: Layout, known: TrackerColumns) -> Iterator[Finding]:
    """What is to be told of the headings: those that are not known, and those of which there are two."""
    for column in range(sheet.width):
        heading = sheet.at(layout.row, column)
        field = _field(heading, known)
        name = cell_name(layout.row, column)
        if field is not None and layout.columns[field] != column:
            yield Finding(
                sheet.name,
                name,
                "heading-twice",
                "Rename the one that means something else.",
                text_of(heading),
            )
        elif field is None and any(
            sheet.at(row, column) is not None for row in range(layout.row, len(sheet.rows))
        ):
            yield Finding(
                sheet.name,
                name,
                "unknown-column",
                "Nothing to do; rename it to have it read.",
                text_of(heading),
            )


def _field(heading: Value, known: TrackerColumns) -> str | None:
    """Only a text is a heading: a cell that holds FALSE is no column called No."""
    return known.field_of(heading) if isinstance(heading, str) else None
