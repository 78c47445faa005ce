"""Pages of collaboratives: scope, question, page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.definitions.collaboratives import CollaborativeTemplate
from joinedup.errors import UnknownName, YourCommand
from joinedup_web.collaboratives import actions, asking
from joinedup_web.collaboratives.forms import EndCollaborative, MakeCollaborative, Undo
from joinedup_web.organisations.scope import scope_in


@require_safe
def collaboratives(request: HttpRequest) -> HttpResponse:
    """Collaboratives made here, and the templates for new ones."""
    scope = scope_in(request)
    context = {
        "made": asking.made(), "templates": CollaborativeTemplate.all(),
        "own": scope.places_for("end", "collaborative"), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "collaboratives/collaboratives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, template: str) -> HttpResponse:
    """Make one from a template: the form is filled in."""
    scope = scope_in(request)
    try:
        found = CollaborativeTemplate.load(template)
    except UnknownName as error:
        raise Http404 from error
    form = MakeCollaborative(request.POST or None, scope=scope, template=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_collaborative(by=scope, plan=form.plan(), reason=form.cleaned_data["reason"])
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, f"{made.name} is made. Roles can be given at it now.")
            return redirect("place", made.code)
    context = {"form": form, "template": found}
    return render(request, "collaboratives/make.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, collaborative: str) -> HttpResponse:
    """End a collaborative that one's own organisation leads; any other is not there."""
    scope = scope_in(request)
    made = asking.one_of(scope, "end", collaborative)
    if made is None:
        raise Http404
    form = EndCollaborative(request.POST or None, initial={"last_day": timezone.localdate().isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_collaborative(by=scope, made=made, **form.cleaned_data)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "The end is entered.")
            return redirect("place", made.code)
    return render(
        request, "collaboratives/end.html", {"form": form, "made": made}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, collaborative: str) -> HttpResponse:
    """Take back the last step: an end, or the making."""
    scope = scope_in(request)
    made = asking.one_of(scope, "end", collaborative)
    if made is None:
        raise Http404
    form = Undo(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stays = actions.undo(by=scope, made=made, reason=form.cleaned_data["reason"])
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "It goes on." if stays else "It is taken back.")
            return redirect("collaboratives")
    return render(
        request, "collaboratives/undo.html", {"form": form, "made": made}, status=422 if form.errors else 200
    )
