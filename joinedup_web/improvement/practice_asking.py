"""What the page of best practice asks: the released answer of the newest state, and what people wrote of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.definitions.lattice import BOROUGH
from joinedup_web.equity.figures import Shown
from joinedup_web.equity.practices import LEVELS, MEASURES, practice_of
from joinedup_web.improvement.models import Initiative, PracticeNote
from joinedup_web.improvement.presenting import title_of
from joinedup_web.improvement.released import State


@dataclass(frozen=True)
class Answer:
    """What was released of one measure by one kind of place, with its picture."""

    told: Mapping[str, Any]
    picture: Shown

    def place(self, code: str) -> Mapping[str, Any] | None:
        """What is said of a place; None for one that was not compared."""
        return next((one for one in self.told["places"] if one["place"] == code and "people" in one), None)

    @property
    def named(self) -> list[Mapping[str, Any]]:
        """Places that are really better."""
        return [one for one in self.told["places"] if one["named"]]


def measures() -> list[tuple[str, str]]:
    """Measures to choose from."""
    return [(one, title_of(one)) for one in MEASURES]


def answer_of(state: State | None, measure: str, level: str = BOROUGH) -> Answer | None:
    """The released answer; None while there is none."""
    if state is None or measure not in MEASURES or level not in LEVELS:
        return None
    found = practice_of(state.figures, measure, level)
    return Answer(*found) if found is not None else None


def answer_with(state: State | None, measure: str, code: str) -> Answer | None:
    """The answer in which a place stands, a borough or a service; None where it stands in none."""
    found = (answer_of(state, measure, level) for level in LEVELS)
    return next((one for one in found if one is not None and one.place(code)), None)


def notes_on(measure: str, code: str = "") -> list[PracticeNote]:
    """What people wrote, the newest first: everyone whose role sees initiatives reads all of it."""
    rows = PracticeNote.objects.filter(measure_id=measure).select_related("place", "written_by")
    return list((rows.filter(where=code) if code else rows).order_by("-written_at"))


def tried_from(measure: str, answer: Answer) -> list[Initiative]:
    """Initiatives that say they take over this practice, by the number that they name."""
    codes = [one["code"] for one in answer.named]
    rows = Initiative.objects.filter(source__startswith="Best practice").order_by("title")
    return [one for one in rows if any(one.source.endswith(code) for code in codes)]
