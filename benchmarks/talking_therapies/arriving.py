"""One more month arrives: what a refresh begins with, and the month's own rows as its returns bring them.

`before/MONTHS` is the clustered record of so many months with its cube, as known when the last month began. `month`
holds its rows: contacts, new referrals with what is known of the people, and the ends of others.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.talking_therapies.clustering import MADE_OF, PEOPLE, known, parts
from benchmarks.talking_therapies.generate import MONTHS
from benchmarks.talking_therapies.ours import SOURCE, cube_of_record
from joinedup.journeys.clustered import Coder
from joinedup.journeys.clustered_files import write_record
from joinedup.measures.finest import Counts, Cube

BEGINS, ENDS = MONTHS[-1], MONTHS[-1] + 1


def before(folder: Path, months: int) -> Path:
    """Where the state of so many months lies."""
    return folder / "before" / str(months)


def prepare(folder: Path, months: int) -> None:
    """Write the state before the last month, and the rows of that month where they are not there yet."""
    place, coder = before(folder, months), Coder()
    since = len(MONTHS) - months
    record = write_record(place / "record", parts(folder, coder, BEGINS, since), coder, MADE_OF)
    keep_cube(place, cube_of_record(record, {}))
    if not (folder / "month").exists():
        _month(folder)


def keep_cube(place: Path, cube: Cube) -> None:
    """The counts of a cube of one source, beside its record."""
    for name, found in (("rolled", cube.rolled), ("dated", cube.dated)):
        np.save(place / f"{name}.npy", found[SOURCE])


def kept_cube(place: Path) -> tuple[Counts, Counts]:
    """The same, read again."""
    rolled, dated = (np.load(place / f"{name}.npy") for name in ("rolled", "dated"))
    return rolled, dated


def _month(folder: Path) -> None:
    """The rows of the last month."""
    day, after = (month.astype("datetime64[D]").item() for month in (BEGINS, ENDS))
    referrals = known(pq.read_table(folder / "referrals.parquet"), ENDS)
    contacts = pq.read_table(
        folder / "contacts.parquet", filters=[("cdate", ">=", day), ("cdate", "<", after)]
    )
    new = pc.greater_equal(referrals["received"], day)
    ends = pc.and_(pc.invert(new), pc.fill_null(pc.greater_equal(referrals["closed"], day), False))
    people = pq.read_table(folder / "patients.parquet")
    arrived = referrals.filter(new)
    for name in PEOPLE:
        arrived = arrived.append_column(name, people[name].take(arrived["person_id"]))
    place = folder / "month"
    place.mkdir()
    for name, rows in (("contacts", contacts), ("referrals", arrived), ("ends", referrals.filter(ends))):
        pq.write_table(
            pa.Table.from_batches(rows.to_batches()), place / f"{name}.parquet", compression="zstd"
        )
    received = referrals["received"].to_numpy().astype("datetime64[M]")
    first = {str(month): int(np.searchsorted(received, month)) for month in MONTHS}
    (place / "first.json").write_text(json.dumps(first))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), int(sys.argv[2]))
