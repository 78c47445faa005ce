"""The zip that a workbook is, checked before any of it is parsed, and packed again with only what is needed.

Readers of workbooks inflate what a zip holds, whatever it says of itself. So every member is inflated here first,
within limits, and the reader is given a zip of ours: macros, pictures and links to elsewhere are not in it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from joinedup.errors import UnreadableFile, UnsafeFile

MAX_BYTES_IN = 20 * 1024**2
MAX_BYTES_UNPACKED = 60 * 1024**2
MAX_MEMBERS = 2_000
MAX_SHEETS = 60
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml"
    r"|xl/styles\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
"""What values are in: no macros, no drawings, no connections."""
NO_VALUES = re.compile(
    r"xl/(comments|threadedComments|drawings|media|embeddings|externalLinks|pivotTables|chartsheets|macrosheets|vbaProject)"
)
"""What people may miss in a workbook of values alone."""

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_ENCRYPTED_OFFICE = b"\xd0\xcf\x11\xe0"
_SAVE = "Open it in a spreadsheet program, save it as .xlsx without a password, and send that."
_SMALLER = "A tracker is far smaller: save the sheets of the tracker alone, as a new workbook."


def needed_parts(content: bytes, name: str) -> dict[str, bytes]:
    """The parts of a workbook that hold values, by their name in the zip.

    Raises UnsafeFile (too large, unpacks to too much, two parts of one name) or UnreadableFile (no zip, cut short,
    encrypted).
    """
    if len(content) > MAX_BYTES_IN:
        raise UnsafeFile(
            f"The file is {len(content) / 1024**2:,.0f} MB; the limit is {MAX_BYTES_IN // 1024**2} MB.",
            file=name,
            remedy=_SMALLER,
        )
    if content.startswith(_ENCRYPTED_OFFICE):
        raise UnreadableFile("This is an old .xls workbook, or one with a password.", file=name, remedy=_SAVE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _inflated(archive, name)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError,
    ):  # fmt: skip
        raise UnreadableFile(
            "It is not a workbook, or it is damaged or cut short.", file=name, remedy=_SAVE
        ) from None


def packed(parts: dict[str, bytes]) -> bytes:
    """These parts as a zip that holds nothing else."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _inflated(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = archive.infolist()
    _check_directory(entries, name)
    left = MAX_BYTES_UNPACKED
    parts = {}
    for entry in entries:
        if NEEDED.fullmatch(entry.filename):
            content = b"".join(_blocks(archive, entry, left, name))
            left -= len(content)
            parts[entry.filename] = content
    if part(parts, "xl/workbook.xml") is None:
        raise UnreadableFile("This zip is no .xlsx workbook.", file=name, remedy=_SAVE)
    return parts


def left_out(content: bytes) -> tuple[str, ...]:
    """What `needed_parts` leaves out and somebody may miss: comments, pictures, macros. The zip was read before."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = (NO_VALUES.match(name) for name in archive.namelist())
        return tuple(sorted({match[1] for match in found if match}))


def part(parts: dict[str, bytes], name: str) -> bytes | None:
    """A part by its name, whatever its case, as readers of workbooks look for it."""
    return next((content for found, content in parts.items() if found.casefold() == name.casefold()), None)


def _check_directory(entries: list[zipfile.ZipInfo], name: str) -> None:
    """What the directory says is enough to refuse; what it does not say is found while inflating."""
    sheets = sum(entry.filename.startswith("xl/worksheets/") for entry in entries)
    faults = {
        f"has {len(entries):,} parts; the limit is {MAX_MEMBERS:,}": len(entries) > MAX_MEMBERS,
        f"has {sheets:,} parts of sheets; the limit is {MAX_SHEETS}": sheets > MAX_SHEETS,
        "has two parts of one name": len({e.filename.casefold() for e in entries}) < len(entries),
        "is encrypted": any(entry.flag_bits & _ENCRYPTED for entry in entries),
        f"unpacks to more than {MAX_BYTES_UNPACKED // 1024**2} MB": sum(e.file_size for e in entries)
        > MAX_BYTES_UNPACKED,
    }
    for words in (words for words, met in faults.items() if met):
        raise UnsafeFile(f"The workbook {words}.", file=name, remedy=_SMALLER)


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, name: str) -> Iterator[bytes]:
    """The blocks of one part; a directory that lies about sizes gains nothing."""
    with archive.open(entry) as member:
        while block := member.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise UnsafeFile(
                    f"The workbook unpacks to more than {MAX_BYTES_UNPACKED // 1024**2} MB.",
                    file=name,
                    remedy=_SMALLER,
                )
            yield block
