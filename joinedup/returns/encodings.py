"""Bytes of a file to canonical UTF-8: three encodings are recognised, none is guessed.

UTF-16 is recognised by its byte order mark only, UTF-8 by being valid UTF-8, and Windows-1252 by being
neither, in any line: a file that is UTF-8 in one line and not in another has been damaged.
"""

from __future__ import annotations

import codecs
from typing import Literal

from joinedup.errors import UnreadableFile

Encoding = Literal["UTF-8", "UTF-16", "Windows-1252"]

_SAVE_AGAIN = "Export the file again as UTF-8."
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def canonical_text(raw: bytes, file: str) -> tuple[bytes, Encoding]:
    """UTF-8 bytes without byte order mark, every line end a single newline; and the encoding that was met.

    Line ends inside a value become newlines too, as in XML. Raises UnreadableFile naming the row.
    """
    if raw.startswith(_UTF32_MARKS):
        raise UnreadableFile("The file is UTF-32.", file=file, remedy=_SAVE_AGAIN)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _lines(_from_utf16(raw, file), file), "UTF-16"
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if raw.isascii():
        return _lines(raw, file), "UTF-8"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _lines(_from_windows(raw, fault.start, file), file), "Windows-1252"
    return _lines(raw, file), "UTF-8"


def _from_utf16(raw: bytes, file: str) -> bytes:
    try:
        return raw.decode("utf-16").encode("utf-8")
    except UnicodeError:
        raise UnreadableFile(
            "The file begins as UTF-16 and holds bytes that are not; it may have been cut short.",
            file=file,
            remedy=_SAVE_AGAIN,
        ) from None


def _from_windows(raw: bytes, position: int, file: str) -> bytes:
    row = raw.count(b"\n", 0, position) or None
    if not raw.decode("utf-8", "ignore").isascii():
        raise UnreadableFile(
            "Some rows are UTF-8 and this one is not.",
            file=file,
            row=row,
            remedy=f"It was damaged. {_SAVE_AGAIN}",
        )
    try:
        return raw.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile(
            "The bytes here are neither UTF-8 nor Windows-1252.", file=file, row=row, remedy=_SAVE_AGAIN
        ) from None


def _lines(text: bytes, file: str) -> bytes:
    nul = text.find(b"\0")
    if nul >= 0:
        row = text.count(b"\n", 0, nul) or None
        raise UnreadableFile("There is a NUL byte in the text.", file=file, row=row, remedy=_SAVE_AGAIN)
    if b"\r" in text:
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text
