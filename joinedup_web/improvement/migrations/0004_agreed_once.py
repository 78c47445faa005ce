"""What is agreed once for several trusts: read by all who signed in; its place writes it, each trust its own word."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from joinedup_web.organisations import migrating
from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, sealed, wall

TABLES = ("asset", "assetversion", "adoption")


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0003_practice_notes"),
        ("organisations", "0006_roles_of_closed_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrating.CreateModel(
            name="Asset",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "Policy"),
                            ("specification", "Specification"),
                            ("pathway", "Pathway"),
                            ("procedure", "Procedure"),
                            ("code list", "Code list"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("what", models.CharField(blank=True, max_length=1000)),
                ("trusts", models.JSONField(default=list)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                (
                    "owner",
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
            name="Adoption",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not yet", "Not yet"),
                            ("planned", "Planned"),
                            ("adopted", "Adopted"),
                            ("adopted with changes", "Adopted with changes"),
                            ("declined", "Declined"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=1000)),
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
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adoptions",
                        to="improvement.asset",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="AssetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "Policy"),
                            ("specification", "Specification"),
                            ("pathway", "Pathway"),
                            ("procedure", "Procedure"),
                            ("code list", "Code list"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("what", models.CharField(blank=True, max_length=1000)),
                ("trusts", models.JSONField(default=list)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                (
                    "owner",
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
                        to="improvement.asset",
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
            name="AssetVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.CharField(max_length=20)),
                ("agreed_on", models.DateField()),
                ("review_by", models.DateField()),
                ("link", models.URLField(blank=True, max_length=500)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="improvement.asset",
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
            name="AdoptionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not yet", "Not yet"),
                            ("planned", "Planned"),
                            ("adopted", "Adopted"),
                            ("adopted with changes", "Adopted with changes"),
                            ("declined", "Declined"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.adoption",
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
                (
                    "asset",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.asset",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.assetversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="adoption",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="adoptions",
                to="improvement.assetversion",
            ),
        ),
        migrating.CreateModel(
            name="AssetVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("version", models.CharField(max_length=20)),
                ("agreed_on", models.DateField()),
                ("review_by", models.DateField()),
                ("link", models.URLField(blank=True, max_length=500)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.asset",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.assetversion",
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
        migrating.AddConstraint(
            model_name="asset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), models.Q(("ended_why", ""), _negated=True), _connector="OR"
                ),
                name="an_asset_ends_with_a_reason",
            ),
        ),
        migrating.AddTrigger(
            model_name="asset",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_assetevent" ("ended_on", "ended_why", "id", "kind", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title", "trusts", "what", "written_at") VALUES (NEW."ended_on", NEW."ended_why", NEW."id", NEW."kind", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."title", NEW."trusts", NEW."what", NEW."written_at"); RETURN NULL;',
                    hash="a44dcc46efe9743af0b23ac98f275890e3600aba",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4b69e",
                    table="improvement_asset",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="asset",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_assetevent" ("ended_on", "ended_why", "id", "kind", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title", "trusts", "what", "written_at") VALUES (NEW."ended_on", NEW."ended_why", NEW."id", NEW."kind", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."title", NEW."trusts", NEW."what", NEW."written_at"); RETURN NULL;',
                    hash="67f4d0ccc2d5b12a61aea32ff5143cdef29d64a4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1ffcc",
                    table="improvement_asset",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="asset",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_assetevent" ("ended_on", "ended_why", "id", "kind", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title", "trusts", "what", "written_at") VALUES (OLD."ended_on", OLD."ended_why", OLD."id", OLD."kind", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."title", OLD."trusts", OLD."what", OLD."written_at"); RETURN NULL;',
                    hash="fe44408d10b94842a5697f3c108c3e52c614cae0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_df188",
                    table="improvement_asset",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="assetversion",
            constraint=models.UniqueConstraint(
                fields=("asset", "version"), name="a_version_of_an_asset_is_agreed_once"
            ),
        ),
        migrating.AddConstraint(
            model_name="assetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("link", ""), ("sha256", ""), _negated=True),
                name="a_version_has_a_link_or_a_hash",
            ),
        ),
        migrating.AddTrigger(
            model_name="assetversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_assetversionevent" ("agreed_on", "asset_id", "id", "link", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "review_by", "sha256", "version", "written_at", "written_by_id") VALUES (NEW."agreed_on", NEW."asset_id", NEW."id", NEW."link", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."review_by", NEW."sha256", NEW."version", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="0c91487468db6bc74d80a8068b291d7a2d4f9f81",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_028d3",
                    table="improvement_assetversion",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="assetversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_assetversionevent" ("agreed_on", "asset_id", "id", "link", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "review_by", "sha256", "version", "written_at", "written_by_id") VALUES (NEW."agreed_on", NEW."asset_id", NEW."id", NEW."link", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."review_by", NEW."sha256", NEW."version", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="4bbc0f988acf85105dfee73e9cfb8dc4731e1848",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0861f",
                    table="improvement_assetversion",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="assetversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_assetversionevent" ("agreed_on", "asset_id", "id", "link", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "review_by", "sha256", "version", "written_at", "written_by_id") VALUES (OLD."agreed_on", OLD."asset_id", OLD."id", OLD."link", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."review_by", OLD."sha256", OLD."version", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="43d08126b0e1e78c112937cf9184503beb266a58",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ff7bf",
                    table="improvement_assetversion",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("planned", "adopted", "adopted with changes")),
                        models.Q(("on", None), _negated=True),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ("planned", "adopted", "adopted with changes")), _negated=True
                        ),
                        ("on", None),
                    ),
                    _connector="OR",
                ),
                name="an_adoption_has_a_day",
            ),
        ),
        migrating.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("adopted with changes", "declined")), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="an_adoption_says_what_or_why",
            ),
        ),
        migrating.AddTrigger(
            model_name="adoption",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_adoptionevent" ("asset_id", "id", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "state", "version_id", "words", "written_at", "written_by_id") VALUES (NEW."asset_id", NEW."id", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."state", NEW."version_id", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="00281cc9b11294bdc9c0bb5797e821d58d65f4ef",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5f258",
                    table="improvement_adoption",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="adoption",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_adoptionevent" ("asset_id", "id", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "state", "version_id", "words", "written_at", "written_by_id") VALUES (NEW."asset_id", NEW."id", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."state", NEW."version_id", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                    hash="542fe1d535022aba4d8c504a8bfd4bd33e3d4317",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_29ba2",
                    table="improvement_adoption",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="adoption",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_adoptionevent" ("asset_id", "id", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "state", "version_id", "words", "written_at", "written_by_id") VALUES (OLD."asset_id", OLD."id", OLD."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."state", OLD."version_id", OLD."words", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                    hash="ca2464c24e5d5b15447d2d2f65f41573cf23a172",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_59b33",
                    table="improvement_adoption",
                    when="AFTER",
                ),
            ),
        ),
        *(wall(f"improvement_{name}", also_seen=SIGNED_IN) for name in TABLES),
        *(audit_wall(f"improvement_{name}event", seen=f"place_id = ANY({OWN})") for name in TABLES),
        *(sealed(f"improvement_{name}event") for name in TABLES),
    ]
