"""What people do to benefits: written with whatever is known, published only whole, withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup.improvement import Benefit as ToPublish
from joinedup.improvement import publishable
from joinedup_web.improvement.actions import check, said
from joinedup_web.improvement.models import Benefit, Initiative
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def write_benefit(
    *, by: Scope, initiative: Initiative, benefit: Benefit | None = None, text: str, unit: str = "",
    number: float | None = None, baseline: float | None = None, date: date | None = None, owner: str = "",
    method: str = "",
) -> Benefit:  # fmt: skip
    """Write a benefit, or change one that is not published: whatever is not known yet stays empty."""
    check(by, "write", initiative.place_id)
    found = benefit or Benefit(initiative=initiative, place_id=initiative.place_id)
    if found.published_on is not None:
        raise YourCommand("A published benefit is fixed.", remedy="Withdraw it, and write another.")
    told: dict[str, Any] = {
        "text": said(text, "what it has brought"), "unit": unit.strip(), "number": number, "baseline": baseline,
        "date": date, "owner": owner.strip(), "method": method.strip(),
    }  # fmt: skip
    for name, value in told.items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def publish_benefit(*, by: Scope, benefit: Benefit) -> Benefit:
    """Publish a benefit. Raises YourCommand that names everything missing: number, baseline, date, owner, method."""
    check(by, "publish", benefit.place_id)
    publishable(to_publish(benefit))
    if benefit.published_on is not None:
        raise YourCommand("It is published already.", remedy="Nothing is left to do.")
    benefit.published_on = timezone.localdate()
    with pghistory.context(why="published"):
        benefit.save(update_fields=["published_on"])
    return benefit


@transaction.atomic
def withdraw_benefit(*, by: Scope, benefit: Benefit, reason: str) -> Benefit:
    """Withdraw a published benefit. It stays on the page, struck out, with the reason."""
    check(by, "publish", benefit.place_id)
    if benefit.published_on is None or benefit.withdrawn_on is not None:
        raise YourCommand("Only a published benefit is withdrawn.", remedy="Nothing is left to do.")
    benefit.withdrawn_on, benefit.withdrawn_why = timezone.localdate(), said(reason, "why it is withdrawn")
    with pghistory.context(why=benefit.withdrawn_why):
        benefit.save(update_fields=["withdrawn_on", "withdrawn_why"])
    return benefit


def to_publish(benefit: Benefit) -> ToPublish:
    """As the library knows it."""
    return ToPublish(
        benefit.text, benefit.number, benefit.baseline, benefit.date, benefit.owner, benefit.method
    )
