"""Pages of the explorer: which figures, which picture, page."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from joinedup_web.equity import crossing, presenting
from joinedup_web.equity.figures import Figures, Shown
from joinedup_web.equity.offer import load_offer
from joinedup_web.equity.opening import current_figures, states
from joinedup_web.organisations.scope import scope_in

CODE = re.compile(r"[A-Z2-7]{10}")


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """What stands out, and the three lenses."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    context = {"figures": figures, "offer": load_offer(), "links": presenting.lens_links("")}
    return render(request, "equity/explore.html", context)


@require_safe
def measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure in one view."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    page = presenting.measure_page(
        figures, measure, request.GET.get("view", ""), request.GET.get("state", "")
    )
    if page is None:
        raise Http404
    return render(request, "equity/measure.html", {"page": page, "figures": figures, "own": _own(request)})


@require_safe
def measure_csv(request: HttpRequest, measure: str) -> HttpResponse:
    """The table of that page."""
    figures = _figures(request)
    page = figures and presenting.measure_page(figures, measure, request.GET.get("view", ""), "")
    return _csv(page.shown if page else None)


@require_safe
def gap(request: HttpRequest) -> HttpResponse:
    """Where the gap between a group and its reference opens."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    asked = request.GET
    page = presenting.gap_page(figures, asked.get("by", ""), asked.get("group", ""), asked.get("state", ""))
    if page is None and (asked.get("by") or asked.get("group")):
        raise Http404
    context = {
        "page": page,
        "figures": figures,
        "links": presenting.lens_links("gap"),
        "scan": figures.shown("scan"),
    }
    return render(request, "equity/gap.html", context)


@require_safe
def gap_csv(request: HttpRequest) -> HttpResponse:
    """The table of that page."""
    figures = _figures(request)
    page = figures and presenting.gap_page(
        figures, request.GET.get("by", ""), request.GET.get("group", ""), ""
    )
    return _csv(page.shown if page else None)


@require_safe
def cube(request: HttpRequest) -> HttpResponse:
    """Any published measure by borough, month or group, at a place and in a period."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    context = {"figures": figures, "links": presenting.lens_links("cube"), "cube": crossing.cube_of(figures)}
    return render(request, "equity/cube.html", {**context, **_asked(request, figures)})


@require_safe
def cube_csv(request: HttpRequest) -> HttpResponse:
    """The table of that page."""
    figures = _figures(request)
    asked = _asked(request, figures) if figures else {}
    return _csv(asked["shown"]) if asked else _not_ready(request)


def _asked(request: HttpRequest, figures: Figures) -> dict[str, Any]:
    """The question of the address and its answer, once the cube is published."""
    held = crossing.cube_of(figures)
    if held is None or held.released is None:
        return {}
    borough = presenting.own_borough(scope_in(request).places, timezone.localdate())
    asked, state = presenting.question(request.GET, borough, held), request.GET.get("state", "")
    names = dict(crossing.place_names())
    told = {
        "measure": asked.measure,
        "by": asked.by,
        "place": asked.place,
        "period": asked.period,
        "state": state,
    }
    return {
        "asked": asked,
        "state": state,
        "shown": crossing.answer(figures, asked),
        "own": (names.get(borough, ""),),
        "csv": presenting.address("cube_csv", **told),
        "measures": [(one.id, f"{one.title} ({one.id})") for one in crossing.measures()],
        "ways": presenting.ways(),
        "places": crossing.place_names(),
        "periods": presenting.period_words(held),
    }


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """The steps of the journey, for everyone and for one group beside its reference."""
    figures = _figures(request)
    if figures is None:
        return _not_ready(request)
    page = presenting.gap_page(
        figures, request.GET.get("by", ""), request.GET.get("group", ""), request.GET.get("state", "")
    )
    if page is None and (request.GET.get("by") or request.GET.get("group")):
        raise Http404
    context = {
        "page": page,
        "figures": figures,
        "links": presenting.lens_links("journey"),
        "steps": figures.shown("journey-steps"),
        "waits": [s for s in map(figures.shown, ("wait-ends", "second-wait")) if s],
    }
    return render(request, "equity/journey.html", context)


@require_safe
def journey_csv(request: HttpRequest) -> HttpResponse:
    """The table of the steps."""
    figures = _figures(request)
    return _csv(figures.shown("journey-steps") if figures else None)


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
    """What a number is: definition, version, state, rows in and out, release rule. Older states are asked too."""
    for state in states():
        figures = current_figures(str(state))
        lines = figures and presenting.opened(figures, code.upper())
        if figures and lines:
            context = {
                "number": code.upper(),
                "lines": lines,
                "figures": figures,
                "reasons": presenting.rows_in_and_out(figures, code.upper()),
                "measure": presenting.definition_of(figures, code.upper()),
                "newest": state == states()[0],
                "made_of": presenting.entry_of(figures, code.upper()).get("made of", []),
            }
            return render(request, "equity/number.html", context)
    raise Http404


def _figures(request: HttpRequest) -> Figures | None:
    """The state that the address names, or the newest. Raises Http404 for a state that is not kept."""
    state = request.GET.get("state", "")
    figures = current_figures(state)
    if figures is None and state:
        raise Http404
    return figures


def _own(request: HttpRequest) -> tuple[str, ...]:
    return presenting.own_services(scope_in(request).places, timezone.localdate())


def _not_ready(request: HttpRequest) -> HttpResponse:
    answer = render(request, "equity/not_ready.html", status=503)
    answer["Retry-After"] = "30"
    return answer


def _csv(shown: Shown | None) -> HttpResponse:
    if shown is None:
        raise Http404
    answer = HttpResponse(
        presenting.csv_text(shown.table, shown.caption), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{shown.slug}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
