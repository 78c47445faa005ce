"""Roles held belong to a place: PostgreSQL itself shows them to those who hold a role there, and their own to each."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, PERSON, audit_wall, wall


class Migration(migrations.Migration):
    """Row-level security of roles held and of the audit."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0001_initial")]
    operations: ClassVar[list[object]] = [
        wall("organisations_roleheld", also_seen=f"person_id::text = {PERSON}"),
        audit_wall("organisations_roleheldevent", seen=f"place_id = ANY({OWN})"),
        audit_wall("organisations_personevent", seen=f"id::text = {PERSON}"),
    ]
