"""Before anyone is served: migrate as owner, mirror the register, leave the app role only what it needs.

Runs in a process of its own, the only one that is told the owner's password.
"""

from __future__ import annotations

import os
import sys

ADDED_ONLY = (
    "organisations_reading",
    "organisations_emergencyaccess",
    "organisations_emergencystep",
    "scrutiny_step",
    "frameworks_handover",
    "frameworks_signature",
    "scrutiny_topicstep",
    "scrutiny_proposalstep",
    "scrutiny_requeststep",
)
READ_ONLY = ("organisations_auditlink", "organisations_place", "django_migrations", "pghistory_context")
"""The register is mirrored by the owner; the audit is written by the owner's triggers."""
AUDITS = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'pgh_id'"
"""The tables that hold what the triggers enter."""
NEWER = 4
"""Exit code: the database is ahead of this program."""


def main(app_role: str) -> None:
    """Bring the database up to date. The environment names the owner in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from joinedup_web.controllers.demo import enter_controllers
    from joinedup_web.governance.boards.demo import enter_bodies
    from joinedup_web.governance.frameworks.demo import enter_rounds
    from joinedup_web.governance.scrutiny.demo import enter_tracker
    from joinedup_web.governance.scrutiny.demo_rooms import enter_rooms
    from joinedup_web.improvement.asset_demo import enter_assets
    from joinedup_web.improvement.demo import enter_initiatives
    from joinedup_web.organisations.demo import make_sign_ins
    from joinedup_web.organisations.mirroring import mirror_register

    newer = newer_migrations()
    if newer:
        print(f"The database was used by a newer joinedup: {', '.join(newer)}.", file=sys.stderr)
        sys.exit(NEWER)
    call_command("migrate", verbosity=0, interactive=False)
    grant(app_role)
    mirror_register()
    password = os.environ.get("JOINEDUP_DEMO_PASSWORD", "")
    if password:
        make_sign_ins(password)
        enter_controllers()
        enter_bodies()
        enter_initiatives()
        enter_assets()
        enter_tracker()
        enter_rounds()
        enter_rooms()


def newer_migrations() -> tuple[str, ...]:
    """Changes of our tables that were made to the database and that this version does not know."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("joinedup_web.")}
    return tuple(sorted(f"{label} {name}" for label, name in unknown if label in ours))


def grant(app_role: str) -> None:
    """The app role reads and writes rows and owns nothing; the audit's triggers run as their owner."""
    from django.db import connection
    from psycopg import sql

    role = sql.Identifier(app_role)
    statements = [
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(role),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
        *(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), role)
            for table in (*READ_ONLY, *audits())
        ),
        *(
            sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), role)
            for table in ADDED_ONLY
        ),
        # Jobs are deferred, run and forgotten by the app role; what happened to them is added to and not rewritten.
        sql.SQL("REVOKE UPDATE, DELETE ON procrastinate_events FROM {}").format(role),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND p.proname LIKE 'pgtrigger\\_%%'"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public, pg_temp")


def audits() -> tuple[str, ...]:
    """Tables of the audit that nobody but its triggers adds to."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(AUDITS)
        return tuple(table for (table,) in cursor.fetchall() if table not in ADDED_ONLY)


if __name__ == "__main__":
    main(sys.argv[1])
