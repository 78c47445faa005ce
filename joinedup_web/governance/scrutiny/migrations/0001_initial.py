"""The tables, with the triggers that write the audit."""

import uuid

import django.db.models.constraints
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
            name="Newer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("book", models.JSONField(null=True)),
                ("findings", models.JSONField(default=list)),
                ("meeting", models.DateField(blank=True, null=True)),
                ("sent_by", models.CharField(max_length=254)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("outcome", models.CharField(blank=True, max_length=10)),
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
            name="Row",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sheet", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("imported", models.PositiveIntegerField(default=0)),
                ("read", models.JSONField(default=list)),
                ("public_since", models.DateField(blank=True, null=True)),
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
            name="Step",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("event", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("person", models.CharField(blank=True, max_length=36)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="scrutiny.row"
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="StepEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("event", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("person", models.CharField(blank=True, max_length=36)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.step",
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
                    "row",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.row",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Tracker",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("committee", models.CharField(max_length=200)),
                ("meeting", models.DateField(blank=True, null=True)),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("imported_on", models.DateField()),
                ("imported_by", models.CharField(max_length=100)),
                ("book", models.JSONField()),
                ("layouts", models.JSONField()),
                ("findings", models.JSONField()),
                ("looked_at", models.PositiveIntegerField(default=0)),
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
            name="RowEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("sheet", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("imported", models.PositiveIntegerField(default=0)),
                ("public_since", models.DateField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.row",
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
                    "tracker",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.tracker",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="row",
            name="tracker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="scrutiny.tracker"
            ),
        ),
        migrating.CreateModel(
            name="NewerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("meeting", models.DateField(blank=True, null=True)),
                ("sent_by", models.CharField(max_length=254)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("outcome", models.CharField(blank=True, max_length=10)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.newer",
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
                    "tracker",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.tracker",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="newer",
            name="tracker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="newer", to="scrutiny.tracker"
            ),
        ),
        migrating.CreateModel(
            name="TrackerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("committee", models.CharField(max_length=200)),
                ("meeting", models.DateField(blank=True, null=True)),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("imported_on", models.DateField()),
                ("imported_by", models.CharField(max_length=100)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.tracker",
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
            model_name="step",
            constraint=models.UniqueConstraint(fields=("row", "number"), name="steps_follow_one_another"),
        ),
        migrating.AddTrigger(
            model_name="step",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_stepevent" ("at", "event", "id", "number", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "row_id", "seal", "what") VALUES (NEW."at", NEW."event", NEW."id", NEW."number", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."row_id", NEW."seal", NEW."what"); RETURN NULL;',
                    hash="8d1b654ed56e4ce355347e555c140588df06c2bc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_17658",
                    table="scrutiny_step",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="tracker",
            constraint=models.UniqueConstraint(fields=("place", "committee"), name="one_tracker_a_committee"),
        ),
        migrating.AddTrigger(
            model_name="tracker",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_trackerevent" ("committee", "file", "id", "imported_by", "imported_on", "meeting", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sha256") VALUES (NEW."committee", NEW."file", NEW."id", NEW."imported_by", NEW."imported_on", NEW."meeting", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."sha256"); RETURN NULL;',
                    hash="028e43a91bb0395ff15aaf6a5f3672f48bb30df6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4c0a6",
                    table="scrutiny_tracker",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="tracker",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."committee" IS DISTINCT FROM (NEW."committee") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."imported_by" IS DISTINCT FROM (NEW."imported_by") OR OLD."imported_on" IS DISTINCT FROM (NEW."imported_on") OR OLD."meeting" IS DISTINCT FROM (NEW."meeting") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256"))',
                    func='INSERT INTO "scrutiny_trackerevent" ("committee", "file", "id", "imported_by", "imported_on", "meeting", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sha256") VALUES (NEW."committee", NEW."file", NEW."id", NEW."imported_by", NEW."imported_on", NEW."meeting", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."sha256"); RETURN NULL;',
                    hash="835261b04ae6cabeb824a75aba352eee4c1a28d7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3db26",
                    table="scrutiny_tracker",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="tracker",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_trackerevent" ("committee", "file", "id", "imported_by", "imported_on", "meeting", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sha256") VALUES (OLD."committee", OLD."file", OLD."id", OLD."imported_by", OLD."imported_on", OLD."meeting", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."sha256"); RETURN NULL;',
                    hash="f8a4f89f32e7b1249c697e9d389f07d1e3ee84f2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4f2a4",
                    table="scrutiny_tracker",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="row",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("tracker", "sheet", "number"),
                name="one_row_a_place_in_the_sheet",
            ),
        ),
        migrating.AddTrigger(
            model_name="row",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_rowevent" ("id", "imported", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "sheet", "tracker_id") VALUES (NEW."id", NEW."imported", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."public_since", NEW."sheet", NEW."tracker_id"); RETURN NULL;',
                    hash="3a8360fe9d669a64dd683b1b9ae5f8c17dc5b8fe",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6d06e",
                    table="scrutiny_row",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="row",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."imported" IS DISTINCT FROM (NEW."imported") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."public_since" IS DISTINCT FROM (NEW."public_since") OR OLD."sheet" IS DISTINCT FROM (NEW."sheet") OR OLD."tracker_id" IS DISTINCT FROM (NEW."tracker_id"))',
                    func='INSERT INTO "scrutiny_rowevent" ("id", "imported", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "sheet", "tracker_id") VALUES (NEW."id", NEW."imported", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."public_since", NEW."sheet", NEW."tracker_id"); RETURN NULL;',
                    hash="6ec3d0fd73fc3a2c89639c9a1238d4da0a26426b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_077a2",
                    table="scrutiny_row",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="row",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_rowevent" ("id", "imported", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "sheet", "tracker_id") VALUES (OLD."id", OLD."imported", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."public_since", OLD."sheet", OLD."tracker_id"); RETURN NULL;',
                    hash="3b0798dde8756c8204d5b8bf3fb7e777c2912599",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f1e28",
                    table="scrutiny_row",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="newer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_newerevent" ("file", "id", "meeting", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by", "sha256", "tracker_id") VALUES (NEW."file", NEW."id", NEW."meeting", NEW."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."sent_at", NEW."sent_by", NEW."sha256", NEW."tracker_id"); RETURN NULL;',
                    hash="0cb17f8b531722d41a69f93525ecc756b2151a8f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cdbf0",
                    table="scrutiny_newer",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="newer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."meeting" IS DISTINCT FROM (NEW."meeting") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by" IS DISTINCT FROM (NEW."sent_by") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."tracker_id" IS DISTINCT FROM (NEW."tracker_id"))',
                    func='INSERT INTO "scrutiny_newerevent" ("file", "id", "meeting", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by", "sha256", "tracker_id") VALUES (NEW."file", NEW."id", NEW."meeting", NEW."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."sent_at", NEW."sent_by", NEW."sha256", NEW."tracker_id"); RETURN NULL;',
                    hash="920d0a882db4bb0a24bcd0d208954d68b408d2c3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cf80d",
                    table="scrutiny_newer",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="newer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_newerevent" ("file", "id", "meeting", "outcome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sent_at", "sent_by", "sha256", "tracker_id") VALUES (OLD."file", OLD."id", OLD."meeting", OLD."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."sent_at", OLD."sent_by", OLD."sha256", OLD."tracker_id"); RETURN NULL;',
                    hash="4b22f733e5519c0cea2111d4f3107d3dbefe104b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_31bdc",
                    table="scrutiny_newer",
                    when="AFTER",
                ),
            ),
        ),
    ]
