"""The page of the map as at a day."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from joinedup.definitions import Places
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
    question = presenting.question(asked, "", held)
    return {
        "rows": mapping.rows(figures, drawn, question.measure, question.period),
        "measures": [(one.id, f"{one.title} ({one.id})") for one in crossing.measures()],
        "periods": presenting.period_words(held),
        "asked": question,
    }
