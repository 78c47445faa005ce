"""The register of data controllers. People change it through `actions.py` only; queries begin at a `Scope`."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from joinedup_web.organisations.models import Place


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Controllership(models.Model):
    """An organisation (`place`) answers for the records of one dataset about `covers`, from a day to a day.

    `covers` is the trust, service or borough whose records they are. `approved_on` is the day on which the
    organisation let people see figures of them again after it took over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.CharField(max_length=40)
    covers = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    processor = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=40)
    assessment = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    entered_by = models.CharField(max_length=254)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="controller_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["dataset", "covers", "place", "valid_from"], name="a_controller_begins_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} for {self.dataset} of {self.covers_id}"
