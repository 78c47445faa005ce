"""Since when the claims of a text are public; and the public's line through the walls: those, and benefits that were
published, with what released figures say of their initiatives."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from joinedup_web.organisations import migrating
from joinedup_web.organisations.row_security import SEEN, SIGNED_IN

PUBLIC = "current_setting('joinedup.public', true) = 'yes'"
OF_BENEFIT = (
    "EXISTS (SELECT 1 FROM improvement_benefit b"
    " WHERE b.initiative_id = {initiative} AND b.published_on IS NOT NULL)"
)
SHOWN = {
    "paper": (f"shared AND {SIGNED_IN}", "public_since IS NOT NULL"),  # what belongs to it is seen with it
    "benefit": (SIGNED_IN, "published_on IS NOT NULL"),
    "initiative": (SIGNED_IN, OF_BENEFIT.format(initiative="improvement_initiative.id")),
    "plan": (SIGNED_IN, OF_BENEFIT.format(initiative="improvement_plan.initiative_id")),
    "verdict": (SIGNED_IN, OF_BENEFIT.format(initiative="improvement_verdict.initiative_id")),
}
"""Table -> what widened seeing before, and what is public of it."""


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0004_agreed_once"),
        ("organisations", "0006_roles_of_closed_places"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="paper",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="paper",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="paper",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="paper",
            name="public_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="public_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "shared", "source", "title", "written_at") VALUES (NEW."checked_made", NEW."checked_snapshot", NEW."id", NEW."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."public_since", NEW."shared", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="141859297306e8545ea071b47f7d51a61b33c718",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9cf27",
                    table="improvement_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "shared", "source", "title", "written_at") VALUES (NEW."checked_made", NEW."checked_snapshot", NEW."id", NEW."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."public_since", NEW."shared", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="35022b7a300f37eca27066af2b8f62b4b946ef07",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_607a2",
                    table="improvement_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "shared", "source", "title", "written_at") VALUES (OLD."checked_made", OLD."checked_snapshot", OLD."id", OLD."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."public_since", OLD."shared", OLD."source", OLD."title", OLD."written_at"); RETURN NULL;',
                    hash="a68e064480a15b5e016fc43d0451050d5e71d520",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b9998",
                    table="improvement_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_since", None), ("shared", True), _connector="OR"),
                name="a_public_paper_is_shared",
            ),
        ),
        *(
            migrations.RunSQL(
                f"ALTER POLICY seen ON improvement_{table}"
                f" USING (place_id = ANY({SEEN}) OR ({before}) OR ({PUBLIC} AND {public}))",
                migrations.RunSQL.noop,
            )
            for table, (before, public) in SHOWN.items()
        ),
    ]
