"""Databases of Microsoft Access for tests: Jet 4 (.mdb) and ACE 2007 (.accdb), which has its pages; text, whole numbers
and moments; no index, no password.

The layout of pages is as the documentation of mdbtools (HACKING.md) tells it: no free program writes such files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

PAGE = 4096
HEADER_KEY = bytes.fromhex("c7da396b")
TEXT, LONG, MOMENT, SHORT, OLE = 0x0A, 0x04, 0x08, 0x03, 0x0B
SIZES = {LONG: 4, MOMENT: 8, SHORT: 2}
PACKED = {LONG: "<i", MOMENT: "<d", SHORT: "<h"}
CATALOGUE = (("Id", LONG), ("Name", TEXT), ("Type", SHORT), ("Flags", LONG), ("LvProp", OLE))
FIRST_DAY = datetime(1899, 12, 30)
Columns = Sequence[tuple[str, int]]
Rows = Iterable[Sequence[Any]]


def write_access(path: Path, tables: Mapping[str, tuple[Columns, Rows]]) -> Path:
    """A database of these tables: name -> columns (name, kind) and rows; None is null."""
    pages: list[bytes] = [
        _header(path.suffix == ".accdb"),
        bytes(PAGE),
        bytes(PAGE),
    ]  # the catalogue stands on page 2
    first = {name: _add(pages, *table) for name, table in tables.items()}
    _add(pages, CATALOGUE, [(page, name, 1, 0, None) for name, page in first.items()], at=2)
    path.write_bytes(b"".join(pages))
    return path


def days(moment: datetime) -> float:
    """A moment as Access has it: days since 30 December 1899."""
    return (moment - FIRST_DAY).total_seconds() / 86_400


def _header(ace: bool) -> bytes:
    page = bytearray(PAGE)
    page[:20] = b"\x00\x01\x00\x00" + (b"Standard ACE DB\x00" if ace else b"Standard Jet DB\x00")
    page[0x14] = 2 if ace else 1
    # what a fixed key hides: no password, and no further key
    page[0x18:0x98] = _rc4(HEADER_KEY, bytes(0x80))
    return bytes(page)


def _rc4(key: bytes, content: bytes) -> bytes:
    state, other = list(range(256)), 0
    for at in range(256):
        other = (other + state[at] + key[at % len(key)]) % 256
        state[at], state[other] = state[other], state[at]
    found, first, second = bytearray(), 0, 0
    for value in content:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        found.append(value ^ state[(state[first] + state[second]) % 256])
    return bytes(found)


def _add(pages: list[bytes], columns: Columns, rows: Rows, at: int | None = None) -> int:
    """Add a table: its definition, its pages of rows, and the map of those; the page of its definition."""
    if at is None:
        at = len(pages)
        pages.append(bytes(PAGE))
    packed, held = [_row(columns, row) for row in rows], []
    while packed:
        page, packed = _data(packed, at)
        held.append(len(pages))
        pages.append(page)
    bits = bytearray(max(held, default=0) // 8 + 1)
    for one in held:
        bits[one // 8] |= 1 << one % 8
    usage, _ = _data([b"\x00" + struct.pack("<i", 0) + bytes(bits), b"\x00" + bytes(5)], 0)
    pages[at] = _definition(columns, len(pages))
    pages.append(usage)
    return at


def _row(columns: Columns, row: Sequence[Any]) -> bytes:
    """Number of columns, fixed values, variable ones with where each begins, from the last, and which are not null."""
    fixed = b"".join(
        struct.pack(PACKED[kind], value if value is not None else 0)
        for (_, kind), value in zip(columns, row, strict=True)
        if kind in SIZES
    )
    body, starts = struct.pack("<H", len(columns)) + fixed, []
    for (_, kind), value in zip(columns, row, strict=True):
        if kind not in SIZES:
            starts.append(len(body))
            body += value.encode("utf-16-le") if value is not None else b""
    ends = b"".join(struct.pack("<H", one) for one in (len(body), *starts[::-1]))
    known = bytearray((len(columns) + 7) // 8)
    for at, value in enumerate(row):
        known[at // 8] |= (value is not None) << at % 8
    return body + ends + struct.pack("<H", len(starts)) + bytes(known)


def _data(rows: list[bytes], table: int) -> tuple[bytes, list[bytes]]:
    """A page with as many rows as it holds, laid from its end, and the rows that are left."""
    page, end, offsets = bytearray(PAGE), PAGE, []
    for row in rows:
        if end - len(row) < 0x0E + 2 * (len(offsets) + 1):
            break
        end -= len(row)
        page[end : end + len(row)] = row
        offsets.append(end)
    assert offsets, "a row is longer than a page"
    page[:0x0E] = struct.pack("<BBHiiH", 1, 1, end - 0x0E - 2 * len(offsets), table, 0, len(offsets))
    page[0x0E : 0x0E + 2 * len(offsets)] = struct.pack(f"<{len(offsets)}H", *offsets)
    return bytes(page), rows[len(offsets) :]


def _definition(columns: Columns, usage: int) -> bytes:
    """The page of a table: its columns with where each stands in a row, their names, and its maps (rows 0 and 1)."""
    variable = sum(kind not in SIZES for _, kind in columns)
    entries, names, fixed, place = b"", b"", 0, 0
    for number, (name, kind) in enumerate(columns):
        size = SIZES.get(kind, 510 if kind == TEXT else 0)
        entries += struct.pack(
            "<BIHHHIBBIHH", kind, 0, number, place, number, 0, 2 + (kind in SIZES), 0, 0, fixed, size
        )
        fixed, place = fixed + SIZES.get(kind, 0), place + (kind not in SIZES)
        called = name.encode("utf-16-le")
        names += struct.pack("<H", len(called)) + called
    maps = struct.pack("<II", usage << 8, usage << 8 | 1)
    head = struct.pack("<BBHIIIIII", 2, 1, 0, 0, 0, 0, 0, 0, 0).ljust(0x28, b"\0")
    head += struct.pack("<BHHHII", 0x4E, len(columns), variable, len(columns), 0, 0) + maps
    return (head + entries + names).ljust(PAGE, b"\0")
