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
            name="Benefit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("text", models.CharField(max_length=500)),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("number", models.FloatField(blank=True, null=True)),
                ("baseline", models.FloatField(blank=True, null=True)),
                ("date", models.DateField(blank=True, null=True)),
                ("owner", models.CharField(blank=True, max_length=200)),
                ("method", models.CharField(blank=True, max_length=500)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=300)),
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
            name="ClaimCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("measure_id", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("verdict", models.CharField(max_length=100)),
                ("found", models.TextField(blank=True)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("state_made", models.CharField(blank=True, max_length=40)),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            name="Initiative",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=200)),
                ("what", models.CharField(max_length=2000)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
                (
                    "replicates",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replications",
                        to="improvement.initiative",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="BenefitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("text", models.CharField(max_length=500)),
                ("unit", models.CharField(blank=True, max_length=100)),
                ("number", models.FloatField(blank=True, null=True)),
                ("baseline", models.FloatField(blank=True, null=True)),
                ("date", models.DateField(blank=True, null=True)),
                ("owner", models.CharField(blank=True, max_length=200)),
                ("method", models.CharField(blank=True, max_length=500)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=300)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.benefit",
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
                    "initiative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="benefit",
            name="initiative",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="benefits",
                to="improvement.initiative",
            ),
        ),
        migrating.CreateModel(
            name="Objective",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("strategy", "Strategy"),
                            ("priority", "Priority"),
                            ("workstream", "Workstream"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "above",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="below",
                        to="improvement.objective",
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
            name="InitiativeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("what", models.CharField(max_length=2000)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=300)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.initiative",
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
                    "replicates",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "workstream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.objective",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="initiative",
            name="workstream",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="initiatives",
                to="improvement.objective",
            ),
        ),
        migrating.CreateModel(
            name="ObjectiveEvent",
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
                            ("strategy", "Strategy"),
                            ("priority", "Priority"),
                            ("workstream", "Workstream"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "above",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.objective",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.objective",
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
            name="Owner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="owners",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "person",
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
                (
                    "trust",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.place",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="OwnerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "initiative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "person",
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
                        to="improvement.owner",
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
                    "trust",
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
                ("title", models.CharField(max_length=200)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("shared", models.BooleanField(default=False)),
                ("paragraphs", models.PositiveIntegerField(default=0)),
                ("checked_snapshot", models.PositiveBigIntegerField(blank=True, null=True)),
                ("checked_made", models.CharField(blank=True, max_length=40)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            name="PaperClaim",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("order", models.PositiveIntegerField()),
                ("paragraph", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("sentence", models.TextField()),
                ("begins", models.PositiveIntegerField()),
                ("figure", models.CharField(max_length=200)),
                ("tie", models.JSONField(blank=True, default=dict)),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="improvement.paper",
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
                "ordering": ["order"],
            },
        ),
        migrating.CreateModel(
            name="ClaimCheckEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("measure_id", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("verdict", models.CharField(max_length=100)),
                ("found", models.TextField(blank=True)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("state_made", models.CharField(blank=True, max_length=40)),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.claimcheck",
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
                    "claim",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.paperclaim",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="claimcheck",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checks",
                to="improvement.paperclaim",
            ),
        ),
        migrating.CreateModel(
            name="PaperClaimEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("order", models.PositiveIntegerField()),
                ("paragraph", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("sentence", models.TextField()),
                ("begins", models.PositiveIntegerField()),
                ("figure", models.CharField(max_length=200)),
                ("tie", models.JSONField(blank=True, default=dict)),
                (
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.paper",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.paperclaim",
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
            name="PaperEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("shared", models.BooleanField(default=False)),
                ("paragraphs", models.PositiveIntegerField(default=0)),
                ("checked_snapshot", models.PositiveBigIntegerField(blank=True, null=True)),
                ("checked_made", models.CharField(blank=True, max_length=40)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.paper",
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
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField()),
                ("story", models.BooleanField()),
                ("measures", models.JSONField(default=list)),
                ("population", models.CharField(blank=True, max_length=300)),
                ("level", models.CharField(blank=True, max_length=20)),
                ("places", models.JSONField(default=list)),
                ("comparison", models.JSONField(default=list)),
                ("own_trend", models.BooleanField(default=False)),
                ("start", models.CharField(blank=True, max_length=7)),
                ("expected", models.FloatField(blank=True, null=True)),
                ("worthwhile", models.FloatField(blank=True, null=True)),
                ("predicted", models.JSONField(blank=True, default=dict)),
                ("judged_after", models.PositiveSmallIntegerField(default=0)),
                ("declared_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plans",
                        to="improvement.initiative",
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
            name="PlanEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("story", models.BooleanField()),
                ("measures", models.JSONField(default=list)),
                ("population", models.CharField(blank=True, max_length=300)),
                ("level", models.CharField(blank=True, max_length=20)),
                ("places", models.JSONField(default=list)),
                ("comparison", models.JSONField(default=list)),
                ("own_trend", models.BooleanField(default=False)),
                ("start", models.CharField(blank=True, max_length=7)),
                ("expected", models.FloatField(blank=True, null=True)),
                ("worthwhile", models.FloatField(blank=True, null=True)),
                ("predicted", models.JSONField(blank=True, default=dict)),
                ("judged_after", models.PositiveSmallIntegerField(default=0)),
                ("declared_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "initiative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.plan",
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
        migrating.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("milestone", "Milestone"), ("action", "Action"), ("risk", "Risk")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("who", models.CharField(max_length=200)),
                ("due", models.DateField(blank=True, null=True)),
                ("likelihood", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("impact", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("mitigation", models.CharField(blank=True, max_length=500)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_how", models.CharField(blank=True, max_length=300)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="improvement.initiative",
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
            name="PlanItemEvent",
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
                        choices=[("milestone", "Milestone"), ("action", "Action"), ("risk", "Risk")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("who", models.CharField(max_length=200)),
                ("due", models.DateField(blank=True, null=True)),
                ("likelihood", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("impact", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("mitigation", models.CharField(blank=True, max_length=500)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_how", models.CharField(blank=True, max_length=300)),
                (
                    "initiative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.planitem",
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
            name="Verdict",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("measure_id", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("verdict", models.CharField(blank=True, max_length=30)),
                ("sentence", models.TextField()),
                ("method", models.CharField(blank=True, max_length=100)),
                ("effect", models.FloatField(blank=True, null=True)),
                ("lower", models.FloatField(blank=True, null=True)),
                ("upper", models.FloatField(blank=True, null=True)),
                ("smallest_visible", models.FloatField(blank=True, null=True)),
                ("months_after", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("remedy", models.TextField(blank=True)),
                ("news", models.TextField(blank=True)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("state_made", models.CharField(blank=True, max_length=40)),
                ("judged_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="improvement.initiative",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="improvement.plan",
                    ),
                ),
            ],
        ),
        migrating.CreateModel(
            name="VerdictEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("measure_id", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("verdict", models.CharField(blank=True, max_length=30)),
                ("sentence", models.TextField()),
                ("method", models.CharField(blank=True, max_length=100)),
                ("effect", models.FloatField(blank=True, null=True)),
                ("lower", models.FloatField(blank=True, null=True)),
                ("upper", models.FloatField(blank=True, null=True)),
                ("smallest_visible", models.FloatField(blank=True, null=True)),
                ("months_after", models.PositiveIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("remedy", models.TextField(blank=True)),
                ("news", models.TextField(blank=True)),
                ("snapshot", models.PositiveBigIntegerField()),
                ("state_made", models.CharField(blank=True, max_length=40)),
                ("judged_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "initiative",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.initiative",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="improvement.verdict",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="improvement.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.AddConstraint(
            model_name="benefit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_on", None),
                    models.Q(
                        ("baseline__isnull", False),
                        ("date__isnull", False),
                        ("number__isnull", False),
                        models.Q(("owner", ""), _negated=True),
                        models.Q(("method", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_benefit_is_published_whole",
            ),
        ),
        migrating.AddConstraint(
            model_name="benefit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on", None), models.Q(("withdrawn_why", ""), _negated=True), _connector="OR"
                ),
                name="a_benefit_is_withdrawn_with_a_reason",
            ),
        ),
        migrating.AddTrigger(
            model_name="benefit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_benefitevent" ("baseline", "date", "id", "initiative_id", "method", "number", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "published_on", "text", "unit", "withdrawn_on", "withdrawn_why") VALUES (NEW."baseline", NEW."date", NEW."id", NEW."initiative_id", NEW."method", NEW."number", NEW."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."published_on", NEW."text", NEW."unit", NEW."withdrawn_on", NEW."withdrawn_why"); RETURN NULL;',
                    hash="6d8bc545a61a735a15b04f686db8d74c1ac88f9f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_546cc",
                    table="improvement_benefit",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="benefit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_benefitevent" ("baseline", "date", "id", "initiative_id", "method", "number", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "published_on", "text", "unit", "withdrawn_on", "withdrawn_why") VALUES (NEW."baseline", NEW."date", NEW."id", NEW."initiative_id", NEW."method", NEW."number", NEW."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."published_on", NEW."text", NEW."unit", NEW."withdrawn_on", NEW."withdrawn_why"); RETURN NULL;',
                    hash="32b46471b80a0390b205fb86474de5a8d2504753",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a24da",
                    table="improvement_benefit",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="benefit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_benefitevent" ("baseline", "date", "id", "initiative_id", "method", "number", "owner", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "published_on", "text", "unit", "withdrawn_on", "withdrawn_why") VALUES (OLD."baseline", OLD."date", OLD."id", OLD."initiative_id", OLD."method", OLD."number", OLD."owner", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."published_on", OLD."text", OLD."unit", OLD."withdrawn_on", OLD."withdrawn_why"); RETURN NULL;',
                    hash="6af94b8d814f4604fd199adae4af20a336e6d3d4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b430b",
                    table="improvement_benefit",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("above", None), ("kind", "strategy")),
                    models.Q(
                        models.Q(("kind", "strategy"), _negated=True),
                        models.Q(("above", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_a_strategy_has_nothing_above",
            ),
        ),
        migrating.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_objectiveevent" ("above_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "source", "title", "written_at") VALUES (NEW."above_id", NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="ba0dd709f812adcf18cf54bcad4c303f6539a8cb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a072",
                    table="improvement_objective",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_objectiveevent" ("above_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "source", "title", "written_at") VALUES (NEW."above_id", NEW."id", NEW."kind", NEW."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="e6bff3d94cfaaf63aae0e2f97ac501dc63469580",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b0f62",
                    table="improvement_objective",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_objectiveevent" ("above_id", "id", "kind", "note", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "source", "title", "written_at") VALUES (OLD."above_id", OLD."id", OLD."kind", OLD."note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."source", OLD."title", OLD."written_at"); RETURN NULL;',
                    hash="adc3a189e0d33f5dfcaf978d8b147e9c5b770b5f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_59a23",
                    table="improvement_objective",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="initiative",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), models.Q(("ended_why", ""), _negated=True), _connector="OR"
                ),
                name="an_initiative_ends_with_a_reason",
            ),
        ),
        migrating.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_initiativeevent" ("ended_on", "ended_why", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "replicates_id", "source", "title", "what", "workstream_id", "written_at") VALUES (NEW."ended_on", NEW."ended_why", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."replicates_id", NEW."source", NEW."title", NEW."what", NEW."workstream_id", NEW."written_at"); RETURN NULL;',
                    hash="6f20607416aec52ebf4109d79fb35a04f7ba9dfe",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1a4bb",
                    table="improvement_initiative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_initiativeevent" ("ended_on", "ended_why", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "replicates_id", "source", "title", "what", "workstream_id", "written_at") VALUES (NEW."ended_on", NEW."ended_why", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."replicates_id", NEW."source", NEW."title", NEW."what", NEW."workstream_id", NEW."written_at"); RETURN NULL;',
                    hash="b27be4c683ed72123e47f830b4f71b281a921efd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f730c",
                    table="improvement_initiative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="initiative",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_initiativeevent" ("ended_on", "ended_why", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "replicates_id", "source", "title", "what", "workstream_id", "written_at") VALUES (OLD."ended_on", OLD."ended_why", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."replicates_id", OLD."source", OLD."title", OLD."what", OLD."workstream_id", OLD."written_at"); RETURN NULL;',
                    hash="32be18c05a5a11f6e2815e351833fb4af868c47e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0e0b9",
                    table="improvement_initiative",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="owner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("initiative", "trust"), name="one_owner_a_trust"
            ),
        ),
        migrating.AddTrigger(
            model_name="owner",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_ownerevent" ("id", "initiative_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "trust_id", "until") VALUES (NEW."id", NEW."initiative_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."trust_id", NEW."until"); RETURN NULL;',
                    hash="0919f0e2692f6b5dcd10d192f785d5581e5bb072",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ca45f",
                    table="improvement_owner",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="owner",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_ownerevent" ("id", "initiative_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "trust_id", "until") VALUES (NEW."id", NEW."initiative_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."trust_id", NEW."until"); RETURN NULL;',
                    hash="b6e846025a28d6aab3f31199a2442dd82e2df5a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cb5c5",
                    table="improvement_owner",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="owner",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_ownerevent" ("id", "initiative_id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "trust_id", "until") VALUES (OLD."id", OLD."initiative_id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."trust_id", OLD."until"); RETURN NULL;',
                    hash="0e5d58af0c8362b2123691fc61a80f7b8fc31684",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aeeb2",
                    table="improvement_owner",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "shared", "source", "title", "written_at") VALUES (NEW."checked_made", NEW."checked_snapshot", NEW."id", NEW."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."shared", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="222915f3fbba3d4163f9d53647ac6dd68c2090e0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9cf27",
                    table="improvement_paper",
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
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "shared", "source", "title", "written_at") VALUES (NEW."checked_made", NEW."checked_snapshot", NEW."id", NEW."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."shared", NEW."source", NEW."title", NEW."written_at"); RETURN NULL;',
                    hash="91631dcd71d094ff5944e26cd00913d9acf87e5f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_607a2",
                    table="improvement_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperevent" ("checked_made", "checked_snapshot", "id", "paragraphs", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "shared", "source", "title", "written_at") VALUES (OLD."checked_made", OLD."checked_snapshot", OLD."id", OLD."paragraphs", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."shared", OLD."source", OLD."title", OLD."written_at"); RETURN NULL;',
                    hash="45c864dde33da8167c46b3dae0b00402e25a3273",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b9998",
                    table="improvement_paper",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="paperclaim",
            constraint=models.UniqueConstraint(
                fields=("paper", "order"), name="claims_of_a_paper_are_counted"
            ),
        ),
        migrating.AddTrigger(
            model_name="paperclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperclaimevent" ("begins", "figure", "id", "number", "order", "paper_id", "paragraph", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sentence", "tie") VALUES (NEW."begins", NEW."figure", NEW."id", NEW."number", NEW."order", NEW."paper_id", NEW."paragraph", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."sentence", NEW."tie"); RETURN NULL;',
                    hash="3c0f1dde0a3e4b15af92a5f3e49e677e006f2a1e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_46eba",
                    table="improvement_paperclaim",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paperclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_paperclaimevent" ("begins", "figure", "id", "number", "order", "paper_id", "paragraph", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sentence", "tie") VALUES (NEW."begins", NEW."figure", NEW."id", NEW."number", NEW."order", NEW."paper_id", NEW."paragraph", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."sentence", NEW."tie"); RETURN NULL;',
                    hash="ea9488e820fc3f820806af6bf83cb52bf9bc7dfe",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dc3f0",
                    table="improvement_paperclaim",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="paperclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_paperclaimevent" ("begins", "figure", "id", "number", "order", "paper_id", "paragraph", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "sentence", "tie") VALUES (OLD."begins", OLD."figure", OLD."id", OLD."number", OLD."order", OLD."paper_id", OLD."paragraph", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."sentence", OLD."tie"); RETURN NULL;',
                    hash="060a02b6ad6e4db6d99112eb5ef13d932f5f5cf4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c759e",
                    table="improvement_paperclaim",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="claimcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_claimcheckevent" ("checked_at", "claim_id", "found", "id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "snapshot", "state_made", "title", "verdict") VALUES (NEW."checked_at", NEW."claim_id", NEW."found", NEW."id", NEW."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."snapshot", NEW."state_made", NEW."title", NEW."verdict"); RETURN NULL;',
                    hash="8e3b8896b9feb000a795d4343411c4070838ac00",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67cbd",
                    table="improvement_claimcheck",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="claimcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_claimcheckevent" ("checked_at", "claim_id", "found", "id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "snapshot", "state_made", "title", "verdict") VALUES (NEW."checked_at", NEW."claim_id", NEW."found", NEW."id", NEW."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."snapshot", NEW."state_made", NEW."title", NEW."verdict"); RETURN NULL;',
                    hash="2567c319c71efdf481cf5a1a5d53cf558c4731bf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fb18d",
                    table="improvement_claimcheck",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="claimcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_claimcheckevent" ("checked_at", "claim_id", "found", "id", "measure_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "snapshot", "state_made", "title", "verdict") VALUES (OLD."checked_at", OLD."claim_id", OLD."found", OLD."id", OLD."measure_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."snapshot", OLD."state_made", OLD."title", OLD."verdict"); RETURN NULL;',
                    hash="cd08ca935ba7a775ec18e47f211230ba2034d847",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_49f6e",
                    table="improvement_claimcheck",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("initiative", "version"), name="a_version_is_declared_once"
            ),
        ),
        migrating.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("version", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="a_change_of_plan_has_a_reason",
            ),
        ),
        migrating.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_planevent" ("comparison", "declared_on", "expected", "id", "initiative_id", "judged_after", "level", "measures", "own_trend", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "places", "population", "predicted", "reason", "start", "story", "version", "worthwhile", "written_by_id") VALUES (NEW."comparison", NEW."declared_on", NEW."expected", NEW."id", NEW."initiative_id", NEW."judged_after", NEW."level", NEW."measures", NEW."own_trend", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."places", NEW."population", NEW."predicted", NEW."reason", NEW."start", NEW."story", NEW."version", NEW."worthwhile", NEW."written_by_id"); RETURN NULL;',
                    hash="c94315b8ae200687e1e112d328ba2dfdcf613991",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_49a86",
                    table="improvement_plan",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_planevent" ("comparison", "declared_on", "expected", "id", "initiative_id", "judged_after", "level", "measures", "own_trend", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "places", "population", "predicted", "reason", "start", "story", "version", "worthwhile", "written_by_id") VALUES (NEW."comparison", NEW."declared_on", NEW."expected", NEW."id", NEW."initiative_id", NEW."judged_after", NEW."level", NEW."measures", NEW."own_trend", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."places", NEW."population", NEW."predicted", NEW."reason", NEW."start", NEW."story", NEW."version", NEW."worthwhile", NEW."written_by_id"); RETURN NULL;',
                    hash="43b643eafcce8db40ad4377dbd0ca03ea5f73d8e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dc180",
                    table="improvement_plan",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_planevent" ("comparison", "declared_on", "expected", "id", "initiative_id", "judged_after", "level", "measures", "own_trend", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "places", "population", "predicted", "reason", "start", "story", "version", "worthwhile", "written_by_id") VALUES (OLD."comparison", OLD."declared_on", OLD."expected", OLD."id", OLD."initiative_id", OLD."judged_after", OLD."level", OLD."measures", OLD."own_trend", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."places", OLD."population", OLD."predicted", OLD."reason", OLD."start", OLD."story", OLD."version", OLD."worthwhile", OLD."written_by_id"); RETURN NULL;',
                    hash="45b873e50b598cf883c3ee93556de8c3ecc087f6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_82315",
                    table="improvement_plan",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("impact__range", (1, 5)), ("kind", "risk"), ("likelihood__range", (1, 5))),
                    models.Q(
                        models.Q(("kind", "risk"), _negated=True), models.Q(("due", None), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a_risk_is_scored_and_the_rest_is_due",
            ),
        ),
        migrating.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), models.Q(("ended_how", ""), _negated=True), _connector="OR"
                ),
                name="an_item_ends_with_a_word",
            ),
        ),
        migrating.AddTrigger(
            model_name="planitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_planitemevent" ("due", "ended_how", "ended_on", "id", "impact", "initiative_id", "kind", "likelihood", "mitigation", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "who") VALUES (NEW."due", NEW."ended_how", NEW."ended_on", NEW."id", NEW."impact", NEW."initiative_id", NEW."kind", NEW."likelihood", NEW."mitigation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."text", NEW."who"); RETURN NULL;',
                    hash="e8b3235cc9bbe35659a327d2c57609735abd23da",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_20726",
                    table="improvement_planitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="planitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_planitemevent" ("due", "ended_how", "ended_on", "id", "impact", "initiative_id", "kind", "likelihood", "mitigation", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "who") VALUES (NEW."due", NEW."ended_how", NEW."ended_on", NEW."id", NEW."impact", NEW."initiative_id", NEW."kind", NEW."likelihood", NEW."mitigation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."text", NEW."who"); RETURN NULL;',
                    hash="0e0a46b01701fa3df643b292acb422485ee461b0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6e648",
                    table="improvement_planitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="planitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_planitemevent" ("due", "ended_how", "ended_on", "id", "impact", "initiative_id", "kind", "likelihood", "mitigation", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "text", "who") VALUES (OLD."due", OLD."ended_how", OLD."ended_on", OLD."id", OLD."impact", OLD."initiative_id", OLD."kind", OLD."likelihood", OLD."mitigation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."text", OLD."who"); RETURN NULL;',
                    hash="5b338c9f954ac095147178648e8729d93067f33f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5c991",
                    table="improvement_planitem",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("plan", "measure_id", "snapshot", "state_made"), name="one_verdict_a_state"
            ),
        ),
        migrating.AddTrigger(
            model_name="verdict",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_verdictevent" ("effect", "id", "initiative_id", "judged_at", "lower", "measure_id", "method", "months_after", "news", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "plan_id", "reason", "remedy", "sentence", "smallest_visible", "snapshot", "state_made", "title", "upper", "verdict") VALUES (NEW."effect", NEW."id", NEW."initiative_id", NEW."judged_at", NEW."lower", NEW."measure_id", NEW."method", NEW."months_after", NEW."news", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."place_id", NEW."plan_id", NEW."reason", NEW."remedy", NEW."sentence", NEW."smallest_visible", NEW."snapshot", NEW."state_made", NEW."title", NEW."upper", NEW."verdict"); RETURN NULL;',
                    hash="368ec8152d0ba4b2bc05baea12b6220affbcbceb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a6ac9",
                    table="improvement_verdict",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="verdict",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "improvement_verdictevent" ("effect", "id", "initiative_id", "judged_at", "lower", "measure_id", "method", "months_after", "news", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "plan_id", "reason", "remedy", "sentence", "smallest_visible", "snapshot", "state_made", "title", "upper", "verdict") VALUES (NEW."effect", NEW."id", NEW."initiative_id", NEW."judged_at", NEW."lower", NEW."measure_id", NEW."method", NEW."months_after", NEW."news", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."place_id", NEW."plan_id", NEW."reason", NEW."remedy", NEW."sentence", NEW."smallest_visible", NEW."snapshot", NEW."state_made", NEW."title", NEW."upper", NEW."verdict"); RETURN NULL;',
                    hash="7ddd31601d613a61b349b9bfceae079789a5a0e3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3d6ae",
                    table="improvement_verdict",
                    when="AFTER",
                ),
            ),
        ),
        migrating.AddTrigger(
            model_name="verdict",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "improvement_verdictevent" ("effect", "id", "initiative_id", "judged_at", "lower", "measure_id", "method", "months_after", "news", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "plan_id", "reason", "remedy", "sentence", "smallest_visible", "snapshot", "state_made", "title", "upper", "verdict") VALUES (OLD."effect", OLD."id", OLD."initiative_id", OLD."judged_at", OLD."lower", OLD."measure_id", OLD."method", OLD."months_after", OLD."news", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."place_id", OLD."plan_id", OLD."reason", OLD."remedy", OLD."sentence", OLD."smallest_visible", OLD."snapshot", OLD."state_made", OLD."title", OLD."upper", OLD."verdict"); RETURN NULL;',
                    hash="efe507b7a1549cc2a395e4e9e52a05e0e339fadf",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6397e",
                    table="improvement_verdict",
                    when="AFTER",
                ),
            ),
        ),
    ]
