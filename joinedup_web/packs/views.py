"""Pages of packs: scope, question, page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import JoinedupError
from joinedup_web.equity.opening import current_figures
from joinedup_web.organisations.scope import scope_in
from joinedup_web.packs import actions, asking, files, models, presenting
from joinedup_web.packs.commentary import months_of
from joinedup_web.packs.forms import AskForPack, SendTemplate, Why
from joinedup_web.packs.models import Pack


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """Packs of one's own places."""
    scope = scope_in(request)
    context = {"packs": asking.packs(scope), "templates": asking.templates(scope), "words": presenting}
    return render(request, "packs/packs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Have a pack made: what an address names is filled in."""
    scope, figures = scope_in(request), current_figures()
    months = months_of(figures) if figures is not None else ()
    named = {name: request.GET[name] for name in ("layout", "period", "place") if name in request.GET}
    initial = {"formats": ["pptx", "docx"], **named}
    form = AskForPack(request.POST or None, scope=scope, months=months, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = _kept(form, lambda: actions.ask_for_pack(by=scope, figures=figures, **form.asked()))
        if found is not None:
            if found.state == models.READY:
                messages.success(request, "Just this was made before: here it is.")
            return redirect("pack", found.pk)
    wanted = named.get("period", "")
    context = {
        "form": form, "months": months, "words": presenting, "missing": wanted if wanted not in months else "",
    }  # fmt: skip
    return render(request, "packs/make.html", context, status=422 if form.errors else 200)


@require_safe
def pack(request: HttpRequest, pack: UUID) -> HttpResponse:
    """One pack: how far it is, its files, what stands in it."""
    scope, found = scope_in(request), _pack(request, pack)
    context = {
        "pack": found, "words": presenting, "under_way": found.state in models.UNDER_WAY,
        "makes": found.layout in actions.layouts_for(scope, found.place_id),
    }  # fmt: skip
    return render(request, "packs/pack.html", context)


@require_safe
def file(request: HttpRequest, pack: UUID, form: str) -> HttpResponseBase:
    """One file of a pack, to be saved."""
    found = _pack(request, pack)
    held = next((one for one in found.files if one["form"] == form), None)
    path = files.of_pack(found.pk) / f"pack.{form}"
    if found.state != models.READY or held is None or not path.is_file():
        raise Http404
    name = files.name_of(found.layout, found.period, form)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=files.TYPES[form])
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["POST"])
def again(request: HttpRequest, pack: UUID) -> HttpResponse:
    """Have a pack that failed made again."""
    found = _pack(request, pack, "make")
    try:
        actions.make_again(by=scope_in(request), pack=found)
    except JoinedupError as error:
        messages.error(request, f"{error.message} {error.remedy}")
    return redirect("pack", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pack: UUID) -> HttpResponse:
    """Take the files of a pack away, with a reason."""
    scope, found, form = scope_in(request), _pack(request, pack, "make"), Why(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _kept(form, lambda: actions.remove_pack(by=scope, pack=found, reason=reason)):
            messages.success(request, "The files are removed. The record of it is kept.")
            return redirect("packs")
    context = {"form": form, "pack": found, "words": presenting}
    return render(request, "packs/remove.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def send_template(request: HttpRequest) -> HttpResponse:
    """Send a template of one's organisation."""
    scope = scope_in(request)
    if request.method == "POST":
        sent = (request.POST, request.FILES)  # read first: whether it was too large is known then
        form = SendTemplate(*sent, scope=scope, too_large=bool(getattr(request, "too_large", False)))
    else:
        form = SendTemplate(scope=scope)
    if (
        request.method == "POST"
        and form.is_valid()
        and _kept(form, lambda: actions.keep_template(by=scope, **form.asked()), "file")
    ):
        messages.success(request, "The template is kept. Choose it when you make a pack.")
        return redirect("packs")
    return render(request, "packs/template.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end_template(request: HttpRequest, pack_template: UUID) -> HttpResponse:
    """Offer a template no more."""
    scope = scope_in(request)
    found = asking.template_of(scope, pack_template)
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.end_template(by=scope, template=found)
        messages.success(request, "It is not offered any more. Packs made with it stay.")
        return redirect("packs")
    return render(request, "packs/template_end.html", {"template": found})


def _kept(form: Any, act: Callable[[], Any], field: str | None = None) -> Any:
    """What an action made; None where it refused, which the form then says."""
    try:
        return act()
    except JoinedupError as error:
        form.add_error(field, f"{error.message} {error.remedy}".strip())
    return None


def _pack(request: HttpRequest, identity: UUID, action: str = "see") -> Pack:
    found = asking.pack_of(scope_in(request), identity, action)
    if found is None:
        raise Http404
    return found
