"""Pages of scrutiny: scope, question, page. What changes anything goes through `actions.py`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand, YourData
from joinedup.governance.exporting import export_tracker
from joinedup.governance.findings import RULES
from joinedup_web.governance.scrutiny import actions, asking, keeping, presenting
from joinedup_web.governance.scrutiny.forms import ImportTracker, SendTracker, Why
from joinedup_web.governance.scrutiny.models import Newer, Row, Tracker
from joinedup_web.organisations.scope import scope_in

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
}  # fmt: skip
ALL, SOME = "all", "some"


@require_safe
def scrutiny(request: HttpRequest) -> HttpResponse:
    """The trackers of one's councils."""
    scope, today = scope_in(request), timezone.localdate()
    held = [(one, asking.lines(one)) for one in asking.trackers(scope)]
    told = [(one, presenting.counts(lines, today)) for one, lines in held]
    return render(request, "scrutiny/scrutiny.html", {"trackers": told})


@require_http_methods(["GET", "HEAD", "POST"])
def import_tracker(request: HttpRequest) -> HttpResponse:
    """Bring in the first file of a committee's tracker."""
    scope = scope_in(request)
    form: Any = _sent(request, ImportTracker, scope=scope)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.import_tracker(
                by=scope, place=asked["place"], committee=asked["committee"], meeting=asked["meeting"],
                content=asked["file"].read(), name=asked["file"].name,
            )  # fmt: skip
        except (YourCommand, YourData) as error:
            form.add_error("file" if isinstance(error, YourData) else None, f"{error.message} {error.remedy}")
        else:
            return redirect("tracker_findings", made.pk)
    return render(request, "scrutiny/import.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def tracker(request: HttpRequest, tracker: UUID) -> HttpResponse:
    """A tracker's rows, narrowed."""
    scope, today = scope_in(request), timezone.localdate()
    found = _tracker(request, tracker, "see")
    lines, asked = asking.lines(found), request.GET.dict()
    context = {
        "tracker": found, "lines": presenting.chosen(lines, asked, today), "asked": {"show": "open", **asked},
        "counts": presenting.counts(lines, today), "words": presenting, "today": today,
        "topics": presenting.options(lines, "topic", "Every topic"),
        "whom": presenting.options(lines, "to_whom", "Everybody"), "waiting": asking.waiting(found),
        "keeps": scope.may_at("keep", asking.KIND, found.place_id),
    }  # fmt: skip
    return render(request, "scrutiny/tracker.html", context)


@require_safe
def findings(request: HttpRequest, tracker: UUID) -> HttpResponse:
    """What the import of the newest file found, cell by cell."""
    found = _tracker(request, tracker, "see")
    lines, today = asking.lines(found), timezone.localdate()
    context = {
        "tracker": found, "findings": keeping.findings_of(found.findings), "rules": RULES,
        "counts": presenting.counts(lines, today),
    }  # fmt: skip
    return render(request, "scrutiny/findings.html", context)


@require_safe
def file(request: HttpRequest, tracker: UUID, form: str) -> HttpResponse:
    """The tracker as the workbook it was, with what has happened since; as CSV one sheet of it."""
    found = _tracker(request, tracker, "see")
    if form not in KINDS:
        raise Http404
    whole = asking.whole(found)
    sheet = next(iter(whole.layouts)) if form == "csv" else None
    answer = HttpResponse(export_tracker(whole, f".{form}", sheet), content_type=KINDS[form])
    answer["Content-Disposition"] = f'attachment; filename="tracker.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def newer(request: HttpRequest, tracker: UUID) -> HttpResponse:
    """Bring in a newer file of a tracker; what differs is shown before anything changes."""
    scope, found = scope_in(request), _tracker(request, tracker, "keep")
    form: Any = _sent(request, SendTracker)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            made = actions.send_newer(
                by=scope,
                tracker=found,
                content=sent.read(),
                name=sent.name,
                meeting=form.cleaned_data["meeting"],
            )
        except (YourCommand, YourData) as error:
            form.add_error("file" if isinstance(error, YourData) else None, f"{error.message} {error.remedy}")
        else:
            return redirect("merge_tracker", made.pk)
    context = {"form": form, "tracker": found}
    return render(request, "scrutiny/newer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, newer: UUID) -> HttpResponse:
    """What a newer file says otherwise: a person takes it or does not, difference by difference."""
    scope, found = scope_in(request), _newer(request, newer)
    problem = ""
    if request.method == "POST":
        apart = frozenset(request.POST.getlist("apart"))
        shown = asking.merge_of(found.tracker, found, apart)
        if "again" not in request.POST:
            everything = request.POST.get("which") == ALL
            taken = shown.names if everything else frozenset(request.POST.getlist("take"))
            try:
                actions.merge_newer(
                    by=scope, newer=found, taken=taken, apart=apart, seen=request.POST.get("seen", "")
                )
            except (YourCommand, YourData) as error:
                problem = f"{error.message} {error.remedy}"
            else:
                messages.success(request, "The newer file is merged. Nothing of the histories was lost.")
                return redirect("tracker", found.tracker_id)
    else:
        apart = frozenset()
        shown = asking.merge_of(found.tracker, found)
    context = {
        "newer": found, "merge": shown, "apart": apart, "problem": problem, "words": presenting,
        "findings": keeping.findings_of(found.findings),
    }  # fmt: skip
    return render(request, "scrutiny/merge.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, newer: UUID) -> HttpResponse:
    """Leave a newer file aside."""
    found, form = _newer(request, newer), Why(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.drop_newer(by=scope_in(request), newer=found, reason=form.cleaned_data["why"])
        messages.success(request, "The newer file was left aside; the tracker is as it was.")
        return redirect("tracker", found.tracker_id)
    context = {"form": form, "newer": found}
    return render(request, "scrutiny/drop.html", context, status=422 if form.errors else 200)


@require_safe
def recommendation(request: HttpRequest, recommendation: UUID) -> HttpResponse:
    """One row: what was asked, what was answered and done, the measure, the evidence, and all that happened."""
    scope, today = scope_in(request), timezone.localdate()
    row: Row | None = asking.row_of(scope, "see", recommendation)
    if row is None:
        raise Http404
    line, figures = asking.line_of(row), asking.figures(scope, today)
    context: dict[str, Any] = {"row": row, "line": line, "words": presenting, "today": today}
    if line.state is not None and line.item.history is not None:
        context |= {
            "state": line.state, "topic": presenting.topic_of(line.state),
            "figures": presenting.figures_of(line.state, figures),
            "not_published": presenting.not_published(line.state, figures),
            "history": presenting.happened(line.item.history.events, asking.recorders(row)),
            "may": {
                one: scope.may_at(one, asking.KIND, row.place_id) for one in ("keep", "accept", "publish")
            },
        }  # fmt: skip
    return render(request, "scrutiny/recommendation.html", context)


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """What committees have made public: what was promised, and whether evidence shows that it was kept."""
    lines = asking.promises()
    context = {
        "kept": presenting.kept(lines), "open": presenting.not_kept(lines), "words": presenting,
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "scrutiny/promises.html", context)


def _sent(request: HttpRequest, form: Any, **more: Any) -> Any:
    if request.method != "POST":
        return form(**more)
    sent = (request.POST, request.FILES)  # read first: whether it was too large is known then
    return form(*sent, too_large=bool(getattr(request, "too_large", False)), **more)


def _tracker(request: HttpRequest, identity: UUID, action: str) -> Tracker:
    found = asking.tracker_of(scope_in(request), action, identity)
    if found is None:
        raise Http404
    return found


def _newer(request: HttpRequest, identity: UUID) -> Newer:
    found = asking.newer_of(scope_in(request), identity)
    if found is None:
        raise Http404
    return found
