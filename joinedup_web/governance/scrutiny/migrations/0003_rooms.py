"""Work programmes, proposals and requests for information, with the triggers that write the audit."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_roles_of_closed_places"),
        ("scrutiny", "0002_row_security"),
    ]

    operations = [
        migrating.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("committee", models.CharField(max_length=200)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="ProposalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("committee", models.CharField(max_length=200)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.proposal",
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
            name="ProposalStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("event", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("person", models.CharField(blank=True, max_length=36)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="scrutiny.proposal",
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
            name="ProposalStepEvent",
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
                    "of",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.proposal",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.proposalstep",
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
            name="Request",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="RequestEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("public_since", models.DateField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.request",
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
            name="RequestStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("event", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("person", models.CharField(blank=True, max_length=36)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="scrutiny.request",
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
            name="RequestStepEvent",
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
                    "of",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.request",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.requeststep",
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
            name="Topic",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("committee", models.CharField(max_length=200)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="TopicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("committee", models.CharField(max_length=200)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.topic",
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
            name="TopicStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("event", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("person", models.CharField(blank=True, max_length=36)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="scrutiny.topic"
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
            name="TopicStepEvent",
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
                    "of",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="scrutiny.topic",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="scrutiny.topicstep",
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
        migrating.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_proposalevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (NEW."committee", NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."title"); RETURN NULL;',
                    hash="4ef58d58ca33b472a1939c06456f39a4e820c0b6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fb7d2",
                    table="scrutiny_proposal",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "scrutiny_proposalevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (NEW."committee", NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."title"); RETURN NULL;',
                    hash="c734baa37cbf3a61c0149a1c4a5426e1d375e7a8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4cbcb",
                    table="scrutiny_proposal",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_proposalevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (OLD."committee", OLD."id", OLD."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."title"); RETURN NULL;',
                    hash="1ba0d5c16de3f3eaa977ba2ec6ed30fbaa7248d5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8267f",
                    table="scrutiny_proposal",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="proposalstep",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="proposal_steps_follow"),
        ),
        migrating.AddTrigger(
            model_name="proposalstep",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_proposalstepevent" ("at", "event", "id", "number", "of_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seal", "what") VALUES (NEW."at", NEW."event", NEW."id", NEW."number", NEW."of_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."seal", NEW."what"); RETURN NULL;',
                    hash="c73aec9e7899398ddf957c788b0277871841fb17",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c8bee",
                    table="scrutiny_proposalstep",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_requestevent" ("id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "title") VALUES (NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."public_since", NEW."title"); RETURN NULL;',
                    hash="ea13f4770296a6e1e0154b26f4c1d8d6565d3246",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7717c",
                    table="scrutiny_request",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "scrutiny_requestevent" ("id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "title") VALUES (NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."public_since", NEW."title"); RETURN NULL;',
                    hash="1eaab3e7efa85f0604239a98d3ee29de6f933e8c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7e90c",
                    table="scrutiny_request",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_requestevent" ("id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "public_since", "title") VALUES (OLD."id", OLD."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."public_since", OLD."title"); RETURN NULL;',
                    hash="917e8617cb4edbf223aae2e0564b4bf629ed502a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7ae7c",
                    table="scrutiny_request",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="requeststep",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="request_steps_follow"),
        ),
        migrating.AddTrigger(
            model_name="requeststep",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_requeststepevent" ("at", "event", "id", "number", "of_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seal", "what") VALUES (NEW."at", NEW."event", NEW."id", NEW."number", NEW."of_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."seal", NEW."what"); RETURN NULL;',
                    hash="2343182f60f3c01172b999eaf3df0f38f085433a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e459",
                    table="scrutiny_requeststep",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_topicevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (NEW."committee", NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."title"); RETURN NULL;',
                    hash="91715cfbac5956bbbb5dc5df440721be6ed88943",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c0321",
                    table="scrutiny_topic",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "scrutiny_topicevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (NEW."committee", NEW."id", NEW."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."title"); RETURN NULL;',
                    hash="3f32fbb33f3c47b10302cfaf76804ffd86e34e48",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_13809",
                    table="scrutiny_topic",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_topicevent" ("committee", "id", "made_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "title") VALUES (OLD."committee", OLD."id", OLD."made_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."title"); RETURN NULL;',
                    hash="11ba763bea1f17ed2b3eff2b4f4e4efb313af241",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b728c",
                    table="scrutiny_topic",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="topicstep",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="topic_steps_follow"),
        ),
        migrating.AddTrigger(
            model_name="topicstep",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "scrutiny_topicstepevent" ("at", "event", "id", "number", "of_id", "person", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seal", "what") VALUES (NEW."at", NEW."event", NEW."id", NEW."number", NEW."of_id", NEW."person", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."seal", NEW."what"); RETURN NULL;',
                    hash="778ba64163a2000ba626691d35372358f8e85acb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3f54a",
                    table="scrutiny_topicstep",
                    when="AFTER",
                ),
            ),
        ),
    ]
