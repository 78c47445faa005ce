"""The page of a measure: a question, its answer, what else can be asked, and its files; values for templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.definitions import Measure
from joinedup_web.equity import asking, crossing
from joinedup_web.equity.crossing import LIVED, TREATED_AT, Cube, Question, cube_of, source_of
from joinedup_web.equity.drawing import TABLE, chart_words, charts_for
from joinedup_web.equity.figures import Figures, Shown, name_of_view
from joinedup_web.equity.files import FORMS
from joinedup_web.equity.notes import Noted, beside, marks_of, with_notes
from joinedup_web.equity.offer import load_offer, measure_title, view_title
from joinedup_web.equity.presenting import Link, address, lens_links

if TYPE_CHECKING:
    from joinedup_web.organisations.scope import Scope

RESIDENTS = ("boroughs", "residents:")
"""Views that put counts beside residents: they are prepared, for the lattice has no residents."""


@dataclass(frozen=True)
class Own:
    """What is one's own, as questions have it: a borough and a service, or nothing."""

    borough: str = ""
    service: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerPage:
    """One measure, what is asked of it, and the answer."""

    measure: Measure
    title: str
    lens: str
    lenses: tuple[Link, ...]
    measures: tuple[Link, ...]
    counts: tuple[Link, ...]
    others: tuple[Link, ...]
    state: str
    asked: Question | None = None
    held: asking.Held | None = None
    charts: tuple[Link, ...] = ()
    shown: Shown | None = None
    notes: tuple[Noted, ...] = ()
    why: str = ""
    near: tuple[Link, ...] = ()
    files: tuple[Link, ...] = ()
    refused: str = ""

    @property
    def as_table(self) -> bool:
        """Whether the table is the answer, not the drawing."""
        return self.shown is not None and (
            not self.shown.specs or (self.asked is not None and self.asked.chart == TABLE)
        )

    @property
    def ways(self) -> tuple[tuple[str, str], ...]:
        """By what it can be shown."""
        return asking.ways(self.held, self.asked.count) if self.held and self.asked else ()

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where."""
        return asking.places(self.asked.count) if self.asked else ()

    @property
    def periods(self) -> asking.Choices:
        """When."""
        return asking.periods(self.held) if self.held else ()


def answer_page(
    figures: Figures, measure: str, given: Mapping[str, str], own: Own, scope: Scope
) -> AnswerPage | None:
    """The page of a measure; None where it is not offered, or the address asks for what there is not."""
    offer = load_offer()
    if measure not in offer.measures:
        return None
    page, state = _frame(figures, measure, given), given.get("state", "")
    if given.get("view"):
        return _prepared(page, figures, given["view"], state, scope)
    count = given.get("count", "") or _usual(figures, measure)
    if count not in (LIVED, TREATED_AT) or (count == LIVED and measure not in crossing.lived()):
        return None
    page = replace(page, counts=_counts(measure, count, state))
    source, cube = source_of(figures, count), cube_of(figures)
    if source is None:
        return _not_there(page, count, cube)
    return _answered(page, figures, asking.held_of(source, measure), given, own, scope, count)


def _not_there(page: AnswerPage, count: str, cube: Cube | None) -> AnswerPage | None:
    if count != LIVED:
        return None
    return replace(page, refused=cube.refused if cube is not None else "")


def _usual(figures: Figures, measure: str) -> str:
    """Where people live, as soon as that is published of the measure; where they are treated otherwise."""
    cube = cube_of(figures)
    there = cube is not None and cube.released is not None
    return LIVED if there and measure in crossing.lived() else TREATED_AT


def _frame(figures: Figures, measure: str, given: Mapping[str, str]) -> AnswerPage:
    offer = load_offer()
    lens, state = offer.lens_of(measure), given.get("state", "")
    kept = {name: given.get(name, "") for name in ("count", "by", "period", "place", "chart")}
    beside_it = tuple(
        Link(_same_of(one, kept, state), measure_title(one), one == measure)
        for one in offer.lenses[lens].measures
        if figures.views(one)
    )
    others = tuple(
        Link(
            address("measure", [measure], view=view, state=state), view_title(view), view == given.get("view")
        )
        for view in figures.views(measure)
        if view.startswith(RESIDENTS)
    )
    return AnswerPage(
        Measure.load(measure), measure_title(measure), lens, lens_links(lens), beside_it, _counts(measure, "", state),
        others, state,
    )  # fmt: skip


def _same_of(measure: str, kept: Mapping[str, str], state: str) -> str:
    """The same question put to another measure, so that a list of measures keeps it, or its usual one."""
    fits = kept["count"] != LIVED or measure in crossing.lived()
    return address("measure", [measure], **(kept if fits else {}), state=state)


def _counts(measure: str, count: str, state: str) -> tuple[Link, ...]:
    words = {LIVED: "Where people live, by borough", TREATED_AT: "Where people are treated, by service"}
    return tuple(
        Link(address("measure", [measure], count=one, state=state), text, one == count)
        for one, text in words.items()
        if one == TREATED_AT or measure in crossing.lived()
    )


def _answered(
    page: AnswerPage, figures: Figures, held: asking.Held, given: Mapping[str, str], own: Own, scope: Scope, count: str,
) -> AnswerPage | None:  # fmt: skip
    mine = own.borough if count == LIVED else own.service
    if not held.periods:
        return replace(page, asked=None, refused="Nothing of this measure was released here.")
    asked = asking.question(given, page.measure.id, count, mine, held)
    if not asking.is_asked_for(asked, held):
        return None
    notes = beside(scope, figures, crossing.codes_in(figures, asked))
    shown = crossing.answer(figures, asked, marks_of(notes))
    page = replace(page, asked=asked, held=held, notes=notes)
    if shown is None:
        near = tuple(
            Link(_address(one, page.state), asking.words_of(one)) for one in asking.near(asked, held)
        )
        return replace(page, why=asking.reason(asked, held), near=near)
    kinds = charts_for(asked, page.measure.statistic)
    charts = tuple(
        Link(_address(replace(asked, chart=one), page.state), chart_words(asked, one), one == asked.chart)
        for one in kinds
    )
    files = tuple(Link(_address(asked, page.state, form), words) for form, words in FORMS.items())
    return replace(page, charts=charts, shown=with_notes(shown, notes), files=files)


def _address(asked: Question, state: str, form: str = "") -> str:
    name, arguments = ("measure_file", [asked.measure, form]) if form else ("measure", [asked.measure])
    return address(
        name, arguments, count=asked.count, by=asked.by, place=asked.place, period=asked.period, chart=asked.chart,
        state=state,
    )  # fmt: skip


def _prepared(page: AnswerPage, figures: Figures, view: str, state: str, scope: Scope) -> AnswerPage | None:
    """A view that was prepared with the report: counts beside residents, and addresses as they were before."""
    measure = page.measure.id
    shown = figures.shown(name_of_view(measure, view)) if view in figures.views(measure) else None
    if shown is None:
        return None
    notes = beside(scope, figures, shown.table.every_code)
    files = tuple(
        Link(address("measure_file", [measure, form], view=view, state=state), words)
        for form, words in FORMS.items()
        if shown.specs or form in ("csv", "xlsx")
    )
    asked = Question(measure, "", "", "", count=TREATED_AT)
    return replace(page, asked=asked, shown=with_notes(shown, notes), notes=notes, files=files)
