"""Thresholds of the questionnaires: who is above the clinical threshold, and which change is more than error.

Scores are compared in whole hundredths. They are stored as 32-bit floats, in which 2.3 is not 2.3 and 3.0 -
2.27 is not 0.73; the finest questionnaire (Mobility Inventory) has two decimals, so hundredths are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import model_validator

from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName

Comparison = Literal["at_least", "more_than"]
Change = Literal["improved", "deteriorated", "none"]


class Cut(Definition):
    """A score meets it when `score operator value`."""

    operator: Literal[">=", ">"]
    value: float


class QuestionnaireThreshold(Definition):
    """One questionnaire. `column` is the prefix of its national columns, `adsm` its national name as anxiety
    measure."""

    code: str
    title: str
    column: str
    adsm: str | None
    snomed: tuple[str, ...]
    low: float | None
    high: float | None
    caseness: Cut | None
    reliable_change: float | None
    problems: tuple[str, ...]
    used_for: str
    confidence: str
    version: int
    valid_from: date
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _fits_its_range(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("give both low and high, or neither")
        if self.low is None or self.high is None:
            if self.caseness or self.reliable_change:
                raise ValueError("thresholds need the range of the questionnaire")
            return self
        if self.caseness and not self.low <= self.caseness.value <= self.high:
            raise ValueError("the clinical threshold lies outside the range")
        if self.reliable_change is not None and not 0 < self.reliable_change <= self.high - self.low:
            raise ValueError("the reliable change is not between nothing and the whole range")
        return self

    @property
    def decides_outcomes(self) -> bool:
        """Whether both thresholds are known, so that recovery can rest on this questionnaire."""
        return self.caseness is not None and self.reliable_change is not None

    @property
    def first_column(self) -> str:
        """National name of its first score in the pathway."""
        return f"{self.column}_FirstScore"

    @property
    def last_column(self) -> str:
        """National name of its last score in the pathway."""
        return f"{self.column}_LastScore"

    def is_valid(self, score: float) -> bool:
        """Whether the score lies in the range of the questionnaire."""
        return self.low is not None and self.high is not None and self.low <= score <= self.high

    def at_caseness(self, score: float) -> bool:
        """Whether the score meets the clinical threshold. Raises UnknownName where no threshold is
        published."""
        return round(score * 100) >= self.least_at_caseness

    @property
    def least_at_caseness(self) -> int:
        """The lowest score at caseness in hundredths, which is one above a threshold that must be passed. Raises
        UnknownName."""
        if self.caseness is None:
            raise UnknownName(f"No clinical threshold of {self.title} is published.")
        return _hundredths(self.caseness.value) + (self.caseness.operator == ">")

    def least_change(self, comparison: Comparison = "at_least") -> int:
        """The least change that is more than error, in hundredths. Raises UnknownName."""
        if self.reliable_change is None:
            raise UnknownName(f"No reliable change of {self.title} is published.")
        return _hundredths(self.reliable_change) + (comparison == "more_than")

    def change(self, first: float, last: float, comparison: Comparison = "at_least") -> Change:
        """What happened from the first score to the last: a fall beyond the reliable change is
        improvement."""
        fall = round(first * 100) - round(last * 100)
        if abs(fall) < self.least_change(comparison):
            return "none"
        return "improved" if fall > 0 else "deteriorated"


class Choice(Definition):
    """Which questionnaires decide an outcome."""

    always: str
    fallback: str
    comparison: Comparison
    first_and_last: str
    rule: str
    version: int
    valid_from: date
    source: str
    confidence: str


class Thresholds(Definition):
    """Every questionnaire with a part in outcomes, and the rule that chooses among them."""

    choice: Choice
    questionnaires: tuple[QuestionnaireThreshold, ...]

    @classmethod
    def load(cls) -> Thresholds:
        """The thresholds that ship with joinedup."""
        return _shipped()

    @model_validator(mode="after")
    def _choices_exist(self) -> Self:
        codes = [item.code for item in self.questionnaires]
        if len(set(codes)) != len(codes):
            raise ValueError("two questionnaires have the same code")
        for code in (self.choice.always, self.choice.fallback):
            if code not in codes or not self.questionnaires[codes.index(code)].decides_outcomes:
                raise ValueError(f"{code} is chosen and has no thresholds")
        return self

    def with_comparison(self, comparison: Comparison) -> Thresholds:
        """The same thresholds, with a change of exactly the threshold counted ("at_least") or not
        ("more_than")."""
        return self.model_copy(update={"choice": self.choice.model_copy(update={"comparison": comparison})})

    @property
    def comparison(self) -> Comparison:
        """Whether a change of exactly the threshold is reliable."""
        return self.choice.comparison

    @property
    def depression(self) -> QuestionnaireThreshold:
        """The questionnaire in every outcome: PHQ-9."""
        return self[self.choice.always]

    @property
    def fallback(self) -> QuestionnaireThreshold:
        """The anxiety measure where no specific one applies or has a pair of scores: GAD-7."""
        return self[self.choice.fallback]

    @property
    def specific(self) -> tuple[QuestionnaireThreshold, ...]:
        """Anxiety measures of single problems whose thresholds are known, in the order of their problem
        codes."""
        found = [item for item in self.questionnaires if item.problems and item.decides_outcomes]
        return tuple(sorted(found, key=lambda item: item.problems))

    @property
    def by_snomed(self) -> Mapping[str, QuestionnaireThreshold]:
        """SNOMED CT code of a coded score -> questionnaire."""
        return MappingProxyType({code: item for item in self.questionnaires for code in item.snomed})

    def __getitem__(self, code: str) -> QuestionnaireThreshold:
        """The questionnaire of that code. Raises UnknownName."""
        for item in self.questionnaires:
            if item.code == code:
                return item
        nearest = get_close_matches(code, [item.code for item in self.questionnaires]) or ["PHQ9", "GAD7"]
        raise UnknownName(f"There is no questionnaire {code!r}.", remedy=f"Try {', '.join(nearest)}.")

    def for_problem(self, code: str | None) -> QuestionnaireThreshold:
        """The anxiety measure of a presenting problem (ICD-10 without dot, or SNOMED CT), before the fallback
        for want of pairs."""
        for item in self.specific:
            if code is not None and code.startswith(item.problems):
                return item
        return self.fallback


def _hundredths(value: float) -> int:
    return round(value * 100)


@lru_cache(maxsize=1)
def _shipped() -> Thresholds:
    files = [name for name in list_files("thresholds") if not name.endswith("/choice.yaml")]
    questionnaires = tuple(load(QuestionnaireThreshold, name) for name in files)
    return Thresholds(choice=load(Choice, "thresholds/choice.yaml"), questionnaires=questionnaires)
