"""Tokens belong to a person: PostgreSQL itself shows them to that person, and one of them to whoever shows its text."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import PERSON, audit_wall

MINE = f"person_id::text = {PERSON}"
SHOWN = "sha256 = current_setting('joinedup.token', true)"


def _wall(table: str, *, also_seen: str = "", never_removed: bool = False) -> migrations.RunSQL:
    seen = f"{MINE} OR {also_seen}" if also_seen else MINE
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})",
        f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({MINE})",
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({MINE}) WITH CHECK ({MINE})",
    ]
    if not never_removed:
        statements.append(f"CREATE POLICY removed ON {table} FOR DELETE USING ({MINE})")
    return migrations.RunSQL(statements, migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Row-level security of tokens, their audit and their allowances."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("api", "0001_initial")]
    operations: ClassVar[list[object]] = [
        _wall("api_token", also_seen=SHOWN, never_removed=True),
        _wall("api_allowance"),
        audit_wall("api_tokenevent", seen=MINE),
    ]
