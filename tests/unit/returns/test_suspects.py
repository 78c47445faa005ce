"""The cheap first look may suspect a row in vain, and must never miss one that fails a rule."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from minimal_return import EXPECTED, as_submission, minimal_rows

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.lake import sql_session
from joinedup.returns import sources_sql
from joinedup.returns.header import scene_of
from joinedup.returns.judging import register
from joinedup.returns.rules_sql import failing
from joinedup.returns.suspects_sql import suspected

SPEC = ReturnSpec.load("talking_therapies")
TABLES = ["IDS001", "IDS002", "IDS004", "IDS101", "IDS201", "IDS202", "IDS606", "IDS803"]
VALUES = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "|", "5|", "\n", "1", "01", "ZZ", "2024-04-31", "720433000", "9434765919"]),
    st.text("AZ019|-: \n", max_size=22),
    st.text(max_size=6),
)


@settings(max_examples=12, deadline=None)
@given(st.data())
@pytest.mark.parametrize("table", TABLES)
def test_no_row_that_fails_is_left_unsuspected(table: str, data: st.DataObject) -> None:
    rows = minimal_rows()
    names = [column.name for column in SPEC.table(table).columns]
    valid = rows[table][0]
    for _ in range(8):
        spoilt = data.draw(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=4))
        rows[table].append(valid | {name: value or None for name, value in spoilt.items()})
    submission = as_submission(rows)
    scene = scene_of(submission, SPEC, EXPECTED)
    rules = [rule for rule in SPEC.rules_of(table) if rule.runs]
    tests = [(rule, sql) for rule in rules if (sql := failing(rule, scene)) is not None]
    source = sources_sql.row_source(SPEC.table(table), [rule for rule, _ in tests], SPEC)
    fails = " OR ".join(f"({sql})" for _, sql in tests)
    with sql_session() as session:
        register(session, SPEC, submission.files)
        missed = session.fetch(
            f"SELECT * FROM ({source}) WHERE ({fails}) AND NOT COALESCE({suspected(tests, SPEC)}, false)"
        )
        found = session.fetch(f"SELECT * FROM ({source}) WHERE {suspected(tests, SPEC)}")
    assert missed.to_pylist() == []
    assert 1 not in found["_row"].to_pylist()
