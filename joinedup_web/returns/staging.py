"""The staging folder: files as trusts sent them, until they are loaded or withdrawn. They hold people's data.

Folders 0700, files 0600, outside any web root, in a folder named by the hash of their content. Whatever no submission
needs is removed: at the end of a request, after a job, and when the worker starts.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.lake.durable import fsync
from joinedup.returns.containers import MAX_BYTES_IN, MAX_MEMBERS

ARRIVING = ".arriving-"
SLOW = 3600.0
_BLOCK = 1 << 20
_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]+")
_LONGEST = 80
_MANY_DIGITS = re.compile(r"\d{9,}")


def folder_in(workspace: Path) -> Path:
    """The folder, made where it is absent."""
    made = workspace / "staging"
    made.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o700)
    return made


def plain_name(name: str) -> str:
    """A file's name as it may be kept and shown: no path, no control signs, no long numbers, at most 80 signs."""
    last = re.split(r"[\\/]", name)[-1]
    plain = _MANY_DIGITS.sub("9...", _PLAIN.sub("_", last)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 5:
        return plain[:_LONGEST] or "file"
    return f"{stem[: _LONGEST - len(ending) - 1] or 'file'}.{ending.lower()}"


class Arriving:
    """A file while it is written: its size is held to the limit, its hash grows with it, and it goes unless kept."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.size = plain_name(name), 0
        self._hash = hashlib.sha256()
        descriptor, path = tempfile.mkstemp(prefix=ARRIVING, dir=folder)  # 0600
        self.path, self._stream = Path(path), os.fdopen(descriptor, "wb")

    @property
    def digest(self) -> str:
        """sha256 of what was written, 64 hex."""
        return self._hash.hexdigest()

    def write(self, block: bytes) -> None:
        """Take a block. Raises UnsafeFile beyond 500 MB."""
        self.size += len(block)
        if self.size > MAX_BYTES_IN:
            raise UnsafeFile(
                f"The file is larger than {MAX_BYTES_IN // 1024**2} MB.",
                file=self.name,
                remedy="A month of one provider is far smaller: check what was exported.",
            )
        self._hash.update(block)
        self._stream.write(block)

    def close(self) -> None:
        """No more will come."""
        if not self._stream.closed:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()

    def discard(self) -> None:
        """Remove it, where it is still here."""
        self._stream.close()
        self.path.unlink(missing_ok=True)

    def keep(self, owner: str) -> str:
        """Give it its lasting place, durably; `<owner>-<hash>/<name>` is answered. The same content twice is one."""
        self.close()
        folder = self.path.parent / f"{owner}-{self.digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.path.replace(folder / self.name)
        for changed in (folder, folder.parent):
            fsync(changed)
        return f"{folder.name}/{self.name}"


def arrived(folder: Path, name: str, stream: BinaryIO) -> Arriving:
    """All of a stream as an arriving file. Raises UnsafeFile."""
    arriving = Arriving(folder, name)
    try:
        while block := stream.read(_BLOCK):
            arriving.write(block)
    except BaseException:
        arriving.discard()
        raise
    arriving.close()
    return arriving


def packed(folder: Path, name: str, members: Iterable[tuple[str, Path]]) -> Arriving:
    """Loose CSV files as one zip, which is how one submission of many files travels. Raises UnsafeFile.

    The zip is stored, not deflated, and its times are fixed: the same files are the same zip.
    """
    ordered = sorted(members)
    if len({member.casefold() for member, _ in ordered}) < len(ordered):
        raise UnreadableFile("Two of the files have one name.", file=name, remedy="Send each table once.")
    if len(ordered) > MAX_MEMBERS:
        raise UnsafeFile(
            f"There are {len(ordered)} files; the limit is {MAX_MEMBERS}.",
            file=name,
            remedy="Send the tables of one month.",
        )
    arriving = Arriving(folder, name)
    try:
        with zipfile.ZipFile(_Written(arriving), "w") as archive:
            for member, path in ordered:
                entry = zipfile.ZipInfo(member)
                with archive.open(entry, "w") as target, path.open("rb") as source:
                    shutil.copyfileobj(source, target, _BLOCK)
    except BaseException:
        arriving.discard()
        raise
    arriving.close()
    return arriving


class _Written:
    """An arriving file as `zipfile` writes to a stream that cannot go back."""

    def __init__(self, arriving: Arriving) -> None:
        self._arriving = arriving

    def write(self, block: bytes, /) -> int:
        self._arriving.write(bytes(block))
        return len(block)

    def close(self) -> None:
        """The arriving file is closed by whoever began it."""

    def flush(self) -> None:
        """Nothing is held back."""


def remove(folder: Path, kept: str) -> None:
    """Remove one kept file, and its folder with the last of them."""
    place = folder / PurePosixPath(kept).parts[0]
    if kept and place.is_dir():
        (folder / kept).unlink(missing_ok=True)
        with suppress(OSError):  # another file of the same content is still needed
            place.rmdir()


def sweep(folder: Path, needed: Iterable[str], *, before: float) -> int:
    """Remove what no submission needs and nobody has written to since `before` (seconds since 1970); how many.

    What is still arriving gets an hour more: whoever sends it may have a slow line.
    """
    wanted, gone = {PurePosixPath(kept).parts[0] for kept in needed if kept}, 0
    for path in list(folder.iterdir()):
        limit = before - SLOW if path.name.startswith(ARRIVING) else before
        if path.name not in wanted and path.lstat().st_mtime < limit:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            gone += 1
    return gone


def forget_arriving(workspace: Path) -> None:
    """Remove every file that has not arrived: when no server runs, none will."""
    for path in folder_in(workspace).glob(f"{ARRIVING}*"):
        path.unlink(missing_ok=True)
