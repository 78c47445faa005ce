"""Pages on which levels are agreed, sent to be signed, signed, and corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.assessments import Score
from joinedup_web.governance.frameworks import agreeing, asking, keeping, presenting
from joinedup_web.governance.frameworks.forms import Nothing, Sign, Why
from joinedup_web.governance.frameworks.models import MODERATION, Agreement, Round
from joinedup_web.governance.frameworks.score_forms import score_forms
from joinedup_web.governance.frameworks.scoring_views import (
    all_valid,
    choices_in,
    domain_in,
    domain_page,
    edition_in,
    next_of,
    party_in,
    scores_in,
)
from joinedup_web.governance.frameworks.views import FORM, page, round_in
from joinedup_web.organisations.scope import scope_in


@dataclass(frozen=True)
class Act:
    """One thing that a moderator does to a round. `judged`: it asks what evidence allows today."""

    title: str
    button: str
    done: str
    does: Callable[..., Round]
    lead: str
    form: type[forms.Form] = Why
    judged: bool = False


ACTS: Mapping[str, Act] = {
    "moderate": Act(
        "End the scoring", "End it", "Scoring is over. Agree a level for each criterion.", agreeing.begin_moderation,
        "You see all scores that were handed in. Whoever has not handed in is not counted: say why you go on.",
    ),
    "send": Act(
        "Send the levels to be signed", "Send them", "The parties can sign now.", agreeing.send_to_sign,
        "Evidence is looked at once more. What it allows today is what the parties sign.", Nothing, judged=True,
    ),
    "take-back": Act(
        "Take the levels back", "Take them back", "The levels can be changed again.", agreeing.take_back,
        "Nobody has signed yet. Once somebody has, begin a corrected version instead.",
    ),
    "correct": Act(
        "Begin a corrected version", "Begin it", "This is the corrected version. Change what is wrong.",
        agreeing.correct, "What was signed stays as it is. The parties sign the new version anew.",
    ),
}  # fmt: skip


@require_http_methods(FORM)
def act(request: HttpRequest, round: UUID, act: str) -> HttpResponse:
    """One of the things that a moderator does."""
    found, wanted = moderated(request, round), ACTS.get(act)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        more = {"figures": asking.held(scope_in(request), timezone.localdate())} if wanted.judged else {}
        try:
            made = wanted.does(by=scope_in(request), found=found, **form.cleaned_data, **more)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, wanted.done)
            return redirect("framework_round", made.pk)
    told = {"title": wanted.title, "button": wanted.button, "lead": wanted.lead}
    return page(request, form, told, reverse("framework_round", args=[found.pk]))


@require_http_methods(FORM)
def domain(request: HttpRequest, round: UUID, domain: str) -> HttpResponse:
    """What each gave in one domain, and the level that is agreed, with its reason."""
    scope, found = scope_in(request), moderated(request, round)
    about, agreed = Framework.load(found.framework), asking.agreement_of(found)
    wanted, back = domain_in(about, domain), reverse("framework_round", args=[found.pk])
    if found.state != MODERATION or agreed is None:
        messages.error(request, "Levels are not being agreed in this round now.")
        return redirect(back)
    figures, problem = asking.held(scope, timezone.localdate()), ""
    told = keeping.scored(found, asking.sheets(found), agreed, figures)
    outcomes = presenting.spread_in(told, wanted)
    data = request.POST if request.method == "POST" else None
    made = score_forms(
        data, about, wanted, _begun(agreed, outcomes), choices_in(request, found), reasoned=True
    )
    if data is not None and all_valid(made):
        try:
            agreeing.agree(
                by=scope, found=found, scores=scores_in(made), edition=edition_in(request), figures=figures
            )
        except YourCommand as error:
            problem = f"{error.message} {error.remedy}"
        else:
            messages.success(request, f"{wanted.title}: the agreed levels are kept.")
            return redirect(
                next_of(
                    about, wanted, request, back, lambda one: reverse("agree_domain", args=[found.pk, one])
                )
            )
    context = {
        "about": about, "domain": wanted, "round": found, "who": "the meeting that decides", "leave": back,
        "address": request.path, "edition": agreed.edition, "outcomes": outcomes, "told": told, "agreeing": True,
    }  # fmt: skip
    return domain_page(request, made, problem, context)


@require_http_methods(FORM)
def sign(request: HttpRequest, round: UUID, party: UUID) -> HttpResponse:
    """Read the agreed levels, and sign them for a party."""
    found, of = party_in(request, round, party, "sign")
    form, back = Sign(request.POST or None), reverse("framework_round", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            agreeing.sign(by=scope_in(request), found=found, party=of, office=form.cleaned_data["office"])
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, f"Signed for {of}.")
            return redirect(back)
    told = asking.scored(found, asking.held(scope_in(request), timezone.localdate()))
    agreed = asking.agreement_of(found)
    context = {
        "form": form, "round": found, "party": of, "back": back, "address": request.path, "words": presenting,
        "about": Framework.load(found.framework), "outcomes": told.outcomes if told and agreed else (),
    }  # fmt: skip
    return render(request, "frameworks/sign.html", context, status=422 if form.errors else 200)


def moderated(request: HttpRequest, identity: UUID) -> Round:
    """A round that this person moderates; any other is not there."""
    found = round_in(request, identity)
    if not scope_in(request).may_at("moderate", asking.KIND, found.place_id):
        raise Http404
    return found


def _begun(agreed: Agreement, outcomes: Mapping[str, Any]) -> list[Score]:
    """What is agreed so far; for the rest the level where the meeting could begin, without a reason yet."""
    kept = {one.criterion: one for one in keeping.scores_of(agreed.scores)}
    found = dict(kept)
    for code, one in outcomes.items():
        if code not in kept and one.proposed is not None:
            local = ("", "") if one.core else (one.title, one.domain)
            found[code] = Score(code, one.proposed, "", (), *local)
    return list(found.values())
