"""Pages of benefits: write one, publish it, withdraw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from joinedup_web.improvement import asking, benefit_actions, forms
from joinedup_web.improvement.models import Benefit, Initiative
from joinedup_web.improvement.views import kept, page
from joinedup_web.organisations.scope import Scope, scope_in

FIELDS = ("text", "number", "unit", "baseline", "date", "owner", "method")


@require_http_methods(["GET", "HEAD", "POST"])
def write_benefit(request: HttpRequest, initiative: UUID) -> HttpResponse:
    """Write a benefit of an initiative of one's own."""
    found = asking.own_initiative(scope_in(request), initiative)
    if found is None:
        raise Http404
    return _written(request, found, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change_benefit(request: HttpRequest, benefit: UUID) -> HttpResponse:
    """Change a benefit that is not published, or publish it."""
    found = asking.own_benefit(scope_in(request), benefit)
    if found is None:
        raise Http404
    return _written(request, found.initiative, found)


def _written(request: HttpRequest, initiative: Initiative, benefit: Benefit | None) -> HttpResponse:
    """Keep what is known of it; with the other button publish it too, or say what is missing. Both, or neither."""
    scope = scope_in(request)
    initial = {name: getattr(benefit, name) for name in FIELDS} if benefit is not None else {}
    form = forms.WriteBenefit(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        publish = bool(request.POST.get("publish"))
        done = kept(form, lambda: _keep(scope, initiative, benefit, form.cleaned_data, publish))
        if done:
            messages.success(
                request, "The benefit is published." if publish else "The benefit is kept, not published."
            )
            return redirect("initiative", initiative.pk)
    return page(
        request, "improvement/benefit_form.html", form, one=initiative, benefit=benefit,
        publishes=scope.may_at("publish", "initiative", initiative.place_id),
    )  # fmt: skip


def _keep(
    scope: Scope, initiative: Initiative, benefit: Benefit | None, asked: dict[str, Any], publish: bool
) -> Benefit:  # fmt: skip
    from django.db import transaction

    with transaction.atomic():
        made = benefit_actions.write_benefit(by=scope, initiative=initiative, benefit=benefit, **asked)
        return benefit_actions.publish_benefit(by=scope, benefit=made) if publish else made


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_benefit(request: HttpRequest, benefit: UUID) -> HttpResponse:
    """Withdraw a published benefit, with a reason."""
    scope = scope_in(request)
    found = asking.own_benefit(scope, benefit, "publish")
    if found is None:
        raise Http404
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if kept(form, lambda: benefit_actions.withdraw_benefit(by=scope, benefit=found, reason=reason)):
            messages.success(request, "The benefit is withdrawn.")
            return redirect("initiative", found.initiative_id)
    return page(request, "improvement/benefit_withdraw.html", form, benefit=found)
