"""What pages ask about packs: each question begins at a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.scope import Scope
from joinedup_web.packs.models import Pack, Template

if TYPE_CHECKING:
    from joinedup_web.organisations.models import Place

MOST = 100


def packs(scope: Scope) -> list[Pack]:
    """Packs of one's own places, the newest first."""
    rows = Pack.objects.select_related("place", "asked_by", "template").defer("commentary")
    return list(scope.only(rows, "see", "pack").order_by("-asked_at")[:MOST])


def pack_of(scope: Scope, identity: Any, action: str = "see") -> Pack | None:
    """A pack of a place where this may be done; None for any other, as if it did not exist."""
    rows = Pack.objects.select_related("place", "asked_by", "template")
    return scope.only(rows, action, "pack").filter(pk=identity).first()


def places(scope: Scope) -> list[Place]:
    """Places for which packs may be made."""
    return named_places(scope.places_for("make", "pack"))


def template_places(scope: Scope) -> list[Place]:
    """Places for which templates may be kept."""
    return named_places(scope.places_for("make_any", "pack"))


def templates(scope: Scope) -> list[Template]:
    """Templates that may be chosen."""
    rows = Template.objects.select_related("place").filter(ended_at=None)
    return list(scope.only(rows, "make_any", "pack").order_by("place__name", "name", "sent_at"))


def template_of(scope: Scope, identity: Any) -> Template | None:
    """A template of one's own."""
    rows = Template.objects.select_related("place").filter(ended_at=None)
    return scope.only(rows, "make_any", "pack").filter(pk=identity).first()
