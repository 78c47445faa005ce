"""The cheap first look may suspect a row in vain, and must never miss one that fails a rule."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from minimal_return import EXPECTED, Rows, as_submission, minimal_rows

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.lake import Session, sql_session
from joinedup.returns.coded import Sheet, coded, decoded, with_codes, without_unused
from joinedup.returns.families import in_order, register_lost
from joinedup.returns.gathering import Gathering
from joinedup.returns.header import scene_of
from joinedup.returns.identifiers import coded_as_one, identifiers
from joinedup.returns.judging import register, row_rules
from joinedup.returns.repeating import repeated_rows, same_person
from joinedup.returns.rules_sql import SET_KINDS, failing, quoted, raw, rejected
from joinedup.returns.sets_sql import failing_rows
from joinedup.returns.snomed_sql import simple_is_valid, surely_valid
from joinedup.returns.suspecting import Suspicion

SPEC = ReturnSpec.load("talking_therapies")
TABLES = [table.id for table in SPEC.tables]
TEXTS = ["", " ", "|", "5|", "\n", "1", "01", "ZZ", "720433000", "9434765919", "2024-04-31", "0000-05"]
DAYS = [
    "1889-12-31",
    "1890-01-01",
    "1903-02-28",
    "2024-02-29",
    "2024-04-01",
    "2024-5-01",
    "2024-04-30T10:00:00",
    "2024-04-30T24:00:00",
    "2024-04-31T10:00:00",
    "1889-12-31T10:00:00",
]
VALUES = st.one_of(
    st.none(),
    st.sampled_from([*TEXTS, *DAYS, "2024-04", "\u00a0", "\u2003", "é", "2024/04"]),
    st.dates().map(str),
    st.text("AZ019|-: \n", max_size=22),
    st.text(max_size=6),
)


def spoilt(data: st.DataObject, table: str) -> Rows:
    """A return of which one table holds rows spoilt at random, and its other tables repeat some keys."""
    rows = minimal_rows()
    names = [column.name for column in SPEC.table(table).columns]
    valid = rows[table][0]
    for _ in range(8):
        # Values that stand elsewhere in the row and in its parents make keys meet, and fail to.
        values = st.one_of(VALUES, st.sampled_from([value for value in valid.values() if value]))
        change = data.draw(st.dictionaries(st.sampled_from(names), values, min_size=0, max_size=4))
        rows[table].append(valid | {name: value or None for name, value in change.items()})
    for other in ("IDS001", "IDS101", "IDS201"):
        if other != table and data.draw(st.booleans()):
            days = [c.name for c in SPEC.table(other).columns if c.type == "date"]
            change = data.draw(st.dictionaries(st.sampled_from(days), VALUES, max_size=2))
            rows[other].append(rows[other][0] | {name: value or None for name, value in change.items()})
    return rows


def look_at(rows: Rows, *, as_one: bool = False) -> Suspicion:
    submission = as_submission(rows)
    tables = {table: file.rows for table, file in submission.files.items() if len(file.rows)}
    if as_one:
        tables = coded_as_one(tables, identifiers(SPEC))
    sheets = {table: Sheet(SPEC.table(table), sent) for table, sent in tables.items()}
    return Suspicion(scene_of(submission, SPEC, EXPECTED), sheets)


def numbers(session: Session, sql: str) -> set[int]:
    return set(session.fetch(sql)["_row"].to_pylist())


@settings(max_examples=6, deadline=None)
@given(st.data())
@pytest.mark.parametrize("table", TABLES)
def test_every_row_that_fails_a_rule_is_suspected_by_it(table: str, data: st.DataObject) -> None:
    look = look_at(spoilt(data, table), as_one=data.draw(st.booleans()))
    if table not in look.sheets:
        return
    everything = np.ones(len(look.sheets[table]), dtype=bool)
    rules = row_rules(look.scene, table)
    failed = ", ".join(f"({failing(rule, look.scene)}) AS {quoted(rule.id)}" for rule in rules)
    with sql_session() as session:
        source = register(session, look, table, rules, everything)
        found = session.fetch(f"SELECT _row, {failed} FROM ({source})")
    for rule in rules:
        wrong = set(found.filter(found[rule.id])["_row"].to_pylist())
        suspected = look.rows(rule)
        marked = set() if suspected is None else set((np.flatnonzero(suspected) + 1).tolist())
        assert wrong <= marked, rule.id


@settings(max_examples=6, deadline=None)
@given(st.data())
@pytest.mark.parametrize("table", sorted({r.table for r in SPEC.rules if r.kind in SET_KINDS and r.runs}))
def test_rules_on_repeated_keys_find_the_same_among_the_rows_suspected(
    table: str, data: st.DataObject
) -> None:
    look = look_at(spoilt(data, table), as_one=data.draw(st.booleans()))
    sheet = look.sheets[table]
    with sql_session() as session:
        for rule in SPEC.rules_of(table):
            select = failing_rows(rule) if rule.kind in SET_KINDS and rule.runs else None
            if select is None:
                continue
            session.register(raw(table), decoded(sheet.rows))
            wanted = numbers(session, select)
            chosen = repeated_rows(rule, sheet)
            if chosen is None:
                assert wanted == set(), rule.id
            else:
                session.register(raw(table), sheet.only(chosen, select))
                assert numbers(session, select) == wanted, rule.id


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_registrations_find_the_same_among_the_persons_concerned(data: st.DataObject) -> None:
    sheet = look_at(spoilt(data, "IDS002")).sheets["IDS002"]
    rule = next(r for r in SPEC.rules if r.args.check == "consecutive_registration")
    select = failing_rows(rule) or ""
    with sql_session() as session:
        session.register(rejected("IDS002"), Gathering(SPEC, {}).rejected_rows("IDS002"))
        session.register(raw("IDS002"), decoded(sheet.rows))
        wanted = numbers(session, select)
        chosen = same_person(sheet, "EndDateGMPRegistration")
        concerned = np.zeros(len(sheet), bool) if chosen is None else chosen
        session.register(raw("IDS002"), sheet.only(concerned, select))
        assert numbers(session, select) == wanted


@settings(max_examples=30, deadline=None)
@given(st.data(), st.sets(st.integers(1, 9)))
def test_rows_without_a_valid_parent_are_all_found(data: st.DataObject, gone: set[int]) -> None:
    rule = data.draw(st.sampled_from(in_order(SPEC)))
    (table, key), (parent, parent_key) = (place.split(".") for place in rule.columns[:2])
    look = look_at(spoilt(data, data.draw(st.sampled_from([table, parent]))), as_one=data.draw(st.booleans()))
    gathering = Gathering(SPEC, {})
    if parent in look.sheets:
        gathering.reject(parent, {row: "IDS00001" for row in gone if row <= len(look.sheets[parent])})
    valid = {
        row[parent_key]
        for row in (decoded(look.sheets[parent].rows).to_pylist() if parent in look.sheets else [])
        if row["_row"] not in gone
    }
    rows = decoded(look.sheets[table].rows).to_pylist() if table in look.sheets else []
    wanted = {row["_row"] for row in rows if row[key] is not None and row[key] not in valid}
    with sql_session() as session:
        some = register_lost(session, gathering, look.kinship, (table, key), (parent, parent_key))
        assert some == bool(wanted)
        if some:
            assert numbers(session, f"SELECT _row FROM {raw(table)}") == wanted


@settings(max_examples=200, deadline=None)
@given(st.one_of(VALUES.filter(bool), st.from_regex(r"[0-9]{3,15}[01]0[0-9]", fullmatch=True)))
def test_a_code_said_to_be_valid_is_valid_in_sql(text: str) -> None:
    with sql_session() as session:
        session.register("codes", pa.table({"code": [text]}))
        bad = session.fetch(
            f"SELECT code FROM codes WHERE trim(code) <> '' AND NOT {simple_is_valid('code')}"
        )
    assert not (len(bad) and surely_valid(text))


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=20), st.data())
def test_codes_and_texts_say_the_same_and_nothing_more(texts: list[str | None], data: st.DataObject) -> None:
    plain = pa.table({"a": pa.array(texts, pa.string()), "_row": pa.array(range(len(texts)), pa.int64())})
    rows = with_codes(plain)
    assert decoded(rows).to_pydict() == plain.to_pydict()
    kept = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    left = without_unused(rows.filter(pa.array(kept, pa.bool_())))
    assert left["a"].to_pylist() == [text for text, one in zip(texts, kept, strict=True) if one]
    assert set(coded(left["a"]).dictionary.to_pylist()) == set(left["a"].to_pylist()) - {None}
