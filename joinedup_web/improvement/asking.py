"""What pages of improvement ask: each question begins at a scope. Initiatives are read by all who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Prefetch, Q

from joinedup_web.improvement.actions import ABOVE
from joinedup_web.improvement.models import (
    LEVELS,
    WORKSTREAM,
    Benefit,
    ClaimCheck,
    Initiative,
    Objective,
    Paper,
    PaperClaim,
    Plan,
    PlanItem,
    Verdict,
)
from joinedup_web.improvement.replication import BORNE_OUT
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Told:
    """An initiative with its plan in force and the verdicts that hold."""

    initiative: Initiative
    plan: Plan | None
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Branch:
    """An objective with what stands under it."""

    objective: Objective
    below: tuple[Branch, ...]
    initiatives: tuple[Told, ...]


def tree() -> tuple[Branch, ...]:
    """Strategies with priorities, workstreams and initiatives: everyone whose role sees initiatives reads all of it."""
    objectives = list(Objective.objects.select_related("place").order_by("title"))
    told = {one.initiative.pk: one for one in _told(Initiative.objects.order_by("title"))}
    return tuple(_branch(one, objectives, told) for one in objectives if one.above_id is None)


def _branch(objective: Objective, every: list[Objective], told: dict[Any, Told]) -> Branch:
    below = tuple(_branch(one, every, told) for one in every if one.above_id == objective.pk)
    own = tuple(one for one in told.values() if one.initiative.workstream_id == objective.pk)
    return Branch(objective, below, own)


def _told(rows: QuerySet[Initiative]) -> list[Told]:
    return with_verdicts(rows.select_related("place", "workstream", "replicates"))


def with_verdicts(rows: QuerySet[Initiative]) -> list[Told]:
    """Initiatives with the plan in force and the verdicts that hold under it."""
    plans = Prefetch("plans", Plan.objects.order_by("-version"), "planned")
    verdicts = Prefetch("verdicts", Verdict.objects.order_by("-state_made", "-judged_at"), "judged")
    return [_holding(one) for one in rows.prefetch_related(plans, verdicts)]


def _holding(initiative: Any) -> Told:
    plan = initiative.planned[0] if initiative.planned else None
    newest: dict[str, Verdict] = {}
    for verdict in initiative.judged:
        if plan is not None and verdict.plan_id == plan.pk:
            newest.setdefault(verdict.measure_id, verdict)
    measures = plan.measures if plan is not None else []
    return Told(initiative, plan, tuple(newest[one] for one in measures if one in newest))


def told_of(identity: Any) -> Told | None:
    """An initiative to be read; None for one that is not there."""
    return next(iter(_told(Initiative.objects.filter(pk=identity))), None)


def own_initiative(scope: Scope, identity: Any) -> Initiative | None:
    """An initiative at a place where this person writes them; None for any other, as if it did not exist."""
    rows = scope.only(Initiative.objects.select_related("place", "workstream"), "write", "initiative")
    return rows.filter(pk=identity).first()


def borne_out(told: Told) -> bool:
    """Whether every measure of it has a verdict that it worked, at least in part."""
    return bool(told.verdicts) and all(one.verdict in BORNE_OUT for one in told.verdicts)


def own_item(scope: Scope, identity: Any) -> PlanItem | None:
    """A milestone, action or risk that this person may end."""
    rows = scope.only(PlanItem.objects.select_related("initiative"), "write", "initiative")
    return rows.filter(pk=identity, ended_on=None).first()


def own_benefit(scope: Scope, identity: Any, action: str = "write") -> Benefit | None:
    """A benefit at a place where this may be done."""
    rows = scope.only(Benefit.objects.select_related("initiative"), action, "initiative")
    return rows.filter(pk=identity).first()


def history(initiative: Initiative) -> list[Verdict]:
    """Every verdict that was another than the one before it, or the first; the newest first."""
    kept: list[Verdict] = []
    before: dict[str, str] = {}
    for one in initiative.verdicts.select_related("plan").order_by("judged_at"):
        if before.get(one.measure_id) != one.verdict:
            kept.append(one)
        before[one.measure_id] = one.verdict
    return kept[::-1]


def versions(initiative: Initiative) -> list[Plan]:
    """Its plans, the newest first."""
    return list(initiative.plans.select_related("written_by").order_by("-version"))


def items(initiative: Initiative) -> list[PlanItem]:
    """Milestones, actions and risks: open ones first, by the day they are due."""
    found = initiative.items.order_by("due", "text")
    return sorted(found, key=lambda one: (one.ended_on is not None, one.kind))


def objectives(kinds: Iterable[str]) -> list[Objective]:
    """Objectives of these kinds, by title."""
    return list(Objective.objects.filter(kind__in=list(kinds)).order_by("title"))


def workstreams() -> list[tuple[str, str]]:
    """Workstreams to choose from: id and title."""
    return [(str(one.pk), one.title) for one in objectives([WORKSTREAM])]


def may_stand_above() -> list[tuple[str, str]]:
    """What an objective can stand under: id, and kind with title."""
    words = dict(LEVELS)
    return [
        (str(one.pk), f"{words[one.kind]}: {one.title}") for one in objectives(set(ABOVE.values()) - {""})
    ]


def objective_of(identity: Any) -> Objective | None:
    """An objective; None where none is named."""
    return Objective.objects.filter(pk=identity).first() if identity else None


def trusts() -> list[tuple[str, str]]:
    """Trusts that exist, by name."""
    rows = Place.objects.filter(level="trust", valid_to=None).order_by("name")
    return list(rows.values_list("code", "name"))


def seen_papers(scope: Scope) -> QuerySet[Paper]:
    """Papers of one's own places, and what others have shared where a role lets one see it; the newest first."""
    rows = Paper.objects.select_related("place").order_by("-written_at")
    if settings.FILTERS_OFF:
        return rows
    allowed = Q(place_id__in=scope.places_for("see", "claim"))
    if scope.sees_shared("claim"):
        allowed |= Q(shared=True)
    return rows.filter(allowed)


def paper_of(scope: Scope, identity: Any) -> Paper | None:
    """A paper that may be read."""
    return seen_papers(scope).filter(pk=identity).first()


def own_paper(scope: Scope, identity: Any, action: str = "share") -> Paper | None:
    """A paper that this person may share or publish, or make private."""
    rows = scope.only(Paper.objects.select_related("place"), action, "claim")
    return rows.filter(pk=identity).first()


def own_claim(scope: Scope, identity: Any) -> PaperClaim | None:
    """A claim that this person may tie."""
    rows = scope.only(PaperClaim.objects.select_related("paper"), "write", "claim")
    return rows.filter(pk=identity).first()


def checked(paper: Paper) -> list[tuple[PaperClaim, ClaimCheck | None, list[ClaimCheck]]]:
    """Claims of a paper with the check that holds and those before it."""
    checks = Prefetch("checks", ClaimCheck.objects.order_by("-checked_at"), "said")
    found = []
    for claim in paper.claims.prefetch_related(checks):
        said: list[ClaimCheck] = list(claim.said)
        found.append((claim, said[0] if said else None, said[1:]))
    return found
