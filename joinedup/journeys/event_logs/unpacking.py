"""Blocks of a file, unpacked as they are needed. A file that unpacks to too much is refused while it unpacks."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from joinedup.errors import UnreadableFile, UnsafeFile

BLOCK: Final = 1 << 18
MOST_BYTES: Final = 16 << 30
"""Of a log, unpacked: it is read as a stream, so this guards time, not memory."""
MOST_TIMES: Final = 200
"""How many times its size a log may unpack to. The logs we know unpack to 10 to 40 times."""
PIECE: Final = 8 << 20
"""Bytes of text that are parsed at once; no line is longer."""
_START: Final = 1 << 20
_REMEDY: Final = "No event log is like that: check where the file came from."


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, of a .gz what is in it. Raises UnsafeFile or UnreadableFile."""
    if not path.is_file():
        raise UnreadableFile("There is no such file.", file=path.name, remedy="Check the path.")
    with path.open("rb") as stream:
        found = _unpacked(stream, path.name) if path.suffix.lower() == ".gz" else _plain(stream)
        total = 0
        for block in found:
            total += len(block)
            if total > MOST_BYTES:
                raise UnsafeFile(
                    f"The log is larger than {MOST_BYTES >> 30} GB.",
                    file=path.name,
                    remedy="Cut it in parts.",
                )
            yield block


def _plain(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _unpacked(stream: BinaryIO, file: str) -> Iterator[bytes]:
    member, came, went = zlib.decompressobj(wbits=31), 0, 0
    packed = b""
    try:
        while packed or (packed := stream.read(BLOCK)):
            block = member.decompress(packed, BLOCK)
            came += len(packed) - len(member.unconsumed_tail) - len(member.unused_data)
            went += len(block)
            if went > _START + MOST_TIMES * came:
                raise UnsafeFile(
                    f"It unpacks to more than {MOST_TIMES} times its size.", file=file, remedy=_REMEDY
                )
            yield block
            packed = member.unconsumed_tail or member.unused_data
            if member.eof:
                # A .gz may be several, one after another; zeros may fill the end.
                member, packed = zlib.decompressobj(wbits=31), packed.lstrip(b"\0")
                if not (packed or (packed := stream.read(BLOCK).lstrip(b"\0"))):
                    return
    except zlib.error:
        raise _cut(file) from None
    raise _cut(file)


def _cut(file: str) -> UnreadableFile:
    return UnreadableFile(
        "It cannot be unpacked as .gz; it may have been cut short.", file=file, remedy="Export the log again."
    )


def whole_lines(path: Path, encoding: str) -> Iterator[bytes]:
    """The text of a file as UTF-8, in pieces that end with a line; the last may lack its line end.

    Raises UnreadableFile, with the row, where the text is not in the encoding; UnsafeFile for a line without end.
    """
    decoder, plain = codecs.getincrementaldecoder(encoding)("strict"), encoding.lower() == "utf-8"
    held, size, lines = list[bytes](), 0, 0
    for block in chain(blocks(path), [b""]):
        try:
            text = decoder.decode(block, not block)
        except UnicodeError:
            raise UnreadableFile(
                f"The text is not {encoding}.",
                file=path.name,
                row=lines or None,
                remedy="State another encoding.",
            ) from None
        held.append(block if plain else text.encode())
        size, lines = size + len(held[-1]), lines + held[-1].count(b"\n")
        if size >= PIECE or not block:
            whole = b"".join(held).removeprefix(codecs.BOM_UTF8)
            cut = whole.rfind(b"\n") + 1 if block else len(whole)
            if not cut and block:
                raise UnsafeFile(
                    f"A line is longer than {PIECE >> 20} MB.",
                    file=path.name,
                    row=lines or None,
                    remedy=_REMEDY,
                )
            if cut:
                yield whole[:cut]
            held, size = [whole[cut:]], len(whole) - cut
