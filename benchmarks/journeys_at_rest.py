"""In which form the clustered record should lie on the disk: size, and CPU seconds to write it and to go through it.

    python -m benchmarks.journeys_at_rest FOLDER

FOLDER is one that `python -m benchmarks.journeys --folder` made for a size, such as DIR/1000000. Every form is read
into the arrays that the kernel takes, in turn, in one process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.talking_therapies.clustering import MADE_OF
from joinedup.journeys.clustered_files import read_record

ROUNDS = 5
Arrays = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Form:
    """A way to write the arrays of one month to a path, and to have them back."""

    name: str
    write: Callable[[Path, Arrays], None]
    read: Callable[[Path], Arrays]


def one_row(arrays: Arrays) -> pa.RecordBatch:
    """The arrays as one row of lists: they are of different lengths."""
    lists = [
        pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), pa.array(values))
        for values in arrays.values()
    ]
    return pa.record_batch(lists, names=list(arrays))


def arrow(name: str, compression: str | None = None) -> Form:
    def write(path: Path, arrays: Arrays) -> None:
        batch = one_row(arrays)
        options = pa.ipc.IpcWriteOptions(compression=compression)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema, options=options) as file:
            file.write_batch(batch)

    def read(path: Path) -> Arrays:
        with pa.memory_map(str(path)) as source:
            batch = pa.ipc.open_file(source).get_batch(0)
        names = batch.schema.names
        return {name: batch.column(at).values.to_numpy() for at, name in enumerate(names)}

    return Form(name, write, read)


def parquet(name: str, **options: Any) -> Form:
    """A file for every length, rows as rows, which is what Parquet is for."""

    def write(path: Path, arrays: Arrays) -> None:
        path.mkdir()
        for length in {len(values) for values in arrays.values()}:
            table = pa.table({name: values for name, values in arrays.items() if len(values) == length})
            chosen = {
                key: {name: kind for name, kind in value.items() if name in table.column_names}
                if isinstance(value, dict)
                else value
                for key, value in options.items()
            }
            pq.write_table(table, path / f"{length}.parquet", **chosen)

    def read(path: Path) -> Arrays:
        tables = [pq.read_table(file, use_threads=False) for file in path.iterdir()]
        return {name: table[name].to_numpy() for table in tables for name in table.column_names}

    return Form(name, write, read)


DELTAS = dict.fromkeys(("received", "ended", "first_contact", "first_score"), "DELTA_BINARY_PACKED")
FORMS = (
    arrow("Arrow, mapped"),
    arrow("Arrow, lz4", "lz4"),
    arrow("Arrow, zstd", "zstd"),
    parquet("Parquet, dictionaries, zstd", compression="zstd"),
    parquet("Parquet, dictionaries, snappy", compression="snappy"),
    parquet("Parquet, plain, uncompressed", compression="none", use_dictionary=False),
    parquet("Parquet, dates as deltas, lz4", compression="lz4", use_dictionary=False, column_encoding=DELTAS),
)


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def size(path: Path) -> int:
    return sum(size(part) for part in path.iterdir()) if path.is_dir() else path.stat().st_size


def main() -> None:
    record = read_record(Path(sys.argv[1]) / "clustered", MADE_OF)
    months: dict[str, Arrays] = {}
    for month in record.months:
        part = record.part(month)
        arrays = {name: values for name, values in vars(part).items() if name != "codes"}
        months[month] = arrays | {f"code.{name}": codes for name, codes in part.codes.items()}
    with tempfile.TemporaryDirectory() as place:
        paths = {
            form.name: {month: Path(place) / f"{at}-{month}" for month in months}
            for at, form in enumerate(FORMS)
        }
        wrote = {
            form.name: cpu(lambda form=form: [form.write(paths[form.name][m], a) for m, a in months.items()])  # type: ignore[misc]
            for form in FORMS
        }
        reading: dict[str, list[float]] = {form.name: [] for form in FORMS}
        for _ in range(ROUNDS):
            for form in FORMS:
                reading[form.name].append(cpu(lambda form=form: through(form, paths[form.name])))  # type: ignore[misc]
        print(f"{'form':34}{'MB':>8}{'write s':>10}{'read s':>10}  (CPU seconds, median of {ROUNDS})")
        for form in FORMS:
            megabytes = sum(size(path) for path in paths[form.name].values()) / 1e6
            print(f"{form.name:34}{megabytes:8.1f}{wrote[form.name]:10.2f}{median(reading[form.name]):10.3f}")


def through(form: Form, paths: dict[str, Path]) -> int:
    """Read every month and touch every number once."""
    return sum(int(values.sum()) for path in paths.values() for values in form.read(path).values())


if __name__ == "__main__":
    main()
