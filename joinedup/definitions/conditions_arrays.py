"""Conditions of the vocabulary over arrays: for many rows at once, true or false for each, never missing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from joinedup.definitions.conditions import (
    Both,
    Column,
    Compare,
    Condition,
    Days,
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

Flags = NDArray[np.bool_]
Numbers = NDArray[Any]


class Rows(Protocol):
    """Columns of the same rows. Dates are whole numbers of days."""

    def numbers(self, name: str) -> tuple[Numbers, Flags]:
        """Values of a date or number column, and which of them are known."""

    def flags(self, name: str) -> Flags:
        """A column of true and false."""

    def texts(self, name: str) -> tuple[NDArray[np.integer[Any]], Sequence[str | None]]:
        """A column of texts as places in a list of the texts that occur."""


class Holding:
    """Which conditions hold on some rows. Each part of a condition is looked at once, however often it occurs."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[Condition, Flags] = {}
        self._values: dict[Value, tuple[Numbers, Flags]] = {}

    def __call__(self, condition: Condition) -> Flags:
        """Whether the condition holds, row by row; `in_period(date)` is "the date is there"."""
        if condition not in self._known:
            self._known[condition] = self._look(condition)
        return self._known[condition]

    def values(self, value: Value) -> tuple[Numbers, Flags]:
        """A number of each row, and whether it is known."""
        if value not in self._values:
            self._values[value] = self._read(value)
        return self._values[value]

    def _look(self, condition: Condition) -> Flags:  # noqa: PLR0911  # one line per word
        match condition:
            case Both(parts):
                return _reduced(np.logical_and, [self(part) for part in parts])
            case Either(parts):
                return _reduced(np.logical_or, [self(part) for part in parts])
            case Not(part):
                return np.logical_not(self(part))
            case Missing(column):
                return np.logical_not(self._present(column))
            case InPeriod(column):
                return self._present(column)
            case Flag(column):
                return self._rows.flags(column.name)
            case Compare(left, sign, right):
                return self._compare(left, _SIGNS[sign], right)
            case OneOf(column, values) if column.kind == "number":
                found, known = self.values(column)
                return np.logical_and(np.isin(found, values), known)
            case OneOf(column, values):
                return self._of_texts(column, lambda text: text in values)
            case StartsWith(column, values):
                return self._of_texts(column, lambda text: text.startswith(values))
        raise DefinitionBroken(f"{type(condition).__name__} cannot be looked up in arrays of journeys.")

    def _present(self, column: Column) -> Flags:
        if column.kind == "text":
            return self._of_texts(column, lambda _: True)
        return (
            self.values(column)[1] if column.kind != "flag" else np.ones_like(self._rows.flags(column.name))
        )

    def _compare(self, left: Value, sign: Callable[[Any, Any], Any], right: Any) -> Flags:
        if isinstance(left, Column) and left.kind == "text":
            if isinstance(right, Column):
                raise DefinitionBroken("Two texts are not compared over arrays.")
            return self._of_texts(left, lambda text: bool(sign(text, right)))
        found, known = self.values(left)
        if not isinstance(right, Column):
            return np.asarray(sign(found, right) & known, np.bool_)
        other, other_known = self.values(right)
        return np.asarray(sign(found, other) & known & other_known, np.bool_)

    def _of_texts(self, column: Column, holds: Callable[[str], bool]) -> Flags:
        """Each text that occurs is looked at once."""
        places, texts = self._rows.texts(column.name)
        answers = np.array([text is not None and holds(text) for text in texts], np.bool_)
        return np.asarray(answers[places], np.bool_)

    def _read(self, value: Value) -> tuple[Numbers, Flags]:
        if isinstance(value, Days):
            (later, known), (earlier, other_known) = self.values(value.later), self.values(value.earlier)
            return later - earlier, known & other_known
        return self._rows.numbers(value.name)


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _reduced(how: np.ufunc, parts: Sequence[Flags]) -> Flags:
    found = how(parts[0], parts[1])
    for part in parts[2:]:
        how(found, part, out=found)
    return np.asarray(found, np.bool_)
