"""The same questions asked of twins: returns drawn person by person, journeys derived from them as from any
return.

A batch of twins is one large simulation dealt out person by person, which is the same as simulating each by
itself: every person passes every stage by a draw of their own. Each twin has 2,250 referrals in the group,
6,750 in the other.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from joinedup.definitions import Pathway, Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.disclosure import release
from joinedup.equity import attribute_gap
from joinedup.journeys import derive
from joinedup.twin import simulate_tables
from joinedup.twin.simulating import STILL_OPEN
from tests.reference import gap as reference
from tests.simulation.gap_simulator import BARS, GROUP, REFERENCE, Records, at_least, at_most, first_leak

SIZE, BATCH = 9_000, 20
PLANTED = {
    "accessed": "first_treatment",
    "second_treatment": "second_treatment",
    "reliably_improved": "reliably_improved",
    "recovered": "recovered",
}


def twins(times, seed, leak=None, background_gaps=True):
    """Journeys of so many twins, each with the truth they were drawn from."""
    for batch in range(-(-times // BATCH)):
        size = min(BATCH, times - batch * BATCH)
        number = int(np.random.SeedSequence([seed, batch]).generate_state(1)[0])
        planted = None if leak is None else (leak[0], GROUP, leak[1])
        tables = simulate_tables(SIZE * size, leak=planted, background_gaps=background_gaps, seed=number)
        made = derive(
            tables,
            places=Places.load(),
            pathway=Pathway.load("talking_therapies"),
            thresholds=Thresholds.load(),
        )
        dealt = np.array([int(person) for person in made.journeys["person_id"].to_pylist()]) % size
        for k in range(size):
            rows = made.journeys.filter(pa.array(dealt == k))
            yield Records(rows, first_day=dt.date(2024, 4, 1), last_day=dt.date(2026, 3, 31)), tables.truth


def gaps_of(records):
    """The gap with its true counts, and as it is released."""
    gap = attribute_gap(records, by="ethnic_group", between=(GROUP, REFERENCE), follow_up=12)
    return gap, release(gap).value


def found_first(stage, points, times, seed):
    """How often the planted stage has the largest leak, with true and with released counts."""
    pairs = [gaps_of(records) for records, _ in twins(times, seed, (stage, points))]
    return [sum(first_leak(pair[k]) == PLANTED[stage] for pair in pairs) for k in range(2)]


def true_parts(truth):
    """Parts of the gap that the chances of passing imply, by bar; one service, and no mix that differs."""
    return dict(
        zip(
            BARS,
            reference.logarithmic_parts(*(_chances(truth, name) for name in (GROUP, REFERENCE))),
            strict=True,
        )
    )


def _chances(truth, name):
    chances = truth["probability"][name]
    rates = []
    for stage in truth["stages"]:
        split = 1 - STILL_OPEN * (1 - chances[stage])
        rates += (
            [split, chances[stage] / split] if stage in ("accessed", "second_treatment") else [chances[stage]]
        )
    return rates


def covered(times, seed):
    """How often limits hold each true part, with true and with released counts: shape (2, bars)."""
    found = np.zeros((2, len(BARS)), int)
    for records, truth in twins(times, seed):
        parts = true_parts(truth)
        for k, gap in enumerate(gaps_of(records)):
            bars = {(bar.stage, bar.kind): bar for bar in gap.bars}
            found[k] += [bars[bar].lower <= parts[bar] <= bars[bar].upper for bar in BARS]
    return found


@pytest.fixture(scope="module")
def few(seed):
    """Five twins with each leak: (stage, gap with true counts, released gap, counts they were drawn with)."""
    found = []
    for stage in PLANTED:
        for records, truth in twins(5, seed, (stage, 12)):
            found.append((stage, *gaps_of(records), truth))
    return found


def test_the_counts_of_the_gap_are_those_that_were_drawn(few):
    for stage in PLANTED:
        batch = [entry for entry in few if entry[0] == stage]
        truth = batch[0][3]
        for k, name in enumerate((GROUP, REFERENCE)):
            counted = np.sum([gap.chains[k].passed for _, gap, _, _ in batch], axis=0)
            assert counted.tolist() == [truth["passed"][name][step] for step in truth["stages"]]
            assert sum(gap.chains[k].referred for _, gap, _, _ in batch) == truth["referrals"][name]


def test_a_planted_leak_of_12_points_comes_first(few):
    for k in (1, 2):
        hits = sum(first_leak(entry[k]) == PLANTED[entry[0]] for entry in few)
        assert at_least(hits, len(few), 0.95)


def test_parts_add_up_in_every_twin(few):
    for _, gap, released, _ in few:
        for one in (gap, released):
            assert np.isclose(sum(bar.contribution for bar in one.bars), one.gap, atol=1e-12)


def test_without_gaps_a_leak_is_seldom_claimed(seed):
    pairs = [gaps_of(records) for records, _ in twins(20, seed, background_gaps=False)]
    for k in range(2):
        assert at_most(sum(bool(pair[k].claims) for pair in pairs), len(pairs), 0.07)


@pytest.mark.full
@pytest.mark.parametrize("stage", list(PLANTED))
@pytest.mark.parametrize("points", [12, 8, 5])
def test_how_often_a_leak_comes_first_in_200_twins(stage, points, seed, record_property):
    hits, released = found_first(stage, points, 200, seed)
    record_property(
        f"first of 200: {stage}, {points} points", f"{hits} with true counts, {released} released"
    )
    if points == 12:
        assert at_least(hits, 200, 0.95)
        assert at_least(released, 200, 0.95)
    assert 0 < hits <= 200


@pytest.mark.full
def test_a_leak_is_claimed_in_at_most_7_of_100_twins_without_gaps(seed, record_property):
    pairs = [gaps_of(records) for records, _ in twins(400, seed, background_gaps=False)]
    for k, kind in enumerate(("true", "released")):
        claimed = sum(bool(pair[k].claims) for pair in pairs)
        record_property(f"claimed of 400 without gaps, {kind} counts", claimed)
        assert at_most(claimed, len(pairs), 0.07)


@pytest.mark.full
def test_limits_cover_every_part_in_a_thousand_twins(seed, record_property):
    hits = covered(1_000, seed)
    record_property("covered of 1,000 twins", hits.tolist())
    assert all(at_least(count, 1_000, 0.93) for row in hits for count in row)
