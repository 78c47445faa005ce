"""The same mutations on a return that the twin wrote: each on a row of its own, all named in one check."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from rule_mutations import SPOILT, spoilt_value

from joinedup.definitions.return_spec import ReturnSpec, Rule
from joinedup.returns.reading import read_submission
from joinedup.returns.submission import Submission
from joinedup.returns.validating import validate
from joinedup.twin import write_twin

SPEC = ReturnSpec.load("talking_therapies")
RULES = [
    r
    for r in SPEC.rules
    if r.runs and r.kind in SPOILT and r.table != "IDS000" and r.severity != "REJECT_FILE"
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    folder = tmp_path_factory.mktemp("twin")
    write_twin(folder, scale=0.02, months=1, seed=11, ending="2024-05")
    return read_submission(folder / "returns" / "RV3_2024-05_primary.zip")


def test_the_twin_breaks_no_rule_that_refuses_a_file(sent: Submission) -> None:
    report, accepted = validate(sent)
    assert not report.refused
    assert {"IDS001", "IDS101", "IDS201", "IDS607"} <= set(accepted)
    assert report.header is not None
    assert (report.header.provider, report.header.period) == ("RV3", "2024-05")


def test_every_form_of_a_value_is_judged_on_the_twin_as_on_the_minimal_return(sent: Submission) -> None:
    spoilt, placed = _spoil(sent)
    report, _ = validate(spoilt)
    named = {(finding.rule, finding.row, finding.column) for finding in report.findings}
    assert [rule.id for rule, row in placed if (rule.id, row, rule.column) not in named] == []
    assert len(placed) >= 180
    assert {rule.kind for rule, _ in placed} == set(SPOILT)


def _spoil(sent: Submission) -> tuple[Submission, list[tuple[Rule, int]]]:
    """Each rule broken on the next row of its table; rules beyond the rows a table has are left out."""
    cells: dict[str, dict[str, dict[int, str | None]]] = {}
    placed: list[tuple[Rule, int]] = []
    used: Counter[str] = Counter()
    for rule in RULES:
        file = sent.files.get(rule.table)
        if file is None or used[rule.table] >= len(file.rows) or rule.column is None:
            continue
        used[rule.table] += 1
        row = used[rule.table]
        cells.setdefault(rule.table, {}).setdefault(rule.column, {})[row] = spoilt_value(rule, SPEC)
        placed.append((rule, row))
    files = {name: replace(f, rows=_put(f.rows, cells.get(name, {}))) for name, f in sent.files.items()}
    return replace(sent, files=files), placed


def _put(rows: pa.Table, cells: dict[str, dict[int, str | None]]) -> pa.Table:
    for column, values in cells.items():
        texts = rows[column].to_pylist()
        for row, value in values.items():
            texts[row - 1] = value
        rows = rows.set_column(rows.column_names.index(column), column, pa.array(texts, pa.string()))
    return rows
