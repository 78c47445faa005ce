"""Different texts in one compiled pass, against Arrow's own."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.linkage.different import different

TEXTS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "\0", "\0\0", "a", "a\0", "abcdefg", "abcdefgh", "abcdefghi", "x" * 15, "x" * 16, "é" * 8]
    ),
    st.text(st.characters(codec="utf-8"), max_size=20),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=12), max_size=3), st.integers(0, 3))
def test_rows_are_told_apart_by_their_texts(chunks: list[list[str | None]], cut: int) -> None:
    column = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string()).slice(cut)
    found, places = different(column)
    assert len(set(found.to_pylist())) == len(found)
    assert [None if place < 0 else found[place].as_py() for place in places] == column.to_pylist()


@pytest.mark.parametrize("size", [2_000, 5_000, 40_000])  # the table grows
def test_many_different_texts(size: int) -> None:
    texts = [f"NW{n}" for n in range(size)] * 2
    found, places = different(pa.chunked_array([texts[:size], texts[size:]]))
    assert found.to_pylist() == texts[:size]
    assert places.tolist() == [*range(size), *range(size)]
