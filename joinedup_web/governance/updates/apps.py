"""The Django application of updates."""

from __future__ import annotations

from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    """Weekly letters and feeds of what is public."""

    name = "joinedup_web.governance.updates"
    label = "updates"
    default_auto_field = "django.db.models.BigAutoField"
