"""Primary decisions beside those of `acro` (UK government's output checker): threshold 5, the same cells hidden."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from joinedup.disclosure import PROFILES, protect

TABLES = 500
HERE = importlib.util.find_spec("acro") is not None
THRESHOLD = 5


def below_threshold(counts):
    """Cells that our profile hides for being small."""
    cells = {(at, "n"): int(count) for at, count in enumerate(counts.ravel())}
    small = protect(cells, [], PROFILES["nhs-england"]).small
    return np.array([cell in small for cell in cells]).reshape(counts.shape)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not HERE, reason="acro is not installed here; make bench runs this test where it is")
def test_primary_decisions_are_those_of_acro(seed):
    """acro hides counts of 1 to 4 and shows zeros; ours hides zeros too (DECISIONS.md 16), and nothing else differs."""
    import pandas as pd
    from acro import ACRO

    session = ACRO(suppress=True)
    session.sdc_checks.risk_appetite["safe_threshold"] = THRESHOLD
    chance = np.random.default_rng(seed)
    for _ in range(TABLES):
        counts = chance.integers(0, 12, size=(chance.integers(2, 6), chance.integers(2, 5)))
        index = np.repeat(np.arange(counts.size), counts.ravel())
        people = pd.DataFrame({"row": index // counts.shape[1], "column": index % counts.shape[1]})
        shown = session.crosstab(people["row"], people["column"])
        theirs = np.ones(counts.shape, bool)
        for row in shown.index:
            for column in shown.columns:
                theirs[row, column] = bool(pd.isna(shown.loc[row, column]))
        hidden = below_threshold(counts)
        empty = counts == 0
        assert (hidden[~empty] == theirs[~empty]).all()
        assert hidden[empty].all()


def test_the_threshold_is_theirs(seed):
    """What the comparison rests on, wherever acro is not: below 5 is hidden, zeros too, and nothing else."""
    counts = np.random.default_rng(seed).integers(0, 12, size=(TABLES, 4))
    assert (below_threshold(counts) == (counts < THRESHOLD)).all()
