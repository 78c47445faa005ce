"""The Django application of packs."""

from __future__ import annotations

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Packs and the templates of trusts."""

    name = "joinedup_web.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its changes where organisations show them."""
        from joinedup_web.packs.telling import register

        register()
