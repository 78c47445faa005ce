"""The last month has arrived, and everything is made anew: the record clustered from all returns, every cell counted.

python -m benchmarks.talking_therapies.rebuilt DIR/before/MONTHS
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.talking_therapies.arriving import ENDS, keep_cube
from benchmarks.talking_therapies.clustering import MADE_OF, parts
from benchmarks.talking_therapies.generate import MONTHS
from benchmarks.talking_therapies.ours import cube_of_record
from benchmarks.talking_therapies.worker import run
from joinedup.journeys.clustered import Coder
from joinedup.journeys.clustered_files import write_record


def job(place: Path) -> dict[str, Any]:
    """`place` is the folder of the state before."""
    coder, since = Coder(), len(MONTHS) - int(place.name)
    record = write_record(place / "rebuilt", parts(place.parent.parent, coder, ENDS, since), coder, MADE_OF)
    keep_cube(place / "rebuilt", cube_of_record(record, {}))
    return {}


if __name__ == "__main__":
    run(job)
