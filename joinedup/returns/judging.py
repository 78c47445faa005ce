"""Applies the national rules to the rows of one return, in SQL, and gathers what they find.

A first look (`suspecting`, `repeating`) lets off the rows that cannot fail a rule; each rule is then run, as
SQL, over the rows that are left. Rules on single rows come first, then those on repeated keys, on parents and
on the file as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec, Rule, Table
from joinedup.lake.session import Session
from joinedup.returns import sources_sql
from joinedup.returns.coded import Sheet
from joinedup.returns.families import judge_families
from joinedup.returns.gathering import Gathering
from joinedup.returns.header import scene_of
from joinedup.returns.kinship import number_of_day
from joinedup.returns.repeating import repeated_rows, same_person
from joinedup.returns.rules_sql import (
    SET_KINDS,
    Scene,
    day_of,
    failing,
    on_single_rows,
    quoted,
    raw,
    rejected,
)
from joinedup.returns.sets_sql import failing_rows
from joinedup.returns.submission import Submission
from joinedup.returns.suspecting import Suspicion, doubtful_codes

_SNOMED = frozenset({"snomed", "finding_code"})


def judge(submission: Submission, spec: ReturnSpec, session: Session, told: Mapping[str, str]) -> Gathering:
    """Apply every rule to one return; `told` says what was announced of it."""
    names = {table.id: f"{table.name}.csv" for table in spec.tables}
    names |= {table: file.file_name for table, file in submission.files.items()}
    gathering = Gathering(spec, names)
    for problem in submission.problems:
        gathering.take(problem)
    sheets = {
        table: Sheet(spec.table(table), file.rows)
        for table, file in submission.files.items()
        if len(file.rows)
    }
    look = Suspicion(scene_of(submission, spec, told), sheets)
    for table in sheets:
        _judge_rows(session, gathering, look, table)
    _judge_sets(session, gathering, spec, sheets)
    _judge_empty(gathering, sheets)
    judge_families(session, gathering, look.kinship)
    _judge_registrations(session, gathering, sheets)
    _judge_file(session, gathering, look)
    return gathering


def _runs(rule: Rule, told: Mapping[str, str]) -> bool:
    return rule.runs and not any(announced(rule) - set(told))


def announced(rule: Rule) -> set[str]:
    """What a rule needs to be told, by the names that `expected` goes by."""
    return {place.partition(".")[2] for place in rule.columns if place.startswith("Metadata.")}


def row_rules(scene: Scene, table: str) -> list[Rule]:
    """The rules on single rows of a table, those that run."""
    return [
        rule for rule in scene.spec.rules_of(table) if on_single_rows(rule) and _runs(rule, scene.expected)
    ]


def _judge_rows(session: Session, gathering: Gathering, look: Suspicion, table: str) -> None:
    suspected = np.zeros(len(look.sheets[table]), dtype=bool)
    ruled = []
    for rule in row_rules(look.scene, table):
        rows = look.rows(rule)
        if rows is not None:
            suspected |= rows
            ruled.append(rule)
    if not ruled:
        return
    source = register(session, look, table, ruled, suspected)
    columns = sorted({rule.column for rule in ruled if rule.column})
    shown = ", ".join(["_row", *(quoted(name) for name in columns)])
    failed = ", ".join(f"({failing(rule, look.scene)}) AS {quoted(rule.id)}" for rule in ruled)
    found = session.fetch(f"SELECT {shown}, {failed} FROM ({source})")
    for rule in ruled:
        hit = found.filter(found[rule.id])
        if len(hit):
            rows = hit["_row"].to_pylist()
            gathering.rows(rule, rows, dict(zip(rows, hit[rule.column].to_pylist(), strict=True)))


def register(session: Session, look: Suspicion, table: str, rules: Sequence[Rule], chosen: np.ndarray) -> str:
    """Make some rows of a table known to SQL with what `rules` read besides: the rows they hang on, and the texts that
    are no codes. Answers the SELECT of those rows."""
    spec = look.scene.spec
    parents = sources_sql.days_of_parents(spec, rules)
    relatives = look.kinship.relatives(spec.table(table), chosen) if parents else {}
    for owner, select in parents.items():
        rows = relatives.get(owner)
        found = _no_rows(spec.table(owner)) if rows is None else look.sheets[owner].only(rows, select)
        session.register(raw(owner), found)
        session.execute(f"CREATE OR REPLACE TEMP TABLE {sources_sql.parent_days(owner)} AS {select}")
    if any(rule.kind in _SNOMED for rule in rules):
        _register_codes(session, look, rules)
    if any(rule.kind.startswith("assessment_scale") for rule in rules):
        session.register(sources_sql.TOOLS, sources_sql.questionnaire_rows(spec))
    source = sources_sql.row_source(spec.table(table), rules, spec)
    session.register(raw(table), look.sheets[table].only(chosen, source))
    return source


def _register_codes(session: Session, look: Suspicion, rules: Sequence[Rule]) -> None:
    columns = [look.column(rule, rule.columns[-1]) for rule in rules if rule.kind in _SNOMED]
    texts = [column.texts.filter(pa.array(doubtful_codes(column))) for column in columns]
    session.register("sent_codes", pa.table({"code": pa.concat_arrays(texts).unique()}))
    for name, compound in sources_sql.bad_code_relations():
        bad = sources_sql.bad_among("sent_codes", compound=compound)
        session.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {bad}")


def _no_rows(table: Table) -> pa.Table:
    columns = [(column.name, pa.string()) for column in table.columns]
    return pa.schema([*columns, ("_row", pa.int64())]).empty_table()


def _judge_sets(
    session: Session, gathering: Gathering, spec: ReturnSpec, sheets: Mapping[str, Sheet]
) -> None:
    for rule in spec.rules:
        if not rule.runs or rule.kind not in SET_KINDS or rule.table not in sheets:
            continue
        select = failing_rows(rule)
        rows = repeated_rows(rule, sheets[rule.table])
        if select and rows is not None:
            _take_rows(session, gathering, rule, sheets[rule.table], rows, select)


def _take_rows(
    session: Session, gathering: Gathering, rule: Rule, sheet: Sheet, rows: np.ndarray, select: str
) -> None:
    column = quoted(rule.column or "_row")
    sql = f"SELECT t._row, t.{column} AS value FROM {raw(rule.table)} AS t WHERE t._row IN ({select})"
    session.register(raw(rule.table), sheet.only(rows, sql))
    found = session.fetch(sql)
    failed = found["_row"].to_pylist()
    gathering.rows(rule, failed, dict(zip(failed, found["value"].to_pylist(), strict=True)))


def _checks(spec: ReturnSpec, check: str) -> Iterable[Rule]:
    return (rule for rule in spec.rules if rule.args.check == check and rule.runs)


def _judge_empty(gathering: Gathering, sheets: Mapping[str, Sheet]) -> None:
    for rule in _checks(gathering.spec, "empty"):
        place = rule.table
        if place not in sheets:
            gathering.whole_file(rule, place)


def _judge_registrations(session: Session, gathering: Gathering, sheets: Mapping[str, Sheet]) -> None:
    for rule in _checks(gathering.spec, "consecutive_registration"):
        select = failing_rows(rule)
        if rule.table not in sheets or not select:
            continue
        rows = same_person(sheets[rule.table], "EndDateGMPRegistration")
        if rows is not None:
            session.register(rejected(rule.table), gathering.rejected_rows(rule.table))
            _take_rows(session, gathering, rule, sheets[rule.table], rows, select)


def _judge_file(session: Session, gathering: Gathering, look: Suspicion) -> None:
    spec = look.scene.spec
    for rule in _checks(spec, "header"):
        header = look.sheets.get(rule.table)
        if header is not None and (len(header) > 1 or gathering.rejected.get(rule.table)):
            gathering.whole_file(rule, rule.table)
    for rule in _checks(spec, "nothing_left"):
        referrals = look.sheets.get(rule.table)
        if referrals is not None and len(gathering.rejected.get(rule.table, ())) == len(referrals):
            gathering.whole_file(rule, rule.table)
    for rule in _checks(spec, "period"):
        if _no_day_in_period(session, look):
            gathering.whole_file(rule, rule.table)


def _no_day_in_period(session: Session, look: Suspicion) -> bool:
    start = look.scene.header_days.get("ReportingPeriodStartDate")
    end = look.scene.header_days.get("ReportingPeriodEndDate")
    if start is None or end is None:
        return False
    # Contacts first: nearly every return has one in its month, and the first day found settles it.
    for table in sorted(look.sheets, key=lambda name: (name != "IDS201", name)):
        for column in look.scene.spec.table(table).columns:
            if table == "IDS000" or column.type != "date" or column.name == "PersonBirthDate":
                continue
            place = f"{table}.{column.name}"
            days = look.kinship.days(look.scene.spec.table(table), place)
            if days is None:
                continue
            if (days.known & (days.days >= number_of_day(start)) & (days.days <= number_of_day(end))).any():
                return False
            if not days.odd.any():
                continue
            inside = f"{day_of(quoted(column.name))} BETWEEN DATE '{start}' AND DATE '{end}'"
            session.register(raw(table), look.sheets[table].only(days.odd, inside))
            if len(session.fetch(f"SELECT 1 AS found FROM {raw(table)} WHERE {inside} LIMIT 1")):
                return False
    return True
