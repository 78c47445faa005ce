"""Identifiers coded as one say what they said, by the same code in every table; and texts of ten digits."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.returns import repeating
from joinedup.returns.coded import decoded, with_codes
from joinedup.returns.identifiers import coded_as_one, identifiers, same_texts
from joinedup.returns.letters import ten_digits

TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "cc", "é"])), max_size=6)


def chunked(texts: list[str | None]) -> pa.ChunkedArray:
    half = len(texts) // 2
    return pa.chunked_array([texts[:half], texts[half:]], pa.string())


@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 3))
def test_a_text_has_one_code_in_every_table(columns: list[list[str | None]], coded_before: int) -> None:
    tables = {
        f"T{at}": pa.table({"other": chunked(texts), "key": chunked(texts)})
        for at, texts in enumerate(columns)
    }
    tables = {
        name: with_codes(rows) if at < coded_before else rows
        for at, (name, rows) in enumerate(tables.items())
    }
    made = coded_as_one(tables, frozenset({"key"}))
    codes: dict[str, set[int]] = {}
    for rows, texts in zip(made.values(), columns, strict=True):
        assert decoded(rows).to_pydict() == {"other": texts, "key": texts}
        for text, code in zip(texts, rows["key"].chunk(0).indices.to_pylist() if texts else [], strict=True):
            assert (text is None) == (code is None)
            if text is not None:
                codes.setdefault(text, set()).add(code)
    assert all(len(found) == 1 for found in codes.values())
    again = coded_as_one(made, frozenset({"key"}))
    for name, texts in zip(made, columns, strict=True):
        if texts:
            first, second = (rows[name]["key"].chunk(0).dictionary for rows in (made, again))
            assert same_texts(first, second)


def test_the_identifiers_are_the_keys_that_tables_point_at() -> None:
    spec = ReturnSpec.load("talking_therapies")
    assert identifiers(spec) == {"LocalPatientId", "ServiceRequestId", "CareContactId", "CareActId"}


NUMBERS = st.one_of(
    st.none(), st.sampled_from(["", "é123456789"]), st.from_regex(r"[0-9:/]{8,11}", fullmatch=True)
)


@given(st.lists(NUMBERS, max_size=12), st.integers(0, 3))
def test_ten_digits_are_those_of_the_pattern(texts: list[str | None], start: int) -> None:
    array = pa.array(texts, pa.string()).slice(start)
    wanted = [text if text and re.fullmatch("[0-9]{10}", text) else None for text in texts[start:]]
    found, digits = ten_digits(array)
    assert found.tolist() == [text is not None for text in wanted]
    assert ["".join(map(str, row)) for row in digits] == [text for text in wanted if text]


KEYS = st.lists(
    st.tuples(st.integers(-1, 4), st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=30
)


@pytest.mark.parametrize(("largest", "counted"), [(np.iinfo(np.int64).max, 16), (7, 16), (7, 0)])
@given(rows=KEYS)
def test_repeated_keys_are_those_that_are_counted_twice(
    largest: int, counted: int, rows: list[tuple[int, int, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeating, "_LARGEST", largest)
        patch.setattr(repeating, "_COUNTED", counted)
        keys = repeating._keys([np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)])
        again = repeating._repeated(keys)
    times = Counter(rows)
    assert again.tolist() == [times[row] > 1 for row in rows]
