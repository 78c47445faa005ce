"""Whoever holds a role at the successor of a closed organisation may be shown the roles that ended with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, PERSON, SEEN

SHOWN = (
    f"place_id = ANY({SEEN}) OR person_id::text = {PERSON} OR place_id IN (SELECT code FROM organisations_place"
    f" WHERE successor = ANY({OWN}) AND valid_to < current_date)"
)


class Migration(migrations.Migration):
    """The wall of roles held, with a door to the successor."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0005_who_security")]
    operations: ClassVar[list[object]] = [
        migrations.RunSQL(
            f"ALTER POLICY seen ON organisations_roleheld USING ({SHOWN})", migrations.RunSQL.noop
        )
    ]
