"""A row is shown to whoever names it: its id or its hash, which only a link or an address gives; or the worker, which posts.

No audit: it is never rewritten, and who leaves is to be erased.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

NAMED = "string_to_array(current_setting('joinedup.updates', true), ',')"
POST = f"'post' = ANY({NAMED})"
OWN = {
    "reader": f"id::text = ANY({NAMED}) OR known_by = ANY({NAMED}) OR {POST}",
    "choice": f"reader_id::text = ANY({NAMED}) OR {POST}",
    "asking": f"id::text = ANY({NAMED}) OR known_by = ANY({NAMED}) OR {POST}",
    "digest": f"reader_id::text = ANY({NAMED}) OR {POST}",
    "week": POST,
    "noticed": POST,
    "allowance": f"key = ANY({NAMED}) OR {POST}",
}
ALSO_SEEN = {"noticed": f" OR 'notices' = ANY({NAMED})"}
"""When a public fact was noticed is told to feeds; it names nobody."""


def walled(table: str, own: str) -> list[str]:
    """Row-level security of a table whose rows belong to no place."""
    name = f"updates_{table}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {name} FOR SELECT USING ({own}{ALSO_SEEN.get(table, '')})",
        f"CREATE POLICY added ON {name} FOR INSERT WITH CHECK ({own})",
        f"CREATE POLICY changed ON {name} FOR UPDATE USING ({own}) WITH CHECK ({own})",
        f"CREATE POLICY removed ON {name} FOR DELETE USING ({own})",
    ]


class Migration(migrations.Migration):
    """Row-level security of updates."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("updates", "0001_initial")]
    operations: ClassVar[list[object]] = [
        migrations.RunSQL(walled(table, own), migrations.RunSQL.noop) for table, own in OWN.items()
    ]
