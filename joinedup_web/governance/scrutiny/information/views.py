"""Pages of requests for information: scope, question, page. The public log says what a council made public."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.information_book import information_book
from joinedup.governance.writing import write_xlsx
from joinedup_web.governance.scrutiny.doing import answer
from joinedup_web.governance.scrutiny.files import as_file
from joinedup_web.governance.scrutiny.information import asking, presenting
from joinedup_web.governance.scrutiny.information.asking import KIND, Logged
from joinedup_web.governance.scrutiny.people import names_of
from joinedup_web.organisations.scope import scope_in


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The log of one's councils, what is overdue before anything else."""
    scope, today = scope_in(request), timezone.localdate()
    found = asking.requests(scope)
    context = {
        "requests": sorted(found, key=lambda one: -one.now.overdue(today)), "words": presenting, "today": today,
        "late": presenting.late(found, today), "keeps": scope.may("keep", KIND),
    }  # fmt: skip
    return render(request, "scrutiny/requests.html", context)


@require_safe
def file(request: HttpRequest, form: str) -> HttpResponse:
    """The log as a workbook, or as CSV."""
    return _file(asking.requests(scope_in(request)), form)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Record a request."""
    return answer(
        request,
        presenting.RECEIVE,
        None,
        lambda made: reverse("information_request", args=[made.pk]),
        reverse("requests"),
    )


@require_safe
def one(request: HttpRequest, enquiry: UUID) -> HttpResponse:
    """One request: what is asked, the clock, the answer, the figures it rests on."""
    scope, today = scope_in(request), timezone.localdate()
    row = asking.request(scope, "see", enquiry)
    if row is None:
        raise Http404
    found = asking.logged(row)
    answered = found.now.answer
    context = {
        "row": row, "one": found, "words": presenting, "today": today, "answer": answered,
        "known": asking.known_codes(answered.codes) if answered else {},
        "history": presenting.history(found, names_of(row)),
        "keep": presenting.acts(found) if scope.may_at("keep", KIND, row.place_id) else {},
        "publishes": scope.may_at("publish", KIND, row.place_id) and (answered or row.public_since),
    }  # fmt: skip
    return render(request, "scrutiny/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, enquiry: UUID, act: str) -> HttpResponse:
    """What an officer records of a request."""
    row, wanted = asking.request(scope_in(request), "keep", enquiry), presenting.KEEP.get(act)
    if row is None or wanted is None:
        raise Http404
    back = reverse("information_request", args=[row.pk])
    return answer(request, wanted, row, lambda _: back, back)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, enquiry: UUID) -> HttpResponse:
    """Show a request on the public log, or take it off."""
    row = asking.request(scope_in(request), "publish", enquiry)
    if row is None:
        raise Http404
    back = reverse("information_request", args=[row.pk])
    wanted = presenting.PUBLISH if row.public_since is None else presenting.HIDE
    return answer(request, wanted, row, lambda _: back, back)


@require_safe
def disclosed(request: HttpRequest) -> HttpResponse:
    """The public log."""
    context = {"requests": asking.disclosed(), "words": presenting, "today": timezone.localdate()}
    return render(request, "scrutiny/disclosed.html", context)


@require_safe
def disclosed_file(request: HttpRequest) -> HttpResponse:
    """The public log as CSV."""
    return _file(asking.disclosed(), "csv")


def _file(found: Sequence[Logged], form: str) -> HttpResponse:
    book = information_book([one.now for one in found], timezone.localdate())
    if form == "xlsx":
        return as_file(write_xlsx(book), "xlsx", "information-requests")
    if form == "csv":
        return as_file(write_csv(book.sheets[0]), "csv", "information-requests")
    raise Http404
