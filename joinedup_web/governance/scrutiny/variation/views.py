"""Pages of proposals: scope, question, page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup_web.governance.scrutiny import presenting as trackers
from joinedup_web.governance.scrutiny.doing import Acts, answer
from joinedup_web.governance.scrutiny.people import names_of
from joinedup_web.governance.scrutiny.variation import asking, presenting
from joinedup_web.governance.scrutiny.variation.asking import KIND
from joinedup_web.organisations.scope import scope_in


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals of one's councils, and where each stands."""
    scope = scope_in(request)
    context = {
        "proposals": asking.proposals(scope), "words": presenting, "today": timezone.localdate(),
        "keeps": scope.may("keep", KIND),
    }  # fmt: skip
    return render(request, "scrutiny/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Record a proposal."""
    return answer(
        request,
        presenting.PROPOSE,
        None,
        lambda made: reverse("proposal", args=[made.pk]),
        reverse("proposals"),
    )


@require_safe
def proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """One proposal: its steps, what stands out, evidence, commitments and all that happened."""
    scope, today = scope_in(request), timezone.localdate()
    row = asking.proposal(scope, "see", proposal)
    if row is None:
        raise Http404
    one = asking.followed(row)
    keeps, decides = (scope.may_at(action, KIND, row.place_id) for action in ("keep", "decide"))
    context = {
        "row": row, "one": one, "words": presenting, "today": today, "rows": trackers,
        "commitments": asking.commitments(scope, one), "history": presenting.history(one, names_of(row)),
        "keep": presenting.acts(presenting.KEEP, one) if keeps else {},
        "decide": presenting.acts(presenting.DECIDE, one) if decides else {},
    }  # fmt: skip
    return render(request, "scrutiny/proposal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, proposal: UUID, act: str) -> HttpResponse:
    """What an officer records of a proposal."""
    return _act(request, proposal, act, "keep", presenting.KEEP)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, proposal: UUID, act: str) -> HttpResponse:
    """What is the committee's to say of a proposal."""
    return _act(request, proposal, act, "decide", presenting.DECIDE)


def _act(request: HttpRequest, identity: UUID, act: str, action: str, table: Acts) -> HttpResponse:
    row, wanted = asking.proposal(scope_in(request), action, identity), table.get(act)
    if row is None or wanted is None:
        raise Http404
    back = reverse("proposal", args=[row.pk])
    return answer(request, wanted, row, lambda _: back, back)
