"""Collaboratives are walled, audited and sealed; and a trigger of the owner writes each into the register of places."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, sealed, wall

# The app role may not write the register. The trigger takes only what a collaborative is, and never another's code:
# a code that is there already breaks the key, and a code is never changed.
FUNCTION = """
CREATE FUNCTION joinedup_collaborative() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM organisations_place WHERE code = OLD.code;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO organisations_place (code, name, short_name, level, valid_from, valid_to, successor, source)
        VALUES (NEW.code, NEW.name, NEW.short_name, 'collaborative', NEW.valid_from, NEW.valid_to, NEW.successor,
                NEW.source);
        RETURN NULL;
    END IF;
    IF NEW.code <> OLD.code THEN
        RAISE EXCEPTION 'the code of a collaborative is never changed' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE organisations_place SET name = NEW.name, short_name = NEW.short_name, valid_from = NEW.valid_from,
           valid_to = NEW.valid_to, successor = NEW.successor, source = NEW.source WHERE code = NEW.code;
    RETURN NULL;
END $$
"""
TABLES = ("collaboratives_collaborative", "collaboratives_collaborativemember")


class Migration(migrations.Migration):
    """Walls, the audit's chain, and the register."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("collaboratives", "0001_initial")]
    operations: ClassVar[list[object]] = [
        *(wall(table, also_seen=SIGNED_IN) for table in TABLES),
        *(audit_wall(f"{table}event", seen=f"place_id = ANY({OWN})") for table in TABLES),
        *(sealed(f"{table}event") for table in TABLES),
        migrations.RunSQL(
            [
                FUNCTION,
                "REVOKE ALL ON FUNCTION joinedup_collaborative() FROM PUBLIC",
                "CREATE TRIGGER registered AFTER INSERT OR UPDATE OR DELETE ON collaboratives_collaborative"
                " FOR EACH ROW EXECUTE FUNCTION joinedup_collaborative()",
            ],
            migrations.RunSQL.noop,
        ),
    ]
