"""Pages of strategies and initiatives: scope, question, page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import JoinedupError
from joinedup_web.improvement import actions, asking, forms, presenting, replication
from joinedup_web.improvement.drawing import charts_of
from joinedup_web.improvement.judging import judge_plan
from joinedup_web.improvement.models import KINDS, Initiative
from joinedup_web.improvement.released import COUNTED, newest
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def improvement(request: HttpRequest) -> HttpResponse:
    """From strategies to initiatives, each with its verdict."""
    context = {"tree": asking.tree(), "standing": presenting.standing}
    return render(request, "improvement/improvement.html", context)


@require_safe
def initiative(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """One initiative: what it is, what it is judged by, its chart and verdict, who does what until when."""
    told = asking.told_of(initiative)
    if told is None:
        raise Http404
    scope, state = scope_in(request), newest()
    context = {
        "told": told, "one": told.initiative, "plan": told.plan, "facts": presenting.facts(told.plan),
        "charts": charts_of(told.plan, state) if told.plan else (), "tag": presenting.tag,
        "limits": presenting.limits, "history": asking.history(told.initiative),
        "versions": asking.versions(told.initiative), "late": presenting.late, "today": timezone.localdate(),
        "kinds": presenting.by_kind(asking.items(told.initiative)),
        "owners": told.initiative.owners.filter(until=None).select_related("trust", "person"),
        "benefits": told.initiative.benefits.order_by("text"), "title_of": presenting.title_of,
        "own": scope.may_at("write", "initiative", told.initiative.place_id),
        "replications": told.initiative.replications.order_by("title"),
        "replicable": asking.borne_out(told) and scope.may("write", "initiative"),
        "publishes": scope.may_at("publish", "initiative", told.initiative.place_id),
    }  # fmt: skip
    return render(request, "improvement/initiative.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_objective(request: HttpRequest) -> HttpResponse:
    """Enter a strategy, a priority or a workstream."""
    scope = scope_in(request)
    form = forms.WriteObjective(request.POST or None, scope=scope, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        above, place = asking.objective_of(asked.pop("above")), place_of(asked.pop("place"))
        if kept(form, lambda: actions.write_objective(by=scope, place=place, above=above, **asked)):
            messages.success(request, "It is entered.")
            return redirect("improvement")
    return page(request, "improvement/objective_form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def write_initiative(request: HttpRequest) -> HttpResponse:
    """Enter an initiative; what it is judged by comes next."""
    scope = scope_in(request)
    form = forms.WriteInitiative(request.POST or None, scope=scope, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        workstream, place = asking.objective_of(asked.pop("workstream")), place_of(asked.pop("place"))
        made = kept(
            form, lambda: actions.write_initiative(by=scope, place=place, workstream=workstream, **asked)
        )
        if made:
            messages.success(request, "It is entered. Declare next what it is judged by, before it starts.")
            return redirect("declare_plan", made.pk)
    return page(request, "improvement/initiative_form.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def declare_plan(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """Declare what an initiative of one's own is judged by; a change is a new version."""
    scope, found = scope_in(request), _own(request, initiative)
    before = next(iter(asking.versions(found)), None)
    level = request.GET.get("level") or (before.level if before else "")
    form = forms.DeclarePlan(
        request.POST or None, level=level, again=before is not None, initial=_filled(before, level)
    )
    if request.method == "POST" and form.is_valid():
        plan = kept(form, lambda: actions.declare_plan(by=scope, initiative=found, plan=form.declared()))
        if plan:
            state = newest()
            if state is not None and not plan.story:
                judge_plan(plan, state)
            messages.success(request, "The plan is declared, with your name and the day.")
            return redirect("initiative", found.pk)
    more = {"one": found, "before": before, "level": form.level, "levels": tuple(COUNTED)}
    return page(request, "improvement/plan_form.html", form, **more)


