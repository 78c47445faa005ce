"""Whatever lies in a file, reading it as an index, a model or a ledger gives an answer or names what is wrong."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import LakeDamaged, YourData
from joinedup.linkage import link, read_decisions, read_index, read_model
from joinedup.linkage.decisions import decide
from joinedup.linkage.model import FORM, Model
from tests.eighths import examples

CSV = b"local_id,nhs_number,first_name,surname,birth_date,postcode,gender\n1,9434765919,Ada,Khan,1980-02-03,W1 1AA,2\n"
SETTINGS = {"probability_two_random_records_match": 0.1, "comparisons": []}
MODEL = Model(FORM, "5.0.0", ("surname",), 1, (2, 3), SETTINGS).to_bytes()

damage = st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=4)
bytes_of_any_kind = st.binary(max_size=200) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "replace")
)


def damaged(content: bytes, places: list[tuple[int, bytes]]) -> bytes:
    for place, put in places:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + 1 :]
    return content


@settings(max_examples=examples(300), deadline=None)
@given(
    bytes_of_any_kind | damage.map(lambda places: damaged(CSV * 3, places)),
    st.sampled_from([".csv", ".parquet"]),
)
def test_an_index_is_read_or_refused(content: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"RV3{ending}"
        path.write_bytes(content)
        try:
            rows = read_index(path)
        except YourData as refused:
            assert refused.remedy and "Ada" not in str(refused)
            return
    link({"A": rows, "B": rows}, scoring=False)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.lists(st.none() | st.text(max_size=12), min_size=6, max_size=6), max_size=6))
def test_any_text_in_any_column_can_be_linked(rows: list[list[str | None]]) -> None:
    names = ("nhs_number", "first_name", "surname", "birth_date", "postcode", "gender")
    columns = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)}
    index = pa.table({"local_id": [str(place) for place in range(len(rows))], **columns})
    linked = link({"A": index, "B": index}, scoring=False)
    assert len(linked.people) == 2 * len(rows)


@settings(max_examples=examples(200), deadline=None)
@given(bytes_of_any_kind | damage.map(lambda places: damaged(MODEL, places)))
def test_a_model_is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        path.write_bytes(content)
        try:
            model = read_model(path)
        except YourData as refused:
            assert refused.remedy
            return
    assert json.loads(model.to_bytes())["form"] == FORM


@settings(max_examples=examples(200), deadline=None)
@given(damage)
def test_a_damaged_ledger_is_never_taken_for_a_whole_one(places: list[tuple[int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        decide(folder, (("A", "1"), ("B", "2")), "accept", by="x")
        before = read_decisions(folder)
        (path,) = folder.glob("*.json")
        path.write_bytes(damaged(path.read_bytes(), places))
        try:
            after = read_decisions(folder)
        except LakeDamaged:
            return
    assert after == before
