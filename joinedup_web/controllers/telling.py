"""What the register of controllers tells elsewhere: entries of the audit in words, and notices for administrators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from joinedup_web.controllers.asking import names, standings
from joinedup_web.controllers.presenting import told
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope


def register() -> None:
    """Add them, once."""
    registering.AUDITED["controllers.ControllershipEvent"] = words
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)


def words(row: Any) -> str:
    """One entry of the audit."""
    verb = {"insert": "entered", "update": "changed", "delete": "removed"}.get(row.pgh_label, row.pgh_label)
    until = f" until {row.valid_to:%-d %B %Y}" if row.valid_to else ""
    approved = f", access approved on {row.approved_on:%-d %B %Y}" if row.approved_on else ""
    return f"Controller {verb}: {row.place_id} for {row.dataset} of {row.covers_id}{until}{approved}"


def notices(scope: Scope, on: date) -> list[Notice]:
    """What waits for approval at the organisations where this person may approve."""
    own = scope.places_for("approve", "controller")
    if not own:
        return []
    waiting = [one for one in standings(on) if not one.open and one.approver in own]
    known = names() if waiting else {}
    where = reverse("controllers")
    return [Notice(told(one, known).sentence, where, "Open the register of controllers") for one in waiting]
