"""The Django application of data controllers."""

from __future__ import annotations

from django.apps import AppConfig


class ControllersConfig(AppConfig):
    """The register of data controllers."""

    name = "joinedup_web.controllers"
    label = "controllers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes and notices where organisations show them."""
        from joinedup_web.controllers.telling import register

        register()
