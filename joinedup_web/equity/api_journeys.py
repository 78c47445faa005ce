"""Operations on the gap, the journey, waits, data quality, and every table that pages show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from joinedup.definitions import Places
from joinedup.reports.tables import place_name
from joinedup_web.api.answering import operation, paged
from joinedup_web.api.problems import Refused
from joinedup_web.equity import numbers
from joinedup_web.equity.api import figures_of, made_of, state_of
from joinedup_web.equity.api_journey_schemas import (
    EVERYWHERE,
    GapAnswer,
    GapAsked,
    GapAtAsked,
    GapsAsked,
    GapsPage,
    JourneyAnswer,
    QualityAnswer,
    TableAnswer,
    TablesAsked,
    TablesPage,
    WaitsPage,
)
from joinedup_web.equity.api_schemas import StateAsked, StatePageAsked
from joinedup_web.equity.figures import ABOUT, CUBE, SLUG, Figures, Shown, name_of_gap

router = Router(tags=["Gaps, journeys, quality"])
OTHERS = (File(ABOUT).stem, File(CUBE).stem, "registry", "treated", "practice")
"""Files of a state that are no tables."""
QUALITY = ("not-stated", "paired", "returns", "waiting")
ETHNIC = "ethnic_group"
"""The breakdown by which services are compared."""
Slug = Annotated[str, Path(pattern=f"^{SLUG.pattern}$", description="slug of the table, from /api/v1/tables")]
Entry = Mapping[str, Any]
GAP_FIGURES = ("gap", "lower", "upper", "fewer_recoveries")
PART_FIGURES = ("contribution", "lower", "upper", "claimed", "fewer_recoveries", "extra_leavers")
RATES = ("group_rate", "reference_rate", "reference_rate_at_the_mix_of_the_group")


@router.get(
    "/gaps", url_name="api_gaps", operation_id="gaps", summary="Gaps that can be shown", response=GapsPage
)
@operation(made_of)
def gaps(request: HttpRequest, asked: Query[GapsAsked]) -> dict[str, Any]:
    """Every gap between a group and its reference that pages show: for everyone held, then at each service."""
    figures = figures_of(asked)
    found = [_Where(*one) for one in _every_gap(figures) if asked.place in (None, one[0])]
    if not found and asked.place is not None:
        _service(asked.place)
    part = paged(request, asked, found)
    opened = [(one, figures.shown(one.slug())) for one in part["items"]]
    part["items"] = [_summary(figures, one, shown) for one, shown in opened if shown is not None]
    return {"state": state_of(figures), **part}


def _every_gap(figures: Figures) -> Iterator[tuple[str, str, str]]:
    """Place, breakdown and group of every gap that can be shown."""
    yield from ((EVERYWHERE, by, group) for by, groups in figures.gaps.items() for group in groups)
    yield from ((place, ETHNIC, group) for place, groups in figures.gaps_at.items() for group in groups)


def _service(code: str) -> None:
    """A place without gaps must be a place that we know. Raises UnknownName."""
    if code != EVERYWHERE:
        Places.load().place(code)


@router.get("/gap", url_name="api_gap", operation_id="gap", summary="Where a gap opens", response=GapAnswer)
@operation(made_of)
def gap(request: HttpRequest, asked: Query[GapAtAsked]) -> dict[str, Any]:
    """One gap, everywhere or at one service: where on the journey it opens, and how many people are lost there,
    step by step of the waterfall."""
    figures = figures_of(asked)
    page = _gap(figures, asked, asked.place)
    shown, registry = page.shown, figures.registry
    *parts, whole = shown.table.codes
    entry = registry[whole]
    labels = [row[0] for row in shown.table.rows]
    return {
        "state": state_of(figures), "gap": _summary(figures, page.where, shown),
        "title": shown.title, "sentence": shown.sentence, "notes": list(shown.notes),
        **{name: numbers.plain(entry["figures"].get(name)) for name in RATES},
        "stages": [_stage(code, registry[code], label) for code, label in zip(parts, labels[:-1], strict=True)],
        "counts": _counts(figures, entry),
    }  # fmt: skip


@dataclass(frozen=True)
class _Where:
    """Of which place, breakdown and group a gap is."""

    place: str
    by: str
    group: str

    def slug(self, kind: str = "gap") -> str:
        """Slug of its picture."""
        named = self.group if self.place == EVERYWHERE else f"{self.place}-{self.group}"
        return name_of_gap(self.by, named, kind)


@dataclass(frozen=True)
class _Gap:
    """A gap as a page shows it: the waterfall, and both groups at every step where that is drawn."""

    where: _Where
    shown: Shown
    compared: Shown | None


def _gap(figures: Figures, asked: GapAsked, place: str = EVERYWHERE) -> _Gap:
    gaps = figures.gaps if place == EVERYWHERE else {ETHNIC: figures.gaps_at.get(place, ())}
    by = asked.by or next((slug for slug, groups in gaps.items() if groups), "")
    where = _Where(place, by, asked.group or next(iter(gaps.get(by, ())), ""))
    shown = figures.shown(where.slug()) if where.group in gaps.get(by, ()) else None
    if shown is None:
        _service(place)
        why = "" if gaps else " ".join(figures.about["unavailable"])
        raise Refused(404, f"That gap is not shown. {why}".strip(), "/api/v1/gaps lists those that are.")
    return _Gap(where, shown, figures.shown(where.slug("compared")))


def _summary(figures: Figures, where: _Where, shown: Shown) -> dict[str, Any]:
    code = shown.table.codes[-1]
    entry = figures.registry[code]
    filters = entry["filters"]
    found = {name: numbers.plain(entry["figures"].get(name)) for name in GAP_FIGURES}
    return {
        "code": code, "place": where.place, "place_name": _name_of(where.place), "by": where.by,
        "group": filters["group"], "reference": filters["reference"],
        "period": filters["period"] or "", "follow_up_months": filters["follow_up_months"] or 0, **found,
        "hidden": numbers.PROTECTED if found["gap"] is None else None,
    }  # fmt: skip


def _name_of(place: str) -> str:
    return "Everyone held" if place == EVERYWHERE else place_name(place)


def _stage(code: str, entry: Entry, label: str) -> dict[str, Any]:
    found = {name: numbers.plain(entry["figures"].get(name)) for name in PART_FIGURES}
    hidden = numbers.PROTECTED if found["contribution"] is None else None
    cell = entry["cell"]
    return {
        "code": code,
        "stage": cell["part"],
        "kind": cell["kind"],
        "label": label,
        **found,
        "hidden": hidden,
    }


def _counts(figures: Figures, entry: Entry) -> list[dict[str, Any]]:
    """What a gap is made of, in the order of the journey."""
    made_of = set(entry.get("made of", ()))
    return [_count(code, one) for code, one in figures.registry.items() if code in made_of]


def _count(code: str, entry: Entry) -> dict[str, Any]:
    cell, count = entry["cell"], entry["counts"]["count"]
    hidden = numbers.PROTECTED if count is None else None
    return {
        "code": code, "series": cell.get("series", "everyone"), "stage": cell.get("stage", ""),
        "step": cell.get("step", cell.get("stage", "")), "part": cell["part"], "count": count, "hidden": hidden,
    }  # fmt: skip


@router.get(
    "/journey", url_name="api_journey", operation_id="journey", summary="The journey", response=JourneyAnswer
)
@operation(made_of)
def journey(request: HttpRequest, asked: Query[GapAsked]) -> dict[str, Any]:
    """How many take each step, and how many are still there: everyone, or a group beside its reference."""
    figures = figures_of(asked)
    if asked.by or asked.group:
        return {"state": state_of(figures), **_compared(figures, _gap(figures, asked))}
    found = {
        code: entry for code, entry in figures.registry.items() if entry.get("measure_id") == "journey_steps"
    }
    filters: Entry = next((entry["filters"] for entry in found.values()), {})
    shown = figures.shown("journey-steps")
    return {
        "state": state_of(figures), "by": "", "group": "", "reference": "",
        "period": filters.get("period", ""), "follow_up_months": filters.get("follow_up_months"),
        "title": shown.title if shown else "", "sentence": shown.sentence if shown else "",
        "steps": [_count(code, entry) for code, entry in found.items()],
    }  # fmt: skip


def _compared(figures: Figures, page: _Gap) -> dict[str, Any]:
    whole = figures.registry[page.shown.table.codes[-1]]
    words = page.compared or page.shown
    filters = whole["filters"]
    return {
        "by": page.where.by, "group": filters["group"], "reference": filters["reference"],
        "period": filters["period"] or "", "follow_up_months": filters["follow_up_months"],
        "title": words.title, "sentence": words.sentence,
        "steps": _counts(figures, whole),
    }  # fmt: skip


@router.get(
    "/waits", url_name="api_waits", operation_id="waits", summary="How long people wait", response=WaitsPage
)
@operation(made_of)
def waits(request: HttpRequest, asked: Query[StatePageAsked]) -> dict[str, Any]:
    """Waits for a first treatment and for a second one: who still waits after so many weeks, and how waits ended.

    People who still wait on a day are figures of M038, M044 and M045.
    """
    figures = figures_of(asked)
    found = [
        (code, entry)
        for code, entry in figures.registry.items()
        if entry.get("filters", {}).get("question") == "waits"
    ]
    part = paged(request, asked, found)
    part["items"] = [_wait(code, entry) for code, entry in part["items"]]
    return {"state": state_of(figures), **part}


def _wait(code: str, entry: Entry) -> dict[str, Any]:
    cell, figures, filters = entry["cell"], numbers.plain(entry["figures"]), entry["filters"]
    people = entry["counts"]["people"]
    return {
        "code": code, "wait": entry["measure_id"], "kind": cell["part"], "group": cell["group"],
        "by": filters.get("by") or "", "period": filters["period"], "people": people,
        "median_weeks": figures.get("median"), "points": list(_points(figures)),
        "hidden": numbers.PROTECTED if people is None else None,
    }  # fmt: skip


def _points(figures: Entry) -> Iterator[dict[str, Any]]:
    none = dict.fromkeys(("waiting", "lower", "upper", "ended"))
    weeks = figures["weeks"]
    if "ends" in figures:
        for end, shares in zip(figures["ends"], figures["shares"], strict=True):
            for week, share in zip(weeks, shares, strict=True):
                yield {**none, "week": week, "end": end, "ended": share}
        return
    for k, week in enumerate(weeks):
        yield {
            **none,
            "week": week,
            "end": "",
            **{name: figures[name][k] for name in ("waiting", "lower", "upper")},
        }


@router.get(
    "/quality", url_name="api_quality", operation_id="quality", summary="Data quality", response=QualityAnswer
)
@operation(made_of)
def quality(request: HttpRequest, asked: Query[StateAsked]) -> dict[str, Any]:
    """How good the data are, by trust: what is not stated, scores at both ends, what was sent and when."""
    figures = figures_of(asked)
    found = [shown for shown in map(figures.shown, QUALITY) if shown is not None]
    cells = [cell for shown in found for cell in _cells(shown)]
    return {"state": state_of(figures), "tables": [_table(shown) for shown in found], "cells": cells}


@router.get("/tables", url_name="api_tables", operation_id="tables", summary="Tables", response=TablesPage)
@operation(made_of)
def tables(request: HttpRequest, asked: Query[TablesAsked]) -> dict[str, Any]:
    """Every table that pages show, under a chart or alone, by its finding."""
    figures = figures_of(asked)
    part = paged(request, asked, names_of(figures))
    part["items"] = [_table(shown) for shown in map(figures.shown, part["items"]) if shown is not None]
    return {"state": state_of(figures), **part}


@router.get(
    "/tables/{slug}", url_name="api_table", operation_id="table", summary="One table", response=TableAnswer
)
@operation(made_of)
def table(request: HttpRequest, slug: Slug, asked: Query[StateAsked]) -> dict[str, Any]:
    """One table as pages show it, cell by cell, with the sentence and the caution that stand beside it."""
    figures = figures_of(asked)
    shown = figures.shown(slug) if slug in names_of(figures) else None
    if shown is None:
        raise Refused(404, "No table has that slug.", "/api/v1/tables lists them.")
    return {
        "state": state_of(figures), "table": _table(shown),
        "sentence": shown.sentence, "how_to_read": shown.how_to_read, "notes": list(shown.notes),
        "caption": shown.caption, "columns": list(shown.table.header), "cells": list(_cells(shown)),
    }  # fmt: skip


def names_of(figures: Figures) -> Sequence[str]:
    """Slugs of the pictures and tables of a state."""
    return sorted(
        p.stem for p in figures.folder.glob("*.json") if p.stem not in OTHERS and SLUG.fullmatch(p.stem)
    )


def _table(shown: Shown) -> dict[str, Any]:
    return {
        "table": shown.slug,
        "title": shown.title,
        "subtitle": shown.subtitle,
        "rows": len(shown.table.rows),
    }


def _cells(shown: Shown) -> Iterator[dict[str, Any]]:
    for cell in numbers.cells_of(shown):
        yield {"table": shown.slug, **vars(cell)}
