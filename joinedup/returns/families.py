"""Whose rows hang on whose: rows without a parent, and rows that fall with the parent that was rejected.

The national rules on parents are applied in the national order: a person needs a valid GP registration and a
valid referral, then every row needs the valid row it points at, from the person downwards. One pass closes
the matter, since a row is only ever rejected after everything it depends on has been judged.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Rule
from joinedup.lake.session import Session
from joinedup.returns.findings import Finding, show_safely
from joinedup.returns.gathering import LISTED_PER_RULE, Gathering, said
from joinedup.returns.kinship import Kinship
from joinedup.returns.rules_sql import quoted, raw, rejected

_NEEDED_FIRST = ("IDS00145", "IDS00146")  # what a person needs, judged before what needs the person


def judge_families(session: Session, gathering: Gathering, kinship: Kinship) -> None:
    """Apply every rule on parents to the tables present, and let dependants fall with their parents."""
    for rule in in_order(gathering.spec):
        child, parent = _place(rule.columns[0]), _place(rule.columns[1])
        if register_lost(session, gathering, kinship, child, parent):
            _judge(session, gathering, rule, child, parent)
    for table, key, place in _unruled(gathering.spec):
        child, parent = (table, key), _place(place)
        if gathering.rejected.get(parent[0]) and register_lost(session, gathering, kinship, child, parent):
            _fall(session, gathering, child, parent)


def _place(name: str) -> tuple[str, str]:
    table, _, column = name.partition(".")
    return table, column


def register_lost(
    session: Session, gathering: Gathering, kinship: Kinship, child: tuple[str, str], parent: tuple[str, str]
) -> bool:
    """Make known to SQL the rows of `child` whose key no valid row of `parent` has, and the rows that have
    those keys all the same; answers whether there are any."""
    if child[0] not in kinship.sheets:
        return False
    column = kinship.sheets[child[0]][child[1]]
    valid = np.zeros(1, dtype=bool)
    if parent[0] in kinship.sheets:
        keys, matched = kinship.sheets[parent[0]][parent[1]], kinship.matched(child, parent)
        kept = keys.codes[gathering.kept(parent[0], kinship.sheets[parent[0]].rows) & keys.present]
        valid = np.append(np.bincount(kept, minlength=len(keys.texts)) > 0, False)
        lost = column.rows(~valid[matched])
    else:
        lost = column.present
    if lost is None or not lost.any():
        return False
    session.register(raw(child[0]), kinship.sheets[child[0]].only(lost, quoted(child[1])))
    if parent[0] in kinship.sheets:
        wanted = np.zeros(len(keys.texts) + 1, dtype=bool)
        wanted[matched[np.unique(column.codes[lost])]] = True
        wanted[-1] = False
        session.register(
            raw(parent[0]), kinship.sheets[parent[0]].only(wanted[keys.codes], quoted(parent[1]))
        )
    else:
        no_rows = pa.schema([(parent[1], pa.string()), ("_row", pa.int64())]).empty_table()
        session.register(raw(parent[0]), no_rows)
    return True


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
