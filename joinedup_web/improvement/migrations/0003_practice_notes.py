"""Notes on what is done differently where people do better: read by all who signed in, written at one's own place."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from joinedup_web.organisations import migrating
from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, sealed, wall


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0002_row_security"),
        ("organisations", "0006_roles_of_closed_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrating.CreateModel(
            name="PracticeNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("measure_id", models.CharField(max_length=40)),
                ("where", models.CharField(max_length=20)),
                ("text", models.CharField(max_length=2000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="PracticeNoteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("measure_id", models.CharField(max_length=40)),
                ("where", models.CharField(max_length=20)),
                ("text", models.CharField(max_length=2000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.practicenote",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.AddTrigger(
            model_name="practicenote",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_practicenoteevent" ("id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "where", "written_at", "written_by_id") VALUES (NEW."id", NEW."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."text", NEW."where", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="64c341cfec4cf317d253e4c2e5cc84a8866585c8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_31921",
                    table="improvement_practicenote",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="practicenote",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_practicenoteevent" ("id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "where", "written_at", "written_by_id") VALUES (NEW."id", NEW."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."text", NEW."where", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="c94a60fc69e438826ad5cab1680167cdeb1b96ab",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_99351",
                    table="improvement_practicenote",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="practicenote",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_practicenoteevent" ("id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "where", "written_at", "written_by_id") VALUES (OLD."id", OLD."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."text", OLD."where", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="d8db7ceba3608eb9c25abeb14ed7ffe223e5c4aa",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ab218",
                    table="improvement_practicenote",
                    when="AFTER",
                ),
            ),
        ),
        wall("improvement_practicenote", also_seen=SIGNED_IN),
        audit_wall("improvement_practicenoteevent", seen=f"place_id = ANY({OWN})"),
        sealed("improvement_practicenoteevent"),
    ]
