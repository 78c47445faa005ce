"""The Django application of organisations."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, places, people and roles."""

    name = "joinedup_web.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say on the front page what a closing leaves to be done."""
        from joinedup_web.organisations.closing import register

        register()
