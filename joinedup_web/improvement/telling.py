"""What improvement tells elsewhere: entries of the audit in words, and changed verdicts to those who own them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from joinedup_web.governance.updates import facts as updates
from joinedup_web.improvement.asset_telling import overdue_notices
from joinedup_web.improvement.models import Verdict
from joinedup_web.improvement.public import public_facts
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope

SHOWN_FOR = timedelta(days=30)
"""How long a changed verdict stands on the front page of its owner."""


def register() -> None:
    """Add them, once."""
    for model, words in ENTRIES.items():
        registering.AUDITED[f"improvement.{model}Event"] = words
    for one in (notices, overdue_notices):
        if one not in registering.NOTICES:
            registering.NOTICES.append(one)
    updates.SOURCES.setdefault("improvement", public_facts)


def notices(scope: Scope, on: date) -> list[Notice]:
    """Verdicts that changed of late on what this person owns, the newest of each measure."""
    if scope.person is None or not scope.may("see", "initiative"):
        return []
    rows = Verdict.objects.filter(
        initiative__owners__person=scope.person, initiative__owners__until=None, judged_at__date__gte=on - SHOWN_FOR
    ).exclude(news="")  # fmt: skip
    newest = rows.order_by("initiative_id", "measure_id", "-judged_at").distinct(
        "initiative_id", "measure_id"
    )
    return [
        Notice(
            f"A verdict has changed. {one.news}", reverse("initiative", args=[one.initiative_id]), "Open it"
        )
        for one in newest
    ]


def _named(kind: str, words: Callable[[Any], str]) -> Callable[[Any], str]:
    def told(row: Any) -> str:
        verb = {"insert": "entered", "update": "changed", "delete": "removed"}.get(
            row.pgh_label, row.pgh_label
        )
        return f"{kind} {verb}: {words(row)}"

    return told


def _plan(row: Any) -> str:
    if row.story:
        return f"version {row.version}, a story"
    return f"version {row.version}: {', '.join(row.measures)} from {row.start}"


def _benefit(row: Any) -> str:
    state = "withdrawn" if row.withdrawn_on else "published" if row.published_on else "not published"
    return f"{row.text} ({state})"


def _claim(row: Any) -> str:
    return f"{row.figure}, " + (f"tied to {row.tie['measure']}" if row.tie else "not tied")


ENTRIES: dict[str, Callable[[Any], str]] = {
    "Objective": _named("Objective", lambda row: f"{row.kind} {row.title}"),
    "Initiative": _named("Initiative", lambda row: row.title),
    "Owner": _named("Owner of an initiative", lambda row: f"for {row.trust_id}"),
    "Plan": _named("Plan of an initiative", _plan),
    "PlanItem": _named("Part of an initiative", lambda row: f"{row.kind} {row.text}"),
    "Verdict": _named("Verdict", lambda row: f"{row.measure_id}: {row.verdict or 'not judged'}"),
    "Benefit": _named("Benefit", _benefit),
    "Paper": _named(
        "Paper with claims", lambda row: f"{row.title} ({'shared' if row.shared else 'private'})"
    ),
    "PaperClaim": _named("Claim", _claim),
    "PracticeNote": _named("Note on best practice", lambda row: f"{row.measure_id} in {row.where}"),
    "Asset": _named("Agreed once", lambda row: f"{row.kind} {row.title}"),
    "AssetVersion": _named("Version of what is agreed once", lambda row: row.version),
    "Adoption": _named("Adoption", lambda row: row.state),
    "ClaimCheck": _named("Check of a claim", lambda row: row.verdict),
}
