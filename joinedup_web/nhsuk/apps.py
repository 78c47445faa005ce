"""The Django application of the design system."""

from __future__ import annotations

from django.apps import AppConfig


class NhsukConfig(AppConfig):
    """Layouts and components of the NHS design system."""

    name = "joinedup_web.nhsuk"
    label = "nhsuk"
