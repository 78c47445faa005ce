"""Blocks of a file, unpacked as they are needed. A file that unpacks to too much is refused while it unpacks."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, Final

from joinedup.errors import UnreadableFile, UnsafeFile

BLOCK: Final = 1 << 18
MOST_BYTES: Final = 16 << 30
"""Of a log, unpacked: it is read as a stream, so this guards time, not memory."""
MOST_TIMES: Final = 200
"""How many times its size a log may unpack to. The logs we know unpack to 10 to 40 times."""
_START: Final = 1 << 20
_REMEDY: Final = "No event log packs so well: check where the file came from."


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


class Stream(RawIOBase):
    """Blocks as a file that is read forwards, counting its lines."""

    def __init__(self, found: Iterator[bytes]) -> None:
        self._found, self._rest = found, b""
        self.lines, self.whole = 0, True

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes; 0 at the end."""
        while not self._rest:
            block = next(self._found, None)
            if block is None:
                return 0
            self._rest = block
            if block:
                self.lines += block.count(b"\n")
                self.whole = block.endswith(b"\n")
        number = min(len(buffer), len(self._rest))
        buffer[:number] = self._rest[:number]
        self._rest = self._rest[number:]
        return number
