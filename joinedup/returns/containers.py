"""What a submission comes in: a folder or a single zip. Every limit is checked before anything is parsed.

Members are inflated in memory and never written to disk: an interrupted load leaves no person's data behind.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from isal import isal_zlib

from joinedup.errors import UnreadableFile, UnsafeFile

MAX_BYTES_IN = 500 * 1024**2
MAX_BYTES_UNPACKED = 2 * 1024**3
MAX_RATIO = 200
MAX_MEMBERS = 100
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVE_ENDINGS = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst", ".cab")
_ARCHIVE_MAGIC = (
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
)
_FLAT = "Put the tables straight into one folder or one zip, with no folders or archives inside it."


@dataclass(frozen=True)
class Member:
    """One file of a submission: its name, its size unpacked, and how to read it (limits still enforced)."""

    name: str
    size: int
    read: Callable[[], bytes]


def check_size(path: Path) -> None:
    """Refuse a file of more than 500 MB, or one that is no ordinary file. Raises UnsafeFile."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode) or not stat.S_ISREG(status.st_mode):
        raise UnsafeFile(
            "This is a link or a device, not a file.", file=path.name, remedy="Send the file itself."
        )
    if status.st_size > MAX_BYTES_IN:
        raise UnsafeFile(
            f"The file is {status.st_size / 1024**2:,.0f} MB; the limit is {MAX_BYTES_IN // 1024**2} MB.",
            file=path.name,
            remedy="A month of one provider is far smaller: check what was exported.",
        )


def folder_members(path: Path) -> tuple[Member, ...]:
    """The files of a folder, one level deep. Raises UnsafeFile on links, folders inside, number or size."""
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    _check_number(len(entries), path.name)
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            raise UnsafeFile("There is a folder inside the submission.", file=entry.name, remedy=_FLAT)
        check_size(entry)
    sizes = [entry.stat().st_size for entry in entries]
    _check_total(sum(sizes), path.name, MAX_BYTES_IN)
    return tuple(Member(e.name, size, _file_reader(e)) for e, size in zip(entries, sizes, strict=True))


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES_IN + 1)
        if len(data) > MAX_BYTES_IN:
            raise UnsafeFile(
                "The file grew while it was read.", file=path.name, remedy="Try again when it is whole."
            )
        _check_not_archive(path.name, data)
        return data

    return read


def zip_members(stream: BinaryIO, name: str) -> tuple[Member, ...]:
    """The members of a zip, from its directory, in order of name. Raises UnsafeFile or UnreadableFile."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError):
        raise _broken(name) from None
    entries = archive.infolist()
    _check_number(len(entries), name)
    for entry in entries:
        _check_entry(entry, name)
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise UnsafeFile("Two members of the zip have one name.", file=name, remedy="Zip the tables again.")
    _check_total(sum(entry.file_size for entry in entries), name, MAX_BYTES_UNPACKED)
    left = _Allowance(MAX_BYTES_UNPACKED)
    ordered = sorted(entries, key=lambda entry: entry.filename)
    return tuple(Member(e.filename, e.file_size, _zip_reader(archive, e, name, left)) for e in ordered)


@dataclass
class _Allowance:
    bytes_left: int


def _zip_reader(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: _Allowance
) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            data = _inflate(_packed(archive, entry), entry)
        except (  # type: ignore[misc]  # its stubs call isal's error an object
            zipfile.BadZipFile, isal_zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
        ):  # fmt: skip
            raise _broken(name, entry.filename) from None
        left.bytes_left -= len(data)
        if len(data) > entry.file_size or left.bytes_left < 0:
            raise UnsafeFile("The zip unpacks to more than it declares.", file=name, remedy="Zip it again.")
        if len(data) != entry.file_size or isal_zlib.crc32(data) != entry.CRC:
            raise _broken(name, entry.filename)
        _check_not_archive(entry.filename, data)
        return data

    return read


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a member as they lie in the zip: read as if it were stored, of the length it has there."""
    stored = copy(entry)
    stored.compress_type, stored.file_size = zipfile.ZIP_STORED, entry.compress_size
    stored.CRC = None  # type: ignore[assignment]  # it is that of what is packed: checked after inflating
    with archive.open(stored) as member:
        return member.read()


def _inflate(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    """What a member unpacks to, or a byte more than the directory declares: it may lie, and no more is made of it."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed
    # Three times as fast as zlib, which took a fifteenth of a load.
    inflater = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
    return inflater.decompress(packed, entry.file_size + 1)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    faults = {
        # Not is_dir(), which fails on a member without a name.
        "is a folder or lies in one, or has no name": entry.filename.endswith("/")
        or len(PurePosixPath(entry.filename).parts) != 1,
        "has an absolute name or one that climbs out": _climbs(entry.filename),
        "is a link": stat.S_ISLNK(entry.external_attr >> 16),
        "is encrypted": bool(entry.flag_bits & _ENCRYPTED),
        "is packed by a method other than deflate": entry.compress_type not in _METHODS,
        "is an archive itself": entry.filename.lower().endswith(_ARCHIVE_ENDINGS),
        f"unpacks to more than {MAX_RATIO} times its size": entry.file_size
        > MAX_RATIO * max(entry.compress_size, 1),
    }
    # The most telling fault first: a name that climbs out also "lies in a folder".
    for words in sorted((w for w, met in faults.items() if met), key=lambda w: "climbs" not in w):
        raise UnsafeFile(f"A member of the zip {words}.", file=name, remedy=_FLAT)


def _climbs(member: str) -> bool:
    parts = PurePosixPath(member.replace("\\", "/")).parts
    return "\\" in member or ".." in parts or member.startswith("/") or member[1:2] == ":"


def _check_number(count: int, name: str) -> None:
    if count > MAX_MEMBERS:
        raise UnsafeFile(
            f"There are {count:,} files in it; the limit is {MAX_MEMBERS}.", file=name, remedy=_FLAT
        )


def _check_total(size: int, name: str, limit: int) -> None:
    if size > limit:
        raise UnsafeFile(
            f"It unpacks to {size / 1024**2:,.0f} MB; the limit is {limit // 1024**2:,} MB.",
            file=name,
            remedy="A month of one provider is far smaller: check what was exported.",
        )


def _check_not_archive(name: str, data: bytes) -> None:
    if data.startswith(_ARCHIVE_MAGIC):
        raise UnsafeFile("This file is an archive inside the submission.", file=name, remedy=_FLAT)


def _broken(name: str, member: str | None = None) -> UnreadableFile:
    what = (
        f"Its member {member} cannot be unpacked"
        if member
        else "It is not a zip, or its directory is damaged"
    )
    return UnreadableFile(f"{what}; it may have been cut short.", file=name, remedy="Send the zip again.")
