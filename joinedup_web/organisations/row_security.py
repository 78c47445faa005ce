"""Row-level security: PostgreSQL itself shows a row only to those whose place it belongs to.

`wall` goes into a migration; `opened` tells the database, for one transaction, who asks and where they hold roles. With
neither told, there are no rows: a forgotten filter shows nothing. Places of an emergency widen what is seen, never what
is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, migrations, transaction

PERSON = "current_setting('joinedup.person', true)"
OWN = "string_to_array(current_setting('joinedup.places', true), ',')"
EMERGENCY = "string_to_array(current_setting('joinedup.emergency', true), ',')"
SEEN = f"({OWN} || {EMERGENCY})"
SIGNED_IN = f"coalesce({PERSON}, '') <> ''"


def wall(table: str, *, column: str = "place_id", also_seen: str = "") -> migrations.RunSQL:
    """Rows of `table` are seen and written by those who hold a role at their place; `also_seen` widens seeing."""
    own = f"{column} = ANY({OWN})"
    seen = f"{column} = ANY({SEEN})" + (f" OR ({also_seen})" if also_seen else "")
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})",
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({own})",
            f"CREATE POLICY changed ON {table} FOR UPDATE USING ({own}) WITH CHECK ({own})",
            f"CREATE POLICY removed ON {table} FOR DELETE USING ({own})",
        ],
        migrations.RunSQL.noop,
    )


def audit_wall(table: str, *, seen: str) -> migrations.RunSQL:
    """Rows of an audit table are written by its owner's triggers alone, and never changed by anyone."""
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})",
            f"CREATE POLICY added ON {table} FOR INSERT TO CURRENT_ROLE WITH CHECK (true)",
        ],
        migrations.RunSQL.noop,
    )


def sealed(table: str) -> migrations.RunSQL:
    """Each new row of an audit table is sealed into the chain of its place; `chain.verify` finds it by this trigger."""
    return migrations.RunSQL(
        f"CREATE TRIGGER sealed AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION joinedup_seal()",
        migrations.RunSQL.noop,
    )


@contextmanager
def as_public() -> Iterator[None]:
    """The database shows what was made public, to anyone; and only for as long as this block asks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('joinedup.public', 'yes', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('joinedup.public', '', true)")


@contextmanager
def opened(person: str, places: Iterable[str] = ()) -> Iterator[None]:
    """A transaction in which the database knows who asks and at which places they hold a role."""
    with transaction.atomic():
        tell(person, places)
        yield


def tell(person: str, places: Iterable[str], emergency: Iterable[str] = ()) -> None:
    """Tell the database for the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('joinedup.person', %s, true), set_config('joinedup.places', %s, true),"
            " set_config('joinedup.emergency', %s, true)",
            [person, ",".join(sorted(places)), ",".join(sorted(emergency))],
        )
