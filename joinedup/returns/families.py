"""Whose rows hang on whose: rows without a parent, and rows that fall with the parent that was rejected.

The national rules on parents are applied in the national order: a person needs a valid GP registration and a
valid referral, then every row needs the valid row it points at, from the person downwards. One pass closes
the matter, since a row is only ever rejected after everything it depends on has been judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Rule
from joinedup.lake import Session
from joinedup.returns.findings import Finding, show_safely
from joinedup.returns.gathering import LISTED_PER_RULE, Gathering, said
from joinedup.returns.rules_sql import quoted, raw, rejected

_NEEDED_FIRST = ("IDS00145", "IDS00146")  # what a person needs, judged before what needs the person


def judge_families(session: Session, gathering: Gathering, present: Sequence[str]) -> None:
    """Apply every rule on parents to the tables present, and let dependants fall with their parents."""
    for rule in in_order(gathering.spec):
        table, key = rule.columns[0].split(".")
        parent, parent_key = rule.columns[1].split(".")
        if table in present:
            _judge(session, gathering, rule, (table, key), (parent, parent_key))
    for table, key, place in _unruled(gathering.spec):
        parent = place.partition(".")[0]
        if table in present and gathering.rejected.get(parent):
            _fall(session, gathering, (table, key), (parent, place.partition(".")[2]))


def in_order(spec: ReturnSpec) -> tuple[Rule, ...]:
    """The rules on parents, so that each table is judged after the table it points at."""
    depth = {table.id: _depth(table.id, spec) for table in spec.tables}
    found = [rule for rule in spec.rules if rule.kind == "parent_exists" and rule.runs]
    return tuple(sorted(found, key=lambda rule: (rule.id not in _NEEDED_FIRST, depth[rule.table], rule.id)))


def _depth(table: str, spec: ReturnSpec) -> int:
    parents = [place.partition(".")[0] for place in spec.table(table).references.values()]
    return max((1 + _depth(parent, spec) for parent in parents), default=0)


def _unruled(spec: ReturnSpec) -> Iterable[tuple[str, str, str]]:
    ruled = {rule.table for rule in spec.rules if rule.kind == "parent_exists"}
    for table in spec.tables:
        if table.id not in ruled:
            yield from ((table.id, key, place) for key, place in table.references.items())


def _judge(
    session: Session, gathering: Gathering, rule: Rule, child: tuple[str, str], parent: tuple[str, str]
) -> None:
    orphans = session.fetch(_without_valid_parent(session, gathering, child, parent))
    if len(orphans):
        causes = _causes(session, gathering, parent, orphans["value"].unique())
        _name_them(gathering, rule, child, orphans, causes)


def _without_valid_parent(
    session: Session, gathering: Gathering, child: tuple[str, str], parent: tuple[str, str]
) -> str:
    key, parent_key = quoted(child[1]), quoted(parent[1])
    valid = f"SELECT {parent_key} FROM {raw(parent[0])} WHERE {parent_key} IS NOT NULL"
    if gathering.rejected.get(parent[0]):
        session.register(rejected(parent[0]), gathering.rejected_rows(parent[0]))
        valid += f" AND _row NOT IN (SELECT _row FROM {rejected(parent[0])})"
    return (
        f"SELECT _row, {key} AS value FROM {raw(child[0])} WHERE {key} IS NOT NULL AND {key} NOT IN ({valid})"
    )


def _causes(
    session: Session, gathering: Gathering, parent: tuple[str, str], values: pa.ChunkedArray
) -> dict[str, tuple[int, str]]:
    if not gathering.rejected.get(parent[0]):
        return {}
    key = quoted(parent[1])
    found = session.fetch(
        f"SELECT p.{key} AS value, min(r._row) AS row, arg_min(r.rule, r._row) AS rule "
        f"FROM {raw(parent[0])} AS p JOIN {rejected(parent[0])} AS r ON r._row = p._row "
        f"WHERE p.{key} IS NOT NULL GROUP BY 1"
    )
    wanted = set(values.to_pylist())
    columns = (found[name].to_pylist() for name in ("value", "row", "rule"))
    return {value: (row, rule) for value, row, rule in zip(*columns, strict=True) if value in wanted}


def _name_them(
    gathering: Gathering,
    rule: Rule,
    child: tuple[str, str],
    orphans: pa.Table,
    causes: dict[str, tuple[int, str]],
) -> None:
    pairs = sorted(zip(orphans["_row"].to_pylist(), orphans["value"].to_pylist(), strict=True))
    parent = (rule.args.parent or rule.columns[1]).partition(".")[0]
    for row, value in pairs:
        room = gathering.counts[rule.id] < LISTED_PER_RULE
        message = said(rule) if value not in causes else _fell(rule.message, parent, *causes[value])
        gathering.take(_finding(gathering, rule.id, child, (row, value), message), room=room)
    gathering.reject(child[0], {row: rule.id for row, _ in pairs})


def _fall(session: Session, gathering: Gathering, child: tuple[str, str], parent: tuple[str, str]) -> None:
    """Dependants in a table that no public rule covers: named under the rule that rejected their parent."""
    orphans = session.fetch(_without_valid_parent(session, gathering, child, parent))
    causes = _causes(session, gathering, parent, orphans["value"].unique())
    pairs = sorted(zip(orphans["_row"].to_pylist(), orphans["value"].to_pylist(), strict=True))
    fallen = [(row, value) for row, value in pairs if value in causes]
    for row, value in fallen:
        message = _fell("This row hangs on a row that was rejected.", parent[0], *causes[value])
        gathering.take(_finding(gathering, causes[value][1], child, (row, value), message))
    gathering.reject(child[0], {row: causes[value][1] for row, value in fallen})


def _fell(message: str, parent: str, row: int, rule: str) -> str:
    return f"{message} It falls with row {row} of {parent}, rejected by {rule}. Mend that row first."


def _finding(
    gathering: Gathering, rule: str, child: tuple[str, str], pair: tuple[int, str], message: str
) -> Finding:
    row, value = pair
    shown = show_safely(value, identifying=gathering.spec.table(child[0]).column(child[1]).identifying)
    return Finding(rule, "REJECT_GROUP", gathering.file_names.get(child[0]), row, child[1], shown, message)
