"""Agreement by chance, against loops over all pairs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.linkage import chance
from joinedup.linkage.fields import BORN, FIELDS, POSTCODE, SURNAME, pool_of
from joinedup.linkage.rules import Pairs

RECORDS = st.lists(
    st.tuples(
        st.sampled_from([None, "MARTHA", "MARHTA", "MARTA", "OBI"]),
        st.sampled_from([None, "1980-02-03", "1980-02-04", "1981-12-04"]),
        st.sampled_from([None, "W1 1AA", "W1 1AB"]),
    ),
    min_size=1,
    max_size=5,
)


def index(rows: list[tuple[str | None, ...]]) -> pa.Table:
    columns = dict(zip((SURNAME, BORN, POSTCODE), zip(*rows, strict=True), strict=True))
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({"local_id": [str(n) for n in range(len(rows))], **texts})


@settings(max_examples=150, deadline=None)
@given(RECORDS, RECORDS, st.data())
def test_the_same_is_counted_over_all_pairs(a: list, b: list, data: st.DataObject) -> None:
    pool = pool_of({"a": index(a), "b": index(b)})
    every = [(one, len(a) + other) for one, other in product(range(len(a)), range(len(b)))]
    linked = data.draw(
        st.lists(st.sampled_from(every), unique_by=(lambda p: p[0], lambda p: p[1]), max_size=2)
    )
    pairs = Pairs(*(np.array([pair[side] for pair in linked], np.int64) for side in (0, 1)))
    shares = chance.by_chance(pool, np.arange(len(pool)), pairs, [POSTCODE], np.random.default_rng(1))
    left = [(a[one][2], b[other - len(a)][2]) for one, other in every if (one, other) not in linked]
    known = [(one, other) for one, other in left if one and other]
    expected = min((sum(one == other for one, other in known) + 0.5) / (len(known) + 1), 0.999)
    assert shares[POSTCODE] == pytest.approx((expected, 1 - expected))


def test_near_agreement_is_that_of_pairs_that_are_not_the_same() -> None:
    names, days = ["MARTHA", "MARHTA", "OBI", None], ["1980-02-03", "1980-02-04", "1981-12-04", None]
    rows = list(zip(names, days, [None] * 4, strict=True))
    pool = pool_of({"a": index(rows), "b": index(rows)})
    nobody = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    shares = chance.by_chance(pool, np.arange(8), nobody, [SURNAME, BORN], np.random.default_rng(2))
    # Of nine pairs known on both sides three are the same, and two are MARTHA beside MARHTA (0.961).
    assert shares[SURNAME] == pytest.approx((3.5 / 10, 2 / 9, 0, 1 - 3.5 / 10 - 2 / 9), abs=0.005)
    # 3 and 4 February differ in one digit; 1980-02-04 and 1981-12-04 in two.
    assert shares[BORN] == pytest.approx((3.5 / 10, 2 / 9, 2 / 9, 1 - 3.5 / 10 - 4 / 9), abs=0.005)


def test_every_field_that_is_compared_nearly_has_levels() -> None:
    assert set(chance.NEAR) < set(FIELDS)
    assert all(near.levels(field) for field, near in chance.NEAR.items())
