"""Pages of work programmes: scope, question, page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.programme_book import programme_book
from joinedup.governance.writing import write_xlsx
from joinedup_web.governance.scrutiny.doing import Acts, answer
from joinedup_web.governance.scrutiny.files import as_file
from joinedup_web.governance.scrutiny.people import names_of
from joinedup_web.governance.scrutiny.programme import asking, presenting
from joinedup_web.governance.scrutiny.programme.asking import KIND
from joinedup_web.organisations.scope import scope_in


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Topics by meeting, and what waits."""
    scope, asked = scope_in(request), request.GET.get("committee", "")
    found = asking.topics(scope)
    known = asking.committees(scope, found)
    shown = [one for one in found if asked in ("", one.row.committee)]
    context = {
        "programme": presenting.programme(shown, timezone.localdate()), "any": bool(shown), "words": presenting,
        "asked": asked, "committees": [("", "Every committee"), *((one, one) for one in known)],
        "suggests": scope.may("suggest", KIND), "several": len(known) > 1,
    }  # fmt: skip
    return render(request, "scrutiny/programme.html", context)


@require_safe
def file(request: HttpRequest, form: str) -> HttpResponse:
    """The programme as a workbook, or as CSV."""
    found = asking.topics(scope_in(request), request.GET.get("committee", ""))
    book = programme_book([one.now for one in found])
    if form == "xlsx":
        return as_file(write_xlsx(book), "xlsx", "work-programme")
    if form == "csv":
        return as_file(write_csv(book.sheets[0]), "csv", "work-programme")
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest a topic."""
    return answer(
        request, presenting.SUGGEST, None, lambda made: reverse("topic", args=[made.pk]), reverse("programme")
    )


@require_safe
def topic(request: HttpRequest, topic: UUID) -> HttpResponse:
    """One topic: who asked, the score with its parts, the meeting, and all that happened."""
    scope = scope_in(request)
    row = asking.topic(scope, "see", topic)
    if row is None:
        raise Http404
    one = asking.planned(row)
    keeps, decides = (scope.may_at(action, KIND, row.place_id) for action in ("keep", "decide"))
    context = {
        "row": row, "one": one, "words": presenting, "history": presenting.history(one, names_of(row)),
        "keep": presenting.acts(presenting.KEEP, one) if keeps else {},
        "decide": presenting.acts(presenting.DECIDE, one) if decides else {},
    }  # fmt: skip
    return render(request, "scrutiny/topic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, topic: UUID, act: str) -> HttpResponse:
    """What an officer does to a topic."""
    return _act(request, topic, act, "keep", presenting.KEEP)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, topic: UUID, act: str) -> HttpResponse:
    """What the committee decided of a topic."""
    return _act(request, topic, act, "decide", presenting.DECIDE)


def _act(request: HttpRequest, identity: UUID, act: str, action: str, table: Acts) -> HttpResponse:
    row, wanted = asking.topic(scope_in(request), action, identity), table.get(act)
    if row is None or wanted is None:
        raise Http404
    back = reverse("topic", args=[row.pk])
    return answer(request, wanted, row, lambda _: back, back)
