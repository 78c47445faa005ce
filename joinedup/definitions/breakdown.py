"""Breakdowns: the groups of people that a measure is shown by, in their order, with a reference group.

A breakdown reads one column of the journeys table and puts each value in exactly one group. Whatever is
missing, or is not on the list, falls to the not-stated group, whose meaning is written beside it.
`sql_case` and `group_of` are the same rule said twice: once for the engine, once in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Self

from pydantic import Field, field_validator, model_validator

from joinedup.definitions.crossing import CROSS, crossed
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName

FOLDER = "breakdowns"
PUBLISHED_ONLY = "breakdowns/published_only"
SEPARATOR = " | "

Label = tuple[str, str, str]
"""A published group as it is printed: variable type, variable a, variable b (empty where there is none)."""


class Group(Definition):
    """One group: the codes, code prefixes or range of whole numbers (both ends included) that belong to
    it."""

    name: str
    codes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    not_stated: bool = False
    people: str = Field(default="", description="how a sentence speaks of these people; else recorded as")
    published: tuple[str, ...] = Field(default=(), description="labels in publications, the latest first")
    published_elsewhere: tuple[str, ...] = Field(
        default=(), description="labels whose rows belong to another breakdown"
    )

    @model_validator(mode="after")
    def _one_kind_of_rule(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"group {self.name}: give both low and high, or neither")
        if self.low is not None and (self.codes or self.prefixes):
            raise ValueError(f"group {self.name}: a range and codes do not go together")
        return self


class CrosswalkGroup(Definition):
    """One group of another classification, and the codes of ours that it takes."""

    name: str
    codes: tuple[str, ...]


class Crosswalk(Definition):
    """How another classification of the same people relates to the codes of the returns, from a date on."""

    name: str
    title: str
    valid_from: date
    valid_to: date | None = None
    source: str
    note: str = ""
    groups: tuple[CrosswalkGroup, ...]

    @field_validator("groups", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return tuple({"name": name, "codes": codes} for name, codes in value.items())
        return value

    def group_of(self, code: str) -> str | None:
        """Group of the other classification for one of our codes; None where it has none."""
        return next((group.name for group in self.groups if code in group.codes), None)


class Breakdown(Definition):
    """Groups in their order. `column` is a column of the journeys table, or None where only publications
    have it."""

    slug: str
    title: str
    column: str | None = None
    ordered: bool
    overlapping: bool = Field(
        default=False, description="a person may be in several groups, so groups do not add up"
    )
    reference: str
    version: int
    valid_from: date
    valid_to: date | None = None
    source: str
    not_stated_means: str
    published_as: tuple[str, ...] = Field(
        default=(), description="variable types under which publications print it"
    )
    published_note: str = Field(default="", description="how published groups differ from ours")
    groups: tuple[Group, ...]
    crosswalks: tuple[Crosswalk, ...] = ()

    @classmethod
    def load(cls, slug: str) -> Breakdown:
        """The breakdown of that name, or two crossed (`definitions.crossing`). Raises UnknownName with the nearest
        names."""
        if CROSS in slug:
            return crossed(slug)
        known = _known()
        if slug not in known:
            nearest = get_close_matches(slug, known, n=3, cutoff=0.3) or sorted(known)
            raise UnknownName(f"There is no breakdown called {slug!r}.", remedy=f"Try {', '.join(nearest)}.")
        return known[slug]

    @classmethod
    def all(cls) -> tuple[Breakdown, ...]:
        """Every breakdown that journeys can be shown by, by slug."""
        return tuple(breakdown for breakdown in _known().values() if breakdown.column is not None)

    @classmethod
    def published(cls) -> tuple[Breakdown, ...]:
        """Every breakdown that publications print, including those that only they have."""
        return tuple(breakdown for breakdown in _known().values() if breakdown.published_as)

    @model_validator(mode="after")
    def _groups_fit_together(self) -> Self:
        names = self.group_names
        if len(set(names)) != len(names):
            raise ValueError("two groups have the same name")
        if sum(group.not_stated for group in self.groups) != 1 or not self.groups[-1].not_stated:
            raise ValueError("exactly one group is not stated, and it comes last")
        if self.reference not in names[:-1]:
            raise ValueError(f"the reference group {self.reference!r} is not one of the groups")
        rules = [rule for group in self.groups for rule in _rules(group)]
        if len(set(rules)) != len(rules):
            raise ValueError("a code belongs to two groups")
        return self

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names in their order, not stated last."""
        return tuple(group.name for group in self.groups)

    @property
    def stated_names(self) -> tuple[str, ...]:
        """Names in their order without not stated."""
        return self.group_names[:-1]

    @property
    def not_stated(self) -> str:
        """Name of the group for whatever is missing or not on the list."""
        return self.groups[-1].name

    @property
    def published_labels(self) -> Mapping[Label, str]:
        """Label as printed -> our group. Publications of several years may print one group in several
        ways."""
        return dict(_labels(self, elsewhere=False))

    @property
    def shared_labels(self) -> Mapping[Label, str]:
        """Labels of this breakdown whose rows are kept under another, such as not stated under ethnic
        group."""
        return dict(_labels(self, elsewhere=True))

    def label_of(self, group: str) -> Label | None:
        """How publications print a group today; None where they do not print it. Raises UnknownName."""
        labels = {
            name: label
            for label, name in reversed([*self.published_labels.items(), *self.shared_labels.items()])
        }
        if group not in self.group_names:
            raise UnknownName(
                f"{self.title} has no group {group!r}.",
                remedy=f"Its groups are {', '.join(self.group_names)}.",
            )
        return labels.get(group)

    def group_of(self, value: str | int | None) -> str:
        """Group of one value of the column: a code, or a whole number where groups are ranges."""
        if value is None:
            return self.not_stated
        matched = (group for rank, rule, group in _ordered_rules(self) if _matches(rank, rule, value))
        return next(matched, self.not_stated)

    def people(self, group: str) -> str:
        """A group as a sentence speaks of it, people first."""
        phrase = next((found.people for found in self.groups if found.name == group), "")
        return phrase or f"people recorded as {group}"

    def sql_case(self, column_sql: str) -> str:
        """CASE expression that yields the group name for the column (or expression) `column_sql`.

        Raises UnknownName for a breakdown that only publications have.
        """
        if self.column is None:
            raise UnknownName(
                f"{self.title} is known from publications only: journeys have no column for it.",
                remedy=f"Choose one of {', '.join(breakdown.slug for breakdown in Breakdown.all())}.",
            )
        whens = " ".join(
            f"WHEN {_condition(rank, rule, column_sql)} THEN {_quoted(group)}"
            for rank, rule, group in _ordered_rules(self)
        )
        return f"CASE {whens} ELSE {_quoted(self.not_stated)} END"

    def crosswalk(self, name: str) -> Crosswalk:
        """The crosswalk of that name. Raises UnknownName."""
        for crosswalk in self.crosswalks:
            if crosswalk.name == name:
                return crosswalk
        known = ", ".join(crosswalk.name for crosswalk in self.crosswalks) or "none"
        raise UnknownName(f"{self.title} has no crosswalk {name!r}.", remedy=f"It has {known}.")


