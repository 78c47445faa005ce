"""What pages of the explorer show, in words and addresses: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from joinedup.charts.words import percent, whole
from joinedup.definitions import Breakdown, Measure, Places
from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.errors import UnknownName
from joinedup.reports.tables import place_name
from joinedup_web.equity.cells import entry_of
from joinedup_web.equity.figures import Figures, Shown, name_of_gap, name_of_view
from joinedup_web.equity.files import FORMS
from joinedup_web.equity.offer import load_offer

if TYPE_CHECKING:
    from datetime import date


__all__ = ["entry_of", "name_of_view"]  # the API finds them here, beside what opens a number


@dataclass(frozen=True)
class Link:
    """Somewhere to go; `current` where one is."""

    href: str
    text: str
    current: bool = False


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
    place: str = ""
    places: tuple[tuple[str, str], ...] = ()
    waits: tuple[Shown, ...] = ()


def lens_links(current: str) -> tuple[Link, ...]:
    """The three lenses, and what lies beside them."""
    lenses = [
        Link(reverse("measure", args=[lens.measures[0]]), lens.title, slug == current)
        for slug, lens in load_offer().lenses.items()
    ]
    others = [
        ("cube", "A borough at a glance"),
        ("gap", "Where the gap opens"),
        ("journey", "The journey"),
        ("map", "The map as at"),
        ("quality", "Data quality"),
    ]
    return (*lenses, *(Link(reverse(name), words, name == current) for name, words in others))


def gap_page(figures: Figures, by: str, group: str, place: str, state: str) -> GapPage | None:
    """The page of a gap, the widest by that breakdown where no group is named; None where it cannot be shown."""
    gaps = {"ethnic_group": figures.gaps_at.get(place, ())} if place else figures.gaps
    by = by or next((slug for slug, groups in gaps.items() if groups), "")
    groups = gaps.get(by, ())
    chosen = group or (groups[0] if groups else "")
    named = f"{place}-{chosen}" if place else chosen
    shown = figures.shown(name_of_gap(by, named)) if chosen in groups else None
    if shown is None:
        return None
    return GapPage(
        by=by, group=chosen, place=place, shown=shown, compared=figures.shown(name_of_gap(by, named, "compared")),
        table=figures.shown(f"gaps-{by.replace('_', '-')}"), state=state,
        breakdowns=tuple((slug, Breakdown.load(slug).title) for slug, found in figures.gaps.items() if found),
        groups=groups, places=_gap_places(figures) if by == "ethnic_group" else (),
        waits=tuple(s for kind in WAITS if (s := figures.shown(name_of_gap(by, chosen, kind)))),
    )  # fmt: skip


WAITS = ("first-wait", "second-wait")


def _gap_places(figures: Figures) -> tuple[tuple[str, str], ...]:
    named = ((code, place_name(code)) for code in figures.gaps_at)
    return (("", "Everywhere"), *sorted(named, key=lambda pair: pair[1]))


def files_of(name: str, given: Mapping[str, str], forms: Iterable[str] = tuple(FORMS)) -> tuple[Link, ...]:
    """Files of a page, with what its address asks."""
    return tuple(Link(address(name, [form], **given), FORMS[form]) for form in forms)


def moved(given: Mapping[str, str]) -> str:
    """Where a question is asked now whose address stood with the places before."""
    kept = {name: given.get(name, "") for name in ("by", "place", "period", "state")}
    return address("measure", [given["measure"]], count="lived", **kept)


def address(name: str, arguments: Sequence[str] = (), **query: str) -> str:
    """An address with what follows the question mark, empty parts left out."""
    told = urlencode({key: value for key, value in query.items() if value})
    return reverse(name, args=arguments) + (f"?{told}" if told else "")


def own_services(places: Iterable[str], on: date) -> tuple[str, ...]:
    """Names of the services that are one's own."""
    return tuple(Places.load().place(code).label for code in own_service_codes(places, on))


def own_service_codes(places: Iterable[str], on: date) -> tuple[str, ...]:
    """The services that are one's own: where a role is held, or that serve it, or that a trust runs."""
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
                found.append(service.code)
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


def _rows(number: int | str | None, rule: Profile) -> str:
    """Rows in words. A state that was prepared by an earlier version holds them as they were counted."""
    told = rule.told(number) if isinstance(number, int) else number or "hidden to protect people"
    return told if isinstance(told, str) else whole(told)


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
