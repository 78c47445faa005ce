"""What people do to strategies and initiatives. Keyword-only, with `by`, in one transaction; triggers audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.improvement.models import (
    LEVELS,
    PRIORITY,
    RISK,
    STRATEGY,
    WORKSTREAM,
    Initiative,
    Objective,
    Owner,
    Plan,
    PlanItem,
)
from joinedup_web.improvement.released import known_measure
from joinedup_web.organisations.models import Person, Place
from joinedup_web.organisations.scope import Scope

ABOVE = {STRATEGY: "", PRIORITY: STRATEGY, WORKSTREAM: PRIORITY}
"""Kind of objective -> the kind that it stands under."""


@dataclass(frozen=True)
class Declared:
    """A plan as it is to be declared: `expected` and `worthwhile` are shares of 1, above 0 whichever way is better."""

    story: bool = False
    measures: tuple[str, ...] = ()
    population: str = ""
    level: str = ""
    places: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()
    own_trend: bool = False
    start: str = ""
    expected: float | None = None
    worthwhile: float | None = None
    predicted: Mapping[str, float] = field(default_factory=dict)
    judged_after: int = 0
    reason: str = field(default="", compare=False)


@transaction.atomic
def write_objective(
    *, by: Scope, place: Place, kind: str, title: str, above: Objective | None, note: str = "", source: str = ""
) -> Objective:  # fmt: skip
    """Enter a strategy, a priority of one, or a workstream. Raises YourCommand where that does not fit."""
    check(by, "write", place.code)
    if kind not in dict(LEVELS) or (above.kind if above else "") != ABOVE[kind]:
        raise YourCommand(
            "A priority stands under a strategy, a workstream under a priority, and a strategy under nothing.",
            remedy="Choose what it stands under.",
        )
    return Objective.objects.create(
        place=place, kind=kind, title=said(title, "a title"), above=above, note=note.strip(), source=source.strip()
    )  # fmt: skip


@transaction.atomic
def write_initiative(
    *, by: Scope, place: Place, workstream: Objective, title: str, what: str, source: str = "",
    replicates: Initiative | None = None,
) -> Initiative:  # fmt: skip
    """Enter an initiative of a workstream. What it is judged by is declared next."""
    check(by, "write", place.code)
    if workstream.kind != WORKSTREAM:
        raise YourCommand("An initiative belongs to a workstream.", remedy="Choose one.")
    return Initiative.objects.create(
        place=place, workstream=workstream, title=said(title, "a title"), what=said(what, "what is done"),
        source=source.strip(), replicates=replicates,
    )  # fmt: skip


@transaction.atomic
def declare_plan(*, by: Scope, initiative: Initiative, plan: Declared) -> Plan:
    """Declare what an initiative is judged by, or that it is a story. Once declared it is fixed: a change is a new
    version, with a reason. Raises YourCommand that names everything missing.
    """
    check(by, "write", initiative.place_id)
    _goes_on(initiative)
    Initiative.objects.select_for_update().get(pk=initiative.pk)  # versions are counted one at a time
    before = initiative.plans.order_by("-version").first()
    if before is not None and not plan.reason.strip():
        raise YourCommand("The plan is declared already.", remedy="Say why it changes.")
    made = Plan(
        initiative=initiative, place_id=initiative.place_id, version=before.version + 1 if before else 1,
        story=plan.story, declared_on=timezone.localdate(), reason=plan.reason.strip(), written_by=by.person,
        **({} if plan.story else {**_named(plan), **_foretold(plan, before)}),
    )  # fmt: skip
    _ = made.to_judge  # raises where something is missing
    with pghistory.context(why=plan.reason.strip() or "declared before it is judged"):
        made.save()
    return made


def _named(plan: Declared) -> dict[str, Any]:
    return {
        "measures": [known.id if (known := known_measure(one)) else one for one in plan.measures],
        "population": plan.population.strip(), "level": plan.level,
        "places": list(plan.places), "comparison": [] if plan.own_trend else list(plan.comparison),
        "own_trend": plan.own_trend, "start": plan.start.strip(), "expected": plan.expected,
        "worthwhile": plan.worthwhile,
    }  # fmt: skip


def _foretold(plan: Declared, before: Plan | None) -> dict[str, Any]:
    """What a replication has besides. A change keeps how long it is watched; a prediction holds for its places."""
    if before is None or plan.judged_after:
        return {"predicted": dict(plan.predicted), "judged_after": plan.judged_after}
    same = (before.places, before.start) == (list(plan.places), plan.start)
    return {"predicted": before.predicted if same else {}, "judged_after": before.judged_after}


@transaction.atomic
def name_owner(*, by: Scope, initiative: Initiative, trust: Place, person: Person) -> Owner:
    """Name who answers for it in a trust, in place of whoever did. They are told when its verdict changes."""
    check(by, "write", initiative.place_id)
    _goes_on(initiative)
    today = timezone.localdate()
    initiative.owners.filter(trust=trust, until=None).update(until=today)
    return Owner.objects.create(
        initiative=initiative, place_id=initiative.place_id, trust=trust, person=person
    )


@transaction.atomic
def add_item(
    *, by: Scope, initiative: Initiative, kind: str, text: str, who: str, due: date | None = None,
    likelihood: int | None = None, impact: int | None = None, mitigation: str = "",
) -> PlanItem:  # fmt: skip
    """Add a milestone, an action or a risk. Milestones and actions are due on a day; risks are scored 1 to 5 twice."""
    check(by, "write", initiative.place_id)
    _goes_on(initiative)
    if kind == RISK and None in (likelihood, impact):
        raise YourCommand("A risk needs its likelihood and its impact.", remedy="Score both, 1 to 5.")
    if kind != RISK and due is None:
        raise YourCommand("It is not said when it is due.", remedy="Give the day.")
    scores = {"likelihood": likelihood, "impact": impact} if kind == RISK else {}
    return PlanItem.objects.create(
        initiative=initiative, place_id=initiative.place_id, kind=kind, text=said(text, "what it is"),
        who=said(who, "who answers for it"), due=due, mitigation=mitigation.strip(), **scores,
    )  # fmt: skip


@transaction.atomic
def end_item(*, by: Scope, item: PlanItem, how: str) -> PlanItem:
    """Say that a milestone is reached, an action done or a risk closed, and how."""
    check(by, "write", item.place_id)
    if item.ended_on is not None:
        raise YourCommand("That is entered already.", remedy="Nothing is left to do.")
    item.ended_on, item.ended_how = timezone.localdate(), said(how, "how it ended")
    with pghistory.context(why=item.ended_how):
        item.save(update_fields=["ended_on", "ended_how"])
    return item


@transaction.atomic
def end_initiative(*, by: Scope, initiative: Initiative, reason: str) -> Initiative:
    """End an initiative. Its page stays, and its verdict is kept up to date."""
    check(by, "write", initiative.place_id)
    _goes_on(initiative)
    initiative.ended_on, initiative.ended_why = timezone.localdate(), said(reason, "why it ends")
    with pghistory.context(why=initiative.ended_why):
        initiative.save(update_fields=["ended_on", "ended_why"])
    return initiative


def check(by: Scope, action: str, place: str, kind: str = "initiative") -> None:
    """Raises YourCommand unless this may be done to what belongs to the place."""
    if by.person is None or not by.may_at(action, kind, place):
        raise YourCommand(
            "Your role may not do this for that organisation.",
            remedy="Ask somebody who leads improvement there.",
        )


def said(text: str, what: str) -> str:
    """The words, without white space around them. Raises YourCommand where there are none."""
    if not text.strip():
        raise YourCommand(
            f"It is not said {what}." if " " in what else f"{what} is missing.", remedy="Write it."
        )
    return text.strip()


def _goes_on(initiative: Initiative) -> None:
    if initiative.ended_on is not None:
        raise YourCommand("This initiative has ended.", remedy="Enter a new one.")
