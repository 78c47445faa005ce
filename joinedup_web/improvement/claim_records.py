"""Papers and the claims found in them, as they are kept. People change them through `claim_actions.py` only."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup.improvement import Claim, Tie, find_claims
from joinedup_web.organisations.models import Place


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Paper(models.Model):
    """A text whose claims are checked. Kept of it are the sentences with a figure; `shared`: everyone whose role reads
    claims may read them; `public_since`: anyone, without an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    shared = models.BooleanField(default=False)
    public_since = models.DateTimeField(null=True, blank=True)
    paragraphs = models.PositiveIntegerField(default=0)
    checked_snapshot = models.PositiveBigIntegerField(null=True, blank=True)
    checked_made = models.CharField(max_length=40, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(public_since=None) | models.Q(shared=True), name="a_public_paper_is_shared"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PaperClaim(models.Model):
    """One figure of a sentence, quoted as it stands, with the tie that a person wrote; `{}` until then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="claims")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    paragraph = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    sentence = models.TextField()
    begins = models.PositiveIntegerField()
    figure = models.CharField(max_length=200)
    tie = models.JSONField(default=dict, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints and order
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["paper", "order"], name="claims_of_a_paper_are_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.figure}, paragraph {self.paragraph}"

    @property
    def found(self) -> Claim | None:
        """The claim as the library reads it today; None where it no longer finds a figure there."""
        read = find_claims([self.sentence])
        same = next((one for one in read if one.quantity.start == self.begins), None)
        return same and Claim(self.sentence, same.quantity, self.paragraph, self.number)

    @property
    def tied(self) -> Tie | None:
        """The tie, where a person has written one."""
        return Tie.model_validate(self.tie) if self.tie else None


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ClaimCheck(models.Model):
    """What was said of a claim from the released figures of one state of the lake."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(PaperClaim, on_delete=models.CASCADE, related_name="checks")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    measure_id = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=100)
    found = models.TextField(blank=True)
    snapshot = models.PositiveBigIntegerField()
    state_made = models.CharField(max_length=40, blank=True)
    checked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.verdict
