"""Papers as files, private ones, and what is left of those removed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    dependencies = [
        ("boards", "0004_public_security"),
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
            name="file_name",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="paper",
            name="form",
            field=models.CharField(blank=True, max_length=5),
        ),
        migrations.AddField(
            model_name="paper",
            name="private",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="paper",
            name="removed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="removed_why",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="paper",
            name="sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="paper",
            name="size",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="file_name",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="form",
            field=models.CharField(blank=True, max_length=5),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="private",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="removed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="removed_why",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="paperevent",
            name="size",
            field=models.PositiveIntegerField(default=0),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "file_name", "form", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "private", "removed_on", "removed_why", "sha256", "size", "summary", "title") VALUES (NEW."authors", NEW."body_id", NEW."file_name", NEW."form", NEW."id", NEW."item_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."private", NEW."removed_on", NEW."removed_why", NEW."sha256", NEW."size", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="0d90bcb75fabf8836698f7ebfff633fd8121852b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4d41e",
                    table="boards_paper",
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
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "file_name", "form", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "private", "removed_on", "removed_why", "sha256", "size", "summary", "title") VALUES (NEW."authors", NEW."body_id", NEW."file_name", NEW."form", NEW."id", NEW."item_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."private", NEW."removed_on", NEW."removed_why", NEW."sha256", NEW."size", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="15120e4272c6c209d828649215dfac43a9483d69",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4df5c",
                    table="boards_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "file_name", "form", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "private", "removed_on", "removed_why", "sha256", "size", "summary", "title") VALUES (OLD."authors", OLD."body_id", OLD."file_name", OLD."form", OLD."id", OLD."item_id", OLD."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."private", OLD."removed_on", OLD."removed_why", OLD."sha256", OLD."size", OLD."summary", OLD."title"); RETURN NULL;',
                    hash="3dab3e4d724c67399e429f97b5a2dab59523e40a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e0cc3",
                    table="boards_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_on", None), models.Q(("removed_why", ""), _negated=True), _connector="OR"
                ),
                name="a_paper_is_removed_with_a_reason",
            ),
        ),
    ]
