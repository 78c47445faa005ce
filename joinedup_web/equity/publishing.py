"""Prepare and publish a state of the lake for the explorer, beside the server: pages that need none of it are there at
once, and the others say how far it is.

First what the report releases (services, gaps, journeys), then the lattice (by borough, group and period), whole or not
at all: a solver proves that no hidden count can be worked out, which takes a minute or more. The publication is entered
in the lake's release ledger like any other; what stands there already is not worked out again.

python -m joinedup_web.equity.publishing LAKE FOLDER
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import cube_of
from joinedup.disclosure.ledger import ReleaseEntry, append_release, load_releases
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.publishing import publish
from joinedup.disclosure.sums import Key
from joinedup.errors import JoinedupError, YourCommand
from joinedup.journeys import Journeys, load_journeys
from joinedup.lake import open_lake
from joinedup.lake.durable import fsync_all
from joinedup.measures import calculate
from joinedup_web.equity.figures import ABOUT, CUBE
from joinedup_web.equity.progress import forget, tell

PROFILE = "nhs-england"
REMEMBERED = 12
"""Earlier releases that are kept beside a cube, so that a number can show what it was before."""
STEP = "Publishing by borough: a solver checks that nobody can be found"


def release_state(lake: Path, folder: Path) -> None:
    """Release the figures of the lake's last state and publish its cube, unless they are there. One process at a time;
    how far it is, and what goes wrong, is said on the pages."""
    from joinedup_web.equity.preparing import prepare

    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (folder / ".writing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if prepare(lake, folder, lambda step, done, total: tell(folder, step, done, total)):
                tell(folder, STEP)
                publish_cube(lake, folder)
        except JoinedupError as error:
            tell(folder, "The figures could not be prepared", failed=str(error))
            raise
        forget(folder)


def publish_cube(lake: Path, folder: Path) -> Path:
    """Write `folder`/<state>/cube.json, unless it is there; its path. What cannot be published says why in it."""
    journeys = load_journeys(open_lake(lake))
    state = folder / str(int(journeys.snapshot or 0))
    file = state / CUBE
    if file.is_file() or not (state / ABOUT).is_file():
        return file
    staged = state / f".{CUBE}"
    staged.write_text(json.dumps(_told(lake, journeys)), encoding="utf-8")
    fsync_all([staged])
    staged.rename(file)
    fsync_all([state])
    return file


def _told(lake: Path, journeys: Journeys) -> dict[str, Any]:
    """The cells of the state with what is said beside them; or why they cannot be published."""
    earlier, lattice = load_releases(lake), Lattice.load()
    try:
        before = left_before(earlier, lattice, journeys.snapshot)
        cells = before.cells if before is not None else _published(lake, journeys, lattice, earlier)
    except YourCommand as error:
        return {"refused": str(error)}
    releases = load_releases(lake)
    return {
        "lattice": lattice.slug, "snapshot": journeys.snapshot, "rule": journeys.rule,
        "in_and_out": _in_and_out(journeys, lattice),
        "earlier": [_remembered(entry) for entry in releases[-REMEMBERED:] if entry.snapshot != journeys.snapshot],
        "cells": [[*key, value] for key, value in cells.items()],
    }  # fmt: skip


def left_before(
    earlier: Sequence[ReleaseEntry], lattice: Lattice, snapshot: int | None
) -> ReleaseEntry | None:
    """The release in which this very state left by this very lattice; one state has one answer, so it is that one."""
    same = (lattice.slug, lattice.version, snapshot, PROFILE)
    found = (e for e in earlier if (e.lattice, e.lattice_version, e.snapshot, e.profile) == same)
    return next(found, None)


def _published(
    lake: Path, journeys: Journeys, lattice: Lattice, earlier: Sequence[ReleaseEntry]
) -> Mapping[Key, int | None]:
    cube = cube_of(journeys, lattice)
    publication = publish(cube, PROFILE, earlier)
    append_release(lake, publication, earlier)
    return dict(zip(publication.keys, publication.shown, strict=True))


def _in_and_out(journeys: Journeys, lattice: Lattice) -> dict[str, int | str]:
    """How many rows went into the measures and how many did not, by table, date and reason, as counts are shown."""
    held = [period for _, period in lattice.periods(journeys.first_day, journeys.last_day)]
    found = calculate(lattice.measures, journeys, place="total", periods=held)
    rule = profile_of(PROFILE)
    return {one.words: rule.told(one.number) for one in found.excluded}


def _remembered(entry: ReleaseEntry) -> dict[str, Any]:
    """An earlier release, for the page of a number: when it left, of which state, and its cells."""
    return {
        "number": entry.number, "released_at": entry.released_at.isoformat(), "snapshot": entry.snapshot,
        "lattice": entry.lattice, "lattice_version": entry.lattice_version,
        "cells": [[*key, value] for key, value in entry.cells.items()],
    }  # fmt: skip


def end_with(parent: int) -> None:
    """Go on only while the worker that started this lives: another worker begins it again."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    os.nice(10)  # pages come first
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is half made is removed on the way out
    try:
        release_state(Path(sys.argv[1]), Path(sys.argv[2]))
    except YourCommand as refused:
        sys.exit(str(refused))
