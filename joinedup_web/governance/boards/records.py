"""What meetings leave behind: agenda, papers, attendance, interests, decisions, actions, escalations.

People change them through `meeting_actions.py`, `deciding.py` and `papers.py` only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joinedup_web.governance.boards.models import Body, OfBody, Seat, tracked

PREPARED, ISSUED, HELD, CANCELLED = "prepared", "issued", "held", "cancelled"
OPEN = (PREPARED, ISSUED)
"""States in which a meeting's record is still written."""
ADDED, ACTION, ESCALATED, REVIEW, EXCEPTION = "added", "action", "escalated", "review", "exception"
PRESENT, DEPUTY, APOLOGIES, ABSENT = "present", "deputy", "apologies", "absent"
FILLED = (PRESENT, DEPUTY)
STAYS, NO_VOTE, LEAVES = "stays", "no_vote", "leaves"


@tracked
class Meeting(OfBody):
    """One meeting of a body, prepared, then its agenda issued, then held; or cancelled, with the reason."""

    on = models.DateField()
    begins_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    venue = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=PREPARED)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106 - Django's own place for constraints
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "on"], name="one_meeting_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.on:%-d %B %Y}"


@tracked
class AgendaItem(OfBody):
    """A line of the agenda. `about` names the action, decision, escalation or figure that it was built from.

    `left_out` says why it was taken off again: the row stays, so that it is not built a second time.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, default=ADDED)
    about = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    purpose = models.CharField(max_length=10, default="discuss")
    lead = models.CharField(max_length=200, blank=True)
    left_out = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "about"], condition=~Q(about=""), name="nothing_twice_on_an_agenda"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked
class Paper(OfBody):
    """A paper for an item. `authors` one a line; `link` is an address or the code of a released number.

    `sha256` names its file, where it came as one. A `private` one is for members of the body. What was removed keeps
    its row, with the day and the reason.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=300)
    authors = models.TextField()
    summary = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    form = models.CharField(max_length=5, blank=True)
    size = models.PositiveIntegerField(default=0)
    private = models.BooleanField(default=False)
    removed_on = models.DateField(null=True, blank=True)
    removed_why = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(removed_on=None) | ~Q(removed_why=""), name="a_paper_is_removed_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked
class Clearance(OfBody):
    """An office that has to clear a paper, and when it did."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="clearances")
    office = models.CharField(max_length=200)
    given_on = models.DateField(null=True, blank=True)
    entered_by = models.CharField(max_length=254, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["paper", "office"], name="an_office_clears_once"),
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.office}"


@tracked
class Attendance(OfBody):
    """Whether a seat was filled at a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="a_seat_attends_once"),
        ]


@tracked
class Interest(OfBody):
    """An interest that a seat declared, of one item or of the whole meeting, and how it was handled."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="interests")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="interests", null=True, blank=True
    )
    what = models.CharField(max_length=500)
    handling = models.CharField(max_length=10)


@tracked
class Decision(OfBody):
    """What was decided: the question, options, choice and reason, evidence, dissent, and when it is looked at again."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    on = models.DateField()
    question = models.CharField(max_length=300)
    options = models.TextField()
    chosen = models.CharField(max_length=300)
    reason = models.TextField()
    evidence = models.CharField(max_length=500, blank=True)
    dissent = models.TextField(blank=True)
    present = models.PositiveSmallIntegerField()
    review_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    review = models.TextField(blank=True)
    taken_back = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "number"], name="decisions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number}: {self.chosen}"


@tracked
class Action(OfBody):
    """Who does what by when, and what came of it."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=500)
    owner = models.CharField(max_length=200)
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["body", "number"], name="actions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"Action {self.number}: {self.what}"


@tracked
class Escalation(OfBody):
    """An item passed to another body: awaiting until that body has answered; or taken back, with the reason."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="escalations")
    to_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="escalated")
    title = models.CharField(max_length=300)
    ask = models.TextField()
    made_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    taken_back = models.CharField(max_length=300, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["item", "to_body"], condition=Q(taken_back=""), name="escalated_once_to_a_body"
            ),
        ]

    def __str__(self) -> str:
        return self.title
