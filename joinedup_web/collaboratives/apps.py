"""The Django application of collaboratives."""

from __future__ import annotations

from django.apps import AppConfig


class CollaborativesConfig(AppConfig):
    """Collaboratives made in the workspace."""

    name = "joinedup_web.collaboratives"
    label = "collaboratives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its members and changes where organisations show them."""
        from joinedup_web.collaboratives.telling import register

        register()
