"""Between the library's values and the rows that keep them: scores, rounds, roadmaps, charters, registers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from joinedup.definitions.frameworks import Framework
from joinedup.governance.evidence import MeasureTest, Series
from joinedup.governance.frameworks.assessments import Assessment, Document, Evidence, Live, Score
from joinedup.governance.frameworks.charters import Charter, Role
from joinedup.governance.frameworks.evidence import Holdings
from joinedup.governance.frameworks.neighbourhoods import Area, Register
from joinedup.governance.frameworks.results import PlaceResult
from joinedup.governance.frameworks.roadmaps import Milestone, Roadmap
from joinedup.governance.frameworks.scoring import Round as Scored
from joinedup.governance.frameworks.scoring import rounds_of

if TYPE_CHECKING:
    from joinedup_web.governance.frameworks.models import PlaceForm, Round, Sheet

Scores = Mapping[str, Mapping[str, Any]]
PartOfPlace = Roadmap | Charter | Register
PARTS = {"roadmap": "Roadmap", "charter": "Role charter", "neighbourhoods": "Neighbourhoods"}
_ROWS: Mapping[str, tuple[type[Any], type[Any]]] = {
    "roadmap": (Roadmap, Milestone), "charter": (Charter, Role), "neighbourhoods": (Register, Area),
}  # fmt: skip
_DAYS = ("due", "done", "signed", "dated")


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def plain(text: str) -> str:
    """Words without control characters, which no database and no page can carry, and without space around them."""
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def scores_kept(scores: Iterable[Score]) -> dict[str, dict[str, Any]]:
    """Scores as JSON keeps them, by criterion."""
    return {
        one.criterion: {
            "level": one.level, "reason": plain(one.reason), "title": plain(one.title), "domain": one.domain,
            "evidence": [_evidence_kept(offered) for offered in one.evidence],
        }
        for one in scores
    }  # fmt: skip


def scores_of(kept: Scores) -> tuple[Score, ...]:
    """The scores of `scores_kept`."""
    return tuple(
        Score(
            code, one["level"], one["reason"], tuple(_evidence_of(offered) for offered in one["evidence"]),
            one["title"], one["domain"],
        )
        for code, one in kept.items()
    )  # fmt: skip


def assessment(kept: Round, view: str, partner: str, scores: Iterable[Score]) -> Assessment:
    """A set of scores as the library has it."""
    return Assessment(
        kept.framework, kept.version, kept.unit_id, str(kept), kept.day, view, partner, tuple(scores)
    )


def of_sheet(kept: Round, sheet: Sheet) -> Assessment:
    """The scores of a party as the library has them."""
    several = {view.slug for view in Framework.load(kept.framework).views if view.several}
    partner = sheet.party.name if sheet.party.view in several else ""
    return assessment(kept, sheet.party.view, partner, scores_of(sheet.scores))


def scored(
    kept: Round, sheets: Sequence[Sheet], agreed: Any, held: Holdings, more: Iterable[Score] | None = None
) -> Scored | None:
    """A round as the library judges it; None where nobody has scored. `more`: levels of the view that decides instead
    of those agreed. What was sent to be signed stands at what evidence allowed then."""
    sets = [of_sheet(kept, sheet) for sheet in sheets]
    deciding = Framework.load(kept.framework).deciding.slug
    levels = more if more is not None else scores_of(agreed.scores) if agreed is not None else None
    if levels is not None:
        sets.append(assessment(kept, deciding, "", levels))
    if not sets:
        return None
    (found,) = rounds_of(sets, held)
    return found if agreed is None or more is not None else _fixed(found, agreed.allowed)


def _fixed(found: Scored, allowed: Mapping[str, int]) -> Scored:
    outcomes = tuple(replace(one, allowed=allowed.get(one.criterion, one.allowed)) for one in found.outcomes)
    return replace(found, outcomes=outcomes)


def result(
    framework: str, unit: str, rounds: Iterable[Scored], forms: Mapping[str, PartOfPlace] | None = None
) -> PlaceResult:
    """A unit with its rounds by day, as the library has it."""
    ordered = tuple(sorted(rounds, key=lambda one: (one.day, one.name)))
    held: Mapping[str, Any] = forms or {}
    return PlaceResult(
        framework, unit, ordered, held.get("roadmap"), held.get("charter"), held.get("neighbourhoods")
    )


def rows_kept(found: PartOfPlace) -> list[dict[str, Any]]:
    """The rows of a roadmap, charter or register as JSON keeps them."""
    return [{name: _value(value) for name, value in vars(row).items()} for row in found.rows]


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else plain(value) if isinstance(value, str) else value


def form_of(kept: PlaceForm) -> PartOfPlace:
    """The roadmap, charter or register that a row keeps."""
    whole, of_row = _ROWS[kept.part]
    rows = tuple(
        of_row(
            **{
                name: date.fromisoformat(value) if name in _DAYS and value else value
                for name, value in row.items()
            }
        )
        for row in kept.rows
    )
    more = {} if kept.part == "roadmap" else {"file": kept.file}
    made: PartOfPlace = whole(kept.framework, kept.unit_id, rows, **more)
    return made


def _evidence_kept(one: Evidence) -> dict[str, Any]:
    if isinstance(one, Document):
        return {"document": plain(one.title), "dated": one.dated.isoformat(), "link": plain(one.link)}
    return {"test": one.test.model_dump(mode="json")}


def _evidence_of(kept: Mapping[str, Any]) -> Evidence:
    if "document" in kept:
        return Document(kept["document"], date.fromisoformat(kept["dated"]), kept["link"])
    return Live(MeasureTest.model_validate(kept["test"]))


def live(measure: str, level: str, place: str, comparison: str, threshold: float, points: int) -> Live:
    """A measure as evidence. Raises ValueError for what no test can be."""
    series = Series(measure=measure, level=level, place=place)
    return Live(
        MeasureTest(
            series=series,
            comparison="at_least" if comparison == "at_least" else "at_most",
            threshold=threshold,
            points=points,
        )
    )
