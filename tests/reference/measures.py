"""Measures a second time: plain loops over rows, from the wording of the definitions.

It shares no code with joinedup.measures, nor the reader of conditions: the wording is parsed by sqlglot here and
evaluated row by row. Rows are dictionaries as `pa.Table.to_pylist()` gives them.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.measure import Measure
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places

Row = dict[str, Any]
Cell = tuple[str, str, str, str, str]
"""Measure id, period, place, group, second group."""
Answer = tuple[int | None, int | None, float | None]
"""Numerator, denominator, value."""

BY_HOME = ("borough", "partnership", "icb")
COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}


def holds(node: exp.Expression, row: Row, period: Period) -> bool:
    """Whether a parsed condition holds for a row. Missing values make every comparison false."""
    if isinstance(node, exp.Paren):
        return holds(node.this, row, period)
    if isinstance(node, exp.And | exp.Or):
        sides = (holds(node.this, row, period), holds(node.expression, row, period))
        return all(sides) if isinstance(node, exp.And) else any(sides)
    if isinstance(node, exp.Not):
        return not holds(node.this, row, period)
    return atom(node, row, period)


def atom(node: exp.Expression, row: Row, period: Period) -> bool:
    """A condition that is not made of others."""
    if isinstance(node, exp.Column):
        return row[node.name] is True
    if isinstance(node, exp.Anonymous):
        return word(node, row, period)
    found = number(node.this, row, period)
    if isinstance(node, exp.Is):
        return found is None
    if isinstance(node, exp.In):
        return found is not None and found in [number(item, row, period) for item in node.expressions]
    if isinstance(node, exp.Between):
        low, high = (number(node.args[end], row, period) for end in ("low", "high"))
        return found is not None and low <= found <= high
    other = number(node.expression, row, period)
    return found is not None and other is not None and COMPARE[type(node)](found, other)


def word(node: exp.Expression, row: Row, period: Period) -> bool:
    """The words of the vocabulary that look like functions."""
    if isinstance(node, exp.Anonymous) and node.this == "in_period":
        day = row[node.expressions[0].name]
        return day is not None and period.start <= day <= period.end
    if isinstance(node, exp.Anonymous) and node.this == "begins":
        text = row[node.expressions[0].name]
        return text is not None and any(text.startswith(start) for start in texts(node.expressions[1]))
    if isinstance(node, exp.Anonymous) and node.this == "has_any":
        held = row[node.expressions[0].name]
        return held is not None and any(text in held for text in texts(node.expressions[1]))
    raise AssertionError(f"the reference does not know {node!r}")


def texts(node: exp.Expression) -> list[str]:
    return [item.this for item in (node.expressions if isinstance(node, exp.Tuple) else [node.this])]


def number(node: exp.Expression, row: Row, period: Period) -> Any:
    """A value: a literal, a column, the end of the period, or days between two of them."""
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else float(node.this)
    if isinstance(node, exp.Column):
        return period.end if node.name == "period_end" else row[node.name]
    later, earlier = (number(part, row, period) for part in node.expressions)
    return None if later is None or earlier is None else (later - earlier).days


@cache
def parsed(text: str) -> exp.Expression:
    plain = text.replace("starts_with(", "begins(").replace("contains(", "has_any(")
    return sqlglot.parse_one(plain, read="duckdb")


def signed_wordings(text: str, known: Mapping[str, Measure]) -> list[tuple[int, str]]:
    """`M076 - M179` as the wording of its parts, each with its sign."""
    if not re.fullmatch(r"[A-Z]+\d+( [+-] [A-Z]+\d+)*", text):
        return [(1, text)]
    found, sign = [], 1
    for part in text.split():
        if part in "+-":
            sign = 1 if part == "+" else -1
        else:
            found += [
                (sign * inner, wording) for inner, wording in signed_wordings(known[part].numerator, known)
            ]
    return found


def as_it_stood(row: Row, end: date, contacts: Sequence[Row]) -> Row | None:
    """A journey as it was known at the end of a day; None before the referral."""
    if row["ReferralRequestReceivedDate"] is None or row["ReferralRequestReceivedDate"] > end:
        return None
    known = {name: None if isinstance(value, date) and value > end else value for name, value in row.items()}
    treated = [c["CareContDate"] for c in contacts if c["treatment"] and c["CareContDate"] <= end]
    return {**known, "TherapySession_LastDate": max(treated, default=None)}


@cache
def map_of(level: str, on: date) -> dict[str, str]:
    """Unit of place -> place, for the units that the level goes by."""
    places = Places.load()
    units = places.of_level("borough", on) if level in BY_HOME else places.services(on)
    mapped = places.roll_up(level, on)
    return {unit.code: mapped[unit.code] for unit in units if unit.code in mapped}


def place_of(row: Row, journey: Row, level: str, on: date) -> str:
    if level == "total":
        return "total"
    unit = journey["borough"] if level in BY_HOME else row.get("service") or journey["service"]
    return map_of(level, on).get(unit, "not_known")


def calculate_slowly(
    measures: Sequence[Measure],
    tables: Mapping[str, Sequence[Row]],
    *,
    by: Sequence[Breakdown],
    level: str,
    on: date,
    periods: Sequence[Period],
) -> dict[Cell, Answer]:
    """Numerator, denominator and value of every cell in which anybody is found."""
    known = {measure.id: measure for measure in Measure.all()}
    journeys = {row["pathway_id"]: row for row in tables["journeys"]}
    contacts: dict[str, list[Row]] = {pathway: [] for pathway in journeys}
    for contact in tables["contacts"]:
        contacts[contact["pathway_id"]].append(contact)
    answers: dict[Cell, Answer] = {}
    for measure in measures:
        above = [(sign, parsed(text)) for sign, text in signed_wordings(measure.numerator, known)]
        below = signed_wordings(measure.denominator, known) if measure.denominator else []
        under = [(sign, parsed(text)) for sign, text in below]
        for period in periods:
            counts: dict[tuple[str, str, str], list[int]] = {}
            values: dict[tuple[str, str, str], list[float]] = {}
            for row in tables[measure.table]:
                journey = journeys[row["pathway_id"]]
                groups = [breakdown.group_of(journey[str(breakdown.column)]) for breakdown in by]
                cell = (place_of(row, journey, level, on), *[*groups, "", ""][:2])
                seen: Row | None = row
                if measure.date_basis == "period_end":
                    seen = as_it_stood(row, period.end, contacts[row["pathway_id"]])
                if seen is None:
                    continue
                pair = counts.setdefault(cell, [0, 0])
                pair[0] += sum(sign for sign, node in above if holds(node, seen, period))
                pair[1] += sum(sign for sign, node in under if holds(node, seen, period))
                if measure.of is not None and holds(above[0][1], seen, period):
                    value = number(parsed(measure.of), seen, period)
                    values.setdefault(cell, []).extend([] if value is None else [value])
            for cell, pair in counts.items():
                answers[(measure.id, period.key, *cell)] = answer(measure, pair, values.get(cell, []))
    return answers


def answer(measure: Measure, pair: list[int], values: list[float]) -> Answer:
    if measure.statistic == "count":
        return pair[0], None, float(pair[0])
    if measure.statistic == "percentage":
        return pair[0], pair[1], 100 * pair[0] / pair[1] if pair[1] > 0 else None
    total = round(sum(values))
    if measure.statistic == "sum":
        return total, None, float(total)
    if measure.statistic == "mean":
        return total, len(values), total / len(values) if values else None
    single = {"median": statistics.median, "max": max, "min": min}[measure.statistic]
    return None, len(values), float(single(values)) if values else None
