"""Reads of what points to a person are kept: who, when, what, and in an emergency why. Sealed like every change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from joinedup_web.organisations.scope import Scope


class Reading(models.Model):
    """One read, at one place. Written once; the columns are those that the audit's chain seals."""

    pgh_id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey("organisations.Place", on_delete=models.PROTECT, db_constraint=False)
    person = models.ForeignKey("organisations.Person", on_delete=models.PROTECT, db_constraint=False)
    kind = models.CharField(max_length=30)
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for order
        ordering: ClassVar[list[str]] = ["pgh_id"]

    def __str__(self) -> str:
        return f"read at {self.place_id}"


def record_read(*, by: Scope, places: Iterable[str], kind: str, what: str) -> None:
    """Keep that `by` read something of a kind at these places. `what` says how much and names nobody.

    Call it where rows that point to a person are about to be shown, in the transaction that reads them.
    """
    if by.person is None:
        return
    Reading.objects.bulk_create(
        Reading(place_id=place, person=by.person, kind=kind, what=what, why=by.reasons.get(place, ""))
        for place in sorted(places)
    )
