"""The small vocabulary in which measures and pathways state their conditions.

    in_period(ServDischDate) and CompletedTreatment_Flag
    TherapySession_FirstDate is null and days(period_end, ReferralRequestReceivedDate) > 90
    starts_with(Validated_PresentingComplaint, ('F400', 'F42'))

Words: `and or not ( )`, `= <> < <= > >=`, `between a and b`, `in (...)`, `is null`, `is not null`, flags on
their own, `in_period(date)`, `days(later, earlier)`, `starts_with(text, (...))`, `contains(list, (...))`,
`period_end`.

Missing values: a comparison with a missing value is false and `not` of it is true. Two values, never three,
so that "not below the threshold" keeps the people whose scores are missing, as the national recovery
denominator does.

The text is read into the few frozen types below; anything else is refused. SQL is written from these types,
so a definition cannot bring SQL of its own. A SQL parser with a whitelist of node types was tried first: to
import it and read the 207 conditions took 1.3 s, this takes 0.02 s and can accept nothing but the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from joinedup.definitions.reading import read_yaml
from joinedup.errors import DefinitionBroken

PERIOD_END = "period_end"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; `kind` is date, number, text, flag or list."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days, `later` minus `earlier`."""

    later: Column
    earlier: Column


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, where right is a column, or a number or text written out."""

    left: Column | Days
    operator: str
    right: Column | float | int | str


@dataclass(frozen=True, slots=True)
class Missing:
    """The value is null."""

    column: Column


@dataclass(frozen=True, slots=True)
class OneOf:
    """The text or number is one of those listed."""

    column: Column
    values: tuple[str | float | int, ...]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """The text starts with one of those listed."""

    column: Column
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """The list holds at least one of those listed."""

    column: Column
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """The flag is true."""

    column: Column


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The date falls in the reporting period."""

    column: Column


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = (
    Compare | Missing | OneOf | StartsWith | Contains | Flag | InPeriod | Not | Both | Either
)
Value: TypeAlias = Column | Days


@cache
def columns_of(table: str) -> Mapping[str, str]:
    """The columns that conditions on this table may name, each with its kind. Raises DefinitionBroken."""
    tables = read_yaml("measures/vocabulary.yaml")
    if table not in tables:
        raise DefinitionBroken(f"There is no table {table!r} in the vocabulary of measures.")
    known = {name: kind for kind, names in tables[table].items() for name in names}
    return {**known, PERIOD_END: "date"}


@lru_cache(maxsize=4096)
def parse_condition(text: str, table: str = "journeys") -> Condition:
    """The condition that `text` states about rows of `table`. Raises DefinitionBroken, naming what was not
    understood."""
    return _Reader(text, table).condition()


