"""The questionnaires, therapies, end codes and circumstances that a return speaks of, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition

SnomedCode = Annotated[str, Field(pattern=r"^\d{6,18}$")]


class Questionnaire(Definition):
    """A questionnaire, or one item of it: a score from `low` to `high`, or one of `values`."""

    code: str
    title: str
    snomed: tuple[SnomedCode, ...] = ()
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    values: Mapping[str, str] | None = None
    snomed_with_other_values: Mapping[str, tuple[str, ...]] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _range_is_whole(self) -> Questionnaire:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high are given together or not at all")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be below high")
        if self.snomed and self.low is None and self.values is None:
            raise ValueError("a questionnaire with SNOMED codes needs a range or a list of values")
        return self


class Questionnaires(Definition):
    """The questionnaires a return may carry."""

    source: str
    confidence: Literal["high", "medium", "low"]
    questionnaires: tuple[Questionnaire, ...]


class TherapyType(Definition):
    """A kind of therapy and the SNOMED CT procedure code that records it."""

    name: str
    title: str
    intensity: Literal["low", "high", "other"]
    snomed: SnomedCode


class TherapyTypes(Definition):
    """The therapies the official appointment counts tell apart."""

    source: str
    therapies: tuple[TherapyType, ...]


class EndCodeGroups(Definition):
    """How the reasons for ending a referral are grouped by the data set."""

    source: str
    referred_not_seen: tuple[str, ...]
    seen_not_taken_on: tuple[str, ...]
    seen_and_taken_on: tuple[str, ...]


class Circumstance(Definition):
    """A category of social and personal circumstance, and the group each of its SNOMED CT codes falls in.

    Codes whose meaning no public source we hold gives are under `ungrouped` and fall in `otherwise`.
    """

    category: str
    slug: str
    source: str
    note: str | None = None
    otherwise: str | None = None
    groups: Mapping[str, tuple[str, ...]] = {}
    group_titles: Mapping[str, str] = {}
    ungrouped: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every SNOMED CT code of the category."""
        return (*(code for codes in self.groups.values() for code in codes), *self.ungrouped)

    @model_validator(mode="after")
    def _each_code_once(self) -> Circumstance:
        if repeated := sorted({code for code in self.codes if self.codes.count(code) > 1}):
            raise ValueError(f"codes in two groups: {', '.join(repeated)}")
        return self
