"""Pages on which a party scores: its domains, one form for each, and handing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.definitions.frameworks import Domain, Framework
from joinedup.errors import YourCommand
from joinedup_web.governance.frameworks import actions, asking, keeping, presenting
from joinedup_web.governance.frameworks.forms import Nothing
from joinedup_web.governance.frameworks.models import SCORING, Party, Round, Sheet
from joinedup_web.governance.frameworks.score_forms import Offered, ScoreForm, offered, score_forms
from joinedup_web.governance.frameworks.views import FORM, page, round_in
from joinedup_web.organisations.scope import scope_in

FIXED = "handed in: these scores are fixed"


@require_safe
def sheet(request: HttpRequest, round: UUID, party: UUID) -> HttpResponse:
    """A party's scores by domain, and whether it has handed in."""
    found, of = party_in(request, round, party)
    kept, about = asking.sheet_of(of), Framework.load(found.framework)
    scores = presenting.in_order(about, keeping.scores_of(kept.scores) if kept else ())
    context = {
        "round": found, "party": of, "about": about, "words": presenting, "scores": scores,
        "domains": presenting.scored_in(about, scores), "given": asking.handed_in(found).get(of.pk),
        "open": found.state == SCORING, "lacking": presenting.without_evidence(about, scores),
    }  # fmt: skip
    return render(request, "frameworks/sheet.html", context)


@require_http_methods(FORM)
def domain(request: HttpRequest, round: UUID, party: UUID, domain: str) -> HttpResponse:
    """The form of one domain: a level for each criterion, why, and the evidence."""
    scope, (found, of) = scope_in(request), party_in(request, round, party)
    about, kept = Framework.load(found.framework), asking.sheet_of(of)
    wanted, back = domain_in(about, domain), reverse("score_sheet", args=[found.pk, of.pk])
    if found.state != SCORING or of.pk in asking.handed_in(found):
        messages.error(request, "These scores were handed in, or scoring is over: they are fixed.")
        return redirect(back)
    forms = _forms(request, found, about, wanted, kept)
    problem = ""
    if request.method == "POST" and all_valid(forms):
        try:
            actions.save_scores(
                by=scope, found=found, party=of, scores=scores_in(forms), edition=edition_in(request)
            )
        except YourCommand as error:
            problem = f"{error.message} {error.remedy}"
        else:
            messages.success(request, f"{wanted.title}: the draft is kept.")
            return redirect(
                next_of(
                    about,
                    wanted,
                    request,
                    back,
                    lambda one: reverse("score_domain", args=[found.pk, of.pk, one]),
                )
            )
    context = {
        "about": about, "domain": wanted, "round": found, "who": of.name, "leave": back, "address": request.path,
        "edition": kept.edition if kept else 0, "outcomes": {}, "agreeing": False,
    }  # fmt: skip
    return domain_page(request, forms, problem, context)


@require_http_methods(FORM)
def hand_in(request: HttpRequest, round: UUID, party: UUID) -> HttpResponse:
    """Hand the scores in."""
    found, of = party_in(request, round, party)
    form, back = (
        Nothing(request.POST if request.method == "POST" else None),
        reverse("score_sheet", args=[found.pk, of.pk]),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_in(by=scope_in(request), found=found, party=of)
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, "Handed in. You see the scores of the others who have handed in.")
            return redirect("framework_round", found.pk)
    act = {
        "title": f"Hand in the scores of {of}", "button": "Hand them in",
        "lead": "They are fixed from then on, and the others who have handed in see them. You see theirs.",
    }  # fmt: skip
    return page(request, form, act, back)


def party_in(request: HttpRequest, identity: UUID, party: UUID, action: str = "score") -> tuple[Round, Party]:
    """A round and a party of it for which this person may do this; any other is not there."""
    found = round_in(request, identity)
    of = asking.party_for(scope_in(request), found, party, action)
    if of is None:
        raise Http404
    return found, of


def domain_in(about: Framework, slug: str) -> Domain:
    """A domain of the framework; any other is not there."""
    wanted = next((one for one in about.domains if one.slug == slug), None)
    if wanted is None:
        raise Http404
    return wanted


def scores_in(forms: list[ScoreForm]) -> list[Any]:
    """The scores of forms that are right."""
    return [form.cleaned_data["score"] for form in forms if "score" in form.cleaned_data]


def all_valid(forms: list[ScoreForm]) -> bool:
    """Whether every form is right; each is asked, so that the page tells all that is wrong."""
    return not [form for form in forms if not form.is_valid()]


def edition_in(request: HttpRequest) -> int:
    """The edition that the page was made of."""
    told = request.POST.get("edition", "")
    return int(told) if told.isdigit() and len(told) < 10 else -1


def choices_in(request: HttpRequest, found: Round) -> Offered:
    """What can be chosen as live evidence."""
    return offered(asking.held(scope_in(request), timezone.localdate()).published, found.unit_id)


def next_of(about: Framework, domain: Domain, request: HttpRequest, back: str, address: Any) -> str:
    """Where to after a domain was kept: the next one, or back where that was asked for or there is none."""
    slugs = [one.slug for one in about.domains]
    at = slugs.index(domain.slug) + 1
    return str(address(slugs[at])) if "on" in request.POST and at < len(slugs) else back


def domain_page(
    request: HttpRequest, forms: list[ScoreForm], problem: str, context: dict[str, Any]
) -> HttpResponse:
    """The forms of a domain below the texts of its levels."""
    wrong = bool(problem) or any(form.errors for form in forms)
    more = {"forms": forms, "problem": problem, "wrong": wrong, "words": presenting}
    return render(request, "frameworks/domain.html", {**context, **more}, status=422 if wrong else 200)


def _forms(
    request: HttpRequest, found: Round, about: Framework, wanted: Domain, kept: Sheet | None
) -> list[ScoreForm]:
    data = request.POST if request.method == "POST" else None
    scores = keeping.scores_of(kept.scores) if kept else ()
    return score_forms(data, about, wanted, scores, choices_in(request, found))
