"""What administrators do to the register of controllers: begin, end, approve. Triggers write the audit."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.db import transaction

from joinedup.definitions import Places
from joinedup.definitions.datasets import Dataset, LawfulBases
from joinedup.errors import YourCommand
from joinedup_web.controllers.asking import rows
from joinedup_web.controllers.models import Controllership
from joinedup_web.controllers.standing import Holding, leaves
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def begin_control(
    *, by: Scope, dataset: str, covers: Place, place: Place, from_day: date, basis: str,
    processor: str = "", assessment: str = "", reason: str,
) -> Controllership:  # fmt: skip
    """Enter that an organisation becomes the controller of records. Raises YourCommand where `by` may not, or where
    another organisation is still the controller on that day.
    """
    _check(by, "begin", place.code, reason)
    if dataset not in {one.slug for one in Dataset.all()} or basis not in LawfulBases.load().bases:
        raise YourCommand("There is no such dataset or basis.", remedy="Choose one from the list.")
    _refuse_overlap(dataset, covers, place, from_day)
    with pghistory.context(why=reason):
        return Controllership.objects.create(
            dataset=dataset, covers=covers, place=place, processor=processor.strip(), basis=basis,
            assessment=assessment.strip(), valid_from=from_day, reason=reason.strip(), entered_by=str(by.person),
        )  # fmt: skip


@transaction.atomic
def end_control(*, by: Scope, row: Controllership, last_day: date, reason: str) -> Controllership:
    """Enter the last day on which an organisation is the controller. Figures are suspended from the day after, until
    another organisation has taken over and approved.
    """
    _check(by, "end", row.place_id, reason)
    if row.valid_to is not None:
        raise YourCommand("This has an end already.", remedy="Nothing is left to do.")
    if last_day < row.valid_from:
        raise YourCommand("The last day lies before the first.", remedy="Mend the day.")
    with pghistory.context(why=reason):
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
    return row


@transaction.atomic
def approve_access(*, by: Scope, row: Controllership, on: date, reason: str) -> Controllership:
    """Let people see figures of these records again, as the organisation that took them over."""
    _check(by, "approve", row.place_id, reason)
    if row.approved_on is not None:
        raise YourCommand("Access is approved already.", remedy="Nothing is left to do.")
    if on < row.valid_from or (row.valid_to is not None and row.valid_to < on):
        raise YourCommand("Your organisation is not the controller today.", remedy="Approve while it is.")
    with pghistory.context(why=reason):
        row.approved_on = on
        row.save(update_fields=["approved_on"])
    return row


def _refuse_overlap(dataset: str, covers: Place, place: Place, from_day: date) -> None:
    """Two controllers on one day would mean that nobody is sure who answers."""
    register = Places.load()
    for row in rows():
        if (row.dataset, row.covers_id) != (dataset, covers.code):
            continue
        left = leaves(Holding(dataset, covers.code, row.place_id, row.valid_from, row.valid_to), register)
        if row.place_id == place.code and row.valid_from == from_day:
            raise YourCommand("This is entered already.", remedy="Nothing is left to do.")
        if left is None or left.day > from_day:
            until = f" until {left.day - timedelta(days=1):%-d %B %Y}" if left is not None else ""
            raise YourCommand(
                f"{row.place.name} is the controller{until}.",
                remedy="Its administrator ends that first, or choose a later day.",
            )


def _check(by: Scope, action: str, place: str, reason: str) -> None:
    if by.person is None or not by.may_at(action, "controller", place):
        raise YourCommand("Only the administrator of the controller may enter this.", remedy="Ask them.")
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why.")
