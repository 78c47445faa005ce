"""A tracker is its council's; what the committee made public is shown to a page that says it is the public one.

Steps are added and never changed: there is no policy by which anybody could.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SEEN, audit_wall, sealed, wall

PUBLIC = "current_setting('joinedup.public', true) = 'yes'"
OF_TRACKER = "EXISTS (SELECT 1 FROM scrutiny_row r WHERE r.tracker_id = scrutiny_tracker.id AND r.public_since IS NOT NULL)"
OF_STEP = (
    "EXISTS (SELECT 1 FROM scrutiny_row r WHERE r.id = scrutiny_step.row_id AND r.public_since IS NOT NULL)"
)
STEPS = [
    "ALTER TABLE scrutiny_step ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE scrutiny_step FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY seen ON scrutiny_step FOR SELECT USING (place_id = ANY({SEEN}) OR ({PUBLIC} AND {OF_STEP}))",
    f"CREATE POLICY added ON scrutiny_step FOR INSERT WITH CHECK (place_id = ANY({OWN}))",
]
EVENTS = tuple(f"scrutiny_{name}event" for name in ("tracker", "row", "step", "newer"))


class Migration(migrations.Migration):
    """Walls, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("scrutiny", "0001_initial")]
    operations: ClassVar[list[object]] = [
        wall("scrutiny_tracker", also_seen=f"{PUBLIC} AND {OF_TRACKER}"),
        wall("scrutiny_row", also_seen=f"{PUBLIC} AND public_since IS NOT NULL"),
        wall("scrutiny_newer"),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        *(audit_wall(table, seen=f"place_id = ANY({OWN})") for table in EVENTS),
        *(sealed(table) for table in EVENTS),
    ]
