"""What pages of the explorer show, in words and addresses: values for templates, no queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from joinedup.charts.words import percent, span, whole
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.errors import UnknownName
from joinedup_web.equity.crossing import (
    BOROUGHS,
    MONTHS,
    Cube,
    Question,
    breakdowns,
    cube_of,
    measures,
    place_names,
)
from joinedup_web.equity.figures import Figures, Shown, name_of_gap, name_of_view
from joinedup_web.equity.offer import load_offer, measure_title, view_title

if TYPE_CHECKING:
    from datetime import date

    from joinedup.charts import Table

RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Link:
    """Somewhere to go; `current` where one is."""

    href: str
    text: str
    current: bool = False


@dataclass(frozen=True)
class MeasurePage:
    """One measure in one view."""

    measure: Measure
    title: str
    lens: str
    view: str
    shown: Shown
    state: str
    lenses: tuple[Link, ...]
    measures: tuple[tuple[str, str], ...]
    views: tuple[tuple[str, str], ...]
    csv: str


@dataclass(frozen=True)
class GapPage:
    """One gap between a group and its reference."""

    by: str
    group: str
    shown: Shown
    compared: Shown | None
    table: Shown | None
    state: str
    breakdowns: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    csv: str


def lens_links(current: str) -> tuple[Link, ...]:
    """The three lenses, and what lies beside them."""
    lenses = [
        Link(reverse("measure", args=[lens.measures[0]]), lens.title, slug == current)
        for slug, lens in load_offer().lenses.items()
    ]
    others = [
        ("cube", "By place and period"),
        ("gap", "Where the gap opens"),
        ("journey", "The journey"),
        ("map", "The map as at"),
        ("quality", "Data quality"),
    ]
    return (*lenses, *(Link(reverse(name), words, name == current) for name, words in others))


def measure_page(figures: Figures, measure: str, view: str, state: str) -> MeasurePage | None:
    """The page of a measure; None where it is not offered, or has no such view."""
    views = figures.views(measure)
    chosen = view or (views[0] if views else "")
    shown = figures.shown(name_of_view(measure, chosen)) if chosen in views else None
    if shown is None:
        return None
    offer = load_offer()
    lens = offer.lens_of(measure)
    return MeasurePage(
        measure=Measure.load(measure), title=measure_title(measure), lens=lens, view=chosen, shown=shown, state=state,
        lenses=lens_links(lens),
        measures=tuple((one, measure_title(one)) for one in offer.lenses[lens].measures),
        views=tuple((one, view_title(one)) for one in views),
        csv=address("measure_csv", [measure], view=chosen, state=state),
    )  # fmt: skip


def gap_page(figures: Figures, by: str, group: str, state: str) -> GapPage | None:
    """The page of a gap, the widest by that breakdown where no group is named; None where it cannot be shown."""
    gaps = figures.gaps
    by = by or next((slug for slug, groups in gaps.items() if groups), "")
    groups = gaps.get(by, ())
    chosen = group or (groups[0] if groups else "")
    shown = figures.shown(name_of_gap(by, chosen)) if chosen in groups else None
    if shown is None:
        return None
    return GapPage(
        by=by, group=chosen, shown=shown, compared=figures.shown(name_of_gap(by, chosen, "compared")),
        table=figures.shown(f"gaps-{by.replace('_', '-')}"), state=state,
        breakdowns=tuple((slug, Breakdown.load(slug).title) for slug, found in gaps.items() if found),
        groups=groups, csv=address("gap_csv", by=by, group=chosen, state=state),
    )  # fmt: skip


def address(name: str, arguments: Sequence[str] = (), **query: str) -> str:
    """An address with what follows the question mark, empty parts left out."""
    told = urlencode({key: value for key, value in query.items() if value})
    return reverse(name, args=arguments) + (f"?{told}" if told else "")


def own_services(places: Iterable[str], on: date) -> tuple[str, ...]:
    """Names of the services that are one's own: where a role is held, or that serve it, or that a trust runs."""
    register, found = Places.load(), []
    boroughs: dict[str, str | None] = {
        b.code: register.service_for_borough(b.code, on) for b in register.boroughs(on)
    }
    for code in places:
        for service in register.services(on):
            if (
                code in (service.code, service.trust)
                or boroughs.get(_borough(register, code)) == service.code
            ):
                found.append(service.label)
    return tuple(dict.fromkeys(found))


def own_borough(places: Iterable[str], on: date) -> str:
    """The first borough that is one's own; empty where none is."""
    register = Places.load()
    for code in sorted(places):
        for borough in register.boroughs(on):
            service = register.service_for_borough(borough.code, on)
            trust = register.place(service).trust if service else None
            if _borough(register, code) in (borough.code, service, trust):
                return borough.code
    return ""


def _borough(register: Places, code: str) -> str:
    """A borough's code, also for its council."""
    try:
        place = register.place(code)
    except UnknownName:
        return code
    return place.members[0].code if place.level == "council" and place.members else code


def entry_of(figures: Figures, code: str) -> Mapping[str, Any]:
    """What opens a code: an entry of the prepared figures, or of the published cube; empty where there is none."""
    found: Mapping[str, Any] | None = figures.registry.get(code)
    if found is None:
        cube = cube_of(figures)
        found = cube.released.registry.get(code) if cube is not None and cube.released is not None else None
    return found or {}


