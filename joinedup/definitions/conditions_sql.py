"""Conditions of the vocabulary as SQL text, for the lake."""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.definitions.conditions import (
    PERIOD_END,
    Both,
    Column,
    Compare,
    Condition,
    Contains,
    Either,
    Flag,
    InPeriod,
    Missing,
    Not,
    OneOf,
    StartsWith,
    Value,
)
from joinedup.errors import DefinitionBroken


@dataclass(frozen=True, slots=True)
class Wording:
    """How columns are written.

    `prefix` stands before each column ("j."). `period_end` is the SQL of the last day of the period; where it
    is given, a date after that day has not happened yet and reads as null. `instead` names columns read from
    elsewhere.
    """

    prefix: str = ""
    period_end: str | None = None
    instead: tuple[tuple[str, str], ...] = ()

    def column(self, column: Column) -> str:
        """The column in SQL."""
        if column.name == PERIOD_END:
            return self._end()
        for name, other in self.instead:
            if name == column.name:
                return other
        name = f'{self.prefix}"{column.name}"'
        if column.kind == "date" and self.period_end is not None:
            return f"CASE WHEN {name} <= {self.period_end} THEN {name} END"
        return name

    def _end(self) -> str:
        if self.period_end is None:
            raise DefinitionBroken(
                "A condition names period_end, yet its measure is not counted at the end of a period."
            )
        return self.period_end


def to_sql(condition: Condition, wording: Wording | None = None) -> str:
    """The condition as a SQL predicate that is true or false, never null.

    `in_period(date)` becomes "the date is there": which period it falls in is the caller's grouping. Raises
    DefinitionBroken when the condition needs a period end and `wording` has none.
    """
    words = wording or Wording()
    match condition:
        case Both(parts):
            return "(" + " AND ".join(to_sql(part, words) for part in parts) + ")"
        case Either(parts):
            return "(" + " OR ".join(to_sql(part, words) for part in parts) + ")"
        case Not(part):
            return f"(NOT {to_sql(part, words)})"
        case Missing(column):
            return f"({words.column(column)} IS NULL)"
        case InPeriod(column):
            return f"({words.column(column)} IS NOT NULL)"
        case _:
            return f"coalesce({_atom(condition, words)}, FALSE)"


def value_sql(value: Value, wording: Wording | None = None) -> str:
    """The value as a SQL number; null where a part of it is missing."""
    words = wording or Wording()
    if isinstance(value, Column):
        return words.column(value)
    return f"date_diff('day', {words.column(value.earlier)}, {words.column(value.later)})"


def _atom(condition: Condition, words: Wording) -> str:
    match condition:
        case Flag(column):
            return words.column(column)
        case Compare(left, operator, right):
            return f"{value_sql(left, words)} {operator} {_right(right, words)}"
        case OneOf(column, values):
            return f"{words.column(column)} IN ({', '.join(_literal(value) for value in values)})"
        case StartsWith(column, values):
            starts = " OR ".join(
                f"starts_with({words.column(column)}, {_literal(value)})" for value in values
            )
            return f"({starts})"
        case Contains(column, values):
            return f"list_has_any({words.column(column)}, [{', '.join(_literal(value) for value in values)}])"
    raise DefinitionBroken(f"{type(condition).__name__} has no SQL.")


def _right(right: Column | float | int | str, words: Wording) -> str:
    return words.column(right) if isinstance(right, Column) else _literal(right)


def _literal(value: str | float | int) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
