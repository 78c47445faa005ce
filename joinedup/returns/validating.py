"""Checks one return against the national rules, and lets through what may go on.

What each severity does to a row, a group or a file is written in the specification (`severity_codes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnknownName
from joinedup.lake.session import Session, sql_session
from joinedup.returns.coded import without_unused
from joinedup.returns.gathering import Gathering
from joinedup.returns.header import read_header
from joinedup.returns.identifiers import identifiers
from joinedup.returns.judging import announced, judge
from joinedup.returns.report import FileChecked, Outcome, ValidationReport
from joinedup.returns.submission import Submission

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

    The rows are those sent, still text with `_row` (coded if it came so, see `returns.coded` and
    `returns.identifiers`), without the rejected ones and what hangs on them; none if the return is refused.
    `expected` says what was announced, as ISO text by the names in EXPECTATIONS; the rules on what is not
    announced do not run and are named in the report. Raises UnknownName for other names.
    """
    spec = spec or ReturnSpec.load("talking_therapies")
    told = _told(expected or {})
    with _session(session) as working:
        gathering = judge(submission, spec, working, told)
    accepted = {} if gathering.refused else _accepted(submission, gathering, identifiers(spec))
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


def _accepted(submission: Submission, gathering: Gathering, shared: frozenset[str]) -> Mapping[str, pa.Table]:
    kept = {}
    for table, file in submission.files.items():
        if not gathering.rejected.get(table):
            kept[table] = file.rows
            continue
        left = file.rows.filter(pa.array(gathering.kept(table, file.rows)))
        # Coded columns would carry the texts of rejected rows on in their dictionaries; identifiers are coded for all
        # tables at once, and whoever writes them drops what none holds.
        kept[table] = without_unused(left, but=shared)
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
    missing = {rule.id: ", ".join(sorted(announced(rule) - set(told))) for rule in spec.rules if rule.runs}
    return reasons | {rule: _UNDECLARED.format(names) for rule, names in missing.items() if names}
