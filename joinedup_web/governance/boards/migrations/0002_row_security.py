"""What bodies are may be read by everyone who has signed in; their meetings by the keeper and whoever has a seat.

Only the keeper's own people write. The audit is sealed in the chain of the keeper.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SEEN, SIGNED_IN, audit_wall, sealed, wall

PUBLIC = ("body", "terms", "seat", "delegation")
MEETINGS = ("meeting", "agendaitem", "paper", "clearance", "attendance", "interest", "decision", "action")


def seated(body: str) -> str:
    """Whether an organisation of whoever asks has a seat today at the body that a column names."""
    return (
        f"EXISTS (SELECT 1 FROM boards_seat s WHERE s.body_id = {body} AND s.organisation_id = ANY({SEEN})"
        " AND (s.valid_to IS NULL OR s.valid_to >= current_date))"
    )


def kept(body: str) -> str:
    """Whether whoever asks keeps the record of the body that a column names."""
    return f"EXISTS (SELECT 1 FROM boards_body b WHERE b.id = {body} AND b.place_id = ANY({SEEN}))"


PASSED_ON = " OR ".join(
    [seated("boards_escalation.body_id"), seated("to_body_id"), kept("to_body_id")]
)  # both bodies see it
AUDITED = (*PUBLIC, *MEETINGS, "escalation")


class Migration(migrations.Migration):
    """Row-level security of boards and their meetings."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("boards", "0001_initial")]
    operations: ClassVar[list[object]] = [
        *(wall(f"boards_{table}", also_seen=SIGNED_IN) for table in PUBLIC),
        *(wall(f"boards_{table}", also_seen=seated(f"boards_{table}.body_id")) for table in MEETINGS),
        wall("boards_escalation", also_seen=PASSED_ON),
        *(audit_wall(f"boards_{table}event", seen=f"place_id = ANY({OWN})") for table in AUDITED),
        *(sealed(f"boards_{table}event") for table in AUDITED),
    ]
