"""What pages of frameworks say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.charts.frameworks import short, who_said
from joinedup.charts.picture import Table
from joinedup.definitions.frameworks import Domain, Framework
from joinedup.governance.cells import Sheet, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.frameworks.assessments import Document, Evidence, Score
from joinedup.governance.frameworks.results import PlaceResult, Results
from joinedup.governance.frameworks.scoring import Outcome
from joinedup.governance.frameworks.scoring import Round as Scored
from joinedup.governance.writing import write_xlsx
from joinedup.reports.content import Block, Report
from joinedup.reports.framework_page import framework_report
from joinedup_web.governance.frameworks.models import MODERATION, SCORING, SIGNED, SIGNING

STATES = {
    SCORING: ("Partners score", "blue"), MODERATION: ("Levels are being agreed", "purple"),
    SIGNING: ("Waits for signatures", "yellow"), SIGNED: ("Signed", "green"),
}  # fmt: skip
COMPARED = ("beside", "when", "maps", "framework")
SHEET_TITLE = 31
HIDDEN = "Which scores led to them is shown to those who took part."
MEANT = {"left out": "Not used", "to settle": "To settle", "to know": "To know"}


@dataclass(frozen=True)
class Shown:
    """A table with its title and what stands above and below it."""

    title: str
    sentence: str
    table: Table
    below: str = ""


@dataclass(frozen=True)
class Part:
    """A section of a page."""

    title: str
    lead: tuple[str, ...]
    items: tuple[Shown, ...]
    cautions: tuple[str, ...]


def parts_of(places: Sequence[PlaceResult], framework: str, slugs: Sequence[str]) -> list[Part]:
    """Sections of the library's report on a framework; none where nothing was scored."""
    if not places:
        return []
    report: Report = framework_report(Results(tuple(places), ()), framework)
    return [
        Part(one.heading, one.lead, tuple(_shown(item) for item in one.items), one.cautions)
        for one in report.sections
        if one.slug in slugs
    ]


def of_place(found: PlaceResult, others: Sequence[PlaceResult]) -> list[Part]:
    """Everything of one unit: views beside each other, levels, gaps, evidence, roadmap, charter, neighbourhoods."""
    key = found.place.lower()
    rest = [one for one in others if one.place != found.place]
    made = parts_of([found, *rest], found.framework, (f"views-{key}", key))
    return [_agreed_alone(one, found) for one in made] if _apart_is_hidden(found) else made


def _apart_is_hidden(found: PlaceResult) -> bool:
    """Whether only agreed levels are seen, and not who gave which before."""
    newest, deciding = found.latest, Framework.load(found.framework).deciding.slug
    given = [claim.view for one in newest.outcomes for claim in one.claims] if newest else []
    return newest is not None and newest.moderated and set(given) <= {deciding}


def _agreed_alone(part: Part, found: PlaceResult) -> Part:
    """The same with the first table called what it is for somebody who did not take part."""
    if not part.items or "one body alone" not in part.items[0].title:
        return part
    levels = Shown(f"{short(found.place)}: agreed levels", HIDDEN, part.items[0].table)
    return Part(part.title, part.lead, (levels, *part.items[1:]), part.cautions)


def of_round(found: PlaceResult) -> list[Part]:
    """One round by itself: levels with their spread, and the evidence; gaps and pace stand on the page of the place."""
    parts = of_place(found, ())
    kept = (tuple(item for item in part.items if "gaps to level" not in item.title) for part in parts)
    return [Part(one.title, (), items, one.cautions) for one, items in zip(parts, kept, strict=True)]


def _shown(item: Any) -> Shown:
    if isinstance(item, Block):
        return Shown(item.title, item.sentence, item.table)
    return Shown(item.title, f"{item.subtitle}. {item.sentence}", item.table)


def workbook(parts: Sequence[Part]) -> bytes:
    """Every table of a page as a sheet of its own. Raises MissingPart."""
    sheets = []
    for number, item in enumerate((item for part in parts for item in part.items), 1):
        title = "".join(letter for letter in item.title if letter not in "[]:*?/\\'")
        rows = ((item.title,), (item.sentence,), (), item.table.header, *item.table.rows)
        sheets.append(Sheet(f"{number} {title}"[:SHEET_TITLE].strip(), tuple(rows)))
    return write_xlsx(Workbook(tuple(sheets)))


def csv(part: Part) -> bytes:
    """The first table of a section: levels by criterion, with their spread."""
    table = part.items[0].table
    return write_csv(Sheet("Levels", (table.header, *table.rows)))


def findings_table(findings: Sequence[Any]) -> Table:
    """What a form got wrong, by row and column."""
    header = ("Row", "Column", "It says", "What was found", "What to do", "")
    rows = tuple(
        (str(one.row or ""), one.column, one.text, one.message, one.remedy, MEANT[one.kind])
        for one in findings
    )
    return Table(header, rows)


def spread_in(found: Scored | None, domain: Domain) -> dict[str, Outcome]:
    """Outcomes of a domain by criterion, its own criteria among them."""
    return {one.criterion: one for one in found.outcomes if one.domain == domain.slug} if found else {}


def claims(found: Scored, outcome: Outcome) -> list[str]:
    """Who gave which level, and why, a line each."""
    framework = Framework.load(found.framework)
    return [
        f"{who_said(found, framework, one)}: {one.level}" + (f". {one.reason}" if one.reason else "")
        for one in outcome.claims
        if one.view != framework.deciding.slug
    ]


def apart(outcome: Outcome) -> str:
    """The spread as words."""
    if outcome.apart is None:
        return "Fewer than two have scored it."
    low, high = outcome.apart
    return f"All gave {low}." if low == high else f"They gave {low} to {high}."


def evidence_words(one: Evidence) -> str:
    """Evidence as a line."""
    if isinstance(one, Document):
        return f"{one.title}, {one.dated:%-d %B %Y}, {one.link}"
    return one.test.in_words()


def scored_in(framework: Framework, scores: Sequence[Score]) -> list[tuple[Domain, int, int]]:
    """Each domain with how many of its core criteria have a level, and how many it has."""
    given = {one.criterion for one in scores if one.level is not None}
    return [
        (domain, sum(one.slug in given for one in domain.criteria), len(domain.criteria))
        for domain in framework.domains
    ]


def in_order(framework: Framework, scores: Iterable[Score]) -> tuple[Score, ...]:
    """Scores in the order of the framework, those of local criteria after them: the database keeps none."""
    at = {one.slug: number for number, one in enumerate(framework.criteria)}
    return tuple(sorted(scores, key=lambda one: (at.get(one.criterion, len(at)), one.title)))


def without_evidence(framework: Framework, scores: Sequence[Score]) -> list[str]:
    """Criteria that claim a level for which evidence is needed, and offer none."""
    titles = {one.slug: one.title for one in framework.criteria}
    return [
        titles.get(one.criterion, one.title)
        for one in scores
        if one.level is not None and one.level >= framework.evidence.from_level and not one.evidence
    ]


def whose_texts(framework: Framework) -> str:
    """Whose the texts of the levels are."""
    first = "The texts are ours." if framework.texts == "ours" else "The texts are those of the source."
    return f"{first} {framework.texts_note}"


short_name = short
