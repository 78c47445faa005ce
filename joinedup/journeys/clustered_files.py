"""Clustered records at rest: one Arrow file per month of referral, mapped into memory when it is read.

A cache beside the tables of the lake: made again from them whenever it is absent, torn, or of another state. Each
file holds one row, whose columns are lists: the arrays of a `Clustered` as they lie in memory, so that reading
is no decoding. `manifest.json`, written last, names the files with sizes and hashes and what they were made of.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from joinedup.errors import YourCommand
from joinedup.journeys.clustered import Clustered, Coder
from joinedup.lake.durable import create_once, fsync, fsync_all, sealed, unsealed

_FORM = 2  # of the arrays; files of another form are made again rather than misread
_MANIFEST = "manifest.json"
_ARRAYS = (
    "received", "ended", "first_contact", "contact_day", "contact_kind",
    "first_score", "score_day", "score_question", "score",
)  # fmt: skip
_WRITERS = 2
_CODE = "code."  # before the names of columns of codes


@dataclass(frozen=True)
class ClusteredRecord:
    """A record at rest, as its manifest describes it. `months` are those of referral, in order."""

    folder: Path
    made_of: Mapping[str, Any]
    columns: Mapping[str, Sequence[Any]]
    files: Mapping[str, Mapping[str, Any]]

    @property
    def months(self) -> tuple[str, ...]:
        """Months of referral held, in order."""
        return tuple(sorted(self.files))

    def part(self, month: str) -> Clustered:
        """The referrals of one month. Nothing is copied: pages are read from the file as they are touched."""
        with pa.memory_map(str(self.folder / self.files[month]["name"])) as source:
            batch = pa.ipc.open_file(source).get_batch(0)
        arrays = {
            name: column.values.to_numpy()
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        codes = {
            name.removeprefix(_CODE): values for name, values in arrays.items() if name.startswith(_CODE)
        }
        return Clustered(**{name: arrays[name] for name in _ARRAYS}, codes=codes)

    def parts(self, months: Iterable[str] | None = None) -> Iterator[Clustered]:
        """The referrals of several months, of all by default, one month after the other."""
        for month in self.months if months is None else months:
            yield self.part(month)

    def damaged(self) -> tuple[str, ...]:
        """Months whose file is not byte for byte what was written. Reads everything."""
        return tuple(month for month in self.months if not self.whole(month))

    def whole(self, month: str) -> bool:
        """Whether the file of a month is byte for byte what was written."""
        path, known = self.folder / self.files[month]["name"], self.files[month]
        return path.is_file() and bool(_hash(path.read_bytes()).hexdigest() == known["digest"])


def write_record(
    folder: Path,
    parts: Iterable[tuple[str, Clustered]],
    coder: Coder,
    made_of: Mapping[str, Any],
    kept: Iterable[str] = (),
    before: ClusteredRecord | None = None,
) -> ClusteredRecord:
    """Write parts (month of referral, record) to `folder`, whole or not at all; what was there is replaced.

    A process that is killed on the way leaves a folder beside it whose name ends in .part. `coder` gave the codes; it
    is read when the last part has come. `made_of` says which state this is of. Months in `kept` are those of `before`
    as they are, whose codes `coder` goes on from: the same file under another name.
    """
    building = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True, mode=0o700)
    try:
        files = {month: _link(building, month, before) for month in kept if before is not None}
        files |= _written(building, parts)
        fsync_all(building / file["name"] for file in files.values())
        manifest = {"form": _FORM, "made_of": dict(made_of), "columns": coder.columns, "files": files}
        create_once(building / _MANIFEST, sealed(manifest))
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another process has made the same this moment, which is as good
            building.rename(folder)
        fsync(folder.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return read_record(folder, made_of)


def read_record(folder: Path, made_of: Mapping[str, Any]) -> ClusteredRecord:
    """The record in `folder`. YourCommand where there is none that is whole and made of exactly `made_of`.

    Sizes are checked here; `ClusteredRecord.damaged` compares every byte.
    """
    try:
        manifest = unsealed((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise _remade("there is no whole clustered record here") from None
    if manifest["form"] != _FORM or manifest["made_of"] != dict(made_of):
        raise _remade("the clustered record is of another state")
    for file in manifest["files"].values():
        path = folder / file["name"]
        if not path.is_file() or path.stat().st_size != file["bytes"]:
            raise _remade("a file of the clustered record is missing or torn")
    columns = {
        name: [tuple(value) if isinstance(value, list) else value for value in values]
        for name, values in manifest["columns"].items()
    }
    return ClusteredRecord(folder, manifest["made_of"], columns, manifest["files"])


def records_in(folder: Path) -> Iterator[ClusteredRecord]:
    """Every record that is whole among the folders in `folder`."""
    for path in sorted(folder.glob(f"*/{_MANIFEST}")):
        with suppress(YourCommand, OSError, ValueError):
            yield read_record(path.parent, unsealed(path.read_bytes())["made_of"])


def _remade(why: str) -> YourCommand:
    return YourCommand(why, remedy="make it again: it is derived from the tables of the lake")


def _link(folder: Path, month: str, before: ClusteredRecord) -> Mapping[str, Any]:
    file = before.files[month]
    name = file["name"]
    try:
        (folder / name).hardlink_to(before.folder / name)
    except OSError:  # a disk that knows no second names
        shutil.copyfile(before.folder / name, folder / name)
    return file


def _written(folder: Path, parts: Iterable[tuple[str, Clustered]]) -> dict[str, Mapping[str, Any]]:
    """The file of each month, hashed, written and forced to disk by other threads while the next month is made."""
    files: dict[str, Mapping[str, Any]] = {}
    waiting: deque[tuple[str, Future[Mapping[str, Any]]]] = deque()
    with ThreadPoolExecutor(_WRITERS) as threads:
        for month, part in parts:
            waiting.append((month, threads.submit(_write, folder, month, part)))
            if len(waiting) > _WRITERS:  # which bounds the months in memory
                done, writing = waiting.popleft()
                files[done] = writing.result()
        files.update((month, writing.result()) for month, writing in waiting)
    return files


def _write(folder: Path, month: str, part: Clustered) -> Mapping[str, Any]:
    arrays: dict[str, np.ndarray[Any, Any]] = {name: getattr(part, name) for name in _ARRAYS}
    arrays |= {f"{_CODE}{name}": codes for name, codes in part.codes.items()}
    columns = [
        pa.LargeListArray.from_arrays(pa.array([0, len(values)], pa.int64()), pa.array(values))
        for values in arrays.values()
    ]
    batch = pa.record_batch(columns, names=list(arrays))
    path = folder / f"{month}.arrow"
    with path.open("wb", buffering=0) as file, _Hashing(file) as sink:
        with pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
        os.fsync(file.fileno())
        return {
            "name": path.name,
            "referrals": part.referrals,
            "bytes": file.tell(),
            "digest": sink.digest.hexdigest(),
        }


class _Hashing(io.RawIOBase):
    """Writes to a file and hashes on the way, so that nothing is copied or read again."""

    def __init__(self, file: io.RawIOBase) -> None:
        self._file = file
        self.digest = _hash()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        whole = rest = memoryview(data).cast("B")
        self.digest.update(whole)
        while len(rest):  # a file may take less than it is given
            rest = rest[self._file.write(rest) or 0 :]
        return len(whole)


def _hash(content: bytes = b"") -> Any:
    """Shows damage; twice as fast as SHA-256 where the processor has no instructions for that."""
    return hashlib.blake2b(content, digest_size=16)
