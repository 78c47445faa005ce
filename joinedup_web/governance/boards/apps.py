"""The Django application of boards and their meetings."""

from __future__ import annotations

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Bodies of a collaborative and their meetings."""

    name = "joinedup_web.governance.boards"
    label = "boards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes and notices where organisations show them."""
        from joinedup_web.governance.boards.telling import register

        register()
