"""What pages ask of the register of controllers: each question begins at a scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from joinedup.definitions import Places
from joinedup.definitions.datasets import Dataset, LawfulBases
from joinedup_web.controllers.models import Controllership
from joinedup_web.controllers.standing import Holding, Standing, standing
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

COVERED = ("trust", "service", "borough")
"""Levels of place whose records a controller can answer for."""


def rows() -> list[Controllership]:
    """The whole register, which everyone who has signed in may read: the oldest first, by dataset and place."""
    found = Controllership.objects.select_related("place", "covers")
    return list(found.order_by("dataset", "covers__name", "valid_from"))


def row_of(scope: Scope, action: str, identity: Any) -> Controllership | None:
    """A row at an organisation where this person may do this; None for any other, as if it did not exist."""
    found = scope.only(Controllership.objects.select_related("place", "covers"), action, "controller")
    return found.filter(pk=identity).first()


def standings(on: date, found: Iterable[Controllership] | None = None) -> list[Standing]:
    """How every registered dataset stands, place by place."""
    kept = sorted(rows() if found is None else found, key=_of)
    register = Places.load()
    told = (standing([_holding(row) for row in group], register, on) for _, group in groupby(kept, key=_of))
    return [one for one in told if one is not None]


def names() -> dict[str, str]:
    """Name of every place that may be a controller or be covered."""
    return dict(Place.objects.values_list("code", "name"))


def covered() -> list[tuple[str, str]]:
    """Places whose records a controller can answer for: code and name, closed ones too."""
    found = Place.objects.filter(level__in=COVERED).order_by("level", "name")
    return [(place.code, place.name) for place in found]


def datasets() -> dict[str, str]:
    """Slug and title of every dataset."""
    return {one.slug: one.title for one in Dataset.all()}


def bases() -> dict[str, str]:
    """Slug and words of every lawful basis."""
    return dict(LawfulBases.load().bases)


def _of(row: Controllership) -> tuple[str, str]:
    return row.dataset, row.covers_id


def _holding(row: Controllership) -> Holding:
    return Holding(
        row.dataset, row.covers_id, row.place_id, row.valid_from, row.valid_to, row.approved_on is not None
    )
