"""Operations on states, services, measures and breakdowns, and what every operation on figures shares.

They answer from what pages read, by the same functions: nothing is computed from people here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from joinedup.definitions import Breakdown, Measure
from joinedup.measures.result import ADDITIVE
from joinedup_web.api.answering import operation, paged
from joinedup_web.api.problems import Refused
from joinedup_web.equity import numbers
from joinedup_web.equity.api_schemas import (
    BreakdownsAnswer,
    MeasureAnswer,
    MeasuresPage,
    ServicesAnswer,
    StateAnswer,
    StateAsked,
    StatePageAsked,
)
from joinedup_web.equity.crossing import cube_of
from joinedup_web.equity.figures import CUBE, Figures, name_of_view
from joinedup_web.equity.offer import load_offer
from joinedup_web.equity.opening import current_figures, states

router = Router(tags=["Definitions"])
WAIT = {"Retry-After": "30"}
Name = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_,-]{1,60}$", description="national id or our name, such as M195")
]


def figures_of(asked: StateAsked) -> Figures:
    """The state that is asked for, or the newest. Raises Refused where it is not kept, or nothing is released yet."""
    found = current_figures(str(asked.state or ""))
    if found is None and asked.state is not None:
        raise Refused(404, "That state is not kept.", "/api/v1/state says which are.")
    if found is None:
        raise Refused(503, "No figures are released yet.", headers=WAIT)
    return found


def made_of(request: HttpRequest) -> str:
    """Of what an answer is made: a state, its load, and whether its publication is there."""
    state = request.GET.get("state", "")
    found = current_figures(state if state.isdecimal() else "")
    if found is None:
        return "nothing"
    about = found.about
    return repr((states(), found.snapshot, about.get("committed_at", ""), (found.folder / CUBE).is_file()))


def state_of(figures: Figures) -> dict[str, Any]:
    """What every answer says of its state."""
    about = figures.about
    return {
        "snapshot": figures.snapshot, "newest": figures.snapshot == states()[0], "year": about["year"],
        "committed_at": about.get("committed_at", ""), "caption": about["caption"],
    }  # fmt: skip


@router.get(
    "/state", url_name="api_state", operation_id="state", summary="A state of the lake", response=StateAnswer
)
@operation(made_of)
def state(request: HttpRequest, asked: Query[StateAsked]) -> dict[str, Any]:
    """Which state answers are of, what stands out in it, what could not be shown, and which earlier states are kept."""
    figures = figures_of(asked)
    about = figures.about
    return {
        "state": state_of(figures), "kept": list(states()), "publication": publication_of(figures),
        "facts": [{"name": name, "value": value} for name, value in about["facts"]],
        "headlines": [{"text": text, "code": code} for text, code in about["headlines"]],
        "unavailable": about["unavailable"],
    }  # fmt: skip


def publication_of(figures: Figures) -> dict[str, Any]:
    """Whether there is a publication by place and period, and of which periods."""
    cube = cube_of(figures)
    if cube is None:
        return {"status": "being_published", "why": "", "periods": []}
    status = "published" if cube.released is not None else "refused"
    return {"status": status, "why": cube.refused, "periods": list(cube.periods)}


@router.get(
    "/services",
    url_name="api_services",
    operation_id="services",
    summary="Services and lenses",
    response=ServicesAnswer,
)
@operation(made_of)
def services(request: HttpRequest) -> dict[str, Any]:
    """The services that the workspace shows, each with its three lenses and their measures."""
    offer = load_offer()
    lenses = [{"lens": slug, **lens.model_dump()} for slug, lens in offer.lenses.items()]
    return {"services": [{"service": offer.service, "lenses": lenses}]}


@router.get(
    "/measures", url_name="api_measures", operation_id="measures", summary="Measures", response=MeasuresPage
)
@operation(made_of)
def measures(request: HttpRequest, asked: Query[StatePageAsked]) -> dict[str, Any]:
    """Measures of which figures are released, each as it is defined, with the version of its definition."""
    figures = figures_of(asked)
    shown, published = per_measure(figures)
    known = [one for one in Measure.all() if shown[one.id] or published[one.id]]
    part = paged(request, asked, known)
    part["items"] = [measure_of(figures, one, shown, published) for one in part["items"]]
    return {"state": state_of(figures), **part}


@router.get(
    "/measures/{measure}",
    url_name="api_measure",
    operation_id="measure",
    summary="One measure",
    response=MeasureAnswer,
)
@operation(made_of)
def measure(request: HttpRequest, measure: Name, asked: Query[StateAsked]) -> dict[str, Any]:
    """One measure as it is defined, by its national id or our name, whether figures of it are released or not."""
    figures = figures_of(asked)
    found = Measure.load(measure)
    return {"state": state_of(figures), "measure": measure_of(figures, found, *per_measure(figures))}


def per_measure(figures: Figures) -> tuple[Counter[str], Counter[str]]:
    """How many figures of each measure are released, and how many published by place and period."""
    published = numbers.published(figures)
    return tuple(  # type: ignore[return-value]
        Counter() if table is None else Counter(table["measure_id"].to_pylist())
        for table in (numbers.measured(figures), published)
    )


def measure_of(
    figures: Figures, found: Measure, shown: Mapping[str, int], published: Mapping[str, int]
) -> dict[str, Any]:
    """A measure as it is defined, with how many figures of it there are."""
    told = {**found.model_dump(), "standard": [one.model_dump() for one in found.standard]}
    lens = next((slug for slug, one in load_offer().lenses.items() if found.id in one.measures), "")
    return {
        **told, "measure_id": found.id, "measure": found.slug, "unit": unit_of(found, found.statistic), "lens": lens,
        "tables": [name_of_view(found.id, view) for view in figures.views(found.id)],
        "figures": shown.get(found.id, 0), "published": published.get(found.id, 0),
    }  # fmt: skip


def unit_of(measure: Measure, statistic: str) -> str:
    """What a value of a measure is in; a result may show a count as a percentage of another."""
    return "per cent" if statistic == "percentage" else measure.count if statistic in ADDITIVE else ""


@router.get(
    "/breakdowns",
    url_name="api_breakdowns",
    operation_id="breakdowns",
    summary="Breakdowns",
    response=BreakdownsAnswer,
)
@operation(made_of)
def breakdowns(request: HttpRequest) -> dict[str, Any]:
    """Groups of people in their order, with the reference group and what not stated means."""
    return {"breakdowns": [_breakdown(one) for one in Breakdown.all()]}


def _breakdown(one: Breakdown) -> dict[str, Any]:
    groups = [
        {"group": group.name, "people": one.people(group.name), "not_stated": group.not_stated}
        for group in one.groups
    ]
    return {**one.model_dump(exclude={"groups"}), "breakdown": one.slug, "groups": groups}
