"""Topics, proposals and requests are their council's; requests that it made public are shown to the public log alone.

Steps are added and never changed: there is no policy by which anybody could.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SEEN, audit_wall, sealed, wall

PUBLIC = "current_setting('joinedup.public', true) = 'yes'"
OF_STEP = "EXISTS (SELECT 1 FROM scrutiny_request r WHERE r.id = of_id AND r.public_since IS NOT NULL)"


def steps(table: str, also_seen: str = "false") -> migrations.RunSQL:
    """Steps are seen with their row, and added by whoever holds a role there."""
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING (place_id = ANY({SEEN}) OR ({also_seen}))",
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK (place_id = ANY({OWN}))",
        ],
        migrations.RunSQL.noop,
    )


ROWS = ("topic", "proposal", "request")
EVENTS = tuple(f"scrutiny_{name}{step}event" for name in ROWS for step in ("", "step"))


class Migration(migrations.Migration):
    """Walls, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("scrutiny", "0003_rooms")]
    operations: ClassVar[list[object]] = [
        wall("scrutiny_topic"),
        wall("scrutiny_proposal"),
        wall("scrutiny_request", also_seen=f"{PUBLIC} AND public_since IS NOT NULL"),
        steps("scrutiny_topicstep"),
        steps("scrutiny_proposalstep"),
        steps("scrutiny_requeststep", also_seen=f"{PUBLIC} AND {OF_STEP}"),
        *(audit_wall(table, seen=f"place_id = ANY({OWN})") for table in EVENTS),
        *(sealed(table) for table in EVENTS),
    ]
