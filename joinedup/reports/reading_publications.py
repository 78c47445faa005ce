"""Published releases as an outsider has them: every figure of every file of a folder, whatever its format.

Nothing but the rendered files is read: the same cell may be seen in a table, a workbook, a PDF and the
alternative text of a chart, and each sighting counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.disclosure.attacking_cells import COUNTS, PERCENTAGE, Cell, Rules, Sighting
from joinedup.disclosure.profiles import PROFILES
from joinedup.errors import UnreadableFile, UnsafeFile, YourCommand
from joinedup.reports.reading_publications_files import (
    AGAIN,
    READERS,
    Found,
    Loose,
    TidyRow,
    parse_json,
    read_file,
)
from joinedup.reports.reading_publications_names import (
    Words,
    cell_of,
    figure_of,
    group_of,
    measure_id,
    period_of,
    place_of,
    places_named,
    point_of,
)
from joinedup.reports.reading_publications_registry import is_entry

ABOUT, REGISTRIES = "release.json", "*.registry.json"
MOST_FILES = 2_000
MOST_ROUNDING = 1_000


@dataclass(frozen=True)
class Publication:
    """One release: its public rules, what it is of, every sighting, and the files they come from."""

    rules: Rules
    snapshot: str
    sightings: tuple[Sighting, ...]
    files: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """What was read, for programs."""
        return {
            "release": self.rules.name,
            "profile": self.rules.profile,
            "snapshot": self.snapshot,
            "rounded_to": self.rules.base,
            "sightings": len(self.sightings),
            "files": list(self.files),
        }


def read_publications(folders: Sequence[Path], *, same_data: bool = False) -> tuple[Publication, ...]:
    """Each folder of a release. Figures of one snapshot are the same figures; with `same_data` those of every
    release are. Raises YourCommand for a folder that is none, UnreadableFile or UnsafeFile naming the file.
    """
    named: dict[str, Path] = {}
    for folder in folders:
        named.setdefault(folder.name if folder.name not in named else str(folder), folder)
    return tuple(_read(folder, name, same_data) for name, folder in named.items())


def _read(folder: Path, name: str, same_data: bool) -> Publication:
    if not folder.is_dir():
        raise YourCommand(
            f"{folder} is not a folder.", remedy="Give the folder that `joinedup release --out` wrote."
        )
    about = _about(folder, name)
    rules = _rules(about, name)
    snapshot = str(about.get("snapshot", name))
    data = (
        "" if same_data else json.dumps([snapshot, about.get("filters") or {}], sort_keys=True, default=str)
    )
    files = _files(folder, name)
    found = [one for path, label in files for one in read_file(path, label)]
    sightings = tuple(_sightings(found, name, data))
    if not any(sighting.cell.which in COUNTS for sighting in sightings):
        heads = "measure, count, place_level, place, period, breakdown, group, value"
        raise UnreadableFile("holds no table of counts", file=name, remedy=f"Tables have the heads {heads}.")
    return Publication(rules, snapshot, sightings, tuple(label for _, label in files))


def _about(folder: Path, name: str) -> Mapping[str, Any]:
    file = f"{name}/{ABOUT}"
    try:
        about = parse_json((folder / ABOUT).read_bytes(), file)
    except FileNotFoundError:
        about = _of_registries(folder, name)
        if about is None:
            raise UnreadableFile("is not there, nor a registry", file=file, remedy=AGAIN) from None
    except OSError:
        raise UnreadableFile("cannot be opened", file=file, remedy=AGAIN) from None
    if not isinstance(about, dict) or not isinstance(about.get("profile"), str):
        raise UnreadableFile("names no profile", file=file, remedy=AGAIN)
    return about


def _of_registries(folder: Path, name: str) -> Mapping[str, Any] | None:
    """The profile and the state of documents, as the registries beside them say; None without one."""
    for path in sorted(folder.glob(REGISTRIES)):
        entries = parse_json(path.read_bytes(), f"{name}/{path.name}")
        for entry in entries.values() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and is_entry(entry):
                return {"profile": entry.get("profile"), "snapshot": entry.get("snapshot")}
    return None


def _rules(about: Mapping[str, Any], name: str) -> Rules:
    """The public rule of rounding: as the release says, or that of the profile it names."""
    profile = PROFILES.get(about["profile"])
    base = next((about[key] for key in ("base", "rounded_to", "rounding") if key in about), None)
    hide = next((about[key] for key in ("hide_below", "threshold") if key in about), None)
    base = base if base is not None else profile.display.base if profile else 1
    hide = hide if hide is not None else profile.hide_below if profile else 0
    for key, value, least in (("base", base, 1), ("hide_below", hide, 0)):
        if not isinstance(value, int) or not least <= value <= MOST_ROUNDING:
            message = (
                f"{key} is {str(value)[:40]!r}, which is no whole number from {least} to {MOST_ROUNDING}"
            )
            raise UnreadableFile(message, file=f"{name}/{ABOUT}", remedy=AGAIN)
    return Rules(name, about["profile"], base, hide)


def _files(folder: Path, name: str) -> list[tuple[Path, str]]:
    """Files that may show a figure, with the names they are told by."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.is_file())
    if len(found) > MOST_FILES:
        raise UnsafeFile(f"holds more than {MOST_FILES:,} files", file=name, remedy="Attack it in parts.")
    linked = next((path for path in found if path.is_symlink()), None)
    if linked is not None:
        raise UnsafeFile("is a link", file=f"{name}/{linked.name}", remedy="Put the file itself there.")
    return [(path, f"{name}/{path.relative_to(folder)}") for path in found]


