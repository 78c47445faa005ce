"""Forms to files that partners fill in: workbook, CSV or YAML; blank ones, and those that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.csv_sheets import write_csv
from joinedup.governance.frameworks.assessments import Assessment, Document, Live, Score
from joinedup.governance.frameworks.charters import Charter
from joinedup.governance.frameworks.neighbourhoods import Register
from joinedup.governance.frameworks.parts import (
    CHARTER,
    FORMS,
    MARK,
    NEIGHBOURHOODS,
    ROADMAP,
    SCORES,
    FormKind,
)
from joinedup.governance.frameworks.roadmaps import Roadmap
from joinedup.governance.writing import write_xlsx

Fields = Mapping[str, Value]


class _SpelledOut(yaml.CSafeDumper):
    """Writes a day that stands twice two times: a reader of strangers' files takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Filled = Assessment | Roadmap | Charter | Register


@dataclass(frozen=True)
class Page:
    """A form to write: its kind, its head, and its rows by field."""

    kind: FormKind
    head: Fields
    rows: tuple[Fields, ...]


def write_pages(pages: Sequence[Page], kind: str, about: Framework | None = None) -> bytes:
    """The forms as .xlsx, .csv (one form alone) or .yaml. `about` adds a sheet with the texts of the levels.

    Raises YourCommand, YourData, MissingPart.
    """
    if kind in (".yaml", ".yml"):
        return _yaml(pages)
    sheets = tuple(_sheet(page, _titles(pages)[at], texts=kind == ".csv") for at, page in enumerate(pages))
    if kind == ".xlsx":
        more = () if about is None else (_levels(about),)
        return write_xlsx(Workbook((*sheets, *more)))
    if kind != ".csv":
        raise YourCommand(f"A form is not written as {kind or 'that'}.", remedy="Write .xlsx, .csv or .yaml.")
    if len(sheets) != 1:
        raise YourCommand("CSV holds one form.", remedy=f"Name one with --part: {', '.join(FORMS)}.")
    return write_csv(sheets[0])


def blank_pages(
    framework: Framework, *, place: str = "", round_: str = "", view: str = "", partner: str = ""
) -> tuple[Page, ...]:
    """The forms of a framework to fill in: scores, roadmap, and where the framework has them charter and register."""
    head: Fields = {"framework": framework.slug, "version": framework.version, "place": place or None}
    rows = tuple(_asked(framework, Score(one.slug, None)) for one in framework.criteria)
    scores = Page(
        SCORES,
        {**head, "round": round_ or None, "day": None, "view": view or None, "partner": partner or None},
        rows,
    )
    pages = [scores, Page(ROADMAP, head, ())]
    if framework.charter:
        duties = tuple({"duty": one.slug} for one in framework.charter.duties)
        pages.append(Page(CHARTER, head, duties))
    if framework.neighbourhoods:
        pages.append(Page(NEIGHBOURHOODS, head, ()))
    return tuple(pages)


def page_of(filled: Filled) -> Page:
    """What was read, as the form that says it."""
    framework = Framework.load(filled.framework)
    head: dict[str, Value] = {
        "framework": framework.slug,
        "version": framework.version,
        "place": filled.place,
    }
    if isinstance(filled, Assessment):
        head |= {
            "round": filled.round,
            "day": filled.day,
            "view": filled.view,
            "partner": filled.partner or None,
        }
        return Page(SCORES, head, tuple(row for score in filled.scores for row in _scored(framework, score)))
    kind = {Roadmap: ROADMAP, Charter: CHARTER, Register: NEIGHBOURHOODS}[type(filled)]
    return Page(kind, head, tuple(one.fields() for one in filled.rows))


def write_filled(filled: Iterable[Filled], kind: str) -> bytes:
    """What was read, as a file. Raises as `write_pages`."""
    return write_pages([page_of(one) for one in filled], kind)


def _asked(framework: Framework, score: Score) -> dict[str, Value]:
    if score.local:
        return {"criterion": score.criterion, "domain": score.domain, "title": score.title}
    found = framework.criterion(score.criterion)
    optional = f" ({found.optional}.)" if found.optional else ""
    domain = framework.domain_of(score.criterion)
    return {
        "criterion": found.slug,
        "domain": domain.slug,
        "title": found.title,
        "asks": found.asks + optional,
    }


def _scored(framework: Framework, score: Score) -> Iterable[Fields]:
    """A row for the level and the first evidence, one more for each further."""
    first = {
        **_asked(framework, score),
        "level": None if score.level is None else float(score.level),
        "reason": score.reason or None,
    }
    evidence: Sequence[Document | Live | None] = score.evidence or (None,)
    for at, one in enumerate(evidence):
        yield {**(first if at == 0 else _asked(framework, score)), **_evidence(one)}


def _evidence(one: Document | Live | None) -> dict[str, Value]:
    if isinstance(one, Document):
        return {"document": one.title, "dated": one.dated, "link": one.link}
    if one is None:
        return {}
    return {
        "measure": one.test.series.measure, "measure_place": one.test.series.place,
        "comparison": one.test.comparison.replace("_", " "), "threshold": one.test.threshold,
        "points": float(one.test.points),
    }  # fmt: skip


def _titles(pages: Sequence[Page]) -> list[str]:
    """A name for each sheet, no two alike."""
    found: list[str] = []
    for page in pages:
        same = sum(title.partition(" (")[0] == page.kind.title for title in found)
        found.append(page.kind.title if not same else f"{page.kind.title} ({same + 1})")
    return found


def _sheet(page: Page, title: str, *, texts: bool) -> Sheet:
    def put(value: Value) -> Value:
        return value.isoformat() if texts and isinstance(value, date) else value

    head = [
        (MARK, page.kind.name),
        *((label, put(page.head.get(name))) for name, label in page.kind.head.items()),
    ]
    rows = [tuple(put(row.get(name)) for name in page.kind.columns) for row in page.rows]
    return Sheet(title, (*head, (), tuple(page.kind.columns.values()), *rows))


def _levels(framework: Framework) -> Sheet:
    """What each level means, for whoever fills the form in."""
    whose = "The texts are ours." if framework.texts == "ours" else "The texts are those of the source."
    heads = [f"{one.level} {one.title}" for one in framework.levels]
    rows: list[tuple[Value, ...]] = [
        (framework.title,),
        (f"{whose} {framework.texts_note}",),
        (
            f"From level {framework.evidence.from_level} on evidence is needed: "
            "a document with its day and a link, or a measure.",
        ),
        (
            "A row of your own has a code that begins with local. (as local.our_park), a domain of those below, "
            "and a title.",
        ),
        (),
        ("Domain", "Title", *heads),
        ("any", "What it means anywhere", *(one.meaning for one in framework.levels)),
    ]
    rows += [
        (one.slug, one.title, *(one.levels[level.level] for level in framework.levels))
        for one in framework.domains
    ]
    return Sheet("Levels", tuple(rows))


def _yaml(pages: Sequence[Page]) -> bytes:
    forms = []
    for page in pages:
        head = {name: _plain(page.head.get(name)) for name in page.kind.head}
        rows = [
            {name: _plain(value) for name, value in row.items() if value is not None} for row in page.rows
        ]
        forms.append({"form": page.kind.name, **head, "rows": rows})
    text: str = yaml.dump(
        {"forms": forms}, Dumper=_SpelledOut, allow_unicode=True, sort_keys=False, width=120
    )
    return text.encode()


def _plain(value: Value) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
