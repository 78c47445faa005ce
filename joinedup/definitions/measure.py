"""Measures: what is counted, over what, by which date, against which standard.

One file per measure under measures/<pathway>/. A few national ranges (M212-M236 and the like) are one file
with members spelled out; each member is a measure of its own. Slugs are ours, national ids are accepted
everywhere and always printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.conditions import (
    PERIOD_END,
    Both,
    Condition,
    InPeriod,
    Value,
    columns_of,
    parse_condition,
    parse_value,
    walk,
)
from joinedup.definitions.reading import Definition, build, list_files, read_yaml
from joinedup.errors import DefinitionBroken, UnknownName

FOLDER = "measures"
PATHWAYS = ("talking_therapies",)

Statistic = Literal["count", "percentage", "mean", "median", "max", "min", "sum"]
Better = Literal["higher", "lower", "none"]

_FORMULA = re.compile(r"^[A-Z]+[0-9]+( [+-] [A-Z]+[0-9]+)*$")
_ID = r"^[A-Z][A-Z0-9_]*([-,][A-Z0-9]+)*$"
_SLUG = r"^[a-z][a-z0-9_]*$"


class Target(Definition):
    """A standard in force from one day to another (both included), in percent."""

    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    value: float = Field(ge=0, le=100)
    direction: Literal["at_least", "at_most"]
    certainty: Literal["high", "medium", "low"]
    source: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("the standard ends before it begins")
        return self

    def in_force(self, day: date) -> bool:
        """Whether the standard holds on that day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition whose rows are counted, added (sign 1) or taken away (sign -1)."""

    sign: int
    condition: Condition


class Measure(Definition):
    """One measure. `numerator` and `denominator` are conditions, or sums of other measures by id (`M076 -
    M179`).

    `count` says what is counted; `table` where it is found; `of` is the number that a mean, median, largest,
    smallest or total is taken of, among the rows of `numerator`. `family` is the national range that the
    measure belongs to.
    """

    id: str = Field(pattern=_ID)
    slug: str = Field(pattern=_SLUG)
    title: str
    why_it_matters: str
    table: Literal["journeys", "contacts", "answers", "events"]
    count: Literal["pathways", "contacts", "sessions", "answers"]
    date_basis: str
    statistic: Statistic
    of: str | None = None
    numerator: str
    denominator: str | None = None
    better: Better
    standard: tuple[Target, ...] = ()
    official: bool
    version: int = Field(ge=1)
    valid_from: date
    cadence: Literal["monthly", "quarterly", "monthly_and_quarterly", "annual"]
    source: str
    confidence: str
    note: str = ""
    family: str | None = None
    pathway: str = "talking_therapies"

    @classmethod
    def load(cls, name: str) -> Measure:
        """The measure of that slug, national id, or `pathway/slug`. Raises UnknownName with the nearest
        names."""
        found = cls.find(name)
        if len(found) > 1:
            members = ", ".join(member.id for member in found)
            raise UnknownName(
                f"{name} stands for {len(found)} measures.", remedy=f"Name one of them: {members}."
            )
        return found[0]

    @classmethod
    def find(cls, name: str) -> tuple[Measure, ...]:
        """The measure of that name, or every member where the name is that of a national range. Raises
        UnknownName."""
        known = _catalogue().by_name
        key = name.rpartition("/")[2] if name.rpartition("/")[0] in ("", *PATHWAYS) else name
        if key not in known:
            nearest = get_close_matches(key, known, n=3, cutoff=0.4)
            remedy = (
                f"Did you mean {', '.join(nearest)}?" if nearest else "`joinedup measures` lists all of them."
            )
            raise UnknownName(f"There is no measure called {name!r}.", remedy=remedy)
        return known[key]

    @classmethod
    def all(cls) -> tuple[Measure, ...]:
        """Every measure that can be calculated, members of national ranges among them, in national order."""
        return _catalogue().measures

    @classmethod
    def entries(cls) -> tuple[str, ...]:
        """Ids of the files: single measures and national ranges, as the source lists them."""
        return _catalogue().entries

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        ratio, of_number = self.statistic == "percentage", self.statistic not in ("count", "percentage")
        if ratio != (self.denominator is not None):
            raise ValueError("a percentage has a denominator, and nothing else has")
        if of_number != (self.of is not None):
            raise ValueError("mean, median, max, min and sum are taken `of` a number, and nothing else is")
        if of_number and _FORMULA.match(self.numerator):
            raise ValueError("the rows of a mean or median are stated as a condition")
        try:
            self._read()
        except DefinitionBroken as fault:
            raise ValueError(fault.message) from fault
        return self

    def _read(self) -> None:
        if self.date_basis != PERIOD_END and columns_of(self.table).get(self.date_basis) != "date":
            raise DefinitionBroken(f"{self.date_basis} is not a date of {self.table}")
        for text in (self.numerator, self.denominator):
            if text is not None and not _FORMULA.match(text):
                _check_basis(parse_condition(text, self.table), self.date_basis)
        if self.of is not None:
            parse_value(self.of, self.table)

    @property
    def name(self) -> str:
        """`pathway/slug`, the full name."""
        return f"{self.pathway}/{self.slug}"

    @property
    def value_of(self) -> Value | None:
        """The number that the statistic is taken of."""
        return None if self.of is None else parse_value(self.of, self.table)

    @property
    def at_period_end(self) -> bool:
        """Whether it counts the state on the last day of a period rather than what happened in it."""
        return self.date_basis == PERIOD_END

    @property
    def numerator_terms(self) -> tuple[Term, ...]:
        """The conditions whose counts make the numerator."""
        return _terms(self.numerator, self.table)

    @property
    def denominator_terms(self) -> tuple[Term, ...]:
        """The conditions whose counts make the denominator; empty where there is none."""
        return () if self.denominator is None else _terms(self.denominator, self.table)

    def target_on(self, day: date) -> Target | None:
        """The standard in force on that day, or None. The last day of a period decides for the period."""
        return next((target for target in self.standard if target.in_force(day)), None)


@dataclass(frozen=True)
class _Catalogue:
    entries: tuple[str, ...]
    measures: tuple[Measure, ...]
    by_name: Mapping[str, tuple[Measure, ...]]


def read_measures(
    content: Mapping[str, Any], *, where: str, pathway: str = "talking_therapies"
) -> tuple[Measure, ...]:
    """The measures of one file: itself, or its members. Raises DefinitionBroken naming `where` and the
    field."""
    if "members" not in content:
        return (build(Measure, {**content, "pathway": pathway}, where=where),)
    members = content["members"]
    shared = {name: value for name, value in content.items() if name not in ("members", "standard")}
    if not isinstance(members, list) or not members:
        raise DefinitionBroken(f"{where}: members: a range spells out its measures")
    made = ({**shared, **member, "family": content.get("id"), "pathway": pathway} for member in members)
    return tuple(build(Measure, member, where=f"{where} ({member.get('id', 'no id')})") for member in made)


@lru_cache(maxsize=1)
def _catalogue() -> _Catalogue:
    entries: list[str] = []
    names: dict[str, tuple[Measure, ...]] = {}
    for pathway in PATHWAYS:
        for path in list_files(f"{FOLDER}/{pathway}"):
            content = read_yaml(path)
            found = read_measures(content, where=path, pathway=pathway)
            entries.append(content["id"])
            for measure in found:
                _enter(names, (measure.id, measure.slug), (measure,), path)
            if "members" in content:
                _enter(names, (content["id"], content["slug"]), found, path)
    measures = {measure.id: measure for found in names.values() for measure in found}
    for measure in measures.values():
        _check_references(measure, measures)
    ordered = tuple(sorted(measures.values(), key=lambda measure: _order(measure.id)))
    return _Catalogue(tuple(sorted(entries, key=_order)), ordered, MappingProxyType(names))


def _enter(
    names: dict[str, tuple[Measure, ...]], under: tuple[str, str], found: tuple[Measure, ...], path: str
) -> None:
    for name in under:
        if name in names:
            raise DefinitionBroken(f"{path}: another measure is called {name} already")
        names[name] = found


def _check_references(measure: Measure, known: Mapping[str, Measure]) -> None:
    for text in (measure.numerator, measure.denominator):
        for other in _references(text):
            if other not in known or known[other].statistic != "count":
                raise DefinitionBroken(f"{measure.id} is made of {other}, which is not a count that we know")
            if (known[other].table, known[other].date_basis) != (measure.table, measure.date_basis):
                raise DefinitionBroken(f"{measure.id} is made of {other}, which is counted by another date")


def _references(text: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z]+[0-9]+", text)) if text and _FORMULA.match(text) else ()


def _terms(text: str, table: str) -> tuple[Term, ...]:
    if not _FORMULA.match(text):
        return (Term(1, parse_condition(text, table)),)
    signed = re.findall(r"([+-]?) ?([A-Z]+[0-9]+)", text)
    return tuple(
        Term(-term.sign if sign == "-" else term.sign, term.condition)
        for sign, other in signed
        for term in Measure.load(other).numerator_terms
    )


def _check_basis(condition: Condition, basis: str) -> None:
    named = [part.column.name for part in walk(condition) if isinstance(part, InPeriod)]
    if basis == PERIOD_END:
        if named:
            raise DefinitionBroken("a state at the end of a period has no in_period()")
        return
    outermost = condition.parts if isinstance(condition, Both) else (condition,)
    dated = [part for part in outermost if isinstance(part, InPeriod) and part.column.name == basis]
    if len(named) != 1 or len(dated) != 1:
        raise DefinitionBroken(f"the condition begins with in_period({basis}) and asks for no other period")


def _order(measure_id: str) -> tuple[str, int, str]:
    letters, digits = re.match(r"([A-Z]+)_?([0-9]*)", measure_id).groups()  # type: ignore[union-attr]  # matches _ID
    return letters, int(digits or 0), measure_id
