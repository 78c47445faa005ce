"""Pages of the register of controllers: scope, question, page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand
from joinedup_web.controllers import actions, asking, presenting
from joinedup_web.controllers.forms import ApproveAccess, BeginControl, EndControl
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def controllers(request: HttpRequest) -> HttpResponse:
    """Who answers for which records, and what is suspended."""
    scope, today, rows = scope_in(request), timezone.localdate(), asking.rows()
    names, own = asking.names(), scope.places_for("approve", "controller")
    closed = [one for one in asking.standings(today, rows) if not one.open]
    entered = {(row.dataset, row.covers_id, row.place_id) for row in rows}
    context = {
        "rows": rows, "datasets": asking.datasets(), "bases": asking.bases(),
        "suspended": [presenting.told(one, names, own, entered) for one in closed],
        "waiting": {(one.dataset, one.covers, one.approver) for one in closed}, "own": own, "today": today,
    }  # fmt: skip
    return render(request, "controllers/controllers.html", context)


@require_safe
def controllers_csv(request: HttpRequest) -> HttpResponse:
    """The register as a table."""
    answer = HttpResponse(presenting.csv_text(asking.rows()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="data-controllers.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Enter that an organisation of one's own becomes the controller of records."""
    scope = scope_in(request)
    form = BeginControl(request.POST or None, scope=scope, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        covers, place = place_of(asked.pop("covers")), place_of(asked.pop("place"))
        try:
            actions.begin_control(by=scope, covers=covers, place=place, **asked)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(
                request, "It is entered. Where another was the controller before, approve access next."
            )
            return redirect("controllers")
    return render(request, "controllers/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, row: UUID) -> HttpResponse:
    """Enter the last day of a controller; any other organisation's is not there."""
    scope = scope_in(request)
    found = asking.row_of(scope, "end", row)
    if found is None:
        raise Http404
    form = EndControl(request.POST or None, initial={"last_day": timezone.localdate().isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_control(by=scope, row=found, **form.cleaned_data)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "The end is entered. Figures are suspended from the day after.")
            return redirect("controllers")
    context = {"form": form, "row": found, "datasets": asking.datasets()}
    return render(request, "controllers/end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, row: UUID) -> HttpResponse:
    """Let people see figures again, as the organisation that took the records over."""
    scope = scope_in(request)
    found = asking.row_of(scope, "approve", row)
    if found is None:
        raise Http404
    form = ApproveAccess(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.approve_access(by=scope, row=found, on=timezone.localdate(), **form.cleaned_data)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "Access is approved.")
            return redirect("controllers")
    context = {"form": form, "row": found, "datasets": asking.datasets()}
    return render(request, "controllers/approve.html", context, status=422 if form.errors else 200)
