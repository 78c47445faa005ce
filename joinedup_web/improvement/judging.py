"""Verdicts computed and kept: from the released figures of one state, when a plan is declared and when data arrive."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from joinedup.errors import JoinedupError
from joinedup.improvement import InitiativeVerdict, Refusal, news, verdicts
from joinedup.improvement.months import month_after
from joinedup_web.improvement.models import Initiative, Plan, Verdict
from joinedup_web.improvement.released import PublishedHeld, State, newest
from joinedup_web.organisations.letters.sending import queue
from joinedup_web.organisations.row_security import opened

LOG = logging.getLogger("joinedup.improvement")
WORKER = "joinedup itself"
LETTER = """The verdict on an initiative that you own has changed.

{news}

It was made from the figures released of state {state} of the lake. All of it stands on the page of the initiative:

{address}

You are told because you own it for {trust}.
"""


@contextmanager
def at(place: str, why: str) -> Iterator[None]:
    """A transaction at one place: the worker writes the rows of the organisation whose initiative it judges."""
    with opened(WORKER, [place]), pghistory.context(person="", why=why):
        yield


def judge_all(state: State | None = None) -> int:
    """Judge every initiative that has no verdict of the newest state yet; how many were judged."""
    found = state or newest()
    if found is None:
        return 0
    with opened(WORKER):
        waiting = [plan for plan in current_plans() if not _judged(plan, found)]
    for plan in waiting:
        with at(plan.place_id, "new figures"):
            judge_plan(plan, found)
    return len(waiting)


def current_plans() -> list[Plan]:
    """The plan in force of every initiative that asks for a verdict."""
    rows = Plan.objects.select_related("initiative").order_by("initiative_id", "-version")
    return [plan for plan in rows.distinct("initiative_id") if not plan.story]


def _judged(plan: Plan, state: State) -> bool:
    kept = plan.verdicts.filter(state_made__gte=state.made)  # of this state, or of one after it
    return set(kept.values_list("measure_id", flat=True)) >= set(plan.measures)


@transaction.atomic
def judge_plan(plan: Plan, state: State) -> list[Verdict]:
    """Judge each measure of a plan from a state, keep the verdicts, and tell the owners of those that changed."""
    kept = []
    for found in _found(plan, state):
        before = latest(plan.initiative, found.measure_id)
        said = news(before.found, found) if before is not None else ""
        made, new = Verdict.objects.get_or_create(
            plan=plan, measure_id=found.measure_id, snapshot=state.snapshot, state_made=state.made,
            defaults={"initiative": plan.initiative, "place_id": plan.place_id, "news": said, **_columns(found)},
        )  # fmt: skip
        kept.append(made)
        if new and said:
            _tell(plan.initiative, made)
    return kept


def _found(plan: Plan, state: State) -> list[InitiativeVerdict]:
    """One a measure. What cannot be judged is said like any other verdict, with its remedy."""
    try:
        return [_in_time(plan, one) for one in verdicts(plan.to_judge, PublishedHeld(state))]
    except JoinedupError as error:
        LOG.warning("an initiative could not be judged: %s", type(error).__name__)
        told = f"No verdict. {error.message} {error.remedy}"
        refused = Refusal(error.message, error.remedy)
        return [
            InitiativeVerdict(plan.initiative.title, one, one, None, told, refusal=refused)
            for one in plan.measures
        ]


def _in_time(plan: Plan, found: InitiativeVerdict) -> InitiativeVerdict:
    """A replication says how long it will be watched before it is judged: looking early and often finds chance."""
    if found.verdict is None or found.months_after >= plan.judged_after:
        return found
    refused = Refusal(
        f"There are {found.months_after} months since it started, and a replication is judged after"
        f" {plan.judged_after}.",
        f"Look again from {month_after(plan.start, plan.judged_after)}.",
    )
    told = f"No verdict. {refused.reason} {refused.remedy}"
    return InitiativeVerdict(
        found.initiative, found.measure_id, found.title, None, told, months_after=found.months_after, refusal=refused
    )  # fmt: skip


def latest(initiative: Initiative, measure: str) -> Verdict | None:
    """The verdict that holds until a newer one comes."""
    rows = initiative.verdicts.select_related("initiative").filter(measure_id=measure)
    return rows.order_by("-state_made", "-judged_at").first()


def _columns(found: InitiativeVerdict) -> dict[str, object]:
    names = ("title", "sentence", "method", "effect", "lower", "upper", "smallest_visible", "months_after")
    refused = found.refusal or Refusal("", "")
    return {
        **{name: getattr(found, name) for name in names}, "verdict": str(found.verdict or ""),
        "reason": refused.reason, "remedy": refused.remedy,
    }  # fmt: skip


def _tell(initiative: Initiative, verdict: Verdict) -> None:
    """A letter to everyone who owns it, with the verdict or not at all."""
    address = f"{settings.ORIGIN}{reverse('initiative', args=[initiative.pk])}"
    owned: dict[str, list[str]] = {}
    for owner in initiative.owners.filter(until=None).select_related("person", "trust"):
        owned.setdefault(owner.person.email, []).append(owner.trust.name)
    for email, trusts in owned.items():
        body = LETTER.format(
            news=verdict.news, state=verdict.snapshot, address=address, trust=" and ".join(trusts)
        )
        queue(
            place=initiative.place, to=email, subject="A verdict has changed", body=body, about=initiative.pk
        )
