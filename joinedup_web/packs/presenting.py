"""Words of packs. Pages show what is here and decide nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from joinedup.charts.words import span
from joinedup_web.packs import models
from joinedup_web.packs.actions import LAYOUTS
from joinedup_web.packs.files import REGISTRY, WORDS, name_of
from joinedup_web.packs.models import Pack
from joinedup_web.packs.tidying import KEPT_DAYS

STATES = {
    models.WAITING: ("Waiting its turn", "white"), models.MAKING: ("Being made", "yellow"),
    models.READY: ("Made", "green"), models.FAILED: ("Not made", "red"), models.REMOVED: ("Removed", "grey"),
}  # fmt: skip
FORMS = {**WORDS, REGISTRY: "Registry of its numbers (JSON)"}
__all__ = ["KEPT_DAYS", "name_of"]


def title(pack: Pack) -> str:
    """What a pack is called."""
    return f"{LAYOUTS[pack.layout]}: {span(pack.period)}"


def size(number: int) -> str:
    """Bytes as people say them."""
    return f"{number / 1_000_000:.1f} MB" if number >= 100_000 else f"{max(round(number / 1000), 1)} kB"


def _when(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}"


def summary(pack: Pack) -> list[tuple[str, str]]:
    """What a pack stands on, as label and value."""
    notes = len(pack.commentary)
    rows = [
        ("For", pack.place.name),
        ("Asked for by", f"{pack.asked_by}, {_when(pack.asked_at)}"),
        ("Made", _when(pack.made_at) if pack.made_at else ""),
        ("From", f"state {pack.snapshot} of the lake, written {pack.released[:10]}"),
        ("Notes offered", f"{notes} beside numbers" if notes else "none: nobody wrote any that may be read here"),
        ("Template", pack.template.name if pack.template else "our own look"),
    ]  # fmt: skip
    if pack.state == models.REMOVED:
        rows = [row for row in rows if row[0] != "Notes offered"]
    return [(label, value) for label, value in rows if value]