def question(asked: Mapping[str, str], own: str, cube: Cube) -> Question:
    """The question that an address asks, with what is left out filled in: one's own borough, the newest whole year."""
    years = [key for key in cube.periods if Period.parse(key).kind == "financial_year"]
    area = place_names()[0][0]
    return Question(
        measure=asked.get("measure", "") or measures()[0].id,
        by=asked.get("by", "") or BOROUGHS,
        place=asked.get("place", "") or area,
        period=asked.get("period", "") or (years or cube.periods or ("",))[0],
        own=own,
    )


def ways() -> tuple[tuple[str, str], ...]:
    """By what a measure of the cube can be shown."""
    groups = dict.fromkeys(
        slug for kind in ("financial_year", "quarter") for slug in breakdowns(kind, place_names()[0][0])
    )
    return (
        (BOROUGHS, "Boroughs beside each other"), (MONTHS, "Month by month, by borough"),
        *((slug, Breakdown.load(slug).title) for slug in groups),
    )  # fmt: skip


def period_words(cube: Cube) -> tuple[tuple[str, str], ...]:
    """Periods of the cube as a person says them, years first."""
    order = {"financial_year": 0, "quarter": 1, "month": 2}
    keys = sorted(cube.periods, key=lambda key: order.get(Period.parse(key).kind, 3))
    return tuple((key, span(key)) for key in keys)


def opened(figures: Figures, code: str) -> list[tuple[str, str]] | None:
    """What a number is, line by line; None where no number has that code."""
    entry = entry_of(figures, code)
    if not entry:
        return None
    cell, counts = entry.get("cell", {}), entry.get("counts", {})
    lines = [
        ("Measure", _measure_words(entry)),
        *_figure(entry, counts),
        ("Definition version", str(entry.get("version", ""))),
    ]
    lines += [
        (_words(name), _value(value))
        for name, value in cell.items()
        if value not in ("", "All", "total") and name in CELL
    ]
    lines += [
        (_words(name), "hidden to protect people" if value is None else whole(value))
        for name, value in counts.items()
    ]
    lines += [
        (_words(name), _value(value)) for name, value in entry.get("figures", {}).items() if value is not None
    ]
    lines += [
        ("State of the lake", str(entry.get("snapshot", ""))),
        ("Rule of pathways", str(entry.get("rule", ""))),
    ]
    lines += [("Release rule", RULES.get(entry.get("profile", ""), entry.get("profile", "")))]
    lines += [
        (f"Filter: {_words(name).lower()}", _value(value)) for name, value in entry.get("filters", {}).items()
    ]
    return lines


def _figure(entry: Mapping[str, Any], counts: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """The percentage that two released counts make, as it is shown."""
    part, of = counts.get("numerator"), counts.get("denominator")
    if entry.get("cell", {}).get("statistic") != "percentage":
        return []
    share = None
    if part is not None and of:
        share = profile_of(entry.get("profile", "")).display.percentage(100 * part / of, of)
    return [("Figure", "hidden to protect people" if share is None else percent(share))]


CELL = (
    "period",
    "level",
    "place",
    "place_name",
    "breakdown",
    "group",
    "stage",
    "series",
    "part",
    "step",
    "kind",
    "statistic",
)
RULES = {
    "nhs-england": "nhs-england: counts of 0 to 4 are hidden, others to the nearest 5, all else computed from those"
}


def rows_in_and_out(figures: Figures, code: str) -> list[tuple[str, str]]:
    """How many rows went into the measure and how many did not, by reason."""
    entry = entry_of(figures, code)
    found, measure = entry.get("in and out", {}), definition_of(figures, code)
    basis = f" by {measure.date_basis}:" if measure is not None else ""
    rule = profile_of(entry.get("profile", "nhs-england"))
    return [(str(reason), _rows(number, rule)) for reason, number in found.items() if basis in str(reason)]


def _rows(number: int | None, rule: Profile) -> str:
    """Rows as the release rule shows counts: what a page says of rows gives no person away either."""
    if number is None or number < rule.hide_below:
        return f"fewer than {rule.hide_below}" if number is not None else "hidden to protect people"
    return whole(rule.shown(number))


def definition_of(figures: Figures, code: str) -> Measure | None:
    """The definition behind a number, where it is a measure of ours or the nation's."""
    entry = entry_of(figures, code)
    try:
        return Measure.load(entry.get("measure_id", ""))
    except UnknownName:
        return None


def _measure_words(entry: Mapping[str, Any]) -> str:
    identity = str(entry.get("measure_id", ""))
    try:
        return f"{Measure.load(identity).title} ({identity})"
    except UnknownName:
        return _words(identity)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def csv_text(table: Table, caption: str) -> str:
    """The table for a spreadsheet, codes in columns of their own; nothing in it runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    header, rows = table.spelled_out()
    for row in (header, *rows, (), (caption,)):
        writer.writerow([_safe(cell) for cell in row])
    return "\ufeff" + text.getvalue()


def _safe(cell: str) -> str:
    number = cell.replace(",", "").lstrip("+-").replace(".", "", 1).isdigit()
    return "'" + cell if cell[:1] in RISKY and not number else cell
