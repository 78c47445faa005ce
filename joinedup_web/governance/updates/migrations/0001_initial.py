"""The tables of updates."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from joinedup_web.organisations import migrating


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrating.CreateModel(
            name="Allowance",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("due", models.DateTimeField()),
            ],
        ),
        migrating.CreateModel(
            name="Asking",
            fields=[
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("said", models.CharField(blank=True, max_length=100)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("known_by", models.CharField(max_length=64)),
                ("sealed", models.TextField()),
                ("choices", models.JSONField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrating.CreateModel(
            name="Noticed",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrating.CreateModel(
            name="Reader",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("known_by", models.CharField(max_length=64, unique=True)),
                ("sealed", models.TextField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_until", models.DateTimeField()),
            ],
        ),
        migrating.CreateModel(
            name="Week",
            fields=[
                ("monday", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("written", models.PositiveIntegerField()),
                ("skipped", models.PositiveIntegerField()),
            ],
        ),
        migrating.CreateModel(
            name="Digest",
            fields=[
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("said", models.CharField(blank=True, max_length=100)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("week", models.DateField()),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="updates.reader",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("reader", "week"), name="one_digest_a_week")],
            },
        ),
        migrating.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=60)),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="updates.reader",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "kind", "key"), name="a_choice_is_made_once")
                ],
            },
        ),
    ]