@lru_cache(maxsize=1)
def _known() -> dict[str, Breakdown]:
    files = [*list_files(FOLDER), *list_files(PUBLISHED_ONLY)]
    return {breakdown.slug: breakdown for breakdown in (load(Breakdown, file) for file in files)}


Rule = str | tuple[int, int]
CODE, PREFIX, RANGE = 0, 1, 2


def _rules(group: Group) -> Iterator[tuple[int, Rule]]:
    yield from ((CODE, code) for code in group.codes)
    yield from ((PREFIX, prefix) for prefix in group.prefixes)
    if group.low is not None and group.high is not None:
        yield (RANGE, (group.low, group.high))


@lru_cache(maxsize=64)
def _ordered_rules(breakdown: Breakdown) -> tuple[tuple[int, Rule, str], ...]:
    """Whole codes first, then the longest prefix, so that F410 wins over F41 and F41 over F."""
    found = [(kind, rule, group.name) for group in breakdown.groups for kind, rule in _rules(group)]
    return tuple(sorted(found, key=lambda entry: (entry[0], -len(entry[1]))))


def _matches(kind: int, rule: Rule, value: str | int) -> bool:
    if isinstance(rule, tuple):
        return isinstance(value, int) and rule[0] <= value <= rule[1]
    return isinstance(value, str) and (value == rule if kind == CODE else value.startswith(rule))


def _condition(kind: int, rule: Rule, column: str) -> str:
    if isinstance(rule, tuple):
        return f"{column} BETWEEN {rule[0]} AND {rule[1]}"
    return f"{column} = {_quoted(rule)}" if kind == CODE else f"starts_with({column}, {_quoted(rule)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _labels(breakdown: Breakdown, *, elsewhere: bool) -> Iterator[tuple[Label, str]]:
    for group in breakdown.groups:
        for text in group.published_elsewhere if elsewhere else group.published:
            a, _, b = text.partition(SEPARATOR)
            for variable_type in breakdown.published_as:
                yield (variable_type, a, b), group.name
