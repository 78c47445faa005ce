"""Notes on data points, as people wrote them: read, cleaned, and put beside the figure they are about.

The shape is that of the workspace's API (`/api/v1/notes`): `number` is the code of the figure, or `measure`, `place`
and `period` name it; `text`, `role`, `written_at`. A note says what the figure was when it was written in `figure`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from joinedup.errors import UnreadableFile, UnsafeFile, YourData

MOST_BYTES, MOST_NOTES, LONGEST = 5_000_000, 5_000, 500
"""A note of the workspace has 500 characters at most; longer ones are cut, with a mark."""
NAMES = {
    "number": ("number", "code"),
    "measure": ("measure", "measure_id"),
    "place": ("about_place", "place"),
    "period": ("period",),
    "group": ("group",),
    "text": ("text", "note_text"),
    "role": ("role", "by", "by role"),
    "written": ("date", "written_at", "written"),
    "figure": ("figure", "value"),
    "kind": ("kind",),
    "writer": ("place_name",),
}
JOINERS = ("\u200c", "\u200d")
REMEDY = (
    "A note has number (or measure, place and period), text, role and date: see docs/how-to/make-a-pack.md."
)


@dataclass(frozen=True)
class Note:
    """One note. `number` or measure, place and period say what it is about; `shared` is None where nobody said."""

    text: str
    number: str = ""
    measure: str = ""
    place: str = ""
    period: str = ""
    group: str = ""
    role: str = ""
    writer: str = ""
    written: str = ""
    figure: str = ""
    kind: str = ""
    shared: bool | None = None

    @property
    def who(self) -> str:
        """Role, organisation and day."""
        role = self.role.replace("_", " ")
        return ", ".join(
            part for part in (role[:1].upper() + role[1:], self.writer, _day(self.written)) if part
        )


def read_notes(path: Path) -> tuple[Note, ...]:
    """Notes of a YAML, JSON or CSV file. Raises UnreadableFile, UnsafeFile, and YourData naming the note."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
        text = None if content is None else content.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile("There is no such file.", file=path.name, remedy="Check its name.") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile("This is not UTF-8 text.", file=path.name, remedy="Save it as UTF-8.") from error
    if text is None:
        raise UnsafeFile(
            "The file is larger than 5 MB.", file=path.name, remedy="Keep the notes of one month."
        )
    rows = _rows(text, path)
    if len(rows) > MOST_NOTES:
        raise UnsafeFile(
            f"There are more than {MOST_NOTES:,} notes.",
            file=path.name,
            remedy="Keep the notes of one month.",
        )
    return notes_of(rows, file=path.name)


def notes_of(rows: Iterable[Mapping[str, Any]], *, file: str = "notes") -> tuple[Note, ...]:
    """Notes of rows, such as the items that the workspace's API answers with. Ended notes are left out.

    Raises YourData for a row that is none, without words, or that says what it is about in neither way.
    """
    found = [_note(row, number, file) for number, row in enumerate(rows, start=1)]
    return tuple(note for note in found if note is not None)


def _rows(text: str, path: Path) -> list[Any]:
    try:
        if path.suffix.lower() == ".csv":
            return list(csv.DictReader(io.StringIO(text), strict=True))
        told = (
            json.loads(text) if path.suffix.lower() == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)
        )
    except (csv.Error, ValueError, yaml.YAMLError, RecursionError) as error:
        raise UnreadableFile("This file cannot be read as notes.", file=path.name, remedy=REMEDY) from error
    if isinstance(told, dict):
        told = told.get("notes", told.get("items"))
    if not isinstance(told, list):
        raise YourData("There is no list of notes in this file.", file=path.name, remedy=REMEDY)
    return told


def _note(row: Any, number: int, file: str) -> Note | None:
    if not isinstance(row, Mapping):
        raise YourData("This is no note.", file=file, row=number, remedy=REMEDY)
    plain = {str(name).strip().casefold(): value for name, value in row.items() if isinstance(name, str)}
    told = {name: _first(plain, names, file, number) for name, names in NAMES.items()}
    if plain.get("ended_at") not in (None, ""):
        return None
    if not told["text"]:
        raise YourData("This note has no text.", file=file, row=number, column="text", remedy=REMEDY)
    if told["number"]:  # the place beside a code is whose note it is, not where the figure is
        told |= {"place": "", "number": told["number"].upper()}
    elif not (told["measure"] and told["place"] and told["period"]):
        if "number" in plain and "about" in plain:  # the newest state does not have the figure any more
            return None
        raise YourData(
            "This note does not say which figure it is about.", file=file, row=number, remedy=REMEDY
        )
    return Note(**{**told, "text": cut(told["text"])}, shared=_yes(plain.get("shared")))


def _first(row: Mapping[str, Any], names: tuple[str, ...], file: str, number: int) -> str:
    value = next((row[name] for name in names if row.get(name) not in (None, "")), "")
    if not isinstance(value, str | int | float | date | datetime):
        raise YourData("This is more than words.", file=file, row=number, column=names[0], remedy=REMEDY)
    return clean(value.isoformat() if isinstance(value, date) else str(value))


def _yes(value: Any) -> bool | None:
    told = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return told.get(str(value).strip().casefold())


def clean(text: str) -> str:
    """The same words without what no document can carry or hides what it says: control characters, marks that turn
    the direction of writing, halves of characters; white space made single."""
    kept = (" " if ch.isspace() else "" if _hidden(ch) else ch for ch in text)
    return re.sub(" +", " ", "".join(kept)).strip()


def _hidden(ch: str) -> bool:
    # joiners are part of how some languages are written
    return ch not in JOINERS and unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Co", "Cn")


def cut(text: str) -> str:
    """At most 500 characters, with a mark that says how many there were."""
    if len(text) <= LONGEST:
        return text
    short = text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
    return f"{short} … [cut: the note has {len(text):,} characters]"


def _day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text[:10]):%-d %B %Y}"
    except ValueError:
        return text
