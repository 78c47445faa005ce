"""Operations on released figures, the publication by place and period, and numbers by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pyarrow as pa
from django.http import HttpRequest
from ninja import Path, Query, Router

from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.lattice import EVERYONE
from joinedup_web.api.answering import link, operation
from joinedup_web.api.problems import Refused
from joinedup_web.equity import numbers, presenting
from joinedup_web.equity.api import (
    WAIT,
    figures_of,
    made_of,
    measure_of,
    per_measure,
    publication_of,
    state_of,
    unit_of,
)
from joinedup_web.equity.api_schemas import EarlierAnswer, FiguresAsked, FiguresPage, NumberOut
from joinedup_web.equity.cells import Before, earlier_values
from joinedup_web.equity.figures import Figures
from joinedup_web.equity.opening import current_figures, states

router = Router(tags=["Figures"])
NOT_THERE = "There is no released figure for that."
Code = Annotated[str, Path(pattern=r"^[A-Za-z2-7]{10}$", description="the ten characters beside a number")]


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
        told = publication_of(found)
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
    found, entry = opened_in(code)
    return _number(found, code.upper(), entry)


def opened_in(code: str) -> tuple[Figures, Mapping[str, Any]]:
    """The newest state that has a number of that code, and what opens it. Raises Refused where none has."""
    for kept in states():
        found = current_figures(str(kept))
        entry = presenting.entry_of(found, code.upper()) if found else {}
        if found and entry:
            return found, entry
    raise Refused(404, "No number of a state that is kept has this code.", "Check its ten characters.")


@router.get(
    "/numbers/{code}/earlier", url_name="api_number_earlier", operation_id="number_earlier",
    summary="What a number was before", response=EarlierAnswer,
)  # fmt: skip
@operation(made_of)
def number_earlier(request: HttpRequest, code: Code) -> dict[str, Any]:
    """The earlier values of a number: the same cell in other states of the lake, and in releases before those."""
    found, _ = opened_in(code)
    earlier = [_before(one) for one in earlier_values(found, code.upper())]
    return {"code": code.upper(), "snapshot": found.snapshot, "earlier": earlier}


def _before(one: Before) -> dict[str, Any]:
    kept = current_figures(one.state) if one.code and "made_of" in one.entry.get("filters", {}) else None
    row = _row_of(kept, one.code) if kept is not None else numbers.row_of(one.entry)
    return {
        "snapshot": int(one.state), "released": one.when, "code": one.code, "figure": one.figure,
        "counts": one.entry.get("counts", {}), "figures": numbers.plain(one.entry.get("figures", {})),
        "value": row.get("value"), "lower": row.get("lower"), "upper": row.get("upper"),
        "hidden": _hidden(one.entry, row),
    }  # fmt: skip


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
        "definition": definition and measure_of(found, definition, *per_measure(found)),
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
