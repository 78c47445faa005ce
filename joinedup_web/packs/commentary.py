"""Notes on data points as a pack takes them, and what a pack can be made of: both from the newest released figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from joinedup_web.equity.cells import code_in
from joinedup_web.equity.crossing import TREATED_AT, source_of
from joinedup_web.equity.notes import seen_by
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope

if TYPE_CHECKING:
    from joinedup_web.equity.figures import Figures

MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def notes_for(scope: Scope, place: str, figures: Figures) -> list[dict[str, Any]]:
    """Notes that everyone at `place` may read who reads notes: its own, and shared ones; in the shape of the API.

    Notes of other places of whoever asks stay out: the pack is read at this place.
    """
    if not scope.may("see", "note"):
        return []
    found = seen_by(scope).filter(Q(shared=True) | Q(place_id=place)).order_by("written_at", "pk")
    roles = load_policy().roles
    return [
        {
            "number": code_in(figures, note.cell), "about": note.about, "kind": note.kind, "figure": note.figure,
            "text": note.text,
            "role": roles[note.role].title if note.role in roles else "", "place_name": note.place.name,
            "written_at": note.written_at.date().isoformat(), "shared": note.shared,
        }
        for note in found
    ]  # fmt: skip


def months_of(figures: Figures) -> tuple[str, ...]:
    """Months of which figures are released, the newest first."""
    released = source_of(figures, TREATED_AT)
    if released is None:
        return ()
    keys = released.value.table["period"].unique().to_pylist()
    return tuple(sorted((key for key in keys if MONTH.fullmatch(key)), reverse=True))
