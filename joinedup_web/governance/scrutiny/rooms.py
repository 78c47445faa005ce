"""What work programmes, proposals and requests for information tell elsewhere: the audit in words, and notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from joinedup_web.governance.scrutiny.asking import KIND as TRACKED
from joinedup_web.governance.scrutiny.information import asking as information
from joinedup_web.governance.scrutiny.programme import asking as programme
from joinedup_web.governance.scrutiny.programme.presenting import programme as laid_out
from joinedup_web.governance.scrutiny.variation import asking as variation
from joinedup_web.governance.scrutiny.variation.presenting import late
from joinedup_web.organisations import registering
from joinedup_web.organisations.registering import Notice
from joinedup_web.organisations.scope import Scope

VERBS = {"insert": "entered", "update": "changed", "delete": "removed"}
ROWS = {"Topic": "Topic of a work programme", "Proposal": "Proposal", "Request": "Request for information"}


def register() -> None:
    """Add them, once."""
    for model, title in ROWS.items():
        registering.AUDITED[f"scrutiny.{model}Event"] = partial(of_row, title)
        registering.AUDITED[f"scrutiny.{model}StepEvent"] = partial(of_step, title)
    if notices not in registering.NOTICES:
        registering.NOTICES.append(notices)


def of_row(title: str, row: Any) -> str:
    """One entry about a row."""
    public = getattr(row, "public_since", None)
    shown = f", public since {public:%-d %B %Y}" if public else ""
    return f"{title} {VERBS.get(row.pgh_label, row.pgh_label)}: {row.title}{shown}"


def of_step(title: str, row: Any) -> str:
    """One entry about what happened to a row."""
    return f"{title}: {row.what.replace('_', ' ')}, step {row.number + 1}"


def notices(scope: Scope, on: date) -> list[Notice]:
    """What is late, for whoever keeps it; and for others of the council, that there is something to read."""
    return [*_topics(scope, on), *_proposals(scope, on), *_requests(scope, on), *_readers(scope)]


def _topics(scope: Scope, on: date) -> Iterator[Notice]:
    if not scope.may("keep", programme.KIND):
        return
    past = sum(len(one.topics) for one in laid_out(programme.topics(scope), on).meetings if one.past)
    if past:
        many = (
            f"{past} topics of meetings that are over are"
            if past > 1
            else "a topic of a meeting that is over is"
        )
        yield Notice(
            f"Work programme: {many} neither heard nor carried forward.",
            reverse("programme"),
            "Open the programme",
        )


def _proposals(scope: Scope, on: date) -> Iterator[Notice]:
    if not (scope.may("keep", variation.KIND) or scope.may("decide", variation.KIND)):
        return
    for one in variation.proposals(scope):
        steps = late(one, on)
        if steps:
            what = "; ".join(step.step.title for step in steps)
            yield Notice(
                f"{one.row.title}: late is {what}.",
                reverse("proposal", args=[one.row.pk]),
                "Open the proposal",
            )


def _requests(scope: Scope, on: date) -> Iterator[Notice]:
    if not scope.may("keep", information.KIND):
        return
    many = sum(bool(one.now.overdue(on)) for one in information.requests(scope))
    if many:
        words = "a request is" if many == 1 else f"{many} requests are"
        yield Notice(f"Requests for information: {words} overdue.", reverse("requests"), "Open the log")


def _readers(scope: Scope) -> Iterator[Notice]:
    """Others of a council have no room of scrutiny in their menu."""
    if scope.may("see", TRACKED) or not scope.may("see", programme.KIND):
        return
    if programme.topics(scope):
        words = (
            "Your council's scrutiny has a work programme, proposals and requests for information to read."
        )
        yield Notice(words, reverse("programme"), "Open the work programme")
