"""Checks one return against the national rules, as SQL over its rows, and lets through what may go on.

One statement per table judges every rule on single rows at once; rules on sets of rows, on parents and on the
file as a whole follow. What each severity does is written in the specification (`severity_codes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec, Rule, Table
from joinedup.errors import UnknownName
from joinedup.lake import Session, sql_session
from joinedup.returns import sources_sql
from joinedup.returns.families import judge_families
from joinedup.returns.gathering import Gathering
from joinedup.returns.header import read_header, scene_of
from joinedup.returns.report import FileChecked, Outcome, ValidationReport
from joinedup.returns.rules_sql import SET_KINDS, Scene, day_of, failing, quoted, raw, rejected
from joinedup.returns.sets_sql import failing_rows, may_repeat
from joinedup.returns.submission import RawTable, Submission

EXPECTATIONS = ("ReportingPeriodStart", "ReportingPeriodEnd", "ProviderId", "SenderId", "SubmittedTimestamp")
_UNDECLARED = "nothing was said about what to expect ({})"


def validate(
    submission: Submission,
    spec: ReturnSpec | None = None,
    *,
    session: Session | None = None,
    expected: Mapping[str, str] | None = None,
) -> tuple[ValidationReport, Mapping[str, pa.Table]]:
    """Check `submission` and answer the report with the rows that may go on, by national table id.

    The rows are those sent, still text with `_row`, without the rejected ones and what hangs on them; none if
    the return is refused. `expected` says what was announced, as ISO text by the names in EXPECTATIONS; the
    rules on what is not announced do not run and are named in the report. Raises UnknownName for other names.
    """
    spec = spec or ReturnSpec.load("talking_therapies")
    told = _told(expected or {})
    with _session(session) as working:
        gathering = _judge(submission, spec, working, told)
    accepted = {} if gathering.refused else _accepted(submission, gathering)
    return _report(submission, spec, gathering, accepted, told), accepted


@contextmanager
def _session(given: Session | None) -> Iterator[Session]:
    if given is not None:
        yield given
        return
    with sql_session() as made:
        yield made


def _told(expected: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := sorted(set(expected) - set(EXPECTATIONS)):
        remedy = f"use {', '.join(EXPECTATIONS)}"
        raise UnknownName(f"nothing can be expected of {', '.join(unknown)}", remedy=remedy)
    return expected


def _judge(submission: Submission, spec: ReturnSpec, session: Session, told: Mapping[str, str]) -> Gathering:
    names = {table.id: f"{table.name}.csv" for table in spec.tables}
    names |= {table: file.file_name for table, file in submission.files.items()}
    gathering = Gathering(spec, names)
    for problem in submission.problems:
        gathering.take(problem)
    files = {table: file for table, file in submission.files.items() if len(file.rows)}
    scene = scene_of(submission, spec, told)
    _register(session, spec, files)
    for table in files:
        _judge_rows(session, gathering, scene, table)
    _judge_sets(session, gathering, spec, files)
    _judge_empty(gathering, files)
    judge_families(session, gathering, tuple(files))
    _judge_registrations(session, gathering, files)
    _judge_file(session, gathering, scene, files)
    return gathering


def _register(session: Session, spec: ReturnSpec, files: Mapping[str, RawTable]) -> None:
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
    return rule.runs and not any(_metadata(rule) - set(told))


def _metadata(rule: Rule) -> set[str]:
    return {place.partition(".")[2] for place in rule.columns if place.startswith("Metadata.")}


def _judge_rows(session: Session, gathering: Gathering, scene: Scene, table: str) -> None:
    spec = scene.spec
    rules = [rule for rule in spec.rules_of(table) if _runs(rule, scene.expected)]
    tests = [(rule, sql) for rule in rules if (sql := failing(rule, scene)) is not None]
    if not tests:
        return
    ruled = [rule for rule, _ in tests]
    source = sources_sql.row_source(spec.table(table), ruled, spec)
    columns = sorted({rule.column for rule in ruled if rule.column})
    shown = ", ".join(["_row", *(quoted(name) for name in columns)])
    failed = ", ".join(f"({sql}) AS {quoted(rule.id)}" for rule, sql in tests)
    anything = " OR ".join(f"({sql})" for rule, sql in tests if not _implied(rule, ruled))
    found = session.fetch(f"SELECT {shown}, {failed} FROM ({source}) WHERE {anything}")
    for rule in ruled:
        hit = found.filter(found[rule.id])
        if len(hit):
            rows = hit["_row"].to_pylist()
            gathering.rows(rule, rows, dict(zip(rows, hit[rule.column].to_pylist(), strict=True)))


def _implied(rule: Rule, others: Sequence[Rule]) -> bool:
    # A listed code always has a listed code's length: a row that fails on length fails on the list as well.
    same = (other for other in others if other.columns[:1] == rule.columns[:1])
    return rule.kind == "alnum" and any(other.kind == "in_code_list" for other in same)


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


def _accepted(submission: Submission, gathering: Gathering) -> Mapping[str, pa.Table]:
    kept = {}
    for table, file in submission.files.items():
        rejected = gathering.rejected.get(table)
        if not rejected:
            kept[table] = file.rows
            continue
        gone = pa.array(list(rejected), pa.int64())
        kept[table] = file.rows.filter(pc.invert(pc.is_in(file.rows["_row"], value_set=gone)))
    return kept


def _report(
    submission: Submission,
    spec: ReturnSpec,
    gathering: Gathering,
    accepted: Mapping[str, pa.Table],
    told: Mapping[str, str],
) -> ValidationReport:
    files = tuple(
        FileChecked(file.file_name, table, len(file.rows), len(accepted[table]) if table in accepted else 0)
        for table, file in submission.files.items()
    )
    return ValidationReport(
        name=submission.name,
        outcome=_outcome(gathering),
        files=files,
        rows=sum(file.rows for file in files),
        header=read_header(submission),
        findings=tuple(gathering.findings),
        counts=dict(sorted(gathering.counts.items())),
        not_run=_not_run(spec, told),
        rules_version=spec.rules_version,
    )


def _outcome(gathering: Gathering) -> Outcome:
    if gathering.refused:
        return "refused"
    return "accepted_with_rejects" if any(gathering.rejected.values()) else "accepted"


def _not_run(spec: ReturnSpec, told: Mapping[str, str]) -> dict[str, str]:
    reasons = {rule.id: rule.reason or "" for rule in spec.rules if not rule.runs}
    missing = {rule.id: ", ".join(sorted(_metadata(rule) - set(told))) for rule in spec.rules if rule.runs}
    return reasons | {rule: _UNDECLARED.format(names) for rule, names in missing.items() if names}
