"""Since when a body meets in public; the triggers of the audit made again with it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0002_row_security"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="body",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="body",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="body",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="body",
            name="public_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bodyevent",
            name="public_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrating.AddTrigger(
            model_name="body",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (NEW."begins_at", NEW."edition", NEW."entered_by", NEW."formal", NEW."host_id", NEW."id", NEW."kind", NEW."minutes", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."public_since", NEW."quorum", NEW."reports_to_id", NEW."rule", NEW."slug", NEW."source", NEW."starts_on", NEW."valid_from", NEW."venue"); RETURN NULL;',
                    hash="2c70712dd18188976c0ff369d0a9eae7735a8b6e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_46ec3",
                    table="boards_body",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="body",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (NEW."begins_at", NEW."edition", NEW."entered_by", NEW."formal", NEW."host_id", NEW."id", NEW."kind", NEW."minutes", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."public_since", NEW."quorum", NEW."reports_to_id", NEW."rule", NEW."slug", NEW."source", NEW."starts_on", NEW."valid_from", NEW."venue"); RETURN NULL;',
                    hash="61fd8f29b17c1c64d7ebeba7bf39bbfa4278e095",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d57b1",
                    table="boards_body",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="body",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (OLD."begins_at", OLD."edition", OLD."entered_by", OLD."formal", OLD."host_id", OLD."id", OLD."kind", OLD."minutes", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."public_since", OLD."quorum", OLD."reports_to_id", OLD."rule", OLD."slug", OLD."source", OLD."starts_on", OLD."valid_from", OLD."venue"); RETURN NULL;',
                    hash="de27d54054da9e25473588c907a6894dab69a482",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8e38",
                    table="boards_body",
                    when="AFTER",
                ),
            ),
        ),
    ]
