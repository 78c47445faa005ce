"""What pages of improvement say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup_web.improvement.models import ACTION, KINDS, MILESTONE, RISK, Plan, PlanItem, Verdict
from joinedup_web.improvement.released import known_measure, name_of

if TYPE_CHECKING:
    from joinedup_web.improvement.asking import Told

COLOURS = {
    "worked": "green", "partly": "blue", "no worthwhile effect": "orange", "worse": "red", "cannot tell": "grey",
    "supported": "green", "not beyond the trend": "orange", "not supported": "red", "no data held": "grey",
}  # fmt: skip
"""Verdict -> colour of its tag; the word stands in it."""
HEADINGS = {MILESTONE: "Milestones", ACTION: "Actions", RISK: "Risks"}
STORY, NO_PLAN, TO_COME, NO_VERDICT = "story", "no plan yet", "to come", "no verdict"


@dataclass(frozen=True)
class Tag:
    """A word with the colour of its tag."""

    text: str
    colour: str

    @property
    def classes(self) -> str:
        """Of the design system."""
        return f"nhsuk-tag--{self.colour}"


def tag(word: str) -> Tag:
    """The tag of a verdict."""
    return Tag(word.capitalize(), COLOURS.get(word, "grey"))


def standing(told: Told) -> tuple[Tag, ...]:
    """How an initiative stands, in a word for each measure."""
    plan = told.plan
    if plan is None:
        return (Tag("No plan yet", "yellow"),)
    if plan.story:
        return (Tag("Story", "white"),)
    if not told.verdicts:
        return (Tag(_before(plan), "grey"),)
    return tuple(tag(one.verdict or NO_VERDICT) for one in told.verdicts)


def _before(plan: Plan) -> str:
    return "Not started" if plan.start > timezone.localdate().strftime("%Y-%m") else "Not judged yet"


def facts(plan: Plan | None) -> list[tuple[str, str]]:
    """What a plan names, as names and values."""
    if plan is None or plan.story:
        return []
    against = "Its own trend" if plan.own_trend else ", ".join(map(name_of, plan.comparison))
    start = date.fromisoformat(f"{plan.start}-01")
    late = plan.declared_on >= start
    return [
        ("Measures", ", ".join(map(title_of, plan.measures))),
        ("Population", plan.population),
        ("Where", ", ".join(map(name_of, plan.places))),
        ("First month", f"{start:%B %Y}"),
        ("Expected effect", points(plan.expected)),
        ("Smallest effect that would be worth it", points(plan.worthwhile)),
        ("Compared with", against),
        *(("Predicted", f"{100 * share:.1f}%, {title_of(one)}") for one, share in plan.predicted.items()),
        *([("Judged after", f"{plan.judged_after} months")] if plan.judged_after else []),
        ("Declared", f"{plan.declared_on:%-d %B %Y}, {'after it had begun' if late else 'before it began'}"),
    ]


def title_of(measure: str) -> str:
    """A measure as a person knows it."""
    known = known_measure(measure)
    return f"{known.title} ({known.id})" if known is not None else measure.replace("_", " ").capitalize()


def points(share: float | None) -> str:
    """A share as percentage points."""
    return "" if share is None else f"{100 * share:.1f} percentage points"


def limits(verdict: Verdict) -> list[tuple[str, str]]:
    """The figures of a verdict, as names and values."""
    if verdict.effect is None:
        return []
    found = [
        ("Effect", f"{verdict.effect:+.1f} percentage points"),
        ("95% limits", f"{verdict.lower:+.1f} to {verdict.upper:+.1f}"),
        ("Smallest effect that could have been seen", f"{verdict.smallest_visible:.1f} percentage points"
         if verdict.smallest_visible is not None else "not known"),
        ("Months since it began", str(verdict.months_after)),
        ("Method", verdict.method),
    ]  # fmt: skip
    return found if verdict.lower is not None and verdict.upper is not None else found[:1]


def by_kind(items: Iterable[PlanItem]) -> list[tuple[str, str, str, list[PlanItem]]]:
    """Milestones, actions and risks: kind, its word, its heading, and those of it."""
    every = list(items)
    return [
        (kind, words.lower(), HEADINGS[kind], [one for one in every if one.kind == kind])
        for kind, words in KINDS
    ]


def late(item: PlanItem, today: date) -> bool:
    """Whether it is overdue."""
    return item.ended_on is None and item.due is not None and item.due < today


def amount(number: float | None, unit: str) -> str:
    """A number with its unit."""
    return "" if number is None else f"{number:g} {unit}".strip()
