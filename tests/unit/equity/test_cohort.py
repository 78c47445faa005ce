"""From journeys to counts, against a second implementation that goes row by row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.equity.cohort import day_number, follow, months_later
from joinedup.equity.outcomes import OUTCOMES, outcome_of
from tests.reference import gap as reference

DATES = ("TherapySession_FirstDate", "TherapySession_SecondDate", "ServDischDate")
FLAGS = ("NotCaseness_Flag", "Paired_Flag", "ReliableImprovement_Flag", "Recovery_Flag")
days = st.dates(dt.date(2023, 1, 1), dt.date(2026, 3, 31))


def journeys():
    later = st.one_of(st.none(), st.integers(0, 700))
    return st.lists(
        st.tuples(days, later, later, later, *(st.sampled_from([True, True, False, None]) for _ in FLAGS))
    )


def rows_of(drawn):
    for received, *rest in drawn:
        happened = [None if after is None else received + dt.timedelta(after) for after in rest[:3]]
        yield {
            "ReferralRequestReceivedDate": received,
            **dict(zip(DATES + FLAGS, happened + rest[3:], strict=True)),
        }


def table_of(rows):
    schema = {
        "ReferralRequestReceivedDate": pa.date32(),
        **dict.fromkeys(DATES, pa.date32()),
        **dict.fromkeys(FLAGS, pa.bool_()),
    }
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in schema.items()})


@settings(deadline=None)
@given(journeys(), st.sampled_from([6, 12, 18]))
def test_counts_agree_with_going_row_by_row(drawn, months):
    rows = list(rows_of(drawn))
    chain = follow(table_of(rows), outcome_of("M195").chain("cohort"), months).chain()
    expected = reference.cohort_chain(rows, months)
    for k, (name, reached, passed, still_open) in enumerate(expected):
        assert chain.stages[k].name == name
        assert (chain.reached[k], chain.passed[k], chain.open[k]) == (reached, passed, still_open)
        if chain.stages[k].kind == "leak":
            assert chain.left[k] == reached - passed - still_open


@given(st.lists(days, min_size=1), st.integers(0, 30))
def test_months_later_is_the_same_day_or_the_last(received, months):
    found = months_later(np.array([day_number(day) for day in received]), months)
    assert found.tolist() == [day_number(reference.months_later(day, months)) for day in received]


@settings(deadline=None)
@given(journeys())
def test_every_chain_ends_with_those_who_passed_everything(drawn):
    table = table_of(list(rows_of(drawn)))
    for outcome in OUTCOMES.values():
        for basis in ("cohort", "discharged"):
            steps = follow(table, outcome.chain(basis), 12 if basis == "cohort" else None)
            chain = steps.chain()
            assert chain.referred == len(drawn)
            assert chain.passed[-1] == steps.succeeded.sum()
            assert all(after <= before for before, after in zip(chain.reached, chain.passed, strict=True))


@settings(deadline=None)
@given(journeys(), st.randoms(use_true_random=False))
def test_weights_of_one_change_nothing_and_weights_add_up(drawn, random):
    steps = follow(table_of(list(rows_of(drawn))), outcome_of("M195").chain("cohort"), 12)
    assert steps.chain(np.ones(len(steps))) == steps.chain()
    weights = np.array([random.choice([0.5, 1.0, 3.0]) for _ in range(len(steps))])
    weighted = steps.chain(weights)
    for k, n in enumerate(weighted.reached):
        assert (
            np.isclose(n, weighted.passed[k] + weighted.open[k] + weighted.left[k])
            or weighted.stages[k].kind != "leak"
        )
        assert weighted.sizes[k] <= steps.chain().reached[k] + 1e-9
