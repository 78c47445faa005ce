"""The Django application of frameworks."""

from __future__ import annotations

from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    """Rounds of frameworks of maturity and competence."""

    name = "joinedup_web.governance.frameworks"
    label = "frameworks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes and notices where organisations show them."""
        from joinedup_web.governance.frameworks.telling import register

        register()
