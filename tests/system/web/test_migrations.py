"""The migrations, whose operations render only what they make, lead to the tables and triggers of the models."""

from __future__ import annotations

from typing import Any


def test_the_migrations_say_what_the_models_say(django_here: Any) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_constraint_and_trigger_of_the_models_is_in_the_database(django_here: Any) -> None:
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tgname FROM pg_trigger")
        triggers = {name for (name,) in cursor.fetchall()}
    ours = [model for model in apps.get_models() if model.__module__.startswith("joinedup_web.")]
    wanted = {one.name for model in ours for one in model._meta.constraints}
    called = {trigger.get_pgid(model) for model in ours for trigger in getattr(model._meta, "triggers", ())}
    assert len(wanted) > 20 and not wanted - there
    assert len(called) > 50 and not called - triggers
