"""Each rule that runs is broken once, and must be named at its row and column; each other rule says why not.

Rules on rows are broken together, each in a family of five people of its own inside one large return, so
that a rule that looked beyond its own rows would be caught. Rules on the header or the whole file have a
return to themselves.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from minimal_return import EXPECTED, NUMBERS, Rows, as_submission, minimal_rows
from rule_mutations import READ_FROM_FILES, SPECIAL, mutation_of

from joinedup.definitions.return_spec import ReturnSpec, Rule
from joinedup.lake import Session, sql_session
from joinedup.returns.findings import Finding
from joinedup.returns.report import ValidationReport
from joinedup.returns.submission import Submission
from joinedup.returns.validating import validate

SPEC = ReturnSpec.load("talking_therapies")
RUNNING = [rule for rule in SPEC.rules if rule.runs and rule.id not in READ_FROM_FILES]
ALONE = [rule for rule in RUNNING if rule.table == "IDS000" or rule.severity == "REJECT_FILE"]
TOGETHER = [rule for rule in RUNNING if rule not in ALONE]
KEYS = ("LocalPatientId", "ServiceRequestId", "CareContactId", "CareActId", "CarePersLocalId")
UNRULED = {"IDS003AccommStatus.csv", "IDS601MedHistPrevDiag.csv"}  # dependants that no public rule covers


@dataclass(frozen=True)
class Checked:
    """The large return: what came of it, and the rows of each table that each rule's family has in it."""

    submission: Submission
    report: ValidationReport
    accepted: Mapping[str, pa.Table]
    families: Mapping[str, Mapping[str, range]]

    def named(self, rule: Rule) -> list[Finding]:
        """What the rule found within its own family, with rows counted inside the family."""
        rows = self.families[rule.id].get(rule.table, range(0))
        file = f"{SPEC.table(rule.table).name}.csv"
        found = (f for f in self.report.findings if f.rule == rule.id and f.file == file and f.row in rows)
        return [finding._replace(row=(finding.row or 0) - rows.start + 1) for finding in found]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with sql_session() as made:
        yield made


@pytest.fixture(scope="module")
def checked(session: Session) -> Checked:
    rows: Rows = defaultdict(list)
    families: dict[str, dict[str, range]] = {}
    for index, rule in enumerate(TOGETHER):
        families[rule.id] = {}
        for table, sent in _family(rule, index).items():
            first = len(rows[table]) + 1
            rows[table] += sent
            families[rule.id][table] = range(first, first + len(sent))
    rows["IDS000"] = minimal_rows()["IDS000"]
    submission = as_submission(rows)
    report, accepted = validate(submission, expected=EXPECTED, session=session)
    return Checked(submission, report, accepted, families)


def _family(rule: Rule, index: int) -> Rows:
    rows = minimal_rows()
    mutation = mutation_of(rule, SPEC)
    if mutation is not None:
        mutation.change(rows)
    del rows["IDS000"]
    for sent in rows.values():
        for row in sent:
            row |= {key: f"{row[key]}-{index}" for key in KEYS if row.get(key)}
            if row.get("NHSNumber") in NUMBERS:
                row["NHSNumber"] = _number(index * len(NUMBERS) + NUMBERS.index(row["NHSNumber"] or ""))
    return rows


def _number(index: int) -> str:
    """The valid NHS number that comes `index` places into a run of invented ones."""
    valid = []
    for stem in range(900_000_000 + 2 * index, 900_000_000 + 2 * index + 2):
        check = (
            11
            - sum(int(digit) * weight for digit, weight in zip(str(stem), range(10, 1, -1), strict=True)) % 11
        )
        if check != 10:
            valid.append(f"{stem}{check % 11}")
    return valid[0]


def test_every_rule_that_runs_has_a_mutation() -> None:
    assert [rule.id for rule in RUNNING if mutation_of(rule, SPEC) is None] == []
    assert set(SPECIAL) <= {rule.id for rule in RUNNING}


def test_the_rules_are_the_377_of_the_public_source() -> None:
    assert len(SPEC.rules) == len({rule.id for rule in SPEC.rules}) == 377
    assert SPEC.rules_version == "2.0"


def test_a_rule_that_does_not_run_says_why() -> None:
    idle = {rule.id: rule.reason or "" for rule in SPEC.rules if not rule.runs}
    gone = ("OrgIDResidenceResp", "OrgIDGPPrac", "JSAInd", "OtherBenefitInd")
    assert len(idle) == 9
    assert all(reason.startswith(gone) and "no longer has" in reason for reason in idle.values())


@pytest.mark.parametrize("rule", TOGETHER, ids=lambda rule: rule.id)
def test_a_broken_row_is_named_where_it_was_broken(rule: Rule, checked: Checked) -> None:
    mutation = mutation_of(rule, SPEC)
    assert mutation is not None
    named = checked.named(rule)
    assert sorted(finding.row or 0 for finding in named) == sorted(row or 0 for row in mutation.rows)
    assert {finding.column for finding in named} == {rule.column}
    assert {finding.severity for finding in named} == {rule.severity}
    first = checked.families[rule.id][rule.table].start
    broken = {first + (row or 0) - 1 for row in mutation.rows}
    kept = broken & set(checked.accepted[rule.table]["_row"].to_pylist())
    assert kept == (broken if rule.severity == "WARNING" else set()) or _rejected_by_another(
        rule, checked, broken
    )


def _rejected_by_another(rule: Rule, checked: Checked, broken: set[int]) -> bool:
    file = f"{SPEC.table(rule.table).name}.csv"
    others = (
        f for f in checked.report.findings if f.file == file and f.severity != "WARNING" and f.rule != rule.id
    )
    return rule.severity == "WARNING" and broken <= {finding.row for finding in others}


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_a_broken_file_is_refused_and_the_place_named(rule: Rule, session: Session) -> None:
    mutation = mutation_of(rule, SPEC)
    assert mutation is not None
    rows = minimal_rows()
    mutation.change(rows)
    report, accepted = validate(as_submission(rows), expected=EXPECTED, session=session)
    named = [f for f in report.findings if f.rule == rule.id and f.file not in UNRULED]
    assert [finding.row for finding in named] == list(mutation.rows)
    assert {finding.column for finding in named} == {rule.column}
    assert {finding.file for finding in named} == {f"{SPEC.table(rule.table).name}.csv"}
    assert {finding.severity for finding in named} == {rule.severity}
    assert (report.outcome == "refused") == (rule.severity != "WARNING")
    assert (accepted == {}) == report.refused


def test_the_order_of_rows_does_not_matter(checked: Checked, session: Session) -> None:
    def reversed_rows(rows: pa.Table) -> pa.Table:
        turned = rows.take(pa.array(range(len(rows) - 1, -1, -1)))
        return turned

    files = {
        table: replace(file, rows=reversed_rows(file.rows))
        for table, file in checked.submission.files.items()
    }
    turned, accepted = validate(replace(checked.submission, files=files), expected=EXPECTED, session=session)
    assert set(turned.findings) == set(checked.report.findings)
    assert turned.counts == checked.report.counts
    assert {table: len(rows) for table, rows in accepted.items()} == {
        table: len(rows) for table, rows in checked.accepted.items()
    }
