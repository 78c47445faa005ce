"""Pages of the explorer: which figures, which picture, page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from joinedup_web.equity import crossing, glance, presenting, progress
from joinedup_web.equity.answering import AnswerPage, Own, answer_page
from joinedup_web.equity.cells import earlier_values, entry_of, said
from joinedup_web.equity.figures import Figures, Shown
from joinedup_web.equity.files import TYPES, file_of
from joinedup_web.equity.notes import beside, with_notes
from joinedup_web.equity.offer import load_offer
from joinedup_web.equity.opening import current_figures, folder, states
from joinedup_web.organisations.scope import scope_in

CODE = re.compile(r"[A-Z2-7]{10}")


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """What stands out, one's own place at a glance, and the three lenses."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    context = {
        "figures": figures, "offer": load_offer(), "links": presenting.lens_links(""),
        "glance": glance.shown_of(figures, {}, own_of(request).borough), "rows": glance.rows_of(""),
    }  # fmt: skip
    return render(request, "equity/explore.html", context)


@require_safe
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: a question, and the picture that answers it."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    page = _answer(request, figures, measure)
    context = {
        "page": page,
        "figures": figures,
        "own": own_of(request).names,
        "progress": progress.read(folder()),
    }
    return render(request, "equity/measure.html", context)


@require_safe
def measure_file(request: HttpRequest, measure: str, form: str) -> HttpResponse:
    """That page as a file."""
    figures = _figures(request)
    page = _answer(request, figures, measure) if figures else None
    return _file(request, page.shown if page else None, form)


@require_safe
def measure_csv(request: HttpRequest, measure: str) -> HttpResponse:
    """The table of that page, under the address that it had first."""
    return measure_file(request, measure, "csv")


def _answer(request: HttpRequest, figures: Figures, measure: str) -> AnswerPage:
    page = answer_page(figures, measure, request.GET.dict(), own_of(request), scope_in(request))
    if page is None:
        raise Http404
    return page


@require_safe
def gap(request: HttpRequest) -> HttpResponse:
    """Where the gap between a group and its reference opens."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    page = _gap(request, figures)
    context = {
        "page": page, "figures": figures, "links": presenting.lens_links("gap"), "scan": figures.shown("scan"),
        "shown": _noted(request, figures, page.shown) if page else None,
        "noted": beside(scope_in(request), figures, page.shown.table.every_code) if page else (),
        "closing": figures.shown("gap-trend"), "files": presenting.files_of("gap_file", request.GET.dict()),
    }  # fmt: skip
    return render(request, "equity/gap.html", context)


@require_safe
def gap_file(request: HttpRequest, form: str) -> HttpResponse:
    """That page as a file."""
    figures = _figures(request)
    page = _gap(request, figures) if figures else None
    return _file(request, _noted(request, figures, page.shown) if figures and page else None, form)


@require_safe
def gap_csv(request: HttpRequest) -> HttpResponse:
    """The table of that page, under the address that it had first."""
    return gap_file(request, "csv")


def _gap(request: HttpRequest, figures: Figures) -> presenting.GapPage | None:
    """The gap that the address asks for, the widest where it names none. Raises Http404 for one that is not there."""
    asked = request.GET
    page = presenting.gap_page(
        figures, asked.get("by", ""), asked.get("group", ""), asked.get("place", ""), asked.get("state", "")
    )
    if page is None and (asked.get("by") or asked.get("group") or asked.get("place")):
        raise Http404
    return page


@require_safe
def cube(request: HttpRequest) -> HttpResponse:
    """One place at a glance: every measure there, beside the others."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    if request.GET.get("measure"):  # questions had this address before each measure had a page for them
        return redirect(presenting.moved(request.GET.dict()))
    shown = _glance(request, figures)
    context = {
        "figures": figures, "links": presenting.lens_links("cube"), "cube": crossing.cube_of(figures), "shown": shown,
        "asked": glance.asked(figures, request.GET, own_of(request).borough), "state": request.GET.get("state", ""),
        "rows": glance.rows_of(request.GET.get("place", "")), "places": crossing.place_names()[1:],
        "periods": glance.periods(figures), "progress": progress.read(folder()),
        "noted": beside(scope_in(request), figures, shown.table.every_code) if shown else (),
        "spread": [one for one in map(figures.shown, ("league", "spread-trend")) if one],
        "files": presenting.files_of("cube_file", request.GET.dict(), ("csv", "xlsx", "pdf")),
    }  # fmt: skip
    return render(request, "equity/cube.html", context)


