"""The tables, with the triggers that write the audit."""

import uuid

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0003_audit_chain"),
    ]

    operations = [
        migrating.CreateModel(
            name="Controllership",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("dataset", models.CharField(max_length=40)),
                ("processor", models.CharField(blank=True, max_length=200)),
                ("basis", models.CharField(max_length=40)),
                ("assessment", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("approved_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("entered_by", models.CharField(max_length=254)),
                (
                    "covers",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="ControllershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("dataset", models.CharField(max_length=40)),
                ("processor", models.CharField(blank=True, max_length=200)),
                ("basis", models.CharField(max_length=40)),
                ("assessment", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("approved_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("entered_by", models.CharField(max_length=254)),
                (
                    "covers",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="controllers.controllership",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.AddConstraint(
            model_name="controllership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="controller_ends_after_it_begins",
            ),
        ),
        migrating.AddConstraint(
            model_name="controllership",
            constraint=models.UniqueConstraint(
                fields=("dataset", "covers", "place", "valid_from"), name="a_controller_begins_once_a_day"
            ),
        ),
        migrating.AddTrigger(
            model_name="controllership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "controllers_controllershipevent" ("approved_on", "assessment", "basis", "covers_id", "dataset", "entered_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "processor", "reason", "valid_from", "valid_to") VALUES (NEW."approved_on", NEW."assessment", NEW."basis", NEW."covers_id", NEW."dataset", NEW."entered_by", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."processor", NEW."reason", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="3f988fbec58c9d3db07b59fe801e2e72e46b8007",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ee66b",
                    table="controllers_controllership",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="controllership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "controllers_controllershipevent" ("approved_on", "assessment", "basis", "covers_id", "dataset", "entered_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "processor", "reason", "valid_from", "valid_to") VALUES (NEW."approved_on", NEW."assessment", NEW."basis", NEW."covers_id", NEW."dataset", NEW."entered_by", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."processor", NEW."reason", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="826c70b1de7362da7e0d7e671d3cd1d1e722122c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5a3be",
                    table="controllers_controllership",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="controllership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "controllers_controllershipevent" ("approved_on", "assessment", "basis", "covers_id", "dataset", "entered_by", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "processor", "reason", "valid_from", "valid_to") VALUES (OLD."approved_on", OLD."assessment", OLD."basis", OLD."covers_id", OLD."dataset", OLD."entered_by", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."processor", OLD."reason", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="0f0ba502f92432702f94a813e940afc01408801b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_69e88",
                    table="controllers_controllership",
                    when="AFTER",
                ),
            ),
        ),
    ]
