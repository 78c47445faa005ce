"""Pages of emergency access: ask and stop one's own; review and end those at one's place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.errors import YourCommand
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.emergencies import actions, asking
from joinedup_web.organisations.emergencies.forms import AskAccess, Found
from joinedup_web.organisations.scope import scope_in


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for access to another place; it is there at once, and its officer is told."""
    scope = scope_in(request)
    form = AskAccess(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        place = place_of(asked["place"])
        if place is None:
            raise Http404
        try:
            actions.ask(by=scope, place=place, hours=int(asked["hours"]), reason=asked["reason"])
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(
                request, f"You can see what {place.name} sees. Its data-protection officer is told."
            )
            return redirect("emergency_ask")
    context = {"form": form, "mine": asking.mine(scope)}
    return render(request, "organisations/emergency_ask.html", context, status=422 if form.errors else 200)


@require_POST
def stop(request: HttpRequest, access: UUID) -> HttpResponse:
    """End one's own before its time."""
    scope = scope_in(request)
    found = asking.own(scope, access)
    if found is None:
        raise Http404
    actions.end(by=scope, access=found)
    messages.success(request, "Your emergency access has ended.")
    return redirect("emergency_ask")


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every emergency access to the officer's places."""
    return render(request, "organisations/emergencies.html", {"rows": asking.listed(scope_in(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, access: UUID) -> HttpResponse:
    """Say what was found; end it where it still holds and should not."""
    scope = scope_in(request)
    found = asking.of_place(scope, access)
    if found is None:
        raise Http404
    form = Found(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        if "end" in request.POST:
            actions.end(by=scope, access=found, note=note)
        actions.review(by=scope, access=found, note=note)
        messages.success(request, "What you found is kept.")
        return redirect("emergencies")
    context = {"form": form, "access": found, "holds": asking.holds(found)}
    return render(request, "organisations/emergency_review.html", context, status=422 if form.errors else 200)
