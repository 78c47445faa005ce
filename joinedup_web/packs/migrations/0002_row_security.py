"""Packs and templates are seen and made where a role is held at their place, and nowhere else."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, audit_wall, sealed, wall

TABLES = ("pack", "template")


class Migration(migrations.Migration):
    """Walls, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("packs", "0001_initial")]
    operations: ClassVar[list[object]] = [
        *(wall(f"packs_{name}") for name in TABLES),
        *(audit_wall(f"packs_{name}event", seen=f"place_id = ANY({OWN})") for name in TABLES),
        *(sealed(f"packs_{name}event") for name in TABLES),
    ]
