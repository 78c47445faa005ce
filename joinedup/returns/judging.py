"""Applies the national rules to the rows of one return, in SQL, and gathers what they find.

One statement per table finds the rows that could fail a rule on single rows, and one more judges those by
every rule; rules on repeated keys, on parents and on the file as a whole follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Rule, Table
from joinedup.lake import Session
from joinedup.returns import sources_sql
from joinedup.returns.families import judge_families
from joinedup.returns.gathering import Gathering
from joinedup.returns.header import scene_of
from joinedup.returns.rules_sql import SET_KINDS, Scene, day_of, failing, quoted, raw, rejected
from joinedup.returns.sets_sql import failing_rows, may_repeat
from joinedup.returns.submission import RawTable, Submission
from joinedup.returns.suspects_sql import suspected


def judge(submission: Submission, spec: ReturnSpec, session: Session, told: Mapping[str, str]) -> Gathering:
    """Apply every rule to one return; `told` says what was announced of it."""
    names = {table.id: f"{table.name}.csv" for table in spec.tables}
    names |= {table: file.file_name for table, file in submission.files.items()}
    gathering = Gathering(spec, names)
    for problem in submission.problems:
        gathering.take(problem)
    files = {table: file for table, file in submission.files.items() if len(file.rows)}
    scene = scene_of(submission, spec, told)
    register(session, spec, files)
    for table in files:
        _judge_rows(session, gathering, scene, table)
    _judge_sets(session, gathering, spec, files)
    _judge_empty(gathering, files)
    judge_families(session, gathering, tuple(files))
    _judge_registrations(session, gathering, files)
    _judge_file(session, gathering, scene, files)
    return gathering


def register(session: Session, spec: ReturnSpec, files: Mapping[str, RawTable]) -> None:
    """Make the tables of a return known to SQL, with the days of parents and the texts that are no codes."""
    session.register(sources_sql.TOOLS, sources_sql.questionnaire_rows(spec))
    for table in spec.tables:
        session.register(raw(table.id), files[table.id].rows if table.id in files else _no_rows(table))
    for owner, select in sources_sql.days_of_parents(spec).items():
        session.execute(f"CREATE OR REPLACE TEMP TABLE {sources_sql.parent_days(owner)} AS {select}")
    for name, compound in sources_sql.bad_code_relations():
        sent = sources_sql.sent_codes(spec, files, compound=compound)
        session.execute(f"CREATE OR REPLACE TEMP TABLE sent_codes AS {sent}")
        bad = sources_sql.bad_among("sent_codes", compound=compound)
        session.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {bad}")


def _no_rows(table: Table) -> pa.Table:
    columns = [(column.name, pa.string()) for column in table.columns]
    return pa.schema([*columns, ("_row", pa.int64())]).empty_table()


def _runs(rule: Rule, told: Mapping[str, str]) -> bool:
    return rule.runs and not any(announced(rule) - set(told))


def announced(rule: Rule) -> set[str]:
    """What a rule needs to be told, by the names that `expected` goes by."""
    return {place.partition(".")[2] for place in rule.columns if place.startswith("Metadata.")}


def _judge_rows(session: Session, gathering: Gathering, scene: Scene, table: str) -> None:
    spec = scene.spec
    rules = [rule for rule in spec.rules_of(table) if _runs(rule, scene.expected)]
    tests = [(rule, sql) for rule in rules if (sql := failing(rule, scene)) is not None]
    if not tests:
        return
    ruled = [rule for rule, _ in tests]
    source = sources_sql.row_source(spec.table(table), ruled, spec)
    suspects = session.fetch(f"SELECT * FROM ({source}) WHERE {suspected(tests, spec)}")
    if not len(suspects):
        return
    session.register("suspects", suspects)
    columns = sorted({rule.column for rule in ruled if rule.column})
    shown = ", ".join(["_row", *(quoted(name) for name in columns)])
    failed = ", ".join(f"({sql}) AS {quoted(rule.id)}" for rule, sql in tests)
    found = session.fetch(f"SELECT {shown}, {failed} FROM suspects")
    for rule in ruled:
        hit = found.filter(found[rule.id])
        if len(hit):
            rows = hit["_row"].to_pylist()
            gathering.rows(rule, rows, dict(zip(rows, hit[rule.column].to_pylist(), strict=True)))


def _judge_sets(
    session: Session, gathering: Gathering, spec: ReturnSpec, files: Mapping[str, RawTable]
) -> None:
    rules = [rule for rule in spec.rules if rule.runs and rule.kind in SET_KINDS and rule.table in files]
    simple = [rule for rule in rules if rule.kind == "unique"]
    repeated = session.fetch(may_repeat(simple)).to_pylist()[0] if simple else {}
    for rule in rules:
        select = failing_rows(rule)
        if select and repeated.get(rule.id, True):
            _take_rows(session, gathering, rule, select)


def _take_rows(session: Session, gathering: Gathering, rule: Rule, select: str) -> None:
    column = quoted(rule.column or "_row")
    found = session.fetch(
        f"SELECT t._row, t.{column} AS value FROM {raw(rule.table)} AS t WHERE t._row IN ({select})"
    )
    rows = found["_row"].to_pylist()
    gathering.rows(rule, rows, dict(zip(rows, found["value"].to_pylist(), strict=True)))


def _checks(spec: ReturnSpec, check: str) -> Iterable[Rule]:
    return (rule for rule in spec.rules if rule.args.check == check and rule.runs)


def _judge_empty(gathering: Gathering, files: Mapping[str, RawTable]) -> None:
    for rule in _checks(gathering.spec, "empty"):
        place = rule.table
        if place not in files:
            gathering.whole_file(rule, place)


def _judge_registrations(session: Session, gathering: Gathering, files: Mapping[str, RawTable]) -> None:
    for rule in _checks(gathering.spec, "consecutive_registration"):
        select = failing_rows(rule)
        if rule.table in files and select:
            session.register(rejected(rule.table), gathering.rejected_rows(rule.table))
            _take_rows(session, gathering, rule, select)


def _judge_file(session: Session, gathering: Gathering, scene: Scene, files: Mapping[str, RawTable]) -> None:
    spec = scene.spec
    for rule in _checks(spec, "header"):
        header = files.get(rule.table)
        if header is not None and (len(header.rows) > 1 or gathering.rejected.get(rule.table)):
            gathering.whole_file(rule, rule.table)
    for rule in _checks(spec, "nothing_left"):
        referrals = files.get(rule.table)
        if referrals is not None and len(gathering.rejected.get(rule.table, ())) == len(referrals.rows):
            gathering.whole_file(rule, rule.table)
    for rule in _checks(spec, "period"):
        if _no_day_in_period(session, scene, files):
            gathering.whole_file(rule, rule.table)


def _no_day_in_period(session: Session, scene: Scene, files: Mapping[str, RawTable]) -> bool:
    start = scene.header_days.get("ReportingPeriodStartDate")
    end = scene.header_days.get("ReportingPeriodEndDate")
    if start is None or end is None:
        return False
    # Contacts first: nearly every return has one in its month, and the first day found settles it.
    for table in sorted(files, key=lambda name: (name != "IDS201", name)):
        for column in scene.spec.table(table).columns:
            if table == "IDS000" or column.type != "date" or column.name == "PersonBirthDate":
                continue
            inside = f"{day_of(quoted(column.name))} BETWEEN DATE '{start}' AND DATE '{end}'"
            if len(session.fetch(f"SELECT 1 AS found FROM {raw(table)} WHERE {inside} LIMIT 1")):
                return False
    return True
