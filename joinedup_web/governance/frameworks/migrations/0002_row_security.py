"""A round is seen by its keeper and those who take part; signed, by everyone who has signed in. Only its keeper writes.

Scores are their party's. Another sees them when it has handed in its own, the keeper once scoring is over, and those who
take part once levels are agreed. Handovers and signatures are added and never changed; what was handed in or signed
cannot be changed by anyone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SEEN, SIGNED_IN, audit_wall, sealed, wall

TAKES_PART = f"string_to_array({{0}}parties, ',') && {SEEN}"
MINE = f"(r.place_id = ANY({SEEN}) OR {TAKES_PART.format('r.')})"


def of_round(table: str, which: str = "true") -> str:
    """Whether the round of a row can be seen by whoever asks, and is one of these."""
    return f"EXISTS (SELECT 1 FROM frameworks_round r WHERE r.id = {table}.round_id AND ({which}))"


HANDED_IN = "EXISTS (SELECT 1 FROM frameworks_handover h WHERE h.party_id = frameworks_sheet.party_id)"
OWN_IN = (
    "EXISTS (SELECT 1 FROM frameworks_handover mine WHERE mine.round_id = frameworks_sheet.round_id"
    f" AND mine.place_id = ANY({SEEN}) AND NOT mine.on_behalf)"
)
OVER = of_round(
    "frameworks_sheet",
    f"(r.state <> 'scoring' AND r.place_id = ANY({SEEN})) OR (r.state IN ('signing', 'signed') AND {MINE})",
)
FORM = (
    "EXISTS (SELECT 1 FROM frameworks_round r WHERE r.framework = frameworks_placeform.framework"
    f" AND r.unit_id = frameworks_placeform.unit_id AND {MINE})"
)
FIXED_TABLES = ("round", "sheet", "agreement")
FIXED = """
CREATE FUNCTION frameworks_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'frameworks_round' THEN
        IF OLD.signed_on IS NOT NULL THEN
            RAISE EXCEPTION 'a signed round is fixed';
        END IF;
    ELSIF TG_TABLE_NAME = 'frameworks_sheet' THEN
        IF EXISTS (SELECT 1 FROM frameworks_handover h WHERE h.party_id = OLD.party_id) THEN
            RAISE EXCEPTION 'scores that were handed in are fixed';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM frameworks_round r WHERE r.id = OLD.round_id AND r.signed_on IS NOT NULL) THEN
        RAISE EXCEPTION 'signed levels are fixed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
ADDED_ONLY = {
    "frameworks_handover": of_round("frameworks_handover", MINE),
    "frameworks_signature": of_round("frameworks_signature"),
}
EVENTS = tuple(
    f"frameworks_{name}event"
    for name in ("round", "party", "sheet", "handover", "agreement", "signature", "placeform")
)


def added_only(table: str, seen: str) -> list[str]:
    """Rows that are added and never changed: there is no policy by which anybody could."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {table} FOR SELECT USING (place_id = ANY({SEEN}) OR {seen})",
        f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK (place_id = ANY({OWN}))",
    ]


class Migration(migrations.Migration):
    """Walls, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("frameworks", "0001_initial")]
    operations: ClassVar[list[object]] = [
        wall(
            "frameworks_round",
            also_seen=f"{TAKES_PART.format('')} OR (signed_on IS NOT NULL AND {SIGNED_IN})",
        ),
        wall("frameworks_party", also_seen=of_round("frameworks_party")),
        wall("frameworks_sheet", also_seen=f"{HANDED_IN} AND ({OWN_IN} OR {OVER})"),
        wall(
            "frameworks_agreement",
            also_seen=of_round("frameworks_agreement", "r.state IN ('signing', 'signed')"),
        ),
        wall("frameworks_placeform", also_seen=FORM),
        *(
            migrations.RunSQL(added_only(table, seen), migrations.RunSQL.noop)
            for table, seen in ADDED_ONLY.items()
        ),
        migrations.RunSQL(FIXED, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER fixed BEFORE UPDATE OR DELETE ON frameworks_{table}"
                " FOR EACH ROW EXECUTE FUNCTION frameworks_fixed()",
                migrations.RunSQL.noop,
            )
            for table in FIXED_TABLES
        ),
        *(audit_wall(table, seen=f"place_id = ANY({OWN})") for table in EVENTS),
        *(sealed(table) for table in EVENTS),
    ]
