"""The Django application of the explorer."""

from __future__ import annotations

from django.apps import AppConfig


class EquityConfig(AppConfig):
    """Released figures, and where a gap opens."""

    name = "joinedup_web.equity"
    label = "equity"
    default_auto_field = "django.db.models.BigAutoField"
