"""The Django application of scrutiny."""

from __future__ import annotations

from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    """Committees' trackers."""

    name = "joinedup_web.governance.scrutiny"
    label = "scrutiny"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes and notices where organisations show them."""
        from joinedup_web.governance.scrutiny import rooms, telling

        telling.register()
        rooms.register()
