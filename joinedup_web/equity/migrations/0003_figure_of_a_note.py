"""What a number was when a note was written beside it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    dependencies = [
        ("equity", "0002_row_security"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="note",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="note",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="note",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="note",
            name="figure",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="noteevent",
            name="figure",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrating.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "equity_noteevent" ("about", "cell", "ended_at", "ended_why", "figure", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "role", "shared", "text", "written_at", "written_by_id") VALUES (NEW."about", NEW."cell", NEW."ended_at", NEW."ended_why", NEW."figure", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."role", NEW."shared", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="382feacb4527a149bfc91cfaa4bee959bdbdb19a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bd99c",
                    table="equity_note",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "equity_noteevent" ("about", "cell", "ended_at", "ended_why", "figure", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "role", "shared", "text", "written_at", "written_by_id") VALUES (NEW."about", NEW."cell", NEW."ended_at", NEW."ended_why", NEW."figure", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."role", NEW."shared", NEW."text", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="7894fdec057820f2c15d5843fdb0c118d206ac21",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_55423",
                    table="equity_note",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "equity_noteevent" ("about", "cell", "ended_at", "ended_why", "figure", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "role", "shared", "text", "written_at", "written_by_id") VALUES (OLD."about", OLD."cell", OLD."ended_at", OLD."ended_why", OLD."figure", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."role", OLD."shared", OLD."text", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="32cad549236c05a5869512d7546a28c0d90b0a28",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_32f05",
                    table="equity_note",
                    when="AFTER",
                ),
            ),
        ),
    ]
