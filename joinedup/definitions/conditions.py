"""The small vocabulary in which measures and pathways state their conditions.

    in_period(ServDischDate) and CompletedTreatment_Flag
    TherapySession_FirstDate is null and days(period_end, ReferralRequestReceivedDate) > 90
    starts_with(Validated_PresentingComplaint, ('F400', 'F42'))

Words: `and or not ( )`, `= <> < <= > >=`, `between a and b`, `in (...)`, `is null`, `is not null`, flags on their own,
`in_period(date)`, `days(later, earlier)`, `starts_with(text, (...))`, `contains(list, (...))`, `period_end`.

Missing values: a comparison with a missing value is false and `not` of it is true. Two values, never three, so that
"not below the threshold" keeps the people whose scores are missing, as the national recovery denominator does.

The text is parsed by sqlglot and copied, node by node, into the few frozen types below; anything else is refused. SQL
is written from these types, so a definition cannot bring SQL of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

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


Condition: TypeAlias = Compare | Missing | OneOf | StartsWith | Contains | Flag | InPeriod | Not | Both | Either
Value: TypeAlias = Column | Days


@cache
def columns_of(table: str) -> Mapping[str, str]:
    """The columns that conditions on this table may name, each with its kind. Raises DefinitionBroken."""
    from joinedup.definitions.reading import read_yaml

    tables = read_yaml("measures/vocabulary.yaml")
    if table not in tables:
        raise DefinitionBroken(f"There is no table {table!r} in the vocabulary of measures.")
    known = {name: kind for kind, names in tables[table].items() for name in names}
    return {**known, PERIOD_END: "date"}


@lru_cache(maxsize=4096)
def parse_condition(text: str, table: str = "journeys") -> Condition:
    """The condition that `text` states about rows of `table`. Raises DefinitionBroken, naming what was not understood."""
    return _Reader(text, table).condition()


@lru_cache(maxsize=1024)
def parse_value(text: str, table: str = "journeys") -> Value:
    """The number that `text` stands for: a number column or `days(later, earlier)`. Raises DefinitionBroken."""
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
    """Reads one text; every method refuses what the vocabulary does not have."""

    def __init__(self, text: str, table: str) -> None:
        self.text, self.table, self.known = text, table, columns_of(table)

    def condition(self) -> Condition:
        return self._condition(self._tree())

    def value(self) -> Value:
        left = self._left(self._tree())
        if isinstance(left, Column) and left.kind != "number":
            raise self._refuse(f"{left.name} is not a number")
        return left

    def _tree(self) -> Any:
        import sqlglot
        from sqlglot.errors import SqlglotError

        # starts_with takes its list as one argument; under our own name sqlglot leaves it a plain function.
        text = self.text.replace("starts_with(", "begins_with(").replace("contains(", "holds(")
        try:
            trees = sqlglot.parse(text, read="duckdb")
        except SqlglotError as error:
            raise self._refuse("it cannot be read") from error
        if len(trees) != 1 or trees[0] is None:
            raise self._refuse("it is not one condition")
        return trees[0]

    def _refuse(self, why: str) -> DefinitionBroken:
        return DefinitionBroken(
            f"The condition {self.text!r} on {self.table} is not in the vocabulary of measures: {why}.",
            remedy="See joinedup/definitions/conditions.py for the words it has.",
        )

    def _condition(self, node: Any) -> Condition:
        name = type(node).__name__
        reader = getattr(self, f"_read_{name.lower()}", None)
        if name in _COMPARISONS:
            return self._compare(node, _COMPARISONS[name])
        if reader is None:
            raise self._refuse(f"{name} has no meaning here")
        result: Condition = reader(node)
        return result

    def _read_paren(self, node: Any) -> Condition:
        return self._condition(node.this)

    def _read_and(self, node: Any) -> Condition:
        return Both((*self._flat(node.this, Both), *self._flat(node.expression, Both)))

    def _read_or(self, node: Any) -> Condition:
        return Either((*self._flat(node.this, Either), *self._flat(node.expression, Either)))

    def _flat(self, node: Any, kind: type[Both] | type[Either]) -> tuple[Condition, ...]:
        part = self._condition(node)
        return part.parts if isinstance(part, kind) else (part,)

    def _read_not(self, node: Any) -> Condition:
        return Not(self._condition(node.this))

    def _read_column(self, node: Any) -> Condition:
        column = self._column(node)
        if column.kind != "flag":
            raise self._refuse(f"{column.name} is not a flag, so it cannot stand alone")
        return Flag(column)

    def _read_is(self, node: Any) -> Condition:
        if type(node.expression).__name__ != "Null":
            raise self._refuse("`is` is followed by null or not null")
        return Missing(self._column(node.this))

    def _read_between(self, node: Any) -> Condition:
        left = self._left(node.this)
        low, high = self._literal(node.args["low"]), self._literal(node.args["high"])
        self._same_kind(left, low)
        return Both((Compare(left, ">=", low), Compare(left, "<=", high)))

    def _read_in(self, node: Any) -> Condition:
        if node.args.get("query") is not None or not node.expressions:
            raise self._refuse("`in` takes a list of values written out")
        column = self._column(node.this)
        values = tuple(self._literal(value) for value in node.expressions)
        for value in values:
            self._same_kind(column, value)
        return OneOf(column, values)

    def _read_anonymous(self, node: Any) -> Condition:
        word, arguments = str(node.this).lower(), node.expressions
        if word == "in_period" and len(arguments) == 1:
            return InPeriod(self._column(arguments[0], "date"))
        if word == "begins_with" and len(arguments) == 2:
            return StartsWith(self._column(arguments[0], "text"), self._texts(arguments[1]))
        if word == "holds" and len(arguments) == 2:
            return Contains(self._column(arguments[0], "list"), self._texts(arguments[1]))
        raise self._refuse(f"there is no word {word}()")

    def _compare(self, node: Any, operator: str) -> Condition:
        left = self._left(node.this)
        if type(node.expression).__name__ == "Column":
            right = self._column(node.expression)
            if isinstance(left, Days) or left.kind != right.kind:
                raise self._refuse("the two sides are of different kinds")
            return Compare(left, operator, right)
        literal = self._literal(node.expression)
        self._same_kind(left, literal)
        return Compare(left, operator, literal)

    def _left(self, node: Any) -> Column | Days:
        if type(node).__name__ != "Anonymous":
            return self._column(node)
        if str(node.this).lower() != "days" or len(node.expressions) != 2:
            raise self._refuse(f"there is no number {node.this}()")
        later, earlier = (self._column(part, "date") for part in node.expressions)
        return Days(later, earlier)

    def _column(self, node: Any, kind: str | None = None) -> Column:
        if type(node).__name__ != "Column" or node.args.get("table") is not None:
            raise self._refuse("a column name was expected")
        name = node.name
        if name not in self.known:
            raise self._refuse(f"{self.table} has no column {name} that a condition may use")
        if kind is not None and self.known[name] != kind:
            raise self._refuse(f"{name} is not a {kind}")
        return Column(name, self.known[name])

    def _literal(self, node: Any) -> str | float | int:
        if type(node).__name__ != "Literal":
            raise self._refuse("a value written out was expected")
        if node.is_string:
            return str(node.this)
        return float(node.this) if "." in node.this else int(node.this)

    def _texts(self, node: Any) -> tuple[str, ...]:
        nodes = node.expressions if type(node).__name__ == "Tuple" else [node.this]
        if type(node).__name__ == "Literal":
            nodes = [node]
        values = tuple(self._literal(part) for part in nodes)
        if not values or not all(isinstance(value, str) for value in values):
            raise self._refuse("a list of texts was expected")
        return tuple(str(value) for value in values)

    def _same_kind(self, left: Column | Days, value: str | float | int) -> None:
        wanted = "number" if isinstance(left, Days) else left.kind
        if (wanted, isinstance(value, str)) not in {("number", False), ("text", True)}:
            raise self._refuse(f"{value!r} cannot be compared with a {wanted}")


_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
