"""Publish the lattice of a lake's state for the explorer: by borough, group and period, whole or not at all.

It takes minutes (a solver proves that no hidden count can be worked out), so it is a job of the worker (`tasks.py`),
and pages say so until it is there. The publication is entered in the lake's release ledger like any other.

python -m joinedup_web.equity.publishing LAKE FOLDER
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
import time
from pathlib import Path

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import cube_of
from joinedup.disclosure.ledger import append_release, load_releases
from joinedup.disclosure.publishing import publish
from joinedup.errors import YourCommand
from joinedup.journeys import load_journeys
from joinedup.lake import open_lake
from joinedup.lake.durable import fsync_all
from joinedup_web.equity.figures import ABOUT, CUBE

PROFILE = "nhs-england"


def publish_cube(lake: Path, folder: Path) -> Path:
    """Write `folder`/<state>/cube.json, unless it is there; its path. What cannot be published says why in it."""
    journeys = load_journeys(open_lake(lake))
    state = folder / str(int(journeys.snapshot or 0))
    file = state / CUBE
    if file.is_file() or not (state / ABOUT).is_file():
        return file
    staged = state / f".{CUBE}"
    try:
        cube = cube_of(journeys, Lattice.load())
        earlier = load_releases(lake)
        publication = publish(cube, PROFILE, earlier)
        cells = [[*key, value] for key, value in zip(publication.keys, publication.shown, strict=True)]
        told = {
            "lattice": publication.lattice.slug,
            "snapshot": journeys.snapshot,
            "rule": journeys.rule,
            "cells": cells,
        }
        staged.write_text(json.dumps(told), encoding="utf-8")
        append_release(lake, publication, earlier)
    except YourCommand as error:
        staged.write_text(json.dumps({"refused": str(error)}), encoding="utf-8")
    fsync_all([staged])
    staged.rename(file)
    fsync_all([state])
    return file


def release_state(lake: Path, folder: Path) -> None:
    """Release the figures of the lake's last state and publish its cube, unless they are there. One process at a time:
    one whose worker was killed may still be at it."""
    from joinedup_web.equity.preparing import prepare

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".writing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if prepare(lake, folder):
            publish_cube(lake, folder)


def end_with(parent: int) -> None:
    """Go on only while the worker that started this lives: another worker begins it again."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    os.nice(10)  # pages come first
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    release_state(Path(sys.argv[1]), Path(sys.argv[2]))
