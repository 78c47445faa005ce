"""What a number is, whatever release it stands in: the same cell has another code in every state of the lake."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from joinedup.charts.words import percent, span, whole
from joinedup.definitions import Measure, Places
from joinedup.definitions.lattice import AREA, Lattice
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.sums import Key
from joinedup.errors import UnknownName
from joinedup_web.equity.crossing import cube_of
from joinedup_web.equity.figures import Figures
from joinedup_web.equity.opening import current_figures, states

CHANGES = ("version", "place_name")
"""Parts of a cell that a new definition or a new name may change without making it another cell."""
FILTERS_LEFT_OUT = ("lattice_version",)


def entry_of(figures: Figures, code: str) -> Mapping[str, Any]:
    """What opens a code: an entry of the prepared figures, or of the published cube; empty where there is none."""
    found: Mapping[str, Any] | None = figures.registry.get(code)
    if found is None:
        cube = cube_of(figures)
        if cube is not None and cube.released is not None and code in cube.released.registry:
            found = {**cube.released.registry[code], "in and out": cube.told.get("in_and_out", {})}
    return found or {}


def cell_key(entry: Mapping[str, Any]) -> str:
    """A name for the cell of a registry entry that stays the same from release to release."""
    cell = {name: value for name, value in entry.get("cell", {}).items() if name not in CHANGES}
    filters = {k: v for k, v in entry.get("filters", {}).items() if k not in FILTERS_LEFT_OUT}
    text = json.dumps([entry.get("measure_id", ""), filters, cell], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def said(entry: Mapping[str, Any]) -> str:
    """The cell in words: measure, where, when and whom."""
    cell, identity = entry.get("cell", {}), str(entry.get("measure_id", ""))
    try:
        measure = Measure.load(identity).title
    except UnknownName:
        measure = identity.replace("_", " ").capitalize()
    parts = [measure, _where(cell), _when(cell), *_whom(cell)]
    return ", ".join(part for part in parts if part)


def _where(cell: Mapping[str, Any]) -> str:
    code = str(cell.get("place", ""))
    try:
        return Places.load().name(code, short=True)
    except UnknownName:
        return str(cell.get("place_name", "") or "")


def _when(cell: Mapping[str, Any]) -> str:
    key = str(cell.get("period", ""))
    try:
        return span(key) if key else ""
    except UnknownName:
        return key


def _whom(cell: Mapping[str, Any]) -> list[str]:
    told = (str(cell.get(name, "") or "") for name in ("group", "group_2", "stage", "part"))
    return [value.replace("_", " ") for value in told if value not in ("", "All")]


@dataclass(frozen=True)
class Before:
    """What a cell was in another state: the state, when it was made, and the figure in words. `entry` is what opens
    it; of a state that is no longer kept, today's with the counts of then."""

    state: str
    when: str
    figure: str
    code: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict, repr=False)


def earlier_values(figures: Figures, code: str) -> tuple[Before, ...]:
    """The same cell in the other states that are kept, and in releases before them; the newest first."""
    entry = entry_of(figures, code)
    key = cell_key(entry)
    kept = [str(state) for state in states() if state != figures.snapshot]
    found = [one for state in kept for one in _in_state(state, key)]
    shown = {one.state for one in found}
    return (*found, *(one for one in _in_releases(figures, entry) if one.state not in shown))


def _in_state(state: str, key: str) -> list[Before]:
    figures = current_figures(state)
    if figures is None:
        return []
    code = code_in(figures, key)
    if not code:
        return []
    when, entry = str(figures.about.get("committed_at", ""))[:10], entry_of(figures, code)
    return [Before(state, when, figure_of(entry), code, entry)]


def code_in(figures: Figures, key: str) -> str:
    """The code that a cell has in a state; empty where that state does not have it."""
    return _prepared(figures.folder).get(key) or _published(figures).get(key) or ""


@lru_cache(maxsize=5)
def _prepared(folder: Path) -> Mapping[str, str]:
    return {cell_key(entry): code for code, entry in Figures.open(folder).registry.items()}


def _published(figures: Figures) -> Mapping[str, str]:
    cube = cube_of(figures)
    return {} if cube is None or cube.released is None else _of_cube(figures.folder)


@lru_cache(maxsize=5)
def _of_cube(folder: Path) -> Mapping[str, str]:
    cube = cube_of(Figures.open(folder))
    registry = cube.released.registry if cube is not None and cube.released is not None else {}
    return {cell_key(entry): code for code, entry in registry.items()}


def _in_releases(figures: Figures, entry: Mapping[str, Any]) -> list[Before]:
    """Earlier releases of the ledger, whose states are no longer kept."""
    cube = cube_of(figures)
    if cube is None or "lattice" not in entry.get("filters", {}) or "made_of" in entry.get("filters", {}):
        return []
    found = []
    for release in reversed(cube.told.get("earlier", [])):
        cells = {Key(*row[:-1]): row[-1] for row in release["cells"]}
        counts = _counts(entry, cells)
        if counts is not None:
            then = {**entry, "counts": counts, "snapshot": release["snapshot"]}
            found.append(
                Before(str(release["snapshot"]), release["released_at"][:10], figure_of(then), entry=then)
            )
    return found


def _counts(entry: Mapping[str, Any], cells: Mapping[Key, int | None]) -> dict[str, int | None] | None:
    """Numerator and denominator of a cell in a release; None where it did not have the cell."""
    lattice, cell = Lattice.load(entry["filters"]["lattice"]), entry["cell"]
    named = {count.name: count for count in lattice.counts}
    shares = {Measure.load(one.measure).id: one for one in lattice.percentages}
    level = AREA if cell["level"] == "total" else cell["level"]
    where = (level, cell["place"], cell["period"], cell["breakdown"], cell["group"])
    one = shares.get(entry["measure_id"])
    keys = {"numerator": Key(cell["measure"], "numerator", *where)}
    if one is not None:
        sides = {"numerator": named[one.numerator], "denominator": named[one.denominator]}
        keys = {name: Key(count.measure, count.count, *where) for name, count in sides.items()}
    if not set(keys.values()) <= set(cells):
        return None
    return {name: cells[key] for name, key in keys.items()}


def figure_of(entry: Mapping[str, Any]) -> str:
    """The figure of an entry in words: a percentage, a number, or that it is hidden."""
    counts = entry.get("counts", {})
    part, of = counts.get("numerator"), counts.get("denominator")
    if entry.get("cell", {}).get("statistic") == "percentage":
        if part is None or not of:
            return "hidden to protect people"
        share = profile_of(entry.get("profile", "")).display.percentage(100 * min(part, of) / of, of)
        return (
            "hidden to protect people"
            if share is None
            else f"{percent(share)} ({whole(part)} of {whole(of)})"
        )
    told = [whole(value) for value in counts.values() if value is not None]
    return " of ".join(told) or "hidden to protect people"
