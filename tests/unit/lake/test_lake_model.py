"""Any run of commits equals a dictionary of partitions, at every state it passed through."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import numbers, on, referrals, replace

from joinedup.lake import create_lake, open_lake

PARTITIONS = st.tuples(st.sampled_from(["RV3", "00123", None]), st.sampled_from(["2024-04", "2024-05"]))
COMMITS = st.lists(
    st.dictionaries(PARTITIONS, st.lists(st.integers(0, 99), max_size=3), max_size=4), max_size=5
)


@settings(max_examples=20, deadline=None)
@given(commits=COMMITS, reopen=st.booleans())
def test_a_lake_is_a_dictionary_of_partitions(commits: list[dict], reopen: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = create_lake(Path(folder) / "lake", purpose="demo", key_fingerprint="abc")
        model: dict = {}
        states = []
        for day, new in enumerate(commits):
            rows = pa.concat_tables(
                [referrals(("RV3", "2024-04"), []), *(referrals(p, n) for p, n in new.items())]
            )
            known_at = on(1) + timedelta(days=day)
            lake.commit([replace(*new, rows=rows)], kind="load", known_at=known_at)
            model = {p: n for p, n in {**model, **new}.items() if n}
            states.append((known_at, {p: sorted(n) for p, n in model.items()}))
            if reopen:
                lake = open_lake(lake.path)
        for known_at, expected in states:
            assert numbers(open_lake(lake.path, as_known=known_at)) == expected
        lake.check(deep=True)