def _filled(before: Any, level: str) -> dict[str, Any]:
    """The plan in force, to be changed; empty where it counts places of another kind."""
    if before is None or before.story:
        return {"kind": forms.STORY if before else forms.JUDGED}
    same = before.level == level
    return {
        "kind": forms.JUDGED, "measures": before.measures, "population": before.population, "start": before.start,
        "places": before.places if same else [], "comparison": before.comparison if same else [],
        "against": forms.OWN if before.own_trend else forms.NAMED, "expected": _points(before.expected),
        "worthwhile": _points(before.worthwhile),
    }  # fmt: skip


def _points(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 4)


@require_http_methods(["GET", "HEAD", "POST"])
def start_replication(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """Do in another place what worked in the first; whoever writes initiatives may, for a place of their own."""
    scope, told, state = scope_in(request), asking.told_of(initiative), newest()
    if told is None or told.plan is None or not asking.borne_out(told):
        raise Http404
    form = forms.StartReplication(
        request.POST or None, scope=scope, level=told.plan.level, done_at=told.plan.places
    )
    if request.method == "POST" and form.is_valid():
        asked, of = dict(form.cleaned_data), told.initiative
        place = place_of(asked.pop("place"))
        plan = kept(
            form, lambda: replication.start_replication(by=scope, place=place, of=of, state=state, **asked)
        )
        if plan:
            if state is not None:
                judge_plan(plan, state)
            messages.success(request, "The replication is entered, with its predicted line.")
            return redirect("initiative", plan.initiative_id)
    return page(request, "improvement/replication_form.html", form, one=told.initiative)


@require_http_methods(["GET", "HEAD", "POST"])
def name_owner(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """Name who answers for an initiative in a trust."""
    scope, found = scope_in(request), _own(request, initiative)
    form = forms.NameOwner(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trust, person = place_of(form.cleaned_data["trust"]), form.cleaned_data["email"]
        if kept(form, lambda: actions.name_owner(by=scope, initiative=found, trust=trust, person=person)):
            messages.success(request, "The owner is named.")
            return redirect("initiative", found.pk)
    return page(request, "improvement/owner_form.html", form, one=found)


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: HttpRequest, initiative: UUID, kind: str) -> HttpResponse:
    """Add a milestone, an action or a risk."""
    scope, found = scope_in(request), _own(request, initiative)
    if kind not in dict(KINDS):
        raise Http404
    form = forms.AddItem(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if kept(form, lambda: actions.add_item(by=scope, initiative=found, kind=kind, **asked)):
            messages.success(request, "It is entered.")
            return redirect("initiative", found.pk)
    return page(
        request, "improvement/item_form.html", form, one=found, kind=kind, words=dict(KINDS)[kind].lower()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_item(request: HttpRequest, item: UUID) -> HttpResponse:
    """Say how a milestone, an action or a risk ended."""
    scope = scope_in(request)
    found = asking.own_item(scope, item)
    if found is None:
        raise Http404
    form = forms.EndItem(request.POST or None)
    if request.method == "POST" and form.is_valid():
        how = form.cleaned_data["how"]
        if kept(form, lambda: actions.end_item(by=scope, item=found, how=how)):
            messages.success(request, "It is entered.")
            return redirect("initiative", found.initiative_id)
    return page(request, "improvement/item_end.html", form, item=found)


@require_http_methods(["GET", "HEAD", "POST"])
def end_initiative(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """End an initiative, with a reason."""
    scope, found = scope_in(request), _own(request, initiative)
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        if kept(form, lambda: actions.end_initiative(by=scope, initiative=found, reason=asked["reason"])):
            messages.success(request, "It has ended. Its page stays.")
            return redirect("initiative", found.pk)
    return page(request, "improvement/initiative_end.html", form, one=found)


def _own(request: HttpRequest, identity: UUID) -> Initiative:
    found = asking.own_initiative(scope_in(request), identity)
    if found is None:
        raise Http404
    return found


def kept(form: django_forms.Form, act: Callable[[], Any]) -> Any:
    """What the action gives back; None where it refused, which the form then says."""
    try:
        return act()
    except JoinedupError as error:
        form.add_error(None, f"{error.message} {error.remedy}".strip())
        return None


def page(request: HttpRequest, template: str, form: django_forms.Form, **more: Any) -> HttpResponse:
    """The page of a form; what is wrong with it says the answer's status too."""
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)
