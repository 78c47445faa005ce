"""Forms out of files: .xlsx and .csv as sheets, .yaml as it stands; several forms may share a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from joinedup.errors import UnreadableFile
from joinedup.governance.cells import Sheet
from joinedup.governance.frameworks.findings import FormFinding
from joinedup.governance.frameworks.parts import FORMS, MARK, Cell, Form, FormKind, FormRow, Notes
from joinedup.governance.frameworks.yaml_files import plain_value, read_plain
from joinedup.governance.reading import file_content, read_bytes

Read = tuple[tuple[Form, ...], tuple[FormFinding, ...]]
_ANEW = "Begin with `joinedup framework show NAME --form FILE.xlsx`."
_KNOWN = (".xlsx", ".csv", ".yaml", ".yml")


def read_forms(path: Path) -> Read:
    """The forms of a file, and what was not understood. Raises UnreadableFile, UnsafeFile, MissingPart."""
    return forms_of(file_content(path), path.name)


def forms_of(content: bytes, name: str) -> Read:
    """The same of a file in memory; `name` says which kind of file it is."""
    notes = Notes(name)
    if not name.lower().endswith(_KNOWN):
        raise UnreadableFile("A form is .xlsx, .csv or .yaml.", file=name, remedy=_ANEW)
    if name.lower().endswith((".yaml", ".yml")):
        forms = tuple(_yaml_forms(read_plain(content, name), notes))
    else:
        book, found = read_bytes(content, name)
        kept = {"formula", "not-kept", "error-value", "not-a-number"}
        for one in (one for one in found if one.rule in kept):
            rule = "formula" if one.rule == "formula" else "not-kept"
            notes.found.append(
                FormFinding(name, _row(one.cell), f"{one.sheet}!{one.cell}", rule, one.remedy, one.text[:200])
            )
        read = (_sheet_form(sheet, notes, book.date_1904) for sheet in book.sheets)
        forms = tuple(form for form in read if form is not None)
    if not forms and not notes.found:
        notes.tell(Cell(None, 1, MARK), "no-form", _ANEW)
    return forms, tuple(notes.found)


def _row(cell: str) -> int:
    digits = "".join(letter for letter in cell if letter.isdigit())
    return int(digits[:7]) if digits else 0


def _sheet_form(sheet: Sheet, notes: Notes, date_1904: bool) -> Form | None:
    """The form of a sheet; None for a sheet that does not begin with one, such as the texts of the levels."""
    mark = Cell(sheet.at(0, 0), 1, MARK)
    if mark.text.casefold() != MARK.casefold():
        return None
    kind = _kind(Cell(sheet.at(0, 1), 1, MARK), notes)
    if kind is None:
        return None
    head, begin = _sheet_head(sheet, kind, notes)
    columns = _sheet_columns(sheet, begin, kind, notes)
    if columns is None:
        return None
    rows = []
    for at in range(begin + 1, len(sheet.rows)):
        cells = {
            name: Cell(sheet.seen_at(at, column), at + 1, kind.columns[name])
            for name, column in columns.items()
        }
        if any(cell.text for cell in cells.values()):
            rows.append(FormRow(at + 1, cells))
    return Form(kind, notes.file, head, tuple(rows), date_1904)


def _kind(cell: Cell, notes: Notes) -> FormKind | None:
    said = cell.text.casefold()
    found = next((form for form in FORMS.values() if said in (form.name, form.title.casefold())), None)
    if found is None:
        notes.tell(cell, "no-form", f"Write one of {', '.join(FORMS)}.")
    return found


def _sheet_head(sheet: Sheet, kind: FormKind, notes: Notes) -> tuple[dict[str, Cell], int]:
    """Lines under the mark up to a blank row; and the row of the headings, counted from 0."""
    head: dict[str, Cell] = {}
    at = 1
    while at < len(sheet.rows) and Cell(sheet.at(at, 0), at, "").text:
        label = Cell(sheet.at(at, 0), at + 1, MARK)
        name = next(
            (key for key, title in kind.head.items() if title.casefold() == label.text.casefold()), None
        )
        if name is None or name in head:
            notes.tell(label, "unknown-head", f"The head has: {', '.join(kind.head.values())}.")
        else:
            head[name] = Cell(sheet.at(at, 1), at + 1, label.text)
        at += 1
    while at < len(sheet.rows) and not any(Cell(value, at, "").text for value in sheet.rows[at]):
        at += 1
    return head, at


def _sheet_columns(sheet: Sheet, at: int, kind: FormKind, notes: Notes) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    for column in range(sheet.width):
        cell = Cell(sheet.at(at, column), at + 1, "headings")
        if not cell.text:
            continue
        name = next(
            (key for key, title in kind.columns.items() if title.casefold() == cell.text.casefold()), None
        )
        if name is None:
            notes.tell(cell, "unknown-column", f"The form has: {', '.join(kind.columns.values())}.")
        elif name in columns:
            notes.tell(cell, "column-twice", "Remove one of the two.")
        else:
            columns[name] = column
    return columns if _has_needed(columns, kind, notes, at + 1) else None


def _has_needed(columns: Iterable[str], kind: FormKind, notes: Notes, row: int) -> bool:
    missing = [name for name in kind.needs if name not in set(columns)]
    for name in missing:
        notes.tell(Cell(None, row, kind.columns[name]), "column-missing", _ANEW)
    return not missing


def _yaml_forms(content: Any, notes: Notes) -> Iterator[Form]:
    """`forms:`, a list; each with `form`, its head, and `rows`. A row of a finding is its place in that list."""
    listed = content.get("forms") if isinstance(content, Mapping) else None
    if not isinstance(listed, list):
        notes.tell(Cell(None, 0, "forms"), "no-form", "Write `forms:` and under it a list.")
        return
    for number, one in enumerate(listed, 1):
        if not isinstance(one, Mapping) or not isinstance(one.get("rows"), list):
            notes.tell(Cell(None, number, "rows"), "no-form", "Write `form:`, its head, and `rows:`, a list.")
            continue
        kind = _kind(Cell(str(one.get("form", ""))[:60], number, "form"), notes)
        if kind is not None:
            yield _yaml_form(one, kind, notes)


def _yaml_form(one: Mapping[Any, Any], kind: FormKind, notes: Notes) -> Form:
    head = _yaml_cells(
        {key: value for key, value in one.items() if key not in ("form", "rows")},
        0,
        kind.head,
        notes,
        "unknown-head",
    )
    rows = []
    for number, row in enumerate(one["rows"], 1):
        if not isinstance(row, Mapping):
            notes.tell(Cell(None, number, "rows"), "unreadable-row", "Write each row as fields and values.")
            continue
        cells = _yaml_cells(row, number, kind.columns, notes, "unknown-column")
        if any(cell.text for cell in cells.values()):
            rows.append(FormRow(number, cells))
    return Form(kind, notes.file, head, tuple(rows))


def _yaml_cells(
    found: Mapping[Any, Any], row: int, known: Mapping[str, str], notes: Notes, rule: str
) -> dict[str, Cell]:
    cells = {}
    for key, value in found.items():
        name = str(key)[:60]
        if name not in known:
            notes.tell(Cell(None, row, name), rule, f"It has: {', '.join(known)}.")
            continue
        try:
            cells[name] = Cell(plain_value(value), row, name)
        except ValueError:
            notes.tell(Cell(None, row, name), "unreadable-row", "Write one text, number or day.")
    return cells
