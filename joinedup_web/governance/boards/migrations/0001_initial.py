"""The tables of boards and their meetings, with the triggers that write the audit."""

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
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(default="added", max_length=10)),
                ("about", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("purpose", models.CharField(default="discuss", max_length=10)),
                ("lead", models.CharField(blank=True, max_length=200)),
                ("left_out", models.CharField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
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
            name="Action",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=500)),
                ("owner", models.CharField(max_length=200)),
                ("due", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="boards.agendaitem",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("formal", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("rule", models.CharField(blank=True, max_length=100)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("begins_at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=90)),
                ("venue", models.CharField(blank=True, max_length=200)),
                ("quorum", models.PositiveSmallIntegerField(default=0)),
                ("source", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("entered_by", models.CharField(max_length=254)),
                (
                    "host",
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
                (
                    "reports_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="boards.body",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="boards.body"
            ),
        ),
        migrating.CreateModel(
            name="ActionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=500)),
                ("owner", models.CharField(max_length=200)),
                ("due", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.action",
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
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.agendaitem",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="action",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)s_rows", to="boards.body"
            ),
        ),
        migrating.CreateModel(
            name="BodyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("slug", models.SlugField(db_index=False, max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("formal", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("rule", models.CharField(blank=True, max_length=100)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("begins_at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=90)),
                ("venue", models.CharField(blank=True, max_length=200)),
                ("quorum", models.PositiveSmallIntegerField(default=0)),
                ("source", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("entered_by", models.CharField(max_length=254)),
                (
                    "host",
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
                        to="boards.body",
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
                    "reports_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Clearance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("office", models.CharField(max_length=200)),
                ("given_on", models.DateField(blank=True, null=True)),
                ("entered_by", models.CharField(blank=True, max_length=254)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
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
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("question", models.CharField(max_length=300)),
                ("options", models.TextField()),
                ("chosen", models.CharField(max_length=300)),
                ("reason", models.TextField()),
                ("evidence", models.CharField(blank=True, max_length=500)),
                ("dissent", models.TextField(blank=True)),
                ("present", models.PositiveSmallIntegerField()),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("review", models.TextField(blank=True)),
                ("taken_back", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="boards.agendaitem",
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
            name="DecisionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("on", models.DateField()),
                ("question", models.CharField(max_length=300)),
                ("options", models.TextField()),
                ("chosen", models.CharField(max_length=300)),
                ("reason", models.TextField()),
                ("evidence", models.CharField(blank=True, max_length=500)),
                ("dissent", models.TextField(blank=True)),
                ("present", models.PositiveSmallIntegerField()),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("review", models.TextField(blank=True)),
                ("taken_back", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.agendaitem",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.decision",
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
            name="Delegation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=500)),
                ("from_whom", models.CharField(max_length=200)),
                ("limits", models.CharField(blank=True, max_length=500)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
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
            name="DelegationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("what", models.CharField(max_length=500)),
                ("from_whom", models.CharField(max_length=200)),
                ("limits", models.CharField(blank=True, max_length=500)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.delegation",
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
            name="Escalation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("ask", models.TextField()),
                ("made_on", models.DateField()),
                ("answer", models.TextField(blank=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("taken_back", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="boards.agendaitem",
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
                    "to_body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalated",
                        to="boards.body",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="EscalationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("ask", models.TextField()),
                ("made_on", models.DateField()),
                ("answer", models.TextField(blank=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("taken_back", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.agendaitem",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.escalation",
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
                    "to_body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("on", models.DateField()),
                ("begins_at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("venue", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="prepared", max_length=10)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
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
            name="Interest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=500)),
                ("handling", models.CharField(max_length=10)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="boards.agendaitem",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="boards.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("state", models.CharField(max_length=10)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="boards.meeting",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="AgendaItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(default="added", max_length=10)),
                ("about", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("purpose", models.CharField(default="discuss", max_length=10)),
                ("lead", models.CharField(blank=True, max_length=200)),
                ("left_out", models.CharField(blank=True, max_length=300)),
                ("note", models.TextField(blank=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.agendaitem",
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
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="boards.meeting"
            ),
        ),
        migrating.CreateModel(
            name="MeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("on", models.DateField()),
                ("begins_at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("venue", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="prepared", max_length=10)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.meeting",
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
            name="Paper",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("authors", models.TextField()),
                ("summary", models.TextField(blank=True)),
                ("link", models.CharField(blank=True, max_length=500)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="boards.agendaitem",
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
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="ClearanceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("office", models.CharField(max_length=200)),
                ("given_on", models.DateField(blank=True, null=True)),
                ("entered_by", models.CharField(blank=True, max_length=254)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.clearance",
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
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.paper",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="clearance",
            name="paper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="clearances", to="boards.paper"
            ),
        ),
        migrating.CreateModel(
            name="PaperEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("authors", models.TextField()),
                ("summary", models.TextField(blank=True)),
                ("link", models.CharField(blank=True, max_length=500)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.agendaitem",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.paper",
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
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("office", models.CharField(max_length=200)),
                ("sector", models.CharField(max_length=30)),
                ("needed", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
                    ),
                ),
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
            name="InterestEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("what", models.CharField(max_length=500)),
                ("handling", models.CharField(max_length=10)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.agendaitem",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.interest",
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
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.meeting",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.seat",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="interest",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="boards.seat"
            ),
        ),
        migrating.CreateModel(
            name="AttendanceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("state", models.CharField(max_length=10)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.attendance",
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
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.meeting",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.seat",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="attendance",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="boards.seat"
            ),
        ),
        migrating.CreateModel(
            name="SeatEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("office", models.CharField(max_length=200)),
                ("sector", models.CharField(max_length=30)),
                ("needed", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
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
                        to="boards.seat",
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
            name="Terms",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("valid_from", models.DateField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="boards.body",
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
            name="TermsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("valid_from", models.DateField()),
                (
                    "body",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="boards.body",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="boards.terms",
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
            model_name="body",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (NEW."begins_at", NEW."edition", NEW."entered_by", NEW."formal", NEW."host_id", NEW."id", NEW."kind", NEW."minutes", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."quorum", NEW."reports_to_id", NEW."rule", NEW."slug", NEW."source", NEW."starts_on", NEW."valid_from", NEW."venue"); RETURN NULL;',
                    hash="8a84b6b4f41b72aabaca591349b85bdbb581b729",
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
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (NEW."begins_at", NEW."edition", NEW."entered_by", NEW."formal", NEW."host_id", NEW."id", NEW."kind", NEW."minutes", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."quorum", NEW."reports_to_id", NEW."rule", NEW."slug", NEW."source", NEW."starts_on", NEW."valid_from", NEW."venue"); RETURN NULL;',
                    hash="fac03ca09b4448f8b9544f3164b7a78f938f4397",
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
                    func='INSERT INTO "boards_bodyevent" ("begins_at", "edition", "entered_by", "formal", "host_id", "id", "kind", "minutes", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "quorum", "reports_to_id", "rule", "slug", "source", "starts_on", "valid_from", "venue") VALUES (OLD."begins_at", OLD."edition", OLD."entered_by", OLD."formal", OLD."host_id", OLD."id", OLD."kind", OLD."minutes", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."quorum", OLD."reports_to_id", OLD."rule", OLD."slug", OLD."source", OLD."starts_on", OLD."valid_from", OLD."venue"); RETURN NULL;',
                    hash="e38901c86632c2aee3b03f688d626f39ba941e04",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8e38",
                    table="boards_body",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(fields=("body", "number"), name="actions_are_numbered"),
        ),
        migrating.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_actionevent" ("body_id", "done_on", "due", "id", "item_id", "number", "outcome", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "what") VALUES (NEW."body_id", NEW."done_on", NEW."due", NEW."id", NEW."item_id", NEW."number", NEW."outcome", NEW."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."what"); RETURN NULL;',
                    hash="3e1b31de3b585871b413df1ed7c10a424bfbcf48",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_df2e2",
                    table="boards_action",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_actionevent" ("body_id", "done_on", "due", "id", "item_id", "number", "outcome", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "what") VALUES (NEW."body_id", NEW."done_on", NEW."due", NEW."id", NEW."item_id", NEW."number", NEW."outcome", NEW."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."what"); RETURN NULL;',
                    hash="40c7ca8acc222f3611eb7532fb4819d56f8c373a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_43e31",
                    table="boards_action",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_actionevent" ("body_id", "done_on", "due", "id", "item_id", "number", "outcome", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "what") VALUES (OLD."body_id", OLD."done_on", OLD."due", OLD."id", OLD."item_id", OLD."number", OLD."outcome", OLD."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."what"); RETURN NULL;',
                    hash="ecce5a5e885cb114333d647252e75ac497923ea4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ecf20",
                    table="boards_action",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("body", "number"), name="decisions_are_numbered"),
        ),
        migrating.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_decisionevent" ("body_id", "chosen", "dissent", "evidence", "id", "item_id", "number", "on", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "present", "question", "reason", "review", "review_on", "reviewed_on", "taken_back") VALUES (NEW."body_id", NEW."chosen", NEW."dissent", NEW."evidence", NEW."id", NEW."item_id", NEW."number", NEW."on", NEW."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."present", NEW."question", NEW."reason", NEW."review", NEW."review_on", NEW."reviewed_on", NEW."taken_back"); RETURN NULL;',
                    hash="458be66e700aafc9dddf5faff9c0f51b06cc7a10",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ad28e",
                    table="boards_decision",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_decisionevent" ("body_id", "chosen", "dissent", "evidence", "id", "item_id", "number", "on", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "present", "question", "reason", "review", "review_on", "reviewed_on", "taken_back") VALUES (NEW."body_id", NEW."chosen", NEW."dissent", NEW."evidence", NEW."id", NEW."item_id", NEW."number", NEW."on", NEW."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."present", NEW."question", NEW."reason", NEW."review", NEW."review_on", NEW."reviewed_on", NEW."taken_back"); RETURN NULL;',
                    hash="1fd2c4fc24d4c54eae869a2933021fb26fc49ee2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_abbca",
                    table="boards_decision",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_decisionevent" ("body_id", "chosen", "dissent", "evidence", "id", "item_id", "number", "on", "options", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "present", "question", "reason", "review", "review_on", "reviewed_on", "taken_back") VALUES (OLD."body_id", OLD."chosen", OLD."dissent", OLD."evidence", OLD."id", OLD."item_id", OLD."number", OLD."on", OLD."options", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."present", OLD."question", OLD."reason", OLD."review", OLD."review_on", OLD."reviewed_on", OLD."taken_back"); RETURN NULL;',
                    hash="b4f99eb605042d1db846298ea4efe5fe501fe830",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f8c9c",
                    table="boards_decision",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="delegation_ends_after_it_begins",
            ),
        ),
        migrating.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_delegationevent" ("body_id", "from_whom", "id", "limits", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to", "what") VALUES (NEW."body_id", NEW."from_whom", NEW."id", NEW."limits", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."valid_from", NEW."valid_to", NEW."what"); RETURN NULL;',
                    hash="f273f8905afb56222f166b413409de965562e096",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ac5c1",
                    table="boards_delegation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_delegationevent" ("body_id", "from_whom", "id", "limits", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to", "what") VALUES (NEW."body_id", NEW."from_whom", NEW."id", NEW."limits", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."valid_from", NEW."valid_to", NEW."what"); RETURN NULL;',
                    hash="6a954c13ce9297803162db3a57d4241d317e82bf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_de645",
                    table="boards_delegation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_delegationevent" ("body_id", "from_whom", "id", "limits", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "valid_from", "valid_to", "what") VALUES (OLD."body_id", OLD."from_whom", OLD."id", OLD."limits", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."valid_from", OLD."valid_to", OLD."what"); RETURN NULL;',
                    hash="795b3a08c5fddcb9c3b5d5a93535b0a8d574d3f0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a991a",
                    table="boards_delegation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back", "")),
                fields=("item", "to_body"),
                name="escalated_once_to_a_body",
            ),
        ),
        migrating.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_escalationevent" ("answer", "answered_on", "ask", "body_id", "id", "item_id", "made_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "taken_back", "title", "to_body_id") VALUES (NEW."answer", NEW."answered_on", NEW."ask", NEW."body_id", NEW."id", NEW."item_id", NEW."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."taken_back", NEW."title", NEW."to_body_id"); RETURN NULL;',
                    hash="cef116d3693c6cbddfcbfe9f9a4860b380139a16",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_29dce",
                    table="boards_escalation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_escalationevent" ("answer", "answered_on", "ask", "body_id", "id", "item_id", "made_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "taken_back", "title", "to_body_id") VALUES (NEW."answer", NEW."answered_on", NEW."ask", NEW."body_id", NEW."id", NEW."item_id", NEW."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."taken_back", NEW."title", NEW."to_body_id"); RETURN NULL;',
                    hash="0ef00a8eb8cf627b4f8ad13f537fa04d9f754cd1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_86cb2",
                    table="boards_escalation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="escalation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_escalationevent" ("answer", "answered_on", "ask", "body_id", "id", "item_id", "made_on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "taken_back", "title", "to_body_id") VALUES (OLD."answer", OLD."answered_on", OLD."ask", OLD."body_id", OLD."id", OLD."item_id", OLD."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."taken_back", OLD."title", OLD."to_body_id"); RETURN NULL;',
                    hash="18f1aaa1c110ca06db217ed1d3d1e56a39153ddb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dbdec",
                    table="boards_escalation",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=("body", "on"), name="one_meeting_a_day"),
        ),
        migrating.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_meetingevent" ("begins_at", "body_id", "id", "minutes", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "state", "venue") VALUES (NEW."begins_at", NEW."body_id", NEW."id", NEW."minutes", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."reason", NEW."state", NEW."venue"); RETURN NULL;',
                    hash="733284979ff3ec41381acac4ab27c76e88ebdba5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_195d8",
                    table="boards_meeting",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_meetingevent" ("begins_at", "body_id", "id", "minutes", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "state", "venue") VALUES (NEW."begins_at", NEW."body_id", NEW."id", NEW."minutes", NEW."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."reason", NEW."state", NEW."venue"); RETURN NULL;',
                    hash="1d6add1bb7492ae8f8925a28a2c2cc85102114d3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_691d4",
                    table="boards_meeting",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_meetingevent" ("begins_at", "body_id", "id", "minutes", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "state", "venue") VALUES (OLD."begins_at", OLD."body_id", OLD."id", OLD."minutes", OLD."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."reason", OLD."state", OLD."venue"); RETURN NULL;',
                    hash="41db878d3d3fc470355b8a0513c732a40057748f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c6210",
                    table="boards_meeting",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about", ""), _negated=True),
                fields=("meeting", "kind", "about"),
                name="nothing_twice_on_an_agenda",
            ),
        ),
        migrating.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_agendaitemevent" ("about", "body_id", "edition", "id", "kind", "lead", "left_out", "meeting_id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "position", "purpose", "title") VALUES (NEW."about", NEW."body_id", NEW."edition", NEW."id", NEW."kind", NEW."lead", NEW."left_out", NEW."meeting_id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."position", NEW."purpose", NEW."title"); RETURN NULL;',
                    hash="3b5b5b9683180ab34d574db6c51d612b8eb566b7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d9f0a",
                    table="boards_agendaitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_agendaitemevent" ("about", "body_id", "edition", "id", "kind", "lead", "left_out", "meeting_id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "position", "purpose", "title") VALUES (NEW."about", NEW."body_id", NEW."edition", NEW."id", NEW."kind", NEW."lead", NEW."left_out", NEW."meeting_id", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."position", NEW."purpose", NEW."title"); RETURN NULL;',
                    hash="eef004012881acfad289c8f5299440cef73bda23",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_71bf5",
                    table="boards_agendaitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="agendaitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_agendaitemevent" ("about", "body_id", "edition", "id", "kind", "lead", "left_out", "meeting_id", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "position", "purpose", "title") VALUES (OLD."about", OLD."body_id", OLD."edition", OLD."id", OLD."kind", OLD."lead", OLD."left_out", OLD."meeting_id", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."position", OLD."purpose", OLD."title"); RETURN NULL;',
                    hash="35db062a6f787d6b6f462caa9c00970cb800b3d4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7d3c1",
                    table="boards_agendaitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "summary", "title") VALUES (NEW."authors", NEW."body_id", NEW."id", NEW."item_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="49dfeb123dd9db74993f90f45bc210ce360abe51",
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
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "summary", "title") VALUES (NEW."authors", NEW."body_id", NEW."id", NEW."item_id", NEW."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."summary", NEW."title"); RETURN NULL;',
                    hash="c3ad2409c1a66812debba391ebadcf986c79bf3d",
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
                    func='INSERT INTO "boards_paperevent" ("authors", "body_id", "id", "item_id", "link", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "summary", "title") VALUES (OLD."authors", OLD."body_id", OLD."id", OLD."item_id", OLD."link", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."summary", OLD."title"); RETURN NULL;',
                    hash="6c8916b57a47e22639b72a51a980cc28f09019f2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e0cc3",
                    table="boards_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="clearance",
            constraint=models.UniqueConstraint(fields=("paper", "office"), name="an_office_clears_once"),
        ),
        migrating.AddTrigger(
            model_name="clearance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_clearanceevent" ("body_id", "entered_by", "given_on", "id", "office", "paper_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id") VALUES (NEW."body_id", NEW."entered_by", NEW."given_on", NEW."id", NEW."office", NEW."paper_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id"); RETURN NULL;',
                    hash="df50c9334b96fa0d9a3e9a02979dfb24881ab6c3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6ad92",
                    table="boards_clearance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="clearance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_clearanceevent" ("body_id", "entered_by", "given_on", "id", "office", "paper_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id") VALUES (NEW."body_id", NEW."entered_by", NEW."given_on", NEW."id", NEW."office", NEW."paper_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id"); RETURN NULL;',
                    hash="c85740fe7bb328de48c351af31ed35d8b30b50c5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fef44",
                    table="boards_clearance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="clearance",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_clearanceevent" ("body_id", "entered_by", "given_on", "id", "office", "paper_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id") VALUES (OLD."body_id", OLD."entered_by", OLD."given_on", OLD."id", OLD."office", OLD."paper_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id"); RETURN NULL;',
                    hash="cbb85dbc39385c9de9665f3a2599768edaefb5d9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_47a86",
                    table="boards_clearance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="seat_ends_after_it_begins",
            ),
        ),
        migrating.AddTrigger(
            model_name="seat",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_seatevent" ("body_id", "id", "needed", "office", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sector", "valid_from", "valid_to") VALUES (NEW."body_id", NEW."id", NEW."needed", NEW."office", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."sector", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="c5e2c7639d73cc390fbb63f88ee27510658c19cc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_69b1d",
                    table="boards_seat",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="seat",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_seatevent" ("body_id", "id", "needed", "office", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sector", "valid_from", "valid_to") VALUES (NEW."body_id", NEW."id", NEW."needed", NEW."office", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."sector", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="ef5643e1728fb05c42c88e4e292c78a109c1878f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ec04e",
                    table="boards_seat",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="seat",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_seatevent" ("body_id", "id", "needed", "office", "organisation_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sector", "valid_from", "valid_to") VALUES (OLD."body_id", OLD."id", OLD."needed", OLD."office", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."sector", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="69997ff85c25204f7fca2f0575d0b6339ee6ad28",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fc5ab",
                    table="boards_seat",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_interestevent" ("body_id", "handling", "id", "item_id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "what") VALUES (NEW."body_id", NEW."handling", NEW."id", NEW."item_id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."seat_id", NEW."what"); RETURN NULL;',
                    hash="0566f732bb637a208dd1bee004096360b21ebb01",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b6c8a",
                    table="boards_interest",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_interestevent" ("body_id", "handling", "id", "item_id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "what") VALUES (NEW."body_id", NEW."handling", NEW."id", NEW."item_id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."seat_id", NEW."what"); RETURN NULL;',
                    hash="558be61ea063324327c8bb5c422c6a3bd0d1d299",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_44cdc",
                    table="boards_interest",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_interestevent" ("body_id", "handling", "id", "item_id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "what") VALUES (OLD."body_id", OLD."handling", OLD."id", OLD."item_id", OLD."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."seat_id", OLD."what"); RETURN NULL;',
                    hash="1fddc9ba870395bee31ac8ef06b429a8913946b9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_28303",
                    table="boards_interest",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("meeting", "seat"), name="a_seat_attends_once"),
        ),
        migrating.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_attendanceevent" ("body_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "state") VALUES (NEW."body_id", NEW."id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."seat_id", NEW."state"); RETURN NULL;',
                    hash="a34b41d9d08d05b399629a5fd97374143ae9ea74",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2579e",
                    table="boards_attendance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_attendanceevent" ("body_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "state") VALUES (NEW."body_id", NEW."id", NEW."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."seat_id", NEW."state"); RETURN NULL;',
                    hash="54613dc3c0b1f9cbdb3c625b71decf127c699e46",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_73df3",
                    table="boards_attendance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="attendance",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_attendanceevent" ("body_id", "id", "meeting_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "seat_id", "state") VALUES (OLD."body_id", OLD."id", OLD."meeting_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."seat_id", OLD."state"); RETURN NULL;',
                    hash="ce2f029d0490320dacdb925a8b44c0a13749fc07",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b77b2",
                    table="boards_attendance",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="terms",
            constraint=models.UniqueConstraint(fields=("body", "version"), name="terms_have_a_version"),
        ),
        migrating.AddTrigger(
            model_name="terms",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_termsevent" ("body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "valid_from", "version") VALUES (NEW."body_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."text", NEW."valid_from", NEW."version"); RETURN NULL;',
                    hash="3fea8dd26143639d1376ec5046df38e92e19a143",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_60ec9",
                    table="boards_terms",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="terms",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "boards_termsevent" ("body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "valid_from", "version") VALUES (NEW."body_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."text", NEW."valid_from", NEW."version"); RETURN NULL;',
                    hash="796564e9aad99e4a7a57afed7749f5cf3cacdec7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4ad50",
                    table="boards_terms",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="terms",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "boards_termsevent" ("body_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "valid_from", "version") VALUES (OLD."body_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."text", OLD."valid_from", OLD."version"); RETURN NULL;',
                    hash="20b4654f0ae08fc03f15450659314e001444bfbf",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a3e90",
                    table="boards_terms",
                    when="AFTER",
                ),
            ),
        ),
    ]
