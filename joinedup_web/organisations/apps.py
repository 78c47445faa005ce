"""The Django application of organisations."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, places, people and roles."""

    name = "joinedup_web.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
