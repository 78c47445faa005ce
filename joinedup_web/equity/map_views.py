"""The page of the map as at a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.charts.words import span
from joinedup.definitions import Period, Places
from joinedup.definitions.maps import map_on
from joinedup_web.equity import crossing, mapping, presenting
from joinedup_web.equity.figures import Figures
from joinedup_web.equity.opening import current_figures


@require_safe
def place_map(request: HttpRequest) -> HttpResponse:
    """The map of the register on a day, with figures by place on that map where they are published."""
    asked, register = request.GET, Places.load()
    try:
        changes, chosen, day = mapping.slider(register, asked.get("at", ""), asked.get("on", ""))
    except ValueError as error:
        raise Http404 from error
    drawn = map_on(register, day)
    figures = current_figures(asked.get("state", ""))
    context = {
        "changes": changes, "chosen": chosen, "day": day, "drawn": drawn, "tiles": mapping.tiles(register, drawn),
        "level": drawn.level, "lead": mapping.lead(drawn), "key": mapping.key(drawn), "figures": figures,
        "links": presenting.lens_links("map"), **_figures(figures, drawn, asked),
    }  # fmt: skip
    return render(request, "equity/map.html", context)


def _figures(figures: Figures | None, drawn: Any, asked: Any) -> dict[str, Any]:
    held = crossing.cube_of(figures) if figures is not None else None
    if held is None or held.released is None:
        return {"rows": mapping.rows(None, drawn, "", ""), "measures": (), "periods": ()}
    question = _question(asked, held.periods)
    return {
        "rows": mapping.rows(figures, drawn, question.measure, question.period),
        "measures": [(one.id, f"{one.title} ({one.id})") for one in crossing.measures()],
        "periods": [(key, span(key)) for key in _years_first(held.periods)],
        "asked": question,
    }


def _question(asked: Mapping[str, str], periods: Sequence[str]) -> crossing.Question:
    """The measure and period of an address; the first measure and the newest year where it names none."""
    measure = asked.get("measure", "") or crossing.measures()[0].id
    period = asked.get("period", "") or next(iter(_years_first(periods)), "")
    return crossing.Question(measure, crossing.BOROUGHS, crossing.area(), period)


def _years_first(periods: Sequence[str]) -> list[str]:
    order = {"financial_year": 0, "quarter": 1, "month": 2}
    return sorted(periods, key=lambda key: order.get(Period.parse(key).kind, 3))
