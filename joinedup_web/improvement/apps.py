"""The Django application of improvement."""

from __future__ import annotations

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """Initiatives and claims."""

    name = "joinedup_web.improvement"
    label = "improvement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes and notices where organisations show them."""
        from joinedup_web.improvement.telling import register

        register()
