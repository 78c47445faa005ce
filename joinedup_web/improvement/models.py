"""Strategies down to actions, with what judges them. People change them through `actions.py` and `benefit_actions.py`
only; queries begin at a `Scope`. Everybody who has signed in may read them; their own place writes them.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from joinedup.improvement import OWN_TREND, InitiativeVerdict
from joinedup.improvement import Initiative as ToJudge
from joinedup.improvement.judging import Refusal
from joinedup.stats.change import ChangeVerdict
from joinedup_web.organisations.models import Person, Place

STRATEGY, PRIORITY, WORKSTREAM = "strategy", "priority", "workstream"
LEVELS = ((STRATEGY, "Strategy"), (PRIORITY, "Priority"), (WORKSTREAM, "Workstream"))
MILESTONE, ACTION, RISK = "milestone", "action", "risk"
KINDS = ((MILESTONE, "Milestone"), (ACTION, "Action"), (RISK, "Risk"))
DEGREES = ((1, "1, least"), (2, "2"), (3, "3"), (4, "4"), (5, "5, most"))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Objective(models.Model):
    """A strategy, a priority of one, or a workstream of a priority."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=LEVELS)
    above = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind=STRATEGY, above=None) | (~Q(kind=STRATEGY) & ~Q(above=None)),
                name="only_a_strategy_has_nothing_above",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Initiative(models.Model):
    """Something done to improve care. What it is judged by stands in its plans."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    workstream = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="initiatives")
    title = models.CharField(max_length=200)
    what = models.CharField(max_length=2000)
    source = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    replicates = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replications"
    )

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_why=""), name="an_initiative_ends_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Owner(models.Model):
    """Who answers for an initiative in one trust, and is told when its verdict changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="owners")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    trust = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["initiative", "trust"], condition=Q(until=None), name="one_owner_a_trust"
            ),
        ]

    def __str__(self) -> str:
        return f"owner at {self.trust_id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Plan(models.Model):
    """What an initiative is judged by, as declared on a day: a version is never changed, only followed by another.

    `expected` and `worthwhile` are shares of 1; `start` is its first month. A story asks for no verdict. A replication
    has a `predicted` share for each of its measures, by their ids, and is judged after so many months.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="plans")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    story = models.BooleanField()
    measures = models.JSONField(default=list)
    population = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=20, blank=True)
    places = models.JSONField(default=list)
    comparison = models.JSONField(default=list)
    own_trend = models.BooleanField(default=False)
    start = models.CharField(max_length=7, blank=True)
    expected = models.FloatField(null=True, blank=True)
    worthwhile = models.FloatField(null=True, blank=True)
    predicted = models.JSONField(default=dict, blank=True)
    judged_after = models.PositiveSmallIntegerField(default=0)
    declared_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["initiative", "version"], name="a_version_is_declared_once"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="a_change_of_plan_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.version} of {self.initiative_id}"

    @property
    def to_judge(self) -> ToJudge:
        """As the library judges it. Raises YourCommand that names everything missing."""
        return ToJudge(
            name=self.initiative.title, start=self.start, places=tuple(self.places), measures=tuple(self.measures),
            population=self.population, expected=self.expected, worthwhile=self.worthwhile,
            comparison=OWN_TREND if self.own_trend else tuple(self.comparison), level=self.level,
            declared=self.declared_on, story=self.story,
        )  # fmt: skip


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PlanItem(models.Model):
    """A milestone, an action or a risk of an initiative. It ends with a word on how; it is not deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="items")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.CharField(max_length=500)
    who = models.CharField(max_length=200)
    due = models.DateField(null=True, blank=True)
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    impact = models.PositiveSmallIntegerField(null=True, blank=True)
    mitigation = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_how = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind=RISK, likelihood__range=(1, 5), impact__range=(1, 5))
                | (~Q(kind=RISK) & ~Q(due=None)),
                name="a_risk_is_scored_and_the_rest_is_due",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(ended_how=""), name="an_item_ends_with_a_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Verdict(models.Model):
    """What the library said of one measure under one plan, from the released figures of one state of the lake."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="verdicts")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="verdicts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    measure_id = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    verdict = models.CharField(max_length=30, blank=True)
    sentence = models.TextField()
    method = models.CharField(max_length=100, blank=True)
    effect = models.FloatField(null=True, blank=True)
    lower = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    smallest_visible = models.FloatField(null=True, blank=True)
    months_after = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    news = models.TextField(blank=True)
    snapshot = models.PositiveBigIntegerField()
    state_made = models.CharField(max_length=40, blank=True)
    judged_at = models.DateTimeField(default=timezone.now)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "measure_id", "snapshot", "state_made"], name="one_verdict_a_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.verdict or 'not judged'}"

    @property
    def found(self) -> InitiativeVerdict:
        """As the library said it."""
        names = (
            "title",
            "sentence",
            "method",
            "effect",
            "lower",
            "upper",
            "smallest_visible",
            "months_after",
        )
        told: dict[str, Any] = {name: getattr(self, name) for name in names}
        return InitiativeVerdict(
            initiative=self.initiative.title, measure_id=self.measure_id,
            verdict=ChangeVerdict(self.verdict) if self.verdict else None,
            refusal=Refusal(self.reason, self.remedy) if self.reason else None, **told,
        )  # fmt: skip


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Benefit(models.Model):
    """What an initiative is said to have brought. Once published it is fixed; it is withdrawn with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="benefits")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    unit = models.CharField(max_length=100, blank=True)
    number = models.FloatField(null=True, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=500, blank=True)
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(published_on=None)
                | (
                    Q(number__isnull=False, baseline__isnull=False, date__isnull=False)
                    & ~Q(owner="")
                    & ~Q(method="")
                ),
                name="a_benefit_is_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""),
                name="a_benefit_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text


# Kept beside what they belong to; named here because Django looks for tables in this module.
from joinedup_web.improvement.asset_records import Adoption, Asset, AssetVersion  # noqa: E402
from joinedup_web.improvement.claim_records import ClaimCheck, Paper, PaperClaim  # noqa: E402
from joinedup_web.improvement.practice_records import PracticeNote  # noqa: E402

__all__ = [
    "Adoption", "Asset", "AssetVersion", "Benefit", "ClaimCheck", "Initiative", "Objective", "Owner", "Paper",
    "PaperClaim", "Plan", "PlanItem", "PracticeNote", "Verdict",
]  # fmt: skip
