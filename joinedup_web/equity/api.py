"""Operations on released figures: states, measures, figures, the publication by place and period, and numbers by code.

They answer from what pages read, by the same functions: nothing is computed from people here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pyarrow as pa
from django.http import HttpRequest
from ninja import Path, Query, Router

from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.lattice import EVERYONE
from joinedup.measures.result import ADDITIVE
from joinedup_web.api.answering import link, operation, paged
from joinedup_web.api.problems import Refused
from joinedup_web.equity import numbers, presenting
from joinedup_web.equity.api_schemas import (
    BreakdownsAnswer,
    FiguresAsked,
    FiguresPage,
    MeasureAnswer,
    MeasuresPage,
    NumberOut,
    ServicesAnswer,
    StateAnswer,
    StateAsked,
    StatePageAsked,
)
from joinedup_web.equity.crossing import cube_of
from joinedup_web.equity.figures import CUBE, Figures, name_of_view
from joinedup_web.equity.offer import load_offer
from joinedup_web.equity.opening import current_figures, states

router = Router(tags=["Figures"])
NOT_THERE = "There is no released figure for that."
WAIT = {"Retry-After": "30"}
Name = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_,-]{1,60}$", description="national id or our name, such as M195")
]
Code = Annotated[str, Path(pattern=r"^[A-Za-z2-7]{10}$", description="the ten characters beside a number")]


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
    found = current_figures(state if state.isdigit() else "")
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
        "state": state_of(figures), "kept": list(states()), "publication": _publication(figures),
        "facts": [{"name": name, "value": value} for name, value in about["facts"]],
        "headlines": [{"text": text, "code": code} for text, code in about["headlines"]],
        "unavailable": about["unavailable"],
    }  # fmt: skip


def _publication(figures: Figures) -> dict[str, Any]:
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
    shown, published = _per_measure(figures)
    known = [one for one in Measure.all() if shown[one.id] or published[one.id]]
    part = paged(request, asked, known)
    part["items"] = [_measure(figures, one, shown, published) for one in part["items"]]
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
    return {"state": state_of(figures), "measure": _measure(figures, found, *_per_measure(figures))}


def _per_measure(figures: Figures) -> tuple[Counter[str], Counter[str]]:
    """How many figures of each measure are released, and how many published by place and period."""
    published = numbers.published(figures)
    return tuple(  # type: ignore[return-value]
        Counter() if table is None else Counter(table["measure_id"].to_pylist())
        for table in (numbers.measured(figures), published)
    )


def _measure(
    figures: Figures, found: Measure, shown: Mapping[str, int], published: Mapping[str, int]
) -> dict[str, Any]:
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


@router.get(
    "/figures",
    url_name="api_figures",
    operation_id="figures",
    summary="Released figures",
    response=FiguresPage,
)
@operation(made_of)
def figures(request: HttpRequest, asked: Query[FiguresAsked]) -> dict[str, Any]:
    """Released figures of measures by period, place and group: those that the pages of the explorer show."""
    found = figures_of(asked)
    return {"state": state_of(found), **_part(request, asked, numbers.measured(found))}


@router.get(
    "/published", url_name="api_published", operation_id="published", summary="Figures by place and period",
    response=FiguresPage,
)  # fmt: skip
@operation(made_of)
def published(request: HttpRequest, asked: Query[FiguresAsked]) -> dict[str, Any]:
    """Figures by place of residence and period, from one publication of the whole state.

    No hidden count can be worked out from it. Months have totals only, quarters also ethnic groups, financial years
    every group.
    """
    found = figures_of(asked)
    table = numbers.published(found)
    if table is None:
        told = _publication(found)
        if told["status"] == "refused":
            raise Refused(404, f"This state cannot be published by place and period. {told['why']}")
        raise Refused(503, "The publication by place and period is being made: minutes.", headers=WAIT)
    return {"state": state_of(found), **_part(request, asked, table)}


def _part(request: HttpRequest, asked: FiguresAsked, table: pa.Table) -> dict[str, Any]:
    found = numbers.chosen(table, _wanted(asked, table))
    link(request, asked, found.num_rows)
    rows = found.slice(asked.offset, asked.limit).to_pylist()
    items = [{**row, **_around(row)} for row in rows]
    return {"total": found.num_rows, "limit": asked.limit, "offset": asked.offset, "items": items}


def _around(row: Mapping[str, Any]) -> dict[str, Any]:
    period = Period.parse(row["period"])
    return {
        "unit": unit_of(Measure.load(row["measure_id"]), row["statistic"]),
        "period_start": period.start, "period_end": period.end,
        "breakdown_2": row["breakdown_2"] or "", "group_2": row["group_2"] or "",
    }  # fmt: skip


def _wanted(asked: FiguresAsked, table: pa.Table) -> dict[str, Sequence[str]]:
    """Filters as columns have them. Raises UnknownName or Refused for a name that stands for nothing."""
    for key in asked.period:
        Period.parse(key)
    for slug in asked.breakdown:
        if slug != EVERYONE:
            Breakdown.load(slug)
    wanted: dict[str, Sequence[str]] = {
        "measure_id": [one.id for name in asked.measure for one in Measure.find(name)],
        "period": asked.period, "level": asked.level, "place": asked.place, "breakdown": asked.breakdown,
        "group": asked.group,
    }  # fmt: skip
    for name in ("level", "place", "group"):
        _known(name, wanted[name], table)
    return wanted


def _known(name: str, values: Sequence[str], table: pa.Table) -> None:
    """A value that no figure has must be a name that we know: a misspelt filter is no empty answer."""
    there = set(table[name].unique().to_pylist()) if values else set()
    for value in set(values) - there:
        if name == "place":
            Places.load().place(value)
        elif name == "level":
            raise Refused(404, NOT_THERE, f"Levels are {', '.join(sorted(there))}.")
        elif not any(value in one.group_names for one in Breakdown.all()):
            raise Refused(404, "No breakdown has a group of that name.", "/api/v1/breakdowns lists them.")


@router.get(
    "/numbers/{code}",
    url_name="api_number",
    operation_id="number",
    summary="A number by its code",
    response=NumberOut,
)
@operation(made_of)
def number(request: HttpRequest, code: Code) -> dict[str, Any]:
    """What a number is: definition and version, state of the lake, release rule, rows in and out.

    States that are kept are asked from the newest on.
    """
    code = code.upper()
    for kept in states():
        found = current_figures(str(kept))
        entry = presenting.entry_of(found, code) if found else {}
        if found and entry:
            return _number(found, code, entry)
    raise Refused(404, "No number of a state that is kept has this code.", "Check its ten characters.")


def _number(found: Figures, code: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    definition = presenting.definition_of(found, code)
    figures = numbers.plain(entry.get("figures", {}))
    row = _row_of(found, code) if definition is not None else {}
    lines = dict(presenting.opened(found, code) or ())
    return {
        "code": code, "title": lines.get("Measure", ""), "measure_id": entry.get("measure_id", ""),
        "version": str(entry.get("version", "")), "snapshot": entry.get("snapshot") or found.snapshot,
        "newest": found.snapshot == states()[0], "rule": str(entry.get("rule", "")),
        "profile": entry.get("profile", ""), "release_rule": lines.get("Release rule", ""),
        "cell": {k: v for k, v in entry.get("cell", {}).items() if v not in ("", None)},
        "filters": entry.get("filters", {}), "counts": entry.get("counts", {}), "figures": figures,
        "unit": entry.get("unit", "") or (unit_of(definition, row.get("statistic", "")) if definition else ""),
        "value": row.get("value"), "lower": row.get("lower"), "upper": row.get("upper"), "hidden": _hidden(entry, row),
        "rows_in_and_out": [{"name": n, "value": v} for n, v in presenting.rows_in_and_out(found, code)],
        "made_of": entry.get("made of", []),
        "definition": definition and _measure(found, definition, *_per_measure(found)),
    }  # fmt: skip


def _row_of(found: Figures, code: str) -> Mapping[str, Any]:
    for table in (numbers.measured(found), numbers.published(found)):
        if table is not None:
            rows = numbers.chosen(table, {"code": [code]}).to_pylist()
            if rows:
                return dict(rows[0])
    return {}


def _hidden(entry: Mapping[str, Any], row: Mapping[str, Any]) -> str | None:
    if row:
        return row["hidden"]
    counts = entry.get("counts", {})
    return numbers.PROTECTED if counts and None in counts.values() else None
