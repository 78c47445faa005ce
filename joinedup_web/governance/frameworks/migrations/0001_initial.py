"""The tables, with the triggers that write the audit."""

import uuid

import django.db.models.deletion
import django.utils.timezone
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
            name="Agreement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scores", models.JSONField(default=dict)),
                ("allowed", models.JSONField(default=dict)),
                ("why_corrected", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("by", models.CharField(max_length=254)),
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
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("view", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                (
                    "organisation",
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
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("on_behalf", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=254)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover",
                        to="frameworks.party",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="PlaceForm",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("framework", models.CharField(max_length=60)),
                ("part", models.CharField(max_length=20)),
                ("rows", models.JSONField(default=list)),
                ("file", models.CharField(max_length=200)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=254)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="PlaceFormEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("framework", models.CharField(max_length=60)),
                ("part", models.CharField(max_length=20)),
                ("rows", models.JSONField(default=list)),
                ("file", models.CharField(max_length=200)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("on", models.DateField()),
                ("by", models.CharField(max_length=254)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.placeform",
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
                    "unit",
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
            name="Round",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("framework", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("day", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("state", models.CharField(default="scoring", max_length=10)),
                ("parties", models.TextField(blank=True)),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("opened_by", models.CharField(max_length=254)),
                ("signed_on", models.DateField(blank=True, null=True)),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="frameworks.round",
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
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="PartyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("view", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                (
                    "organisation",
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
                        to="frameworks.party",
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
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="party",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s_rows",
                to="frameworks.round",
            ),
        ),
        migrating.CreateModel(
            name="HandoverEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("on_behalf", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=254)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.handover",
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
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.party",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="handover",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s_rows",
                to="frameworks.round",
            ),
        ),
        migrating.CreateModel(
            name="AgreementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("scores", models.JSONField(default=dict)),
                ("allowed", models.JSONField(default=dict)),
                ("why_corrected", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("by", models.CharField(max_length=254)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.agreement",
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
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s_rows",
                to="frameworks.round",
            ),
        ),
        migrating.CreateModel(
            name="RoundEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("framework", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=100)),
                ("day", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("state", models.CharField(default="scoring", max_length=10)),
                ("parties", models.TextField(blank=True)),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("opened_by", models.CharField(max_length=254)),
                ("signed_on", models.DateField(blank=True, null=True)),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.round",
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
                    "unit",
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
            name="Sheet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("scores", models.JSONField(default=dict)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("by", models.CharField(max_length=254)),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet",
                        to="frameworks.party",
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="SheetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("scores", models.JSONField(default=dict)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("by", models.CharField(max_length=254)),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.party",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.sheet",
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
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("office", models.CharField(max_length=200)),
                ("on_behalf", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=254)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="frameworks.party",
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="frameworks.round",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="SignatureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("office", models.CharField(max_length=200)),
                ("on_behalf", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=254)),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.party",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="frameworks.signature",
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
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="frameworks.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.AddConstraint(
            model_name="placeform",
            constraint=models.UniqueConstraint(
                fields=("place", "framework", "unit", "part"), name="one_form_of_a_part"
            ),
        ),
        migrating.AddTrigger(
            model_name="placeform",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_placeformevent" ("by", "edition", "file", "framework", "id", "on", "part", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "rows", "unit_id") VALUES (NEW."by", NEW."edition", NEW."file", NEW."framework", NEW."id", NEW."on", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."rows", NEW."unit_id"); RETURN NULL;',
                    hash="c73e01594fce30f9f1392e945ecef94f3968727d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5c726",
                    table="frameworks_placeform",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="placeform",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "frameworks_placeformevent" ("by", "edition", "file", "framework", "id", "on", "part", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "rows", "unit_id") VALUES (NEW."by", NEW."edition", NEW."file", NEW."framework", NEW."id", NEW."on", NEW."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."rows", NEW."unit_id"); RETURN NULL;',
                    hash="64a5819a41a216d02826e58d3be3b78d72ee2ce8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_30990",
                    table="frameworks_placeform",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="placeform",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_placeformevent" ("by", "edition", "file", "framework", "id", "on", "part", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "rows", "unit_id") VALUES (OLD."by", OLD."edition", OLD."file", OLD."framework", OLD."id", OLD."on", OLD."part", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."rows", OLD."unit_id"); RETURN NULL;',
                    hash="2ada0faa9aac528053463fbf31d22d7ba5397ce5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_59fbe",
                    table="frameworks_placeform",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("place", "framework", "unit", "name", "edition"), name="one_version_of_a_round"
            ),
        ),
        migrating.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_roundevent" ("day", "edition", "first_id", "framework", "id", "name", "note", "opened_by", "parties", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "signed_on", "state", "unit_id", "version") VALUES (NEW."day", NEW."edition", NEW."first_id", NEW."framework", NEW."id", NEW."name", NEW."note", NEW."opened_by", NEW."parties", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."signed_on", NEW."state", NEW."unit_id", NEW."version"); RETURN NULL;',
                    hash="0fa1baf81aa1321549f88f30efb34cfa3024ec8d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_612c3",
                    table="frameworks_round",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "frameworks_roundevent" ("day", "edition", "first_id", "framework", "id", "name", "note", "opened_by", "parties", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "signed_on", "state", "unit_id", "version") VALUES (NEW."day", NEW."edition", NEW."first_id", NEW."framework", NEW."id", NEW."name", NEW."note", NEW."opened_by", NEW."parties", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."signed_on", NEW."state", NEW."unit_id", NEW."version"); RETURN NULL;',
                    hash="7fdbbc488d5af11c3faecf8a828fba6991d3e606",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27eb7",
                    table="frameworks_round",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_roundevent" ("day", "edition", "first_id", "framework", "id", "name", "note", "opened_by", "parties", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "signed_on", "state", "unit_id", "version") VALUES (OLD."day", OLD."edition", OLD."first_id", OLD."framework", OLD."id", OLD."name", OLD."note", OLD."opened_by", OLD."parties", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."signed_on", OLD."state", OLD."unit_id", OLD."version"); RETURN NULL;',
                    hash="b77c591e25254a7cc80c7732a5f9a010ce6f41c6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6f439",
                    table="frameworks_round",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(
                fields=("round", "view", "name"), name="a_party_takes_part_once"
            ),
        ),
        migrating.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_partyevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "view") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id", NEW."view"); RETURN NULL;',
                    hash="fde4c67cbee384e006811411c85419efb91a4390",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b3460",
                    table="frameworks_party",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "frameworks_partyevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "view") VALUES (NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."round_id", NEW."view"); RETURN NULL;',
                    hash="a285a0c26520423606795afb5e17e88943bd97b0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_55d2d",
                    table="frameworks_party",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_partyevent" ("id", "name", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "view") VALUES (OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."round_id", OLD."view"); RETURN NULL;',
                    hash="1bed7994e39586b3062e4c3699419fd6c9054d15",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ac1ab",
                    table="frameworks_party",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="handover",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_handoverevent" ("at", "by", "id", "on_behalf", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id") VALUES (NEW."at", NEW."by", NEW."id", NEW."on_behalf", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id"); RETURN NULL;',
                    hash="d4829b94cffc8d371cdc0aaba05d8f1ad5b940c5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fe511",
                    table="frameworks_handover",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("round",), name="one_agreement_a_version"),
        ),
        migrating.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_agreementevent" ("allowed", "by", "edition", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores", "why_corrected") VALUES (NEW."allowed", NEW."by", NEW."edition", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id", NEW."scores", NEW."why_corrected"); RETURN NULL;',
                    hash="3e0f7686c12677a7aa676ab397acb5dd161b7e0d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ccd0a",
                    table="frameworks_agreement",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "frameworks_agreementevent" ("allowed", "by", "edition", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores", "why_corrected") VALUES (NEW."allowed", NEW."by", NEW."edition", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."round_id", NEW."scores", NEW."why_corrected"); RETURN NULL;',
                    hash="a2e820bfb4ddb81cf11252ba58bde778d5c26e0f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0797b",
                    table="frameworks_agreement",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_agreementevent" ("allowed", "by", "edition", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores", "why_corrected") VALUES (OLD."allowed", OLD."by", OLD."edition", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."round_id", OLD."scores", OLD."why_corrected"); RETURN NULL;',
                    hash="eb45f6342da7109044c2b6dfbc240591f8828f49",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5c19c",
                    table="frameworks_agreement",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="sheet",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_sheetevent" ("by", "edition", "id", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores") VALUES (NEW."by", NEW."edition", NEW."id", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id", NEW."scores"); RETURN NULL;',
                    hash="45ddbe3388fc334e73e03a5e3086501ced83d5db",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_37b2d",
                    table="frameworks_sheet",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="sheet",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "frameworks_sheetevent" ("by", "edition", "id", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores") VALUES (NEW."by", NEW."edition", NEW."id", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."round_id", NEW."scores"); RETURN NULL;',
                    hash="fda728c340035eb40613507d21a2a1f81ecfe86f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_41091",
                    table="frameworks_sheet",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="sheet",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_sheetevent" ("by", "edition", "id", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "scores") VALUES (OLD."by", OLD."edition", OLD."id", OLD."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."round_id", OLD."scores"); RETURN NULL;',
                    hash="dcd823a6ed62ab2f963717ddd2f68b2915cffdec",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2bb34",
                    table="frameworks_sheet",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("round", "party"), name="a_party_signs_once"),
        ),
        migrating.AddTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "frameworks_signatureevent" ("at", "by", "id", "office", "on_behalf", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id") VALUES (NEW."at", NEW."by", NEW."id", NEW."office", NEW."on_behalf", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id"); RETURN NULL;',
                    hash="c92882084a7df4e87814bc5d9e46f1f59a0e138a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_eeeac",
                    table="frameworks_signature",
                    when="AFTER",
                ),
            ),
        ),
    ]
