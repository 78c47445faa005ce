"""Pages of organisations: scope, question, page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand
from joinedup_web.organisations import actions, asking, audit, chain
from joinedup_web.organisations.forms import AsAt, EndRole, GiveRole, MoveRole
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.registering import notices
from joinedup_web.organisations.scope import scope_in


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The front page: what this is, and for those who have signed in, what is theirs."""
    scope = scope_in(request)
    names = {place.code: place for place in asking.named_places(scope.places | scope.emergency_places)}
    held = [(load_policy().roles[one.role], names.get(one.place), one.emergency) for one in scope.held]
    context = {"held": held, "notices": notices(scope, timezone.localdate())}
    return render(request, "organisations/start.html", context)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The register of organisations and places as at a day, today where none is named."""
    form = AsAt(request.GET or None)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    context = {"levels": asking.register(day), "on": day, "form": form}
    return render(request, "organisations/places.html", context, status=400 if form.errors else 200)


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation or place: since when, what came before and after; stamped where it has closed."""
    found = asking.place_of(code)
    if found is None:
        raise Http404
    today = timezone.localdate()
    context = {
        "place": found,
        "closed": found.valid_to is not None and found.valid_to < today,
        "not_yet": found.valid_from is not None and today < found.valid_from,
        "lines": asking.lineage(found),
        "members": asking.members(found),
        "moved": asking.moved(found),
        "successor": asking.successor(found),
    }
    return render(request, "organisations/place.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who holds which role, at the places of whoever asks."""
    scope = scope_in(request)
    rows, today = asking.people(scope), timezone.localdate()
    context = {
        "rows": rows, "roles": load_policy().roles, "today": today,
        "left": asking.roles_left(scope, today), "names": asking.successor_names(),
    }  # fmt: skip
    return render(request, "organisations/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give a role to a person who has an account."""
    scope = scope_in(request)
    form = GiveRole(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.give_role(
                by=scope, person=asked["email"], role=asked["role"], place=asking.place_of(asked["place"]),
                from_day=asked["from_day"], to_day=asked["to_day"], reason=asked["reason"],
            )  # fmt: skip
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "The role is given.")
            return redirect("people")
    return render(request, "organisations/give.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, held: UUID) -> HttpResponse:
    """End a role at a place of one's own; any other is not there."""
    scope = scope_in(request)
    found = asking.role_held(scope, held)
    if found is None:
        raise Http404
    form = EndRole(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_role(by=scope, held=found, on=timezone.localdate(), reason=form.cleaned_data["reason"])
        messages.success(request, "The role ends.")
        return redirect("people")
    title = load_policy().roles[found.role].title
    return render(
        request,
        "organisations/end.html",
        {"form": form, "held": found, "title": title},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, held: UUID) -> HttpResponse:
    """Let a role that ended with a closed organisation go on at its successor, where that is one's own."""
    scope, today = scope_in(request), timezone.localdate()
    found = next((row for row in asking.roles_left(scope, today) if row.pk == held), None)
    if found is None:
        raise Http404
    form = MoveRole(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.move_role(by=scope, held=found, on=today, reason=form.cleaned_data["reason"])
        messages.success(request, "The role goes on at the successor.")
        return redirect("people")
    title = load_policy().roles[found.role].title
    context = {"form": form, "held": found, "title": title, "names": asking.successor_names()}
    return render(request, "organisations/move.html", context, status=422 if form.errors else 200)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Who changed what, when and why."""
    scope = scope_in(request)
    return render(
        request, "organisations/changes.html", {"rows": audit.changes(scope), "chains": chain.verify()}
    )
