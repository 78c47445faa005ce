"""Submissions and their findings are seen by their trust alone; what was received of a month, by whoever has signed in.

The audit of submissions is sealed in the chain of its trust like that of roles.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, wall

SEALED = (
    "CREATE TRIGGER sealed AFTER INSERT ON returns_submissionevent"
    " FOR EACH ROW EXECUTE FUNCTION joinedup_seal()"
)


class Migration(migrations.Migration):
    """Row-level security of the returns desk."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("returns", "0001_initial")]
    operations: ClassVar[list[object]] = [
        wall("returns_submission"),
        wall("returns_finding"),
        wall("returns_received", also_seen=SIGNED_IN),
        audit_wall("returns_submissionevent", seen=f"place_id = ANY({OWN})"),
        migrations.RunSQL(SEALED, migrations.RunSQL.noop),
    ]
