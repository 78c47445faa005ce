"""Whether the audit is as it was written: every link sealed with the one before, every entry still what was sealed.

What it cannot see: the newest entries of a place removed together with their seals, by one who may do everything.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Chain:
    """The chain of one place: how many links, and what is wrong with it, in words."""

    place: str
    links: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One link as it is stored; `same` says whether the entry in the audit is still the one that was sealed."""

    place: str
    number: int
    source: str
    entry: str
    previous: str
    seal: str
    same: bool


SOURCES = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'sealed' ORDER BY 1
"""
LINKS = """
SELECT l.place_id, l.id, l.source, l.entry, l.previous, l.seal,
       coalesce(to_jsonb(e) @> l.entry::jsonb, false)
FROM organisations_auditlink l LEFT JOIN {table} e ON e.pgh_id = l.event WHERE l.source = '{table}'
"""
STRAY = """
SELECT l.place_id, l.id, l.source, l.entry, l.previous, l.seal, false
FROM organisations_auditlink l WHERE l.source <> ALL (%s)
"""
UNSEALED = """
SELECT e.place_id, count(*) FROM {table} e
LEFT JOIN organisations_auditlink l ON l.event = e.pgh_id AND l.source = '{table}' WHERE l.id IS NULL
GROUP BY e.place_id
"""


def verify() -> tuple[Chain, ...]:
    """Check every chain that may be seen: each place's by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")  # as the entries were written
        cursor.execute(SOURCES)  # every table whose entries are sealed says so by its trigger
        tables = [table for (table,) in cursor.fetchall()]
        links, unsealed = _read(cursor, tables)
    places = sorted({link.place for link in links} | unsealed.keys())
    return tuple(
        _chain(place, [link for link in links if link.place == place], unsealed.get(place, 0))
        for place in places
    )


def _read(cursor: Any, tables: list[str]) -> tuple[list[Link], Counter[str]]:
    """Every link in its order, and how many entries of each place were never sealed."""
    cursor.execute(STRAY, [tables])
    rows, unsealed = list(cursor.fetchall()), Counter[str]()
    for table in tables:
        cursor.execute(LINKS.format(table=table))
        rows += cursor.fetchall()
        cursor.execute(UNSEALED.format(table=table))
        unsealed.update(dict(cursor.fetchall()))
    return sorted((Link(*row) for row in rows), key=lambda link: (link.place, link.number)), unsealed


def _chain(place: str, links: list[Link], unsealed: int) -> Chain:
    faults = [*_faults(links), *([f"{unsealed} entries were never sealed"] if unsealed else [])]
    return Chain(place, len(links), tuple(faults))


def _faults(links: Iterable[Link]) -> Iterable[str]:
    before = ""
    for link in links:
        told = link.previous + link.source + link.entry
        if link.previous != before:
            yield f"link {link.number} does not follow the one before it"
        if hashlib.sha256(told.encode()).hexdigest() != link.seal:
            yield f"link {link.number} was altered"
        if not link.same:
            yield f"the entry that link {link.number} seals was altered or removed"
        before = link.seal
