"""Forms of frameworks out as files and in again. What a file gets wrong is told by row; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup.governance.frameworks.assessments import Score, read_assessment
from joinedup.governance.frameworks.charters import Charter, read_charter
from joinedup.governance.frameworks.findings import FormFinding
from joinedup.governance.frameworks.neighbourhoods import Register, read_register
from joinedup.governance.frameworks.parts import CHARTER, NEIGHBOURHOODS, ROADMAP, SCORES, Form, Notes
from joinedup.governance.frameworks.reading import forms_of
from joinedup.governance.frameworks.roadmaps import Roadmap, read_roadmap
from joinedup.governance.frameworks.writing import blank_pages, page_of, write_pages
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.models import Round

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}
READERS = {ROADMAP.name: read_roadmap, CHARTER.name: read_charter, NEIGHBOURHOODS.name: read_register}


@dataclass(frozen=True)
class SentScores:
    """The scores of a form, and what was found. None where something of it would be left out."""

    scores: tuple[Score, ...] | None
    findings: tuple[FormFinding, ...]


@dataclass(frozen=True)
class SentPart:
    """A roadmap, charter or register of a form, and what was found. None where something would be left out."""

    part: keeping.PartOfPlace | None
    findings: tuple[FormFinding, ...]


def scores_file(found: Round, view: str, partner: str, scores: Iterable[Score], kind: str) -> bytes:
    """The form of a view with what was scored so far, and a row for each core criterion without a level."""
    framework = Framework.load(found.framework)
    held = {one.criterion: one for one in scores}
    every = [held.pop(one.slug, Score(one.slug, None)) for one in framework.criteria]
    whole = keeping.assessment(found, view, partner, (*every, *held.values()))
    return write_pages([page_of(whole)], f".{kind}", framework)


def read_scores(content: bytes, name: str, found: Round, view: str, partner: str) -> SentScores:
    """The scores of a file. Raises YourData for a file that is none, YourCommand for one of another round or party."""
    forms, findings = _forms(content, name, SCORES.name)
    notes = Notes(name)
    read = read_assessment(forms[0], notes) if forms else None
    told = (*findings, *notes.found)
    if read is None or any(one.kind == "left out" for one in told):
        return SentScores(None, told)
    theirs = (read.framework, read.place, read.view, read.partner.casefold(), read.round.casefold())
    if theirs != (found.framework, found.unit_id, view, partner.casefold(), str(found).casefold()):
        raise YourCommand(
            f"The form is of {read.partner or read.view}, round {read.round}, at {read.place}; this page is of "
            f"{partner or view}, round {found}, at {found.unit_id}.",
            remedy="Download the form from this page, and fill in that one.",
        )
    return SentScores(read.scores, told)


def part_file(
    framework: Framework, unit: str, part: str, kept: keeping.PartOfPlace | None, kind: str
) -> bytes:
    """A roadmap, charter or register as it is kept, or the blank form. Raises YourCommand where there is none."""
    if kept is not None:
        return write_pages([page_of(kept)], f".{kind}", framework)
    pages = [one for one in blank_pages(framework, place=unit) if one.kind.name == part]
    if not pages:
        raise YourCommand("This framework has no such form.", remedy="Open the page of the place.")
    return write_pages(pages, f".{kind}", framework)


def read_part(content: bytes, name: str, framework: Framework, unit: str, part: str) -> SentPart:
    """The same of a file. Raises YourData for a file that is none, YourCommand for one of another place."""
    forms, findings = _forms(content, name, part)
    notes = Notes(name)
    read: Roadmap | Charter | Register | None = READERS[part](forms[0], notes) if forms else None
    told = (*findings, *notes.found)
    if read is None or any(one.kind == "left out" for one in told):
        return SentPart(None, told)
    if (read.framework, read.place) != (framework.slug, unit):
        raise YourCommand(
            f"The form is of {read.place} in {read.framework}; this page is of {unit} in {framework.slug}.",
            remedy="Download the form from this page, and fill in that one.",
        )
    return SentPart(read, told)


def _forms(content: bytes, name: str, kind: str) -> tuple[list[Form], tuple[FormFinding, ...]]:
    """The one form of that kind in a file. Raises YourCommand for none, or several."""
    forms, findings = forms_of(content, name)
    mine = [one for one in forms if one.kind.name == kind]
    if len(mine) > 1 or (not mine and not findings):
        raise YourCommand(
            f"{len(mine)} forms of this kind are in the file.",
            remedy="Send a file with one, as downloaded here.",
        )
    return mine, findings
