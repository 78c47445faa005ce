"""Each entry of the audit is sealed with the one before it of the same place, so that a change is seen by anyone."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from joinedup_web.organisations import migrating
from joinedup_web.organisations.row_security import OWN

FUNCTION = """
CREATE FUNCTION joinedup_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    before text;
    entry text := to_jsonb(NEW)::text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('joinedup audit ' || NEW.place_id, 0));
    SELECT seal INTO before FROM organisations_auditlink WHERE place_id = NEW.place_id ORDER BY id DESC LIMIT 1;
    INSERT INTO organisations_auditlink (place_id, source, event, entry, previous, seal)
    VALUES (NEW.place_id, TG_TABLE_NAME, NEW.pgh_id, entry, coalesce(before, ''),
            encode(sha256(convert_to(coalesce(before, '') || TG_TABLE_NAME || entry, 'UTF8')), 'hex'));
    RETURN NULL;
END $$
"""
SQL = [
    "ALTER TABLE organisations_auditlink ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE organisations_auditlink FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY seen ON organisations_auditlink FOR SELECT USING (place_id = ANY({OWN}))",
    "CREATE POLICY kept ON organisations_auditlink FOR SELECT TO CURRENT_ROLE USING (true)",
    "CREATE POLICY added ON organisations_auditlink FOR INSERT TO CURRENT_ROLE WITH CHECK (true)",
    FUNCTION,
    "REVOKE ALL ON FUNCTION joinedup_seal() FROM PUBLIC",
    "CREATE TRIGGER sealed AFTER INSERT ON organisations_roleheldevent FOR EACH ROW EXECUTE FUNCTION joinedup_seal()",
]


class Migration(migrations.Migration):
    """The chain of the audit of roles."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0002_row_security")]
    operations: ClassVar[list[object]] = [
        migrating.CreateModel(
            name="AuditLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place_id", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=63)),
                ("event", models.BigIntegerField()),
                ("entry", models.TextField()),
                ("previous", models.CharField(max_length=64, blank=True)),
                ("seal", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["place_id", "previous"], name="one_chain_a_place")
                ]
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
