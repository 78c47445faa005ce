"""Whether the audit is as it was written: every link sealed with the one before, every entry still what was sealed.

What it cannot see: the newest entries of a place removed together with their seals, by one who may do everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

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


SOURCES = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'sealed' ORDER BY 1"
QUERY = """
WITH e AS ({entries})
SELECT l.place_id, l.id, l.source, l.entry, l.previous, l.seal, coalesce(e.entry @> l.entry::jsonb, false)
FROM organisations_auditlink l LEFT JOIN e ON e.source = l.source AND e.event = l.event
ORDER BY l.place_id, l.id
"""
UNSEALED = """
WITH e AS ({entries})
SELECT e.place_id, count(*) FROM e
LEFT JOIN organisations_auditlink l ON l.source = e.source AND l.event = e.event
WHERE l.id IS NULL GROUP BY e.place_id
"""
ENTRIES = "SELECT '{table}' AS source, t.pgh_id AS event, t.place_id, to_jsonb(t) AS entry FROM {table} t"


def verify() -> tuple[Chain, ...]:
    """Check every chain that may be seen: each place's by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")  # as the entries were written
        cursor.execute(SOURCES)  # every audit table whose rows are sealed: the trigger says so
        entries = " UNION ALL ".join(ENTRIES.format(table=table) for (table,) in cursor.fetchall())
        cursor.execute(QUERY.format(entries=entries))
        links = [Link(*row) for row in cursor.fetchall()]
        cursor.execute(UNSEALED.format(entries=entries))
        unsealed = dict(cursor.fetchall())
    places = sorted({link.place for link in links} | unsealed.keys())
    return tuple(
        _chain(place, [link for link in links if link.place == place], unsealed.get(place, 0))
        for place in places
    )


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
