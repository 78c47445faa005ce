"""Whether a refresh made what a rebuild makes: every array of the record, what codes stand for, every cell.

python -m benchmarks.talking_therapies.compared DIR/before/MONTHS
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.talking_therapies.arriving import kept_cube
from benchmarks.talking_therapies.clustering import MADE_OF
from joinedup.journeys.clustered import Array, Clustered
from joinedup.journeys.clustered_files import ClusteredRecord, read_record

ARRAYS = (
    "received",
    "ended",
    "first_contact",
    "contact_day",
    "first_score",
    "score_day",
    "score_question",
    "score",
)


def compare(place: Path) -> None:
    """SystemExit that names the first difference."""
    one, other = (read_record(place / name, MADE_OF) for name in ("refreshed", "rebuilt"))
    cells = zip(kept_cube(place / "refreshed"), kept_cube(place / "rebuilt"), strict=True)
    if one.months != other.months or not all(np.array_equal(a, b) for a, b in cells):
        raise SystemExit("the cube after a refresh is not that of a rebuild")
    renamed = {name: _renamed(name, one, other) for name in one.columns}
    for month in one.months:
        a, b = one.part(month), other.part(month)
        codes = [(renamed[name][values], b.codes[name]) for name, values in a.codes.items()]
        kinds = [_within_days(b, renamed["kind"][a.contact_kind]), _within_days(b, b.contact_kind)]
        arrays = [(getattr(a, name), getattr(b, name)) for name in ARRAYS]
        if not all(np.array_equal(x, y) for x, y in (*arrays, *codes, kinds)):
            raise SystemExit(f"the record of {month} after a refresh is not that of a rebuild")


def _renamed(name: str, one: ClusteredRecord, other: ClusteredRecord) -> Array:
    """The codes of one record as those of the other."""
    places = {value: at for at, value in enumerate(other.columns[name])}
    return np.array([places.get(value, -1) for value in one.columns[name]])


def _within_days(record: Clustered, kinds: Array) -> Array:
    """Kinds in order of code within a day of a referral, whichever codes they had."""
    referral = np.repeat(np.arange(record.referrals), np.diff(record.first_contact))
    return kinds[np.lexsort((kinds, record.contact_day, referral))]


if __name__ == "__main__":
    compare(Path(sys.argv[1]))
