"""The red team: what an outsider can work out of hidden counts from everything that was published so far.

The outsider knows every shown figure, the public rule of rounding, and how published definitions hang
together, and takes a star for any count from 0 up. A hidden count that cannot be all of 0 to 4 is a finding.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from joinedup.disclosure.attacking_bounds import CLOSE, Bools, System
from joinedup.disclosure.attacking_cells import (
    COUNTS,
    PERCENTAGE,
    Attack,
    Cell,
    Contradiction,
    Finding,
    Row,
    Rules,
    Sighting,
)
from joinedup.disclosure.attacking_measures import pairs_of, percentage_rows
from joinedup.disclosure.attacking_relations import rows_of
from joinedup.disclosure.attacking_solving import SMALL, Range, open_range, ranges

INF = float("inf")
SECONDS = 600.0


def attack(sightings: Iterable[Sighting], rules: Mapping[str, Rules], *, seconds: float = SECONDS) -> Attack:
    """Attack everything seen together. `rules`: by name of release. What is not settled after so many
    seconds is told as undecided.
    """
    until = time.monotonic() + seconds
    seen = _gathered(sightings, rules)
    rows = [*rows_of(seen.bounds), *_percentages(seen, rules)]
    believed, given_up = _believable(rows, seen)
    held = _ranges(seen, believed, until)
    findings = [f for cell, found in sorted(held.items()) if found and (f := _finding(cell, found))]
    return Attack(
        hidden=len(seen.hidden),
        findings=tuple(f for f in findings if f.kind != "large"),
        inconsistent=tuple(seen.contradictions),
        large=sum(f.kind == "large" for f in findings),
        undecided=tuple(sorted(c for c, found in held.items() if found is None or not found.decided)),
        unproved=sum(found is not None and found.decided and not found.proved for found in held.values()),
        given_up=given_up,
    )


def _finding(cell: Cell, found: Range) -> Finding | None:
    if len(found.possible) == len(SMALL):
        return None
    largest = None if found.largest == INF else int(found.largest)
    kind = "recovered" if found.smallest == found.largest else "narrowed" if found.possible else "large"
    return Finding(cell, kind, int(found.smallest), largest, found.possible)


@dataclass
class _Seen:
    """Bounds of every count seen, which are hidden, and percentages by release."""

    bounds: dict[Cell, tuple[float, float]] = field(default_factory=dict)
    hidden: set[Cell] = field(default_factory=set)
    shown: dict[tuple[str, Cell], Sighting] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)


def _gathered(sightings: Iterable[Sighting], rules: Mapping[str, Rules]) -> _Seen:
    """Every format's view of a cell together: what any of them shows is known."""
    by_cell: dict[Cell, list[Sighting]] = {}
    for sighting in sightings:
        by_cell.setdefault(sighting.cell, []).append(sighting)
    seen = _Seen()
    for cell, found in by_cell.items():
        _gather(seen, cell, found, rules)
    return seen


def _gather(seen: _Seen, cell: Cell, found: Sequence[Sighting], rules: Mapping[str, Rules]) -> None:
    differs = False
    for release in {sighting.release for sighting in found}:
        own = [sighting for sighting in found if sighting.release == release]
        shown = [sighting for sighting in own if sighting.value is not None]
        differs |= len(shown) not in (0, len(own)) or any(not _agree(shown[0], s) for s in shown)
        if shown:
            seen.shown[release, cell] = max(shown, key=lambda sighting: sighting.decimals)
    if cell.which in COUNTS:
        could = [rules[s.release].could_be(s.value) for s in found if s.value is not None]
        low, high = max((0, *(c[0] for c in could))), min((INF, *(c[1] for c in could)))
        differs |= low > high
        seen.bounds[cell] = (low, high) if low <= high else could[0]
        if any(sighting.value is None for sighting in found):
            seen.hidden.add(cell)
    if differs:
        told = {"*" if s.value is None else f"{s.value:.{s.decimals}f}": s.where for s in found}
        seen.contradictions.append(Contradiction(cell, tuple(told), tuple(told.values())))


def _agree(one: Sighting, other: Sighting) -> bool:
    """Whether two shown values can be the same one to a different number of decimals."""
    assert one.value is not None and other.value is not None  # noqa: S101  only shown ones are asked for
    half = 0.0 if one.decimals == other.decimals else 0.5 * 10.0 ** -min(one.decimals, other.decimals)
    return abs(one.value - other.value) <= half + CLOSE


