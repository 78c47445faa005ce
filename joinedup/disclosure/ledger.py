"""The release ledger of a lake: every publication that left it, cell by cell, so that the next is checked against all.

One sealed JSON file a release, created once and forced to the disk before the release takes its name: what is
not in the ledger has not left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from joinedup.disclosure.publishing import Publication
from joinedup.disclosure.sums import Key
from joinedup.errors import LakeDamaged, YourCommand
from joinedup.lake.durable import create_once, sealed, unsealed

FOLDER = "releases"


@dataclass(frozen=True)
class ReleaseEntry:
    """One release as it left: every cell with what was shown of it (None: a star), and which stars were `further`
    ones, hidden to keep the small ones hidden. `base` and `hide_below` are the rule it left by.
    """

    number: int
    released_at: datetime
    profile: str
    base: int
    hide_below: int
    snapshot: int | None
    lattice: str
    lattice_version: int
    cells: dict[Key, int | None]
    further: frozenset[Key]

    def could_be(self, key: Key) -> tuple[int, float]:
        """Lowest and highest count that what was shown of a cell leaves."""
        shown = self.cells[key]
        if shown is None:
            return 0, float("inf")
        return max(shown - self.base // 2, self.hide_below), shown + (self.base - 1) // 2

    def same_as(self, publication: Publication) -> bool:
        """Whether the publication is this very release again."""
        return self.snapshot == publication.snapshot and self.cells == dict(
            zip(publication.keys, publication.shown, strict=True)
        )


def load_releases(lake: Path) -> tuple[ReleaseEntry, ...]:
    """Every release of a lake, the first first. Raises LakeDamaged for one missing, torn or altered."""
    files = sorted((lake / FOLDER).glob("[0-9]*.json"))
    return tuple(_read(file, number) for number, file in enumerate(files, start=1))


def append_release(lake: Path, publication: Publication, earlier: Sequence[ReleaseEntry]) -> int:
    """Enter a publication after the `earlier` ones it was checked against; its number.

    The same release again keeps its number. Raises YourCommand when another took the number first.
    """
    again = next((entry.number for entry in earlier if entry.same_as(publication)), None)
    if again is not None:
        return again
    number = len(earlier) + 1
    (lake / FOLDER).mkdir(mode=0o700, exist_ok=True)
    try:
        create_once(lake / FOLDER / f"{number:08d}.json", sealed(_written(publication, number)))
    except FileExistsError:
        raise YourCommand(
            "Another release left this lake first, and this one was not checked against it.",
            remedy="Repeat the command.",
        ) from None
    return number


def _written(publication: Publication, number: int) -> dict[str, object]:
    rule = publication.profile
    return {
        "number": number,
        "released_at": datetime.now(UTC).isoformat(),
        "profile": rule.name,
        "base": rule.display.base,
        "hide_below": rule.hide_below,
        "snapshot": publication.snapshot,
        "lattice": publication.lattice.slug,
        "lattice_version": publication.lattice.version,
        "cells": [[*key, value] for key, value in zip(publication.keys, publication.shown, strict=True)],
        "further": sorted(publication.further_at),
    }


def _read(file: Path, number: int) -> ReleaseEntry:
    try:
        raw = unsealed(file.read_bytes())
        keys = [Key(*row[:-1]) for row in raw["cells"]]
        cells = {key: row[-1] for key, row in zip(keys, raw["cells"], strict=True)}
        further = frozenset(keys[at] for at in raw["further"])
        moment = datetime.fromisoformat(raw["released_at"])
        entry = ReleaseEntry(**{**raw, "released_at": moment, "cells": cells, "further": further})
    except (ValueError, KeyError, TypeError, IndexError):
        raise LakeDamaged(
            f"release {number} of the release ledger cannot be read: torn or altered",
            remedy="restore the lake folder from its last backup; until then nothing can be released",
        ) from None
    if entry.number != number:
        raise LakeDamaged(
            f"release {number} is missing from the release ledger", remedy="restore the lake folder"
        )
    return entry
