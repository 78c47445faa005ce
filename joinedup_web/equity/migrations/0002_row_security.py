"""Notes belong to a place: PostgreSQL itself shows them to those who hold a role there, and shared ones to who signed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, wall

SEAL = "CREATE TRIGGER sealed AFTER INSERT ON equity_noteevent FOR EACH ROW EXECUTE FUNCTION joinedup_seal()"


class Migration(migrations.Migration):
    """Row-level security of notes and of their audit, which is sealed into the chain of the place."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("equity", "0001_initial"),
        ("organisations", "0003_audit_chain"),
    ]
    operations: ClassVar[list[object]] = [
        wall("equity_note", also_seen=f"shared AND {SIGNED_IN}"),
        audit_wall("equity_noteevent", seen=f"place_id = ANY({OWN})"),
        migrations.RunSQL(SEAL, migrations.RunSQL.noop),
    ]
