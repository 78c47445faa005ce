"""The tables, with the triggers that write the audit."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0006_roles_of_closed_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrating.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("layout", models.CharField(max_length=20)),
                ("period", models.CharField(max_length=7)),
                ("formats", models.JSONField(default=list)),
                ("key", models.CharField(max_length=64)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("released", models.CharField(blank=True, max_length=40)),
                ("commentary", models.JSONField(default=list)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("step", models.CharField(blank=True, max_length=120)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("message", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("files", models.JSONField(default=list)),
                ("titles", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=list)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            name="Template",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=5)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="PackEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("layout", models.CharField(max_length=20)),
                ("period", models.CharField(max_length=7)),
                ("formats", models.JSONField(default=list)),
                ("key", models.CharField(max_length=64)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("released", models.CharField(blank=True, max_length=40)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("message", models.TextField(blank=True)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="packs.pack",
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
                    "template",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="packs.template",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="pack",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="packs.template",
            ),
        ),
        migrating.CreateModel(
            name="TemplateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=5)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="packs.template",
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
                    "sent_by",
                    models.ForeignKey(
                        db_constraint=False,
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
            model_name="template",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "packs_templateevent" ("ended_at", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by_id", "sha256", "size") VALUES (NEW."ended_at", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."sent_at", NEW."sent_by_id", NEW."sha256", NEW."size"); RETURN NULL;',
                    hash="76eca8f640ae7f725d314a9044ab2b959bd5018e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f9e52",
                    table="packs_template",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="template",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "packs_templateevent" ("ended_at", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by_id", "sha256", "size") VALUES (NEW."ended_at", NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."sent_at", NEW."sent_by_id", NEW."sha256", NEW."size"); RETURN NULL;',
                    hash="6a878c0fdfa0fb579bbb6578f10b4db3c8e875a9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fbb69",
                    table="packs_template",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="template",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "packs_templateevent" ("ended_at", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by_id", "sha256", "size") VALUES (OLD."ended_at", OLD."id", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."sent_at", OLD."sent_by_id", OLD."sha256", OLD."size"); RETURN NULL;',
                    hash="10ed9b5b4207c0dc136c5b99b5c875aa95bae4af",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5d5d0",
                    table="packs_template",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="pack",
            constraint=models.UniqueConstraint(fields=("place", "key"), name="a_pack_once"),
        ),
        migrating.AddTrigger(
            model_name="pack",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "packs_packevent" ("asked_at", "asked_by_id", "formats", "id", "key", "layout", "made_at", "message", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "released", "snapshot", "state", "template_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."formats", NEW."id", NEW."key", NEW."layout", NEW."made_at", NEW."message", NEW."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."released", NEW."snapshot", NEW."state", NEW."template_id"); RETURN NULL;',
                    hash="29d3f1421d08d2cc675bf670bc4d456b69040e7b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f993f",
                    table="packs_pack",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="pack",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."formats" IS DISTINCT FROM (NEW."formats") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."layout" IS DISTINCT FROM (NEW."layout") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."message" IS DISTINCT FROM (NEW."message") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."released" IS DISTINCT FROM (NEW."released") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func='INSERT INTO "packs_packevent" ("asked_at", "asked_by_id", "formats", "id", "key", "layout", "made_at", "message", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "released", "snapshot", "state", "template_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."formats", NEW."id", NEW."key", NEW."layout", NEW."made_at", NEW."message", NEW."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."released", NEW."snapshot", NEW."state", NEW."template_id"); RETURN NULL;',
                    hash="27e0218385c55840ad3928a2d2a50be4f9f93f4e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_248d5",
                    table="packs_pack",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="pack",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "packs_packevent" ("asked_at", "asked_by_id", "formats", "id", "key", "layout", "made_at", "message", "period", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "released", "snapshot", "state", "template_id") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."formats", OLD."id", OLD."key", OLD."layout", OLD."made_at", OLD."message", OLD."period", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."released", OLD."snapshot", OLD."state", OLD."template_id"); RETURN NULL;',
                    hash="12f659751f870cdcbf7e45fe3c697364a6f03950",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3061f",
                    table="packs_pack",
                    when="AFTER",
                ),
            ),
        ),
    ]