@require_safe
def cube_file(request: HttpRequest, form: str) -> HttpResponse:
    """That page as a file."""
    figures = _figures(request)
    if figures is not None and crossing.cube_of(figures) is None:
        return _not_ready(request)
    return _file(request, _glance(request, figures) if figures else None, form)


@require_safe
def cube_csv(request: HttpRequest) -> HttpResponse:
    """The table of that page, under the address that it had first."""
    return cube_file(request, "csv")


def _glance(request: HttpRequest, figures: Figures) -> Shown | None:
    shown = glance.shown_of(figures, request.GET, own_of(request).borough)
    return _noted(request, figures, shown) if shown is not None else None


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """The steps of the journey, for everyone and for one group beside its reference."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    context = {
        "page": _gap(request, figures), "figures": figures, "links": presenting.lens_links("journey"),
        "steps": figures.shown("journey-steps"),
        "waits": [s for s in (figures.shown("wait-ends"),) if s],
        "files": presenting.files_of("journey_file", {"state": request.GET.get("state", "")}),
    }  # fmt: skip
    return render(request, "equity/journey.html", context)


@require_safe
def journey_file(request: HttpRequest, form: str) -> HttpResponse:
    """The steps as a file."""
    figures = _figures(request)
    return _file(request, figures.shown("journey-steps") if figures else None, form)


@require_safe
def journey_csv(request: HttpRequest) -> HttpResponse:
    """The table of the steps, under the address that it had first."""
    return journey_file(request, "csv")


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """How good the data are, by trust."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    tables = [shown for shown in map(figures.shown, ("not-stated", "paired", "returns", "waiting")) if shown]
    context = {"tables": tables, "figures": figures, "links": presenting.lens_links("quality")}
    return render(request, "equity/quality.html", context)


@require_safe
def find_number(request: HttpRequest) -> HttpResponse:
    """From a typed code to its page."""
    code = request.GET.get("code", "").strip().upper()
    if CODE.fullmatch(code):
        return redirect("number", code)
    return render(request, "equity/find.html", {"code": code}, status=400 if code else 200)


@require_safe
def number(request: HttpRequest, code: str) -> HttpResponse:
    """What a number is: definition, version, state, rows in and out, release rule, what it was before, and notes."""
    figures, code = opened_in(code.upper()), code.upper()
    entry = entry_of(figures, code)
    context = {
        "number": code, "lines": presenting.opened(figures, code), "figures": figures, "cell": said(entry),
        "reasons": presenting.rows_in_and_out(figures, code), "measure": presenting.definition_of(figures, code),
        "newest": figures.snapshot == states()[0], "made_of": entry.get("made of", []),
        "before": earlier_values(figures, code), "notes": beside(scope_in(request), figures, [code]),
    }  # fmt: skip
    return render(request, "equity/number.html", context)


def opened_in(code: str) -> Figures:
    """The newest state that has a number of that code. Raises Http404 where none has."""
    for state in states():
        figures = current_figures(str(state))
        if figures is not None and entry_of(figures, code):
            return figures
    raise Http404


def own_of(request: HttpRequest) -> Own:
    """The borough and the service of whoever asks."""
    places, today = scope_in(request).places, timezone.localdate()
    codes = presenting.own_service_codes(places, today)
    return Own(
        presenting.own_borough(places, today), next(iter(codes), ""), presenting.own_services(places, today)
    )


def _noted(request: HttpRequest, figures: Figures, shown: Shown) -> Shown:
    return with_notes(shown, beside(scope_in(request), figures, shown.table.every_code))


def _figures(request: HttpRequest) -> Figures | None:
    """The state that the address names, or the newest. Raises Http404 for a state that is not kept."""
    state = request.GET.get("state", "")
    figures = current_figures(state)
    if figures is None and state:
        raise Http404
    return figures


def _not_ready(request: HttpRequest) -> HttpResponse:
    answer = render(request, "equity/not_ready.html", {"progress": progress.read(folder())}, status=503)
    answer["Retry-After"] = "5"
    return answer


def _file(request: HttpRequest, shown: Shown | None, form: str) -> HttpResponse:
    if shown is None or form not in TYPES:
        raise Http404
    body = file_of(shown, form, request.build_absolute_uri(_page_of(request)))
    if body is None:
        raise Http404
    answer = HttpResponse(body, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{shown.slug}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _page_of(request: HttpRequest) -> str:
    """The address of the page of which a file was asked for."""
    path = re.sub(r"(file/\w+/|table\.csv)$", "", request.path)
    asked: Mapping[str, Any] = request.GET
    return path + (f"?{request.GET.urlencode()}" if asked else "")
