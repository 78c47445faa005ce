"""What scrutiny tells elsewhere: entries of the audit in words, and notices for chairs and scrutiny officers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from joinedup.governance.history import Status
from joinedup_web.governance.scrutiny.asking import KIND, Line, overdue, told
from joinedup_web.governance.scrutiny.presenting import short
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope

VERBS = {"insert": "brought in", "update": "changed", "delete": "removed"}
OPENS = "Open the recommendation"


def register() -> None:
    """Add them, once."""
    registering.AUDITED["scrutiny.TrackerEvent"] = of_tracker
    registering.AUDITED["scrutiny.RowEvent"] = of_row
    registering.AUDITED["scrutiny.StepEvent"] = of_step
    registering.AUDITED["scrutiny.NewerEvent"] = of_newer
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)


def of_tracker(row: Any) -> str:
    """One entry about a tracker."""
    return f"Tracker {_verb(row)}: {row.committee}, from {row.file} (sha256 {row.sha256[:12]})"


def of_row(row: Any) -> str:
    """One entry about a row."""
    public = f", public since {row.public_since:%-d %B %Y}" if row.public_since else ""
    return f"Row of a tracker {_verb(row)}: {row.sheet}!{row.number + 1}{public}"


def of_step(row: Any) -> str:
    """One entry about what happened to a row."""
    return f"Recommendation: {row.what.replace('_', ' ')}, step {row.number + 1}"


def of_newer(row: Any) -> str:
    """One entry about a newer file."""
    state = {"taken": "merged", "dropped": "left aside"}.get(row.outcome, "brought in")
    return f"Newer file of a tracker {state}: {row.file} (sha256 {row.sha256[:12]})"


def notices(scope: Scope, on: date) -> list[Notice]:
    """What reopened and what waits for a chair's decision; and for whoever keeps a tracker, what is overdue."""
    found: list[Notice] = []
    if scope.may("accept", KIND):
        for line in told(scope, frozenset({Status.REOPENED, Status.EVIDENCE_OFFERED})):
            found.append(_for_chair(line))
    late = overdue(scope, on) if scope.may("keep", KIND) else []
    if late:
        many = "a response is" if len(late) == 1 else f"{len(late)} responses are"
        where = f"{reverse('tracker', args=[late[0].row.tracker_id])}?show=overdue"
        found.append(Notice(f"Scrutiny: {many} overdue.", where, "Open the tracker"))
    return found


def _for_chair(line: Line) -> Notice:
    state = line.state
    where = reverse("recommendation", args=[line.row.pk])
    if state is not None and state.status is Status.REOPENED:
        last = state.reopenings[-1]
        return Notice(f"Reopened on {last.on:%-d %B %Y}: {short(line)}. {last.why}", where, OPENS)
    return Notice(f"Evidence waits for your decision: {short(line)}.", where, OPENS)


def _verb(row: Any) -> str:
    return VERBS.get(row.pgh_label, str(row.pgh_label))
