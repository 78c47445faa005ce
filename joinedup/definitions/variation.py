"""The steps of a proposal to change a health service substantially, as law and guidance have them: data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition, load

Day = Literal["comments_by", "decision_by", "called_in_by"]
"""Days of a proposal by which a step is due."""


class StepOfLaw(Definition):
    """One step: who takes it, on which source, after which others, and by which day of the proposal."""

    slug: str
    title: str
    who: Literal["proposer", "committee", "both", "anybody", "secretary_of_state"]
    source: str
    at: str = ""
    says: str
    optional: bool = False
    only_if_substantial: bool = False
    after: tuple[str, ...] = ()
    due: Day | None = None


class Workflow(Definition):
    """All steps in their order, with the texts they rest on. Not legal advice, and it says so."""

    slug: str
    title: str
    valid_from: date
    note: str = Field(pattern="not legal advice")
    sources: Mapping[str, str]
    certainty: Literal["high", "medium", "low", "assumed"]
    reviewer: str
    next_review: date
    steps: tuple[StepOfLaw, ...] = Field(min_length=1)

    @classmethod
    def load(cls, slug: str = "england_2024") -> Workflow:
        """The workflow of that name. Raises DefinitionBroken."""
        return _loaded(slug)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        before: set[str] = set()
        for step in self.steps:
            if step.slug in before:
                raise ValueError(f"{step.slug} stands twice")
            if late := set(step.after) - before:
                raise ValueError(f"{step.slug} comes after what is not before it: {', '.join(sorted(late))}")
            if step.source not in self.sources:
                raise ValueError(f"{step.slug} has no source")
            before.add(step.slug)
        return self

    def step(self, slug: str) -> StepOfLaw:
        """The step of that name. Raises KeyError."""
        return {one.slug: one for one in self.steps}[slug]


@lru_cache(maxsize=4)
def _loaded(slug: str) -> Workflow:
    return load(Workflow, f"scrutiny/variation/{slug}.yaml")
