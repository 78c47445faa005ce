"""A lake's months: returns, their journeys, then more returns with other links, and journeys; each step repeatable.

`python refresh_story.py LAKE ROUNDS` goes on from the lake's last entry, saying after each step which entry is
acknowledged. Every step is one entry of the ledger, so that a run killed and taken up again can be compared with one
that was not.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from joinedup.journeys import build_journeys, building, clustered_record, load_journeys
from joinedup.lake import Change, Lake, open_lake
from tests.property.submission_histories import KNOWN, Submissions, counted, pathways

Step = Callable[[Lake], Any]
MADE = ("journeys", "contacts", "events", "answers")
BASE = 2
"""Steps that are done before anything is killed: returns, and their journeys."""


class Noted:
    """Stands for a lake that is empty, and notes what is committed."""

    def __init__(self) -> None:
        self.changes: list[list[Change]] = []

    def has(self, table: str) -> bool:
        return False

    def commit(self, changes: Sequence[Change], **_: Any) -> None:
        self.changes.append(list(changes))


def story(rounds: int = 1) -> list[Step]:
    """The steps; each of the `rounds` is a load, which finds other links as loads do, and journeys."""
    noted, submissions = Noted(), Submissions(random.Random(11), people=4)
    submissions.begin(noted)  # type: ignore[arg-type]
    steps: list[Step] = [_load(noted.changes[-1]), build_journeys]
    for _ in range(rounds):
        months = submissions.next() | submissions.again() | submissions.sent()
        submissions.commit(noted, months, *submissions.relink())  # type: ignore[arg-type]
        steps += [_load(noted.changes[-1]), build_journeys]
    return steps


def _load(changes: Sequence[Change]) -> Step:
    return lambda lake: lake.commit(changes, kind="load", known_at=KNOWN)


def contents(lake: Lake) -> dict[str, Any]:
    """What is stored: every row of returns and links, and of journeys where they are there."""
    tables = [name for name in lake.tables() if name in ("returns/IDS101", "returns/IDS201", "links", *MADE)]
    return {name: counted(lake.read(name)) for name in tables}


def all_of(lake: Lake) -> tuple[Any, ...]:
    """Journeys as they are found, and their clustered record."""
    found, record = load_journeys(lake), clustered_record(lake)
    said = {}
    for month in record.months:
        ids = found.journeys.filter(pc.equal(found.journeys["referral_month"], month))["pathway_id"]
        said |= pathways(record.part(month), record.columns, ids.to_pylist())
    return tuple(counted(getattr(found, name)) for name in MADE), said, record.damaged()


def go_on(lake: Lake, steps: Sequence[Step]) -> None:
    """The steps that are not in the ledger yet."""
    for step in steps[len(lake.history()) :]:
        step(lake)


def main() -> None:
    lake, steps = open_lake(Path(sys.argv[1])), story(int(sys.argv[2]))
    building.LARGEST_SHARE = 9.0  # a handful of people, of whom most are touched
    import joinedup.journeys.from_returns  # noqa: F401  so that kills strike the work, not the loading of libraries

    print("ready", flush=True)
    for step in steps[len(lake.history()) :]:
        step(lake)
        print(len(lake.history()), flush=True)


if __name__ == "__main__":
    main()
