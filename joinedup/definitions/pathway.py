"""Pathways: the stages of a journey, in order, as conditions over the journeys table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.conditions import Condition, columns_of, parse_condition
from joinedup.definitions.conditions_sql import Wording, to_sql
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import DefinitionBroken, UnknownName

FOLDER = "pathways"


class Stage(Definition):
    """One step. Whoever reached every step before it and meets `condition` passes.

    `kind` is "stage", or "scope" for a branching that is no loss (people who could not go further by
    definition). `date` is the journeys column that says on which day the step was passed, for follow-up of
    fixed length. `passing`, `left` and `open` say in words what it means to pass, to leave here, and to be
    still open here.
    """

    name: str = Field(pattern="^[a-z_]+$")
    title: str
    kind: Literal["stage", "scope"]
    condition: str
    date: str
    passing: str
    left: str
    open: str

    @model_validator(mode="after")
    def _in_the_vocabulary(self) -> Self:
        _check(self.condition)
        if columns_of("journeys").get(self.date) != "date":
            raise ValueError(f"{self.date} is not a date of the journeys table")
        return self

    @property
    def parsed(self) -> Condition:
        """The condition as frozen values."""
        return parse_condition(self.condition)

    def sql(self, prefix: str = "") -> str:
        """The condition as a SQL predicate (true or false, never null); `prefix` stands before columns, such
        as "j."."""
        return to_sql(self.parsed, Wording(prefix))


class EndCode(Definition):
    """One reason for which a referral ends."""

    code: str
    title: str


class EndCodeGroup(Definition):
    """End codes that say the same about how far the person came."""

    name: str
    title: str
    codes: tuple[EndCode, ...]


class PathwayRule(Definition):
    """How referrals become pathways. The name stands beside every result, the sentence explains it."""

    name: str
    sentence: str
    overlap: str


class FollowUp(Definition):
    """How long a referral cohort is followed: `months`, or `longer_months` while more than `open_share` are
    open."""

    months: int = Field(gt=0)
    longer_months: int = Field(gt=0)
    open_share: float = Field(gt=0, lt=1)
    sentence: str

    @model_validator(mode="after")
    def _longer_is_longer(self) -> Self:
        if self.longer_months <= self.months:
            raise ValueError("the longer follow-up is not longer")
        return self

    def months_for(self, share_open: float) -> int:
        """Months of follow-up when this share of the cohort is open at the shorter one."""
        return self.longer_months if share_open > self.open_share else self.months


class Pathway(Definition):
    """Stages in order; `left` and `still_open` split those who do not pass a stage."""

    id: str
    title: str
    version: int
    valid_from: date
    source: str
    rule: PathwayRule
    left: str
    still_open: str
    follow_up: FollowUp
    stages: tuple[Stage, ...] = Field(min_length=2)
    end_codes: tuple[EndCodeGroup, ...]

    @classmethod
    def load(cls, name: str) -> Pathway:
        """The pathway of that id. Raises UnknownName."""
        return _load(name)

    @classmethod
    def all(cls) -> tuple[Pathway, ...]:
        """Every pathway that ships."""
        return tuple(_load(name) for name in _names())

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _check(self.left)
        _check(self.still_open)
        names = [stage.name for stage in self.stages]
        codes = [item.code for group in self.end_codes for item in group.codes]
        if len(set(names)) != len(names):
            raise ValueError("two stages have the same name")
        if len(set(codes)) != len(codes):
            raise ValueError("an end code stands in two groups")
        if self.stages[0].kind != "stage" or self.stages[-1].kind != "stage":
            raise ValueError("the first and last steps are stages, not scope")
        return self

    @property
    def stage_names(self) -> tuple[str, ...]:
        """Names of the stages, in order."""
        return tuple(stage.name for stage in self.stages)

    @property
    def end_code_groups(self) -> Mapping[str, str]:
        """End code -> name of its group."""
        return MappingProxyType({item.code: group.name for group in self.end_codes for item in group.codes})

    def stage(self, name: str) -> Stage:
        """The stage of that name. Raises UnknownName."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise UnknownName(
            f"{self.id} has no stage {name!r}.", remedy=f"Its stages: {', '.join(self.stage_names)}."
        )

    def reached_sql(self, name: str, prefix: str = "") -> str:
        """SQL predicate: this stage and every one before it was passed."""
        last = self.stages.index(self.stage(name))
        return "(" + " AND ".join(stage.sql(prefix) for stage in self.stages[: last + 1]) + ")"

    def furthest_stage_sql(self, prefix: str = "") -> str:
        """SQL text giving the name of the furthest stage passed without missing one; null where not even the
        first."""
        parts = [f"WHEN NOT {stage.sql(prefix)} THEN {before}" for stage, before in self._with_previous()]
        return f"CASE {' '.join(parts)} ELSE '{self.stages[-1].name}' END"

    def _with_previous(self) -> list[tuple[Stage, str]]:
        previous = ["NULL", *(f"'{stage.name}'" for stage in self.stages)]
        return list(zip(self.stages, previous, strict=False))


def _check(condition: str) -> None:
    try:
        parse_condition(condition)
    except DefinitionBroken as fault:
        raise ValueError(fault.message) from fault


def _names() -> tuple[str, ...]:
    return tuple(name.removeprefix(f"{FOLDER}/").removesuffix(".yaml") for name in list_files(FOLDER))


@lru_cache(maxsize=32)
def _load(name: str) -> Pathway:
    if name not in _names():
        raise UnknownName(f"There is no pathway {name!r}.", remedy=f"Known: {', '.join(_names())}.")
    return load(Pathway, f"{FOLDER}/{name}.yaml")
