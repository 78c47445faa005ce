"""The relations the rules read: the rows of a table with their days, and the days of what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Rule, Table
from joinedup.returns.rules_sql import bad_codes, day_of, instant_of, quoted, raw
from joinedup.returns.snomed_sql import compound_is_valid, simple_is_valid

TOOLS = "questionnaire_codes"
_DATED = frozenset({"date", "on_or_before", "on_or_after"})


def row_source(table: Table, rules: Sequence[Rule], spec: ReturnSpec) -> str:
    """A SELECT of the rows of `table` with what `rules` need: `_row`, the columns, days, days of parents."""
    columns = [f"t.{quoted(name)}" for name in ("_row", *columns_read(table, rules))]
    columns += [f"{_day(table, name, 't.')} AS {quoted(f'{name}:day')}" for name in days_read(table, rules)]
    joins = [f"FROM {raw(table.id)} AS t"]
    for place in sorted(_outside(table, rules)):
        alias, steps = _path_to(place.partition(".")[0], table, spec)
        joins += [step for step in steps if step not in joins]
        columns.append(f"{alias}.{quoted(place.partition('.')[2] + ':day')} AS {quoted(place + ':day')}")
    if tool := next((rule.columns[0] for rule in rules if rule.kind.startswith("assessment_scale")), None):
        joins.append(f"LEFT JOIN {TOOLS} AS q ON q.code = t.{quoted(tool.partition('.')[2])}")
        columns += [f'q.{name} AS "tool:{name}"' for name in ("code", "low", "high", "values")]
    return f"SELECT {', '.join(columns)} {' '.join(joins)}"


def columns_read(table: Table, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The columns of `table` that `rules` read, in the order of the table."""
    named = {place for rule in rules for place in _places(rule)}
    return tuple(column.name for column in table.columns if f"{table.id}.{column.name}" in named)


def days_read(table: Table, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The columns of `table` whose day `rules` compare or check."""
    named = {place for rule in rules if _uses_days(rule) for place in rule.columns}
    return tuple(name for name in (c.name for c in table.columns) if f"{table.id}.{name}" in named)


def days_of_parents(spec: ReturnSpec, rules: Iterable[Rule]) -> Mapping[str, str]:
    """For each table whose days `rules` read from its dependants, and each on the way to it: a SELECT of its
    key, references and days.

    One row a key. Where a key is repeated the earliest of its values counts, so that the order of rows never
    matters.
    """
    wanted: dict[str, set[str]] = {}
    for rule in rules:
        for place in _outside(spec.table(rule.table), [rule]):
            owner, _, name = place.partition(".")
            wanted.setdefault(owner, set()).add(name)
            for passed in _on_the_way(owner, spec.table(rule.table), spec):
                wanted.setdefault(passed, set())
    return {owner: _keyed(spec.table(owner), sorted(names)) for owner, names in wanted.items()}


def _on_the_way(target: str, table: Table, spec: ReturnSpec) -> tuple[str, ...]:
    """The tables a path from `table` to `target` passes, `target` last; none where there is no path."""
    for place in table.references.values():
        owner = place.partition(".")[0]
        further = (owner,) if owner == target else _on_the_way(target, spec.table(owner), spec)
        if further:
            return further if owner == target else (owner, *further)
    return ()


def _keyed(table: Table, names: Sequence[str]) -> str:
    key = quoted(table.primary_key or "")
    others = [f"min({quoted(name)}) AS {quoted(name)}" for name in table.references]
    days = [f"min({_day(table, name)}) AS {quoted(name + ':day')}" for name in names]
    return f"SELECT {', '.join([f'{key} AS key', *others, *days])} FROM {raw(table.id)} GROUP BY {key}"


def parent_days(table_id: str) -> str:
    """The name of the relation that holds the days of a table by its key."""
    return f"days_of_{table_id}"


def questionnaire_rows(spec: ReturnSpec) -> pa.Table:
    """One row for each SNOMED CT code of a questionnaire: its range, or the values it takes."""
    rows = []
    for tool in spec.questionnaires:
        for code in tool.snomed:
            special = (tool.snomed_with_other_values or {}).get(code)
            values = list(special or tool.values or ()) if tool.low is None else None
            rows.append({"code": code, "low": tool.low, "high": tool.high, "values": values})
    kinds = [
        ("code", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("values", pa.list_(pa.string())),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def bad_among(texts: str, *, compound: bool) -> str:
    """A SELECT of those texts in the relation `texts` that are no valid code.

    `texts` must be a table of its own: over a sub-select the check digit is worked out for every row sent.
    """
    valid = compound_is_valid("code") if compound else simple_is_valid("code")
    return f"SELECT code FROM {texts} WHERE trim(code) <> '' AND NOT {valid}"


def bad_code_relations() -> tuple[tuple[str, bool], ...]:
    """The relations of bad codes, with whether compound codes count as valid in them."""
    return ((bad_codes(compound=False), False), (bad_codes(compound=True), True))


def _uses_days(rule: Rule) -> bool:
    return (
        rule.kind in _DATED
        or rule.kind == "onset_date_is_after_birth_date"
        or rule.args.oldest_years is not None
    )


def _places(rule: Rule) -> set[str]:
    named = {*rule.columns, *(part.column for part in rule.args.fails_when)}
    return named | {place for place in (rule.reported_at, rule.args.when_blank) if place}


def _outside(table: Table, rules: Iterable[Rule]) -> set[str]:
    compared = (place for rule in rules if rule.runs and _uses_days(rule) for place in rule.columns)
    return {place for place in compared if place.partition(".")[0] not in (table.id, "IDS000", "Metadata")}


def _path_to(target: str, table: Table, spec: ReturnSpec) -> tuple[str, list[str]]:
    for name, place in table.references.items():
        owner = place.partition(".")[0]
        alias = f"p_{owner}"
        join = f"LEFT JOIN {parent_days(owner)} AS {alias} ON {alias}.key = {{}}.{quoted(name)}"
        if owner == target:
            return alias, [join.format("t")]
        further, steps = _path_to(target, spec.table(owner), spec)
        if further:
            return further, [join.format("t"), *(step.replace("= t.", f"= {alias}.") for step in steps)]
    return "", []


def _day(table: Table, name: str, owner: str = "") -> str:
    column = f"{owner}{quoted(name)}"
    if table.column(name).type == "datetime":
        return f"CAST({instant_of(column)} AS DATE)"
    return day_of(column)
