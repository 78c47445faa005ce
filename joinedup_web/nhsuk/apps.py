"""The Django application of the design system."""

from __future__ import annotations

from django.apps import AppConfig


class NhsukConfig(AppConfig):
    """Layouts and components of the NHS design system."""

    name = "joinedup_web.nhsuk"
    label = "nhsuk"

    def ready(self) -> None:
        """Add our translations to Django's."""
        from joinedup_web.nhsuk.languages import load_catalogues

        load_catalogues()
