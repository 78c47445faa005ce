"""Who the controller is may be read by everyone who has signed in; its own people alone may write it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from joinedup_web.organisations.row_security import OWN, SIGNED_IN, audit_wall, sealed, wall


class Migration(migrations.Migration):
    """Row-level security of the register of controllers and of its audit, and the audit's chain."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("controllers", "0001_initial")]
    operations: ClassVar[list[object]] = [
        wall("controllers_controllership", also_seen=SIGNED_IN),
        audit_wall("controllers_controllershipevent", seen=f"place_id = ANY({OWN})"),
        sealed("controllers_controllershipevent"),
    ]
