"""Rounds of frameworks: who takes part, what each gave, what was agreed, who signed. People change them through
`actions.py` only; queries begin at a `Scope`.

`place` is whose row it is: the partnership's that keeps the round, and of scores and signatures the organisation's that
gave them. What was handed in and what was signed is fixed by the database itself; a correction is a new version.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, TypeVar

import pghistory
from django.db import models
from django.utils import timezone

from joinedup_web.organisations.models import Place

Model = TypeVar("Model", bound=type[models.Model])
SCORING, MODERATION, SIGNING, SIGNED = "scoring", "moderation", "signing", "signed"


def tracked(model: Model) -> Model:
    """Have triggers enter every change of these rows in the audit."""
    made: Model = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(
        model
    )
    return made


@tracked
class Round(models.Model):
    """One round: of which framework, about which unit, on which day. `parties`: codes of those who take part, with
    commas, by which the database shows it to them. `first`: the version that a correction goes back to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    framework = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default=SCORING)
    parties = models.TextField(blank=True)
    edition = models.PositiveSmallIntegerField(default=1)
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="corrections", null=True, blank=True
    )
    opened_by = models.CharField(max_length=254)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place", "framework", "unit", "name", "edition"], name="one_version_of_a_round"
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.edition == 1 else f"{self.name}, version {self.edition}"

    @property
    def origin(self) -> uuid.UUID:
        """The id of the first version, to which parties and their scores belong."""
        return self.first_id or self.id


class OfRound(models.Model):
    """What belongs to a round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:  # noqa: D106
        abstract = True


@tracked
class Party(OfRound):
    """Who takes part, in which view. Without an `organisation` of the register the keeper enters what it says."""

    view = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "view", "name"], name="a_party_takes_part_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keeper(self) -> str:
        """The place whose people score and sign for it."""
        return self.organisation_id or self.place_id


@tracked
class Sheet(OfRound):
    """The scores of a party, by criterion, as `keeping.py` has them. `edition` counts the changes."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="sheet")
    scores = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(default=1)
    by = models.CharField(max_length=254)


@pghistory.track(pghistory.InsertEvent())
class Handover(OfRound):
    """That a party has handed its scores in: added, never changed. `on_behalf`: the keeper did it for the party."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="handover")
    on_behalf = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=254)


@tracked
class Agreement(OfRound):
    """What the moderator wrote: the levels of the view that decides, with reasons. `allowed`: by criterion the level
    that evidence allowed when it was sent to be signed, for evidence may fall away later."""

    scores = models.JSONField(default=dict)
    allowed = models.JSONField(default=dict)
    why_corrected = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1)
    by = models.CharField(max_length=254)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round"], name="one_agreement_a_version"),
        ]


@pghistory.track(pghistory.InsertEvent())
class Signature(OfRound):
    """That a party signed the agreed levels: by whom, in which office, and when. Added, never changed."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures")
    office = models.CharField(max_length=200)
    on_behalf = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=254)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "party"], name="a_party_signs_once"),
        ]


@tracked
class PlaceForm(models.Model):
    """A form of a unit that is no scores: `part` roadmap, charter or neighbourhoods. `rows` as the library has them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    framework = models.CharField(max_length=60)
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20)
    rows = models.JSONField(default=list)
    file = models.CharField(max_length=200)
    edition = models.PositiveIntegerField(default=1)
    on = models.DateField()
    by = models.CharField(max_length=254)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "framework", "unit", "part"], name="one_form_of_a_part"),
        ]
