"""Pages of the returns desk: scope, question, page. What changes anything goes through `actions.py`."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.errors import YourCommand, YourData
from joinedup_web.organisations.scope import scope_in
from joinedup_web.returns import actions, asking, downloads, models, presenting
from joinedup_web.returns import calendar as calendars
from joinedup_web.returns.forms import Reason, SendReturn
from joinedup_web.returns.models import Submission
from joinedup_web.returns.staging import Arriving, packed

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
LOOSE = "csv-files.zip"


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What was sent, the newest first."""
    scope = scope_in(request)
    page = Paginator(asking.submissions(scope), asking.PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": presenting, "trusts": asking.trusts_of(scope)}
    return render(request, "returns/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Send a return: a file, several, or a folder."""
    scope = scope_in(request)
    if request.method != "POST":
        return _send_page(request, SendReturn(scope=scope))
    form = SendReturn(
        request.POST, request.FILES, scope=scope, too_large=getattr(request, "too_large", None) is not None
    )
    if not form.is_valid():
        return _send_page(request, form)
    sent: list[Submission] = []
    for arriving in _arriving(form):
        if arriving is not None:
            try:
                sent.append(
                    actions.send(
                        by=scope, place=form.cleaned_data["place"], arriving=arriving, way=actions.PAGE
                    )
                )
            except (YourData, YourCommand) as fault:
                form.add_error("files", f"{arriving.name}: {fault.message} {fault.remedy}".strip())
    if form.errors:
        return _send_page(request, form, sent)
    return redirect("return_sent", sent[0].pk) if len(sent) == 1 else redirect("returns")


def _arriving(form: SendReturn) -> list[Arriving | None]:
    """The files that were sent, loose CSV files as one."""
    whole: list[Arriving | None] = [one.arriving for one in form.cleaned_data["whole"]]
    loose = form.cleaned_data["loose"]
    if not loose:
        return whole
    try:
        return [*whole, packed(actions.staging(), LOOSE, [(one.name, one.arriving.path) for one in loose])]
    except YourData as fault:
        form.add_error("files", f"{fault.message} {fault.remedy}".strip())
        return [*whole, None]


def _send_page(request: HttpRequest, form: SendReturn, sent: list[Submission] | None = None) -> HttpResponse:
    context = {"form": form, "sent": sent or []}
    return render(request, "returns/send.html", context, status=422 if form.errors else 200)


@require_safe
def sent(request: HttpRequest, submission: UUID) -> HttpResponse:
    """One submission: how far it is, what was found, and what can be done."""
    found = _found(request, submission)
    first = asking.first_of_each_rule(found)
    context = {
        "one": found, "words": presenting, "summary": presenting.summary(found), "next": presenting.what_next(found),
        "rules": presenting.by_rule(found, first), "files": found.files,
        "findings_of": asking.by_file(found),
        "not_run": presenting.rules_not_run(found), "history": presenting.happened(asking.history(found)),
        "under_way": found.state in models.UNDER_WAY,
    }  # fmt: skip
    answer = render(request, "returns/sent.html", context)
    if request.headers.get("HX-Request") and not context["under_way"]:
        answer["HX-Refresh"] = "true"  # it has ended: the whole page is another
    return answer


@require_safe
def findings(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Findings, narrowed by rule, file and consequence, a page at a time."""
    found = _found(request, submission)
    narrowed = _narrowing(request, found)
    rows = asking.findings(found, **narrowed.asked)
    page = Paginator(rows, asking.PER_PAGE).get_page(request.GET.get("page"))
    context = {"one": found, "narrowed": narrowed, "page": page, "words": presenting}
    return render(request, "returns/findings.html", context)


@require_safe
def findings_csv(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Those findings as CSV."""
    found = _found(request, submission)
    rows = asking.findings(found, **_narrowing(request, found).asked)[: asking.MOST_ROWS]
    return _file("".join(downloads.as_csv(rows)).encode(), "text/csv; charset=utf-8", found, "csv")


@require_safe
def findings_xlsx(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Those findings as a workbook."""
    found = _found(request, submission)
    rows = asking.findings(found, **_narrowing(request, found).asked)[: asking.MOST_ROWS]
    rules = presenting.by_rule(found, asking.first_of_each_rule(found))
    content = downloads.as_workbook(found, rules, rows)
    return _file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", found, "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Submit a return that passed its check."""
    found = _found(request, submission, "send")
    if request.method == "POST":
        try:
            actions.submit(by=scope_in(request), submission=found)
        except YourCommand as error:
            messages.error(request, f"{error.message} {error.remedy}")
    return redirect("return_sent", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Withdraw a return, with a reason, after saying what follows."""
    found = _found(request, submission, "withdraw")
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(by=scope_in(request), submission=found, reason=form.cleaned_data["reason"])
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            return redirect("return_sent", found.pk)
    context = {"form": form, "one": found, "words": presenting, "held": found.state == models.LOADED}
    return render(request, "returns/withdraw.html", context, status=422 if form.errors else 200)


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs: waiting, running, done, failed."""
    context = {"rows": asking.jobs_of(scope_in(request)), "words": presenting}
    return render(request, "returns/jobs.html", context)


@require_POST
def job_again(request: HttpRequest, job: int) -> HttpResponse:
    """Let a failed job run again."""
    found = asking.job_of(scope_in(request), job)
    if found is None:
        raise Http404
    try:
        actions.try_again(by=scope_in(request), job=found[0], submission=found[1])
    except YourCommand as error:
        messages.error(request, f"{error.message} {error.remedy}")
    return redirect("return_jobs")


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What is due, received and late, by trust and month."""
    return render(
        request, "returns/calendar.html", {**_by_month(request, calendars.due_cells), "words": presenting}
    )


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """How much of the returns could be used, side by side, and better or worse since the month before."""
    cells = _by_month(request, lambda records, period, today: calendars.quality_cell(records, period))
    return render(request, "returns/quality.html", {**cells, "words": presenting})


def _by_month(request: HttpRequest, cell: Any) -> dict[str, Any]:
    """A table of months by trusts, each cell made from what that trust sent."""
    today = timezone.localdate()
    asked = request.GET.get("ending", "")
    if asked and not MONTH.fullmatch(asked):
        raise Http404
    months = calendars.months_to(asked or calendars.last_month(today))
    earlier = calendars.months_to(months[-1], 2)[1]
    trusts, rows = asking.trusts_that_send(today), asking.received()
    of = {trust.code: [row for row in rows if row.place_id == trust.code] for trust in trusts}
    table = [(period, [cell(of[trust.code], period, today) for trust in trusts]) for period in months]
    return {"trusts": trusts, "table": table, "earlier": earlier, "asked": asked}


def _found(request: HttpRequest, submission: UUID, action: str = "see") -> Submission:
    found = asking.submission_of(scope_in(request), submission, action)
    if found is None:
        raise Http404
    return found


def _narrowing(request: HttpRequest, found: Submission) -> presenting.Narrowing:
    severities = {one.severity for one in asking.first_of_each_rule(found)}
    return presenting.narrowing(found, asking.by_file(found), severities, request.GET.dict())


def _file(content: bytes, kind: str, found: Submission, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    name = f"findings-{found.place_id}-{found.period or 'return'}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
