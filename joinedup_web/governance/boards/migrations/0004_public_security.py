"""What a body that meets in public shows to a page that says it is the public one: agendas issued, decisions of closed
records, seats. Papers, minutes' other rows, actions and interests stay where they are."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import SEEN, SIGNED_IN

seated = import_module("joinedup_web.governance.boards.migrations.0002_row_security").seated
PUBLIC = "current_setting('joinedup.public', true) = 'yes'"
OPEN_BODY = "EXISTS (SELECT 1 FROM boards_body b WHERE b.id = {body} AND b.public_since <= {on})"
MEETING = OPEN_BODY.format(body="boards_meeting.body_id", on='boards_meeting."on"')
MEETING_OF_ITEM = (
    "EXISTS (SELECT 1 FROM boards_meeting m JOIN boards_body b ON b.id = m.body_id"
    " WHERE m.id = boards_agendaitem.meeting_id AND m.state <> 'prepared' AND b.public_since <= m.\"on\")"
)
MEETING_OF_DECISION = (
    "EXISTS (SELECT 1 FROM boards_agendaitem i JOIN boards_meeting m ON m.id = i.meeting_id"
    " JOIN boards_body b ON b.id = m.body_id"
    " WHERE i.id = boards_decision.item_id AND m.state = 'held' AND b.public_since <= m.\"on\")"
)
SHOWN = {
    "body": (SIGNED_IN, "public_since IS NOT NULL"),
    "seat": (SIGNED_IN, OPEN_BODY.format(body="boards_seat.body_id", on="current_date")),
    "meeting": (seated("boards_meeting.body_id"), f"state <> 'prepared' AND {MEETING}"),
    "agendaitem": (seated("boards_agendaitem.body_id"), f"left_out = '' AND {MEETING_OF_ITEM}"),
    "decision": (seated("boards_decision.body_id"), MEETING_OF_DECISION),
}
"""Table -> what widened seeing before, and what is public of it."""


class Migration(migrations.Migration):
    """The public's line through the walls of boards."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("boards", "0003_public")]
    operations: ClassVar[list[object]] = [
        migrations.RunSQL(
            f"ALTER POLICY seen ON boards_{table}"
            f" USING (place_id = ANY({SEEN}) OR ({before}) OR ({PUBLIC} AND {public}))",
            migrations.RunSQL.noop,
        )
        for table, (before, public) in SHOWN.items()
    ]
