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
        ("organisations", "0006_roles_of_closed_places"),
    ]

    operations = [
        migrating.CreateModel(
            name="Collaborative",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(blank=True, max_length=100)),
                ("sector", models.CharField(max_length=40)),
                ("template", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("successor", models.CharField(blank=True, max_length=20)),
                ("source", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=300)),
                ("made_by", models.CharField(max_length=254)),
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
            name="CollaborativeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(blank=True, max_length=100)),
                ("sector", models.CharField(max_length=40)),
                ("template", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("successor", models.CharField(blank=True, max_length=20)),
                ("source", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=300)),
                ("made_by", models.CharField(max_length=254)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="collaboratives.collaborative",
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
        migrating.CreateModel(
            name="CollaborativeMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "collaborative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="collaboratives.collaborative",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
            name="CollaborativeMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "collaborative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="collaboratives.collaborative",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
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
                        to="collaboratives.collaborativemember",
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
            model_name="collaborative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="collaborative_ends_after_it_begins",
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborative",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "collaboratives_collaborativeevent" ("code", "id", "made_by", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "sector", "short_name", "source", "successor", "template", "valid_from", "valid_to") VALUES (NEW."code", NEW."id", NEW."made_by", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."reason", NEW."sector", NEW."short_name", NEW."source", NEW."successor", NEW."template", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="7dd6b42c722687982fd323be220223229e1a0753",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_93cc7",
                    table="collaboratives_collaborative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborative",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "collaboratives_collaborativeevent" ("code", "id", "made_by", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "sector", "short_name", "source", "successor", "template", "valid_from", "valid_to") VALUES (NEW."code", NEW."id", NEW."made_by", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."reason", NEW."sector", NEW."short_name", NEW."source", NEW."successor", NEW."template", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="e413f01329a6a73202fc43513d00f511c79ad285",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f8df9",
                    table="collaboratives_collaborative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborative",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "collaboratives_collaborativeevent" ("code", "id", "made_by", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "sector", "short_name", "source", "successor", "template", "valid_from", "valid_to") VALUES (OLD."code", OLD."id", OLD."made_by", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."reason", OLD."sector", OLD."short_name", OLD."source", OLD."successor", OLD."template", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="2dcd53af759fb79ae9fe95deaf1919a7fe15e9a2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7146b",
                    table="collaboratives_collaborative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborativemember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "collaboratives_collaborativememberevent" ("collaborative_id", "id", "kind", "member_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to") VALUES (NEW."collaborative_id", NEW."id", NEW."kind", NEW."member_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="2e6cfa4f459ac88c605d3373cc29bfda09fcf275",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fe592",
                    table="collaboratives_collaborativemember",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborativemember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "collaboratives_collaborativememberevent" ("collaborative_id", "id", "kind", "member_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to") VALUES (NEW."collaborative_id", NEW."id", NEW."kind", NEW."member_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="7e09a7eb868da44a4923c6f6f1f80cd7e1c35810",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8eda3",
                    table="collaboratives_collaborativemember",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="collaborativemember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "collaboratives_collaborativememberevent" ("collaborative_id", "id", "kind", "member_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to") VALUES (OLD."collaborative_id", OLD."id", OLD."kind", OLD."member_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="f93aa07e7c58d5ef9d25ef30d3476731931e21a9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_93a14",
                    table="collaboratives_collaborativemember",
                    when="AFTER",
                ),
            ),
        ),
    ]