@lru_cache(maxsize=1024)
def parse_value(text: str, table: str = "journeys") -> Value:
    """The number that `text` stands for: a number column or `days(later, earlier)`. Raises
    DefinitionBroken."""
    return _Reader(text, table).value()


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and every part of it."""
    yield condition
    if isinstance(condition, Not):
        yield from walk(condition.part)
    elif isinstance(condition, Both | Either):
        for part in condition.parts:
            yield from walk(part)


def columns_in(condition: Condition | Value) -> frozenset[Column]:
    """Every column that the condition or value names, `period_end` among them."""
    if isinstance(condition, Column):
        return frozenset({condition})
    if isinstance(condition, Days):
        return frozenset({condition.later, condition.earlier})
    found: set[Column] = set()
    for part in walk(condition):
        if isinstance(part, Compare):
            found |= columns_in(part.left)
            found |= {part.right} if isinstance(part.right, Column) else set()
        elif not isinstance(part, Not | Both | Either):
            found.add(part.column)
    return frozenset(found)


class _Reader:
    """Reads one text from left to right; whatever the grammar does not expect is refused."""

    def __init__(self, text: str, table: str) -> None:
        self.text, self.table, self.known = text, table, columns_of(table)
        self.words = self._split()
        self.at = 0

    def condition(self) -> Condition:
        found = self._either()
        self._end()
        return found

    def value(self) -> Value:
        found = self._operand()
        self._end()
        if isinstance(found, Column) and found.kind != "number":
            raise self._refuse(f"{found.name} is not a number")
        return found

    def _split(self) -> list[str]:
        words, at = [], 0
        while at < len(self.text):
            match = _WORD.match(self.text, at)
            if match is None:
                raise self._refuse(f"{self.text[at]!r} has no meaning here")
            words += [match.group(1)] if match.group(1) else []
            at = match.end()
        return words

    def _refuse(self, why: str) -> DefinitionBroken:
        return DefinitionBroken(
            f"The condition {self.text!r} on {self.table} is not in the vocabulary of measures: {why}.",
            remedy="See joinedup/definitions/conditions.py for the words it has.",
        )

    def _next(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def _take(self, *expected: str) -> bool:
        """Step over these words if they come next."""
        if tuple(word.lower() for word in self.words[self.at : self.at + len(expected)]) != expected:
            return False
        self.at += len(expected)
        return True

    def _need(self, expected: str) -> None:
        if not self._take(expected):
            raise self._refuse(f"{expected!r} was expected before {self._next() or 'the end'!r}")

    def _end(self) -> None:
        if self._next():
            raise self._refuse(f"{self._next()!r} was not expected")

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(_flat(parts, Either))

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(_flat(parts, Both))

    def _one(self) -> Condition:
        if self._take("not"):
            return Not(self._one())
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        if self._take("in_period", "("):
            return InPeriod(self._last_argument("date"))
        if self._take("starts_with", "("):
            return StartsWith(*self._column_and_texts("text"))
        if self._take("contains", "("):
            return Contains(*self._column_and_texts("list"))
        return self._predicate(self._operand())

    def _predicate(self, left: Column | Days) -> Condition:
        if self._take("is"):
            return self._missing(self._bare(left))
        if self._take("not", "in"):
            return Not(self._one_of(self._bare(left)))
        if self._take("in"):
            return self._one_of(self._bare(left))
        if self._take("between"):
            return self._between(left)
        if self._next() in _COMPARISONS:
            return self._compare(left)
        column = self._bare(left)
        if column.kind != "flag":
            raise self._refuse(f"{column.name} is not a flag, so it cannot stand alone")
        return Flag(column)

    def _missing(self, column: Column) -> Condition:
        present = self._take("not")
        self._need("null")
        return Not(Missing(column)) if present else Missing(column)

    def _compare(self, left: Column | Days) -> Condition:
        operator = self._advance()
        if not _is_name(self._next()):
            return Compare(left, operator, self._literal(left))
        right = self._column()
        if isinstance(left, Days) or left.kind != right.kind or left.kind not in ("date", "number", "text"):
            raise self._refuse("the two sides are of different kinds")
        return Compare(left, operator, right)

    def _between(self, left: Column | Days) -> Condition:
        low = self._literal(left)
        self._need("and")
        return Both((Compare(left, ">=", low), Compare(left, "<=", self._literal(left))))

    def _one_of(self, column: Column) -> Condition:
        return OneOf(column, self._listed(column))

    def _operand(self) -> Column | Days:
        if not self._take("days", "("):
            return self._column()
        later = self._column("date")
        self._need(",")
        return Days(later, self._last_argument("date"))

    def _last_argument(self, kind: str) -> Column:
        column = self._column(kind)
        self._need(")")
        return column

    def _column_and_texts(self, kind: str) -> tuple[Column, tuple[str, ...]]:
        column = self._column(kind)
        self._need(",")
        values = self._listed(Column("", "text"))
        self._need(")")
        return column, tuple(str(value) for value in values)

    def _listed(self, beside: Column) -> tuple[str | float | int, ...]:
        self._need("(")
        values = [self._literal(beside)]
        while self._take(","):
            values.append(self._literal(beside))
        self._need(")")
        return tuple(values)

    def _bare(self, left: Column | Days) -> Column:
        if isinstance(left, Days):
            raise self._refuse("days() is followed by a comparison with a number")
        return left

    def _column(self, kind: str | None = None) -> Column:
        name = self._advance()
        if name not in self.known:
            raise self._refuse(f"{self.table} has no column {name or 'at the end'} that a condition may use")
        if kind is not None and self.known[name] != kind:
            raise self._refuse(f"{name} is not a {kind}")
        return Column(name, self.known[name])

    def _literal(self, beside: Column | Days) -> str | float | int:
        word, wanted = self._advance(), "number" if isinstance(beside, Days) else beside.kind
        if word.startswith("'") and wanted == "text":
            return word[1:-1]
        if word[:1].isdigit() and wanted == "number":
            return float(word) if "." in word else int(word)
        raise self._refuse(f"{word or 'the end'} cannot stand beside a {wanted}")

    def _advance(self) -> str:
        word = self._next()
        self.at += 1
        return word


def _flat(parts: list[Condition], kind: type[Both] | type[Either]) -> tuple[Condition, ...]:
    return tuple(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))


def _is_name(word: str) -> bool:
    return word[:1].isalpha()


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_WORD = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|'[^']*'|[0-9]+(?:\.[0-9]+)?|<=|>=|<>|[=<>(),])|\s+")
