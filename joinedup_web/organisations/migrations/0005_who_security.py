"""Walls of emergency access, letters and reads; what an emergency opens is seen and never written."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, PERSON, SEEN, SIGNED_IN, audit_wall, sealed

ACCESS, STEP, LETTER, READING = (
    f"organisations_{name}" for name in ("emergencyaccess", "emergencystep", "letter", "reading")
)
SENDING = "current_setting('joinedup.sending', true) = 'yes'"
OF_ACCESS = f"EXISTS (SELECT 1 FROM {ACCESS} a WHERE a.id = access_id AND a.place_id = {STEP}.place_id)"
POLICIES = {
    ACCESS: {
        "seen": f"FOR SELECT USING (place_id = ANY({OWN}) OR person_id::text = {PERSON})",
        "added": f"FOR INSERT WITH CHECK (person_id::text = {PERSON} AND asked_at <= now() + interval '1 minute')",
    },
    STEP: {
        "seen": f"FOR SELECT USING ({OF_ACCESS})",
        "added": f"FOR INSERT WITH CHECK (by_id::text = {PERSON} AND {OF_ACCESS})",
    },
    LETTER: {
        "seen": f"FOR SELECT USING (place_id = ANY({OWN}) OR {SENDING})",
        "added": f"FOR INSERT WITH CHECK ({SIGNED_IN})",
        "changed": f"FOR UPDATE USING ({SENDING}) WITH CHECK ({SENDING})",
    },
    READING: {
        "seen": f"FOR SELECT USING (place_id = ANY({OWN}) OR person_id::text = {PERSON})",
        "added": f"FOR INSERT WITH CHECK (person_id::text = {PERSON} AND place_id = ANY({SEEN}))",
    },
}


def walled(table: str, policies: dict[str, str]) -> migrations.RunSQL:
    """Row-level security of a table with policies of its own."""
    forced = [f"ALTER TABLE {table} {words} ROW LEVEL SECURITY" for words in ("ENABLE", "FORCE")]
    made = [f"CREATE POLICY {name} ON {table} {words}" for name, words in policies.items()]
    return migrations.RunSQL([*forced, *made], migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Row-level security and the chain of what 0004 made."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0004_who")]
    operations: ClassVar[list[object]] = [
        migrations.RunSQL(  # where the table was made before there were emergencies
            f"ALTER POLICY seen ON organisations_roleheld USING (place_id = ANY({SEEN}) OR person_id::text = {PERSON})",
            migrations.RunSQL.noop,
        ),
        *(walled(table, policies) for table, policies in POLICIES.items()),
        audit_wall(
            "organisations_emergencyaccessevent", seen=f"place_id = ANY({OWN}) OR person_id::text = {PERSON}"
        ),
        audit_wall(
            "organisations_emergencystepevent", seen=f"place_id = ANY({OWN}) OR by_id::text = {PERSON}"
        ),
        audit_wall("organisations_letterevent", seen=f"place_id = ANY({OWN})"),
        audit_wall("organisations_identitylinkevent", seen=f"user_id::text = {PERSON}"),
        audit_wall("organisations_secondfactorevent", seen=f"user_id::text = {PERSON}"),
        sealed("organisations_emergencyaccessevent"),
        sealed("organisations_emergencystepevent"),
        sealed("organisations_letterevent"),
        sealed(READING),
    ]
