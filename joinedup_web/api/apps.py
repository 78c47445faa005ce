"""The Django application of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, and how often each may ask."""

    name = "joinedup_web.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
