"""Whether the audit is as it was written: every link sealed with the one before, every entry still what was sealed.

What it cannot see: the newest entries of a place removed together with their seals, by one who may do everything.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from psycopg import sql


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


SEALED = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'joinedup_seal' ORDER BY c.relname
"""
LINKS = """
SELECT l.place_id, l.id, l.source, l.entry, l.previous, l.seal,
       coalesce(to_jsonb(e) @> l.entry::jsonb, false)
FROM organisations_auditlink l LEFT JOIN {table} e ON e.pgh_id = l.event WHERE l.source = %s
"""
STRANGE = """
SELECT l.place_id, l.id, l.source, l.entry, l.previous, l.seal, false FROM organisations_auditlink l
WHERE NOT l.source = ANY(%s)
"""

UNSEALED = """
SELECT e.place_id, count(*) FROM {table} e
LEFT JOIN organisations_auditlink l ON l.event = e.pgh_id AND l.source = %s WHERE l.id IS NULL GROUP BY e.place_id
"""


def verify() -> tuple[Chain, ...]:
    """Check every chain that may be seen: each place's by itself, through every audit that is sealed into it."""
    links: list[Link] = []
    unsealed: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")  # as the entries were written
        cursor.execute(SEALED)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(STRANGE, [tables])  # sealed entries of an audit that is sealed no more
        links.extend(Link(*row) for row in cursor.fetchall())
        for table in tables:
            cursor.execute(sql.SQL(LINKS).format(table=sql.Identifier(table)), [table])
            links.extend(Link(*row) for row in cursor.fetchall())
            cursor.execute(sql.SQL(UNSEALED).format(table=sql.Identifier(table)), [table])
            unsealed.update(dict(cursor.fetchall()))
    places = sorted({link.place for link in links} | unsealed.keys())
    ordered = sorted(links, key=lambda link: link.number)
    return tuple(
        _chain(place, [link for link in ordered if link.place == place], unsealed[place]) for place in places
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
