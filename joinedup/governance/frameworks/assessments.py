"""Scores of one place in one round as one body gave them, with the evidence it offered for each level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from joinedup.definitions.frameworks import LOCAL, Framework
from joinedup.definitions.places_models import Place
from joinedup.governance.evidence import MeasureTest, Series
from joinedup.governance.frameworks.entries import (
    any_place,
    read_date,
    read_head,
    read_level,
    read_measure,
    read_number,
)
from joinedup.governance.frameworks.parts import Form, FormRow, Notes

COMPARISONS: dict[str, Literal["at_least", "at_most"]] = {"at least": "at_least", "at most": "at_most"}
_PARTS = ("document", "dated", "link", "measure", "measure_place", "comparison", "threshold", "points")


@dataclass(frozen=True)
class Document:
    """A document as evidence: what, of which day, and where it can be read."""

    title: str
    dated: date
    link: str


@dataclass(frozen=True)
class Live:
    """A measure as evidence, and the level of its figures that has to hold."""

    test: MeasureTest


Evidence = Document | Live


@dataclass(frozen=True)
class Score:
    """One criterion: the level claimed, why, and the evidence for it. `title` and `domain` are those of a local one."""

    criterion: str
    level: int | None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    title: str = ""
    domain: str = ""

    @property
    def local(self) -> bool:
        """Whether the place added the criterion by itself."""
        return self.criterion.startswith(LOCAL)


@dataclass(frozen=True)
class Assessment:
    """One set of scores. `partner` is empty for views that are one set; `round` names the occasion, `day` dates it."""

    framework: str
    version: str
    place: str
    round: str
    day: date
    view: str
    partner: str
    scores: tuple[Score, ...] = field(repr=False)

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What there is one set of."""
        return self.framework, self.place, self.round, self.view, self.partner.casefold()

    def score(self, criterion: str) -> Score | None:
        """The score of a criterion; None where it has none."""
        return next((one for one in self.scores if one.criterion == criterion), None)


def read_assessment(form: Form, notes: Notes) -> Assessment | None:
    """The scores in a form; None where its head does not say whose they are."""
    head = read_head(form, notes)
    if head is None:
        return None
    view = _view(form, head.framework, notes)
    named = {name: form.told(name) for name in ("round", "partner")}
    day = read_date(form.head["day"], form, notes) if "day" in form.head else None
    if view is None or day is None or not named["round"]:
        for name in ("round", "day", "view"):
            if not form.told(name):
                notes.tell(
                    FormRow(1, form.head).cell(name),
                    "no-head",
                    f"Fill in {form.kind.head[name]} above the rows.",
                )
        return None
    groups: dict[str, list[FormRow]] = {}
    for row in form.rows:
        groups.setdefault(row.text("criterion").casefold(), []).append(row)
    found = [_score(code, rows, form, head.framework, head.place, notes) for code, rows in groups.items()]
    return Assessment(
        head.framework.slug, head.framework.version, head.place.code, named["round"], day, view, named["partner"],
        tuple(one for one in found if one is not None),
    )  # fmt: skip


def _view(form: Form, framework: Framework, notes: Notes) -> str | None:
    cell, partner = FormRow(1, form.head).cell("view"), form.told("partner")
    if not cell.text:
        return None
    found = next(
        (one for one in framework.views if cell.text.casefold() in (one.slug, one.title.casefold())), None
    )
    if found is None:
        notes.tell(cell, "unknown-view", f"Write one of {', '.join(one.slug for one in framework.views)}.")
    elif found.several and not partner:
        notes.tell(cell, "partner-missing", "Write who scores, as Council.")
        return None
    elif partner and not found.several:
        notes.tell(
            form.head["partner"], "partner-not-asked", "Leave it blank, or choose the view that has partners."
        )
        return None
    return found.slug if found else None


def _score(
    code: str, rows: list[FormRow], form: Form, framework: Framework, place: Place, notes: Notes
) -> Score | None:
    """Rows of one criterion: one level among them, and evidence in each. None where nothing of them can be used."""
    first = rows[0]
    title = domain = ""
    if code.startswith(LOCAL) and len(code) > len(LOCAL):
        title, domain = _local(rows, framework)
        if not title or not domain:
            notes.tell(
                first.cell("criterion"),
                "local-unclear",
                f"Fill in Criterion, and Domain with one of {_listed(framework)}.",
            )
            return None
    elif code not in {one.slug for one in framework.criteria}:
        notes.tell(
            first.cell("criterion"),
            "unknown-criterion",
            f"Take the codes of the blank form, or begin it with {LOCAL}",
        )
        return None
    claimed = [
        (row, level) for row in rows if (level := read_level(row.cell("level"), framework, notes)) is not None
    ]
    if len({level for _, level in claimed}) > 1:
        notes.tell(
            claimed[1][0].cell("level"),
            "scored-twice",
            "Keep one level; more rows of the criterion are for more evidence.",
        )
        claimed = []
    reasons = list(dict.fromkeys(row.text("reason") for row in rows if row.text("reason")))
    evidence = tuple(dict.fromkeys(one for row in rows for one in _evidence(row, form, place, notes)))
    if not claimed and not reasons and not evidence:
        return None
    return Score(code, claimed[0][1] if claimed else None, "\n".join(reasons), evidence, title, domain)


def _listed(framework: Framework) -> str:
    return ", ".join(one.slug for one in framework.domains)


def _local(rows: list[FormRow], framework: Framework) -> tuple[str, str]:
    title = next((row.text("title") for row in rows if row.text("title")), "")
    said = next((row.text("domain").casefold() for row in rows if row.text("domain")), "")
    domain = next((one.slug for one in framework.domains if said in (one.slug, one.title.casefold())), "")
    return title, domain


def _evidence(row: FormRow, form: Form, place: Place, notes: Notes) -> Iterator[Evidence]:
    if any(row.text(name) for name in _PARTS[:3]):
        dated, link = read_date(row.cell("dated"), form, notes), row.text("link")
        if row.text("document") and dated and link.lower().startswith(("https://", "http://")):
            yield Document(row.text("document"), dated, link)
        else:
            notes.tell(
                row.cell("document"),
                "evidence-unclear",
                "A document has a title, a day, and a link that begins with https://.",
            )
    if any(row.text(name) for name in _PARTS[3:]):
        live = _live(row, place, notes)
        if live is not None:
            yield live


def _live(row: FormRow, place: Place, notes: Notes) -> Live | None:
    measure = read_measure(row.cell("measure"), notes) if row.text("measure") else None
    if row.text("measure") and measure is None:
        return None
    where = any_place(row.text("measure_place")) if row.text("measure_place") else place
    if where is None:
        notes.tell(
            row.cell("measure_place"),
            "unknown-place",
            "Write the code of a borough, partnership or trust, or leave it blank.",
        )
        return None
    how = COMPARISONS.get(row.text("comparison").casefold().replace("_", " "))
    threshold = read_number(row.cell("threshold"), notes, -1e12, 1e12, whole=False)
    points = read_number(row.cell("points"), notes, 1, 24)
    if measure is None or how is None or threshold is None or points is None:
        notes.tell(
            row.cell("measure"),
            "evidence-unclear",
            "A measure has an id, at least or at most, a figure, and months in a row.",
        )
        return None
    series = Series(measure=measure, level=where.level, place=where.code)
    return Live(MeasureTest(series=series, comparison=how, threshold=threshold, points=int(points)))