def _percentages(seen: _Seen, rules: Mapping[str, Rules]) -> list[Row]:
    """Rows of the percentages of every release. Where all whose counts are shown follow from those, they are
    taken to be made of released counts; otherwise of true ones.
    """
    rows: list[Row] = []
    for release, rule in rules.items():
        shown = {
            cell: s for (name, cell), s in seen.shown.items() if name == release and cell.which == PERCENTAGE
        }
        pairs = pairs_of(shown, seen.bounds)
        told = {c: p for c, p in pairs.items() if all((release, one) in seen.shown for one in p)}
        released = bool(told) and all(
            _follows(shown[c], *(seen.shown[release, one] for one in p)) for c, p in told.items()
        )
        for cell, pair in pairs.items():
            if not (released and cell in told):
                near = rule.base // 2 * 2.02 if released else 0.0
                rows += percentage_rows(pair, shown[cell].value or 0.0, shown[cell].decimals, near)
    return rows


def _follows(percentage: Sighting, numerator: Sighting, denominator: Sighting) -> bool:
    """Whether a percentage is that of the counts as shown. Rounding can lift a part above its whole: that is 100%."""
    if not denominator.value:
        return True
    exact = min(100 * (numerator.value or 0) / denominator.value, 100.0)
    return abs(exact - (percentage.value or 0)) <= 0.5 * 10.0**-percentage.decimals + CLOSE


def _believable(rows: Sequence[Row], seen: _Seen) -> tuple[list[Row], tuple[str, ...]]:
    """Without the kinds of relation that shown figures disprove: those places or groups do not add up."""
    wrong = set()
    for row in rows:
        least = most = 0.0
        for cell, weight in zip(row.cells, row.weights, strict=True):
            ends = sorted(weight * end if weight else 0.0 for end in seen.bounds.get(cell, (0.0, INF)))
            least, most = least + ends[0], most + ends[1]
        if least > row.high + CLOSE or most < row.low - CLOSE:
            wrong.add(row.why)
    return [row for row in rows if row.why not in wrong], tuple(sorted(wrong))


def _ranges(seen: _Seen, rows: Sequence[Row], until: float) -> dict[Cell, Range | None]:
    """The range of every hidden cell; None where the figures around it contradict each other."""
    cells = list(dict.fromkeys([*seen.bounds, *(cell for row in rows for cell in row.cells)]))
    system, broken = _sound(_system(cells, rows, seen))
    kept: Bools = np.array([cell in seen.hidden for cell in cells], bool)
    found: dict[Cell, Range | None] = {
        cells[at]: None if broken[at] else open_range(system.low[at], system.high[at])
        for at in np.flatnonzero(kept)
    }
    for part in system.folded(kept).parts():
        hidden = np.flatnonzero(kept[part.columns])
        if len(hidden):
            told = ranges(part.system, hidden, until)
            named = [cells[at] for at in part.columns[hidden]]
            found.update(zip(named, told, strict=True) if told else dict.fromkeys(named))
    return found


def _system(cells: Sequence[Cell], rows: Sequence[Row], seen: _Seen) -> System:
    number = {cell: at for at, cell in enumerate(cells)}
    row = [at for at, one in enumerate(rows) for weight in one.weights if weight]
    column = [number[c] for one in rows for c, weight in zip(one.cells, one.weights, strict=True) if weight]
    bounds = np.array([seen.bounds.get(cell, (0.0, INF)) for cell in cells], float).reshape(-1, 2)
    return System(
        np.array(row, np.int64),
        np.array(column, np.int64),
        np.array([weight for one in rows for weight in one.weights if weight], float),
        np.array([one.low for one in rows], float),
        np.array([one.high for one in rows], float),
        bounds[:, 0],
        bounds[:, 1],
    )


def _sound(system: System) -> tuple[System, Bools]:
    """The system narrowed, and which counts hang together with a contradiction: nothing can be said of those."""
    broken = np.zeros(len(system.low), bool)
    while True:
        narrowed = system.narrowed()
        wrong = narrowed.low > narrowed.high
        if not wrong.any():
            return narrowed, broken
        columns = [part.columns for part in system.parts() if wrong[part.columns].any()]
        broken[np.concatenate(columns)] = True
        left = ~broken[system.column]
        system = replace(system, row=system.row[left], column=system.column[left], weight=system.weight[left])