def _sightings(found: Sequence[Found], release: str, data: str) -> Iterator[Sighting]:
    rows = [one for one in found if isinstance(one, TidyRow)]
    loose = [one for one in found if isinstance(one, Loose)]
    words: Words | None = None
    for text in loose:
        if text.file.lower().endswith(".pdf"):
            words = words or Words(rows)
            rows = [*rows, *words.rows(text.text, text.file)]
    seen = [_sighting(row, release, data) for row in rows]
    yield from seen
    yield from _points(loose, seen, release, data)


def _sighting(row: TidyRow, release: str, data: str) -> Sighting:
    cell = cell_of(row, data)
    value, decimals = figure_of(row.values["value"], cell.which, row)
    return Sighting(cell, value, decimals, release, row.file)


def _points(loose: Sequence[Loose], seen: Sequence[Sighting], release: str, data: str) -> Iterator[Sighting]:
    """What the texts of charts say, of cells that a table holds and of others."""
    by_words: dict[tuple[str, str, str, str], dict[Cell, float | None]] = {}
    breakdowns: dict[str, str] = {}
    for sighting in seen:
        cell = sighting.cell
        breakdowns.setdefault(cell.group, cell.breakdown)
        words = (cell.measure, cell.place, cell.period, cell.group)
        by_words.setdefault(words, {})[cell] = sighting.value
    for text in loose:
        point = point_of(text.text)
        if point is not None:
            measure, own = measure_id(point["measure"])
            level, place = place_of("", point["place"])
            breakdown, group = group_of("", point["group"])
            period, percent = period_of(point["period"]), "%" in point["value"]
            which = PERCENTAGE if percent else own or COUNTS[0]
            known = breakdowns.get(group, breakdown)
            codes = [code for _, code in places_named(point["place"])] or [place]
            cells = {
                cell: value
                for code in codes
                for cell, value in by_words.get((measure, code, period, group), {}).items()
            } or {Cell(measure, which, level, place, period, known, group, data): None}
            fitting = {c: v for c, v in cells.items() if percent <= (c.which == PERCENTAGE)}
            yield _point(point["value"], fitting or cells, text, release)


def _point(shown: str, cells: Mapping[Cell, float | None], text: Loose, release: str) -> Sighting:
    """A text that fits several cells is taken for the one it agrees with, for the charts do not always say which
    count they draw; where it agrees with none, for a hidden one.
    """
    value, decimals = figure_of(shown, PERCENTAGE, TidyRow({}, text.file, 0))
    agreeing = [cell for cell, known in cells.items() if known == value]
    hidden = [cell for cell, known in cells.items() if known is None]
    cell = (agreeing or hidden or list(cells))[0]
    return Sighting(cell, value, decimals if cell.which == PERCENTAGE else 0, release, text.file)
