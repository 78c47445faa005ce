"""Who is really better equals the plain-Python reference, whatever the counts; and nothing breaks on odd ones."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.equity.beside_others import beside_others
from joinedup.equity.practice_rules import Reason
from joinedup.stats import holm
from tests.eighths import examples
from tests.reference import practice as reference
from tests.simulation.practice_worlds import world

FEW = settings(max_examples=examples(50), deadline=None)
WORDS = {
    Reason.TOO_FEW: "too few", Reason.NOT_ABOVE: "not above", Reason.CASE_MIX: "case mix", Reason.CHANCE: "chance",
    Reason.SMALL: "small", Reason.NOT_LASTING: "not lasting", Reason.UNPAIRED: "unpaired",
    Reason.UNKNOWN_MIX: "unknown mix",
}  # fmt: skip


@given(
    seed=st.integers(0, 2**32), referred=st.sampled_from([240, 1_200, 6_000]), better=st.floats(-0.2, 0.28),
    lasting=st.integers(1, 8), stated=st.sampled_from([0.85, 1.0]), stage=st.sampled_from(["paired", "recovered"]),
)  # fmt: skip
@FEW
def test_selection_is_that_of_the_reference(seed, referred, better, lasting, stated, stage):
    found = world(np.random.default_rng(seed), referred, better=better, lasting=lasting, stage=stage)
    found = replace(found, known=found.known * stated)
    rows = list(zip(found.people, found.outcomes, found.expected, strict=True))
    told = reference.reasons(
        rows,
        [list(zip(n, x, e, strict=True)) for n, x, e in found.quarterly],
        list(zip(*found.paired, strict=True)), found.known,
        [one.estimate_lower for one in found.standings], [one.estimate for one in found.standings],
    )  # fmt: skip
    assert [[WORDS[reason] for reason in one.reasons] for one in found.standings] == told
    for k, one in enumerate(found.standings):
        assert reference.beside(rows, k) == pytest.approx((one.own, one.others, one.p), abs=1e-9)


@given(
    rows=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.floats(0, 60)), max_size=9),
    hidden=st.data(),
)
@FEW
def test_any_counts_are_compared_or_left_out(rows, hidden):
    n, x, e = (np.array([row[k] for row in rows], float) for k in range(3))
    x, e = np.minimum(x, n), np.minimum(e, n)
    gone = np.array([hidden.draw(st.booleans()) for _ in rows], bool)
    found = beside_others(np.where(gone, np.nan, x), n, e)
    known = ~gone & (n > 0)
    assert (np.isnan(found.difference) == ~known).all() or known.sum() < 3
    told = found.difference[~np.isnan(found.difference)]
    assert ((told >= -1) & (told <= 1)).all()
    assert (found.lower[known] <= found.upper[known] + 1e-12).all() or known.sum() < 3


@given(p=st.lists(st.floats(0, 1), max_size=12))
@FEW
def test_holm_is_that_of_the_reference(p):
    assert holm(p).tolist() == pytest.approx([reference.holm(dict(enumerate(p)))[k] for k in range(len(p))])
    assert not math.isnan(sum(holm(p)))
