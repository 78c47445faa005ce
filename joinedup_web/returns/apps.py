"""The Django application of the returns desk."""

from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """What trusts send, from the upload to the lake."""

    name = "joinedup_web.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell meetings of late returns."""
        from joinedup_web.returns.late import register

        register()
