"""Pages on which forms go out as files and come in again: scores, agreed levels, and the other forms of a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand, YourData
from joinedup_web.governance.frameworks import actions, agreeing, asking, filling, keeping, presenting
from joinedup_web.governance.frameworks.agreeing_views import moderated
from joinedup_web.governance.frameworks.forms import SendForm
from joinedup_web.governance.frameworks.models import Party, Round
from joinedup_web.governance.frameworks.scoring_views import party_in
from joinedup_web.governance.frameworks.views import FORM, file_answer, framework_of, may_keep, unit_of
from joinedup_web.organisations.scope import scope_in

Read = Callable[[bytes, str], Any]
Keep = Callable[[Any], Any]


@require_safe
def scores_file(request: HttpRequest, round: UUID, party: UUID, form: str) -> HttpResponse:
    """The form of a party, with what is kept so far."""
    found, of = party_in(request, round, party)
    kept = asking.sheet_of(of)
    scores = keeping.scores_of(kept.scores) if kept else ()
    return _scores(found, of.view, _partner(found, of), scores, form)


@require_safe
def agreed_file(request: HttpRequest, round: UUID, form: str) -> HttpResponse:
    """The form of the meeting that decides, with what is agreed so far."""
    found = moderated(request, round)
    agreed = asking.agreement_of(found)
    scores = keeping.scores_of(agreed.scores) if agreed else ()
    return _scores(found, Framework.load(found.framework).deciding.slug, "", scores, form)


@require_http_methods(FORM)
def send_scores(request: HttpRequest, round: UUID, party: UUID) -> HttpResponse:
    """Bring in a party's form; it takes the place of the draft."""
    found, of = party_in(request, round, party)
    kept = asking.sheet_of(of)

    def read(content: bytes, name: str) -> Any:
        return filling.read_scores(content, name, found, of.view, _partner(found, of))

    def keep(sent: Any) -> None:
        actions.save_scores(
            by=scope_in(request), found=found, party=of, scores=sent.scores, whole=True,
            edition=kept.edition if kept else 0,
        )  # fmt: skip

    back = reverse("score_sheet", args=[found.pk, of.pk])
    return _page(
        request, read, keep, f"Bring in the scores of {of}", back, lambda sent: sent.scores is not None
    )


@require_http_methods(FORM)
def send_agreed(request: HttpRequest, round: UUID) -> HttpResponse:
    """Bring in the form of the meeting that decides; it takes the place of what is agreed so far."""
    found = moderated(request, round)
    agreed = asking.agreement_of(found)

    def read(content: bytes, name: str) -> Any:
        view = Framework.load(found.framework).deciding.slug
        return filling.read_scores(content, name, found, view, "")

    def keep(sent: Any) -> None:
        agreeing.agree(
            by=scope_in(request), found=found, scores=sent.scores, whole=True,
            edition=agreed.edition if agreed else 0, figures=asking.held(scope_in(request), timezone.localdate()),
        )  # fmt: skip

    back = reverse("framework_round", args=[found.pk])
    return _page(
        request, read, keep, "Bring in the agreed levels", back, lambda sent: sent.scores is not None
    )


@require_safe
def part_file(request: HttpRequest, framework: str, unit: str, part: str, form: str) -> HttpResponse:
    """A roadmap, charter or register as it is kept, or the blank form."""
    about, of = framework_of(framework), unit_of(framework, unit)
    kept = asking.forms(scope_in(request), about.slug, of.code).get(part)
    if part not in keeping.PARTS or form not in filling.TYPES:
        raise Http404
    try:
        content = filling.part_file(about, of.code, part, keeping.form_of(kept) if kept else None, form)
    except YourCommand as error:
        raise Http404 from error
    return file_answer(content, form, f"{part}-{of.code.lower()}")


@require_http_methods(FORM)
def send_part(request: HttpRequest, framework: str, unit: str, part: str) -> HttpResponse:
    """Bring in a roadmap, role charter or register of neighbourhoods; it takes the place of the one before."""
    about, of = framework_of(framework), unit_of(framework, unit)
    keeper = may_keep(scope_in(request), about, of)
    if keeper is None or part not in keeping.PARTS:
        raise Http404

    def read(content: bytes, name: str) -> Any:
        return filling.read_part(content, name, about, of.code, part)

    def keep(sent: Any) -> None:
        actions.put_form(
            by=scope_in(request), place=keeper, framework=about, unit=of, part=part, found=sent.part,
            file=request.FILES["file"].name or "form",
        )  # fmt: skip

    back = reverse("framework_place", args=[about.slug, of.code])
    return _page(
        request, read, keep, f"Bring in: {keeping.PARTS[part]}", back, lambda sent: sent.part is not None
    )


def _partner(found: Round, of: Party) -> str:
    several = {view.slug for view in Framework.load(found.framework).views if view.several}
    return of.name if of.view in several else ""


def _scores(found: Round, view: str, partner: str, scores: Any, form: str) -> HttpResponse:
    if form not in filling.TYPES:
        raise Http404
    content = filling.scores_file(found, view, partner, scores, form)
    return file_answer(content, form, "scores")


def _page(
    request: HttpRequest, read: Read, keep: Keep, title: str, back: str, whole: Callable[[Any], bool]
) -> HttpResponse:
    """Read a file; where nothing of it would be left out, keep it. Else every fault stands on the page."""
    form, sent = _sent(request), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sent = read(file.read(), file.name)
            if whole(sent):
                keep(sent)
                _say(request, sent)
                return redirect(back)
            form.add_error(
                "file", "Parts of the form could not be used, so nothing of it was kept. See below."
            )
        except (YourCommand, YourData) as error:
            form.add_error("file", f"{error.message} {error.remedy}")
    context = {
        "form": form, "title": title, "back": back, "address": request.path,
        "found": presenting.findings_table(sent.findings) if sent is not None and sent.findings else None,
    }  # fmt: skip
    return render(request, "frameworks/send.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, sent: Any) -> None:
    told = [f"Row {one.row}: {one.message} {one.remedy}" for one in sent.findings[:10]]
    messages.success(request, " ".join(["The form is kept.", *told]))


def _sent(request: HttpRequest) -> SendForm:
    if request.method != "POST":
        return SendForm()
    data = (request.POST, request.FILES)  # read first: whether it was too large is known then
    return SendForm(*data, too_large=bool(getattr(request, "too_large", False)))
