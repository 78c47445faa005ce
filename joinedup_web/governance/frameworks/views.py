"""Pages of frameworks: what there is, a round, one place, places beside each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.definitions.frameworks import Framework
from joinedup.errors import UnknownName, YourCommand
from joinedup_web.governance.frameworks import actions, asking, filling, keeping, presenting
from joinedup_web.governance.frameworks.forms import ChooseFramework, OpenRound
from joinedup_web.governance.frameworks.models import MODERATION, SCORING, SIGNED, SIGNING, Round
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope, scope_in

FORM = ("GET", "HEAD", "POST")


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """The frameworks that there are, and the rounds that may be seen."""
    scope = scope_in(request)
    found = asking.rounds(scope)
    told = [(one, [row for row in found if row.framework == one.slug]) for one in Framework.all()]
    context = {"frameworks": told, "words": presenting, "waiting": asking.to_score(scope)}
    return render(request, "frameworks/frameworks.html", context)


@require_safe
def compared(request: HttpRequest, framework: str) -> HttpResponse:
    """Places beside each other on what can be compared, both maps, and the framework's own texts."""
    scope, about = scope_in(request), framework_of(framework)
    found = asking.results(scope, about.slug, timezone.localdate())
    rounds = [one for one in asking.rounds(scope, about.slug) if one.state == SIGNED]
    context = {
        "about": about, "words": presenting, "rounds": rounds, "units": asking.units_of(about),
        "parts": presenting.parts_of(found, about.slug, presenting.COMPARED), "there": {one.place for one in found},
    }  # fmt: skip
    return render(request, "frameworks/compared.html", context)


@require_safe
def place(request: HttpRequest, framework: str, unit: str) -> HttpResponse:
    """One place in a framework: its rounds, and everything that follows from them."""
    scope, about, of = scope_in(request), framework_of(framework), unit_of(framework, unit)
    today = timezone.localdate()
    rounds = asking.rounds(scope, about.slug, of.code)
    mine = [one for one in rounds if one.note]
    context = {
        "about": about, "unit": of, "rounds": rounds, "words": presenting, "today": today, "forms": keeping.PARTS,
        "parts": _parts(scope, about, of), "notes": sorted({one.note for one in mine}),
        "held": asking.forms(scope, about.slug, of.code), "keeps": may_keep(scope, about, of),
        "has": _has(about),
    }  # fmt: skip
    return render(request, "frameworks/place.html", context)


@require_safe
def result_file(request: HttpRequest, framework: str, unit: str, form: str) -> HttpResponse:
    """The tables of a place as a workbook; as CSV the levels with their spread."""
    scope, about, of = scope_in(request), framework_of(framework), unit_of(framework, unit)
    parts = _parts(scope, about, of)
    if not parts or form not in ("xlsx", "csv"):
        raise Http404
    content = presenting.workbook(parts) if form == "xlsx" else presenting.csv(parts[-1])
    return file_answer(content, form, f"{about.slug}-{of.code.lower()}")


@require_http_methods(FORM)
def choose(request: HttpRequest) -> HttpResponse:
    """Which framework a round is to be of."""
    form = ChooseFramework(request.POST or None, scope=scope_in(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        return redirect("open_round", told["framework"], told["place"])
    act = {"title": "Open a round", "button": "Go on", "lead": "Each who takes part scores apart first."}
    return page(request, form, act, reverse("frameworks"))


@require_http_methods(FORM)
def open_round(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """A round with its day and who takes part."""
    scope, about = scope_in(request), framework_of(framework)
    keeper = next((one for one in asking.keeps(scope) if one.code == code), None)
    if keeper is None:
        raise Http404
    form = OpenRound(request.POST or None, place=keeper, framework=about)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.open_round(
                by=scope, place=keeper, framework=about, unit=told["unit"], name=told["name"], day=told["day"],
                parties=told["parties"], note=told["note"],
            )  # fmt: skip
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(
                request, "The round is open. Those who take part find it at the top of their first page."
            )
            return redirect("framework_round", made.pk)
    lead = f"{about.title}. {presenting.whose_texts(about)}"
    act = {"title": f"Open a round: {keeper}", "button": "Open it", "lead": lead}
    return page(request, form, act, reverse("frameworks"))


@require_safe
def round_page(request: HttpRequest, round: UUID) -> HttpResponse:
    """One round: who takes part, what is handed in, agreed and signed, and what is next."""
    scope, today, found = scope_in(request), timezone.localdate(), round_in(request, round)
    about, agreed, given = (
        Framework.load(found.framework),
        asking.agreement_of(found),
        asking.handed_in(found),
    )
    rows = asking.parties(found)
    seen = {one.party_id for one in asking.sheets(found)}
    scored = asking.scored(found, asking.held(scope, today)) if seen or agreed else None
    context = {
        "round": found, "about": about, "words": presenting, "parties": rows, "given": given, "agreed": agreed,
        "signed": asking.signatures(found), "state": presenting.STATES[found.state],
        "scores": {one.pk for one in rows if found.state == SCORING and asking.may_for(scope, one, "score")},
        "signs": {one.pk for one in rows if found.state == SIGNING and asking.may_for(scope, one, "sign")},
        "moderates": scope.may_at("moderate", asking.KIND, found.place_id), "sees": bool(seen) or bool(agreed),
        "parts": _of_round(found, scored), "domains": about.domains, "steps": {"scoring": SCORING,
        "moderation": MODERATION, "signing": SIGNING, "signed": SIGNED},
    }  # fmt: skip
    return render(request, "frameworks/round.html", context)


def page(request: HttpRequest, form: Any, act: dict[str, str], back: str, **more: Any) -> HttpResponse:
    """A form with its title, what it is for, and one button."""
    context = {"form": form, "act": act, "back": back, "address": request.path, **more}
    return render(request, "frameworks/act.html", context, status=422 if form.errors else 200)


def framework_of(name: str) -> Framework:
    """The framework of that slug; any other is not there."""
    try:
        return Framework.load(name)
    except UnknownName as error:
        raise Http404 from error


def unit_of(framework: str, code: str) -> Place:
    """A place of the framework's level; any other is not there."""
    found = place_of(code)
    if found is None or found.level != framework_of(framework).unit:
        raise Http404
    return found


def round_in(request: HttpRequest, identity: UUID) -> Round:
    """A round that may be seen; any other is not there."""
    found = asking.round_of(scope_in(request), identity)
    if found is None:
        raise Http404
    return found


def may_keep(scope: Scope, about: Framework, unit: Place) -> Place | None:
    """The place at which this person keeps the forms of a unit; None where they do not."""
    found = (one for one in asking.keeps(scope) if unit.code in asking.units_for(one.code, about))
    return next(found, None)


def file_answer(content: bytes, form: str, name: str) -> HttpResponse:
    """A file to be kept."""
    answer = HttpResponse(content, content_type=filling.TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _parts(scope: Scope, about: Framework, of: Place) -> list[presenting.Part]:
    today = timezone.localdate()
    found = asking.result(scope, about.slug, of.code, today)
    if not found.rounds and not (found.roadmap or found.charter or found.register):
        return []
    return presenting.of_place(found, asking.results(scope, about.slug, today))


def _of_round(found: Round, scored: Any) -> list[presenting.Part]:
    if scored is None:
        return []
    return presenting.of_round(keeping.result(found.framework, found.unit_id, [scored]))


def _has(about: Framework) -> dict[str, bool]:
    return {
        "roadmap": True, "charter": about.charter is not None,
        "neighbourhoods": about.neighbourhoods is not None,
    }  # fmt: skip
