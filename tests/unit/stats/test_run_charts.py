"""Run charts: useful points, runs, crossings, and the limits of chance."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.special import bdtr

from joinedup.errors import YourCommand
from joinedup.stats.run_chart_boxes import SPECIFICITY, _pairs, boxes
from joinedup.stats.run_charts import _fifth_percentile, run_chart

NAN = float("nan")


def test_points_on_the_median_are_passed_over() -> None:
    found = run_chart([1, 3, 2, 2, 5, 1, 2, NAN, 9, 1])
    assert found.groups.tolist() == ["all"]
    assert found.centre.tolist() == [2]
    assert found.points.tolist() == [10]
    assert found.useful.tolist() == [6]  # 1 3 5 1 9 1
    assert found.longest_run.tolist() == [2]
    assert found.crossings.tolist() == [4]
    assert found.longest_run_limit.tolist() == [6]  # round(log2 6) + 3
    assert found.crossings_limit.tolist() == [1]
    assert found.signal.tolist() == [False]


def test_a_long_run_is_a_signal() -> None:
    zigzag = [1, -1] * 6
    assert run_chart([*zigzag, *([1] * 7)], centre=0).signal.tolist() == [False]  # 19 useful, at most 7
    found = run_chart([*zigzag, *([1] * 8)], centre=0)
    assert found.longest_run.tolist() == [8]
    assert found.longest_run_limit.tolist() == [7]
    assert found.signal.tolist() == [True]


def test_few_crossings_are_a_signal() -> None:
    values = [1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1]
    found = run_chart(values, centre=0)
    assert (found.crossings[0], found.crossings_limit[0]) == (3, 4)
    assert found.signal.tolist() == [True]
    assert run_chart([*values[:15], 1], centre=0).signal.tolist() == [False]


def test_published_limits() -> None:
    """Anhøj & Olesen 2014, table 1."""
    table = {10: (6, 2), 15: (7, 4), 20: (7, 6), 24: (8, 8), 30: (8, 10), 50: (9, 19), 100: (10, 41)}
    for n, (longest, fewest) in table.items():
        found = run_chart([1.0, -1.0] * (n // 2) + [1.0] * (n % 2), centre=0)
        assert (found.longest_run_limit[0], found.crossings_limit[0]) == (longest, fewest)


def test_the_fifth_percentile_is_that_of_the_binomial() -> None:
    trials = np.arange(1, 20_000)
    found = _fifth_percentile(trials)
    assert (bdtr(found, trials, 0.5) >= 0.05).all()
    assert (bdtr(np.maximum(found - 1, 0), trials, 0.5)[found > 0] < 0.05).all()
    assert _fifth_percentile(np.array([0])).tolist() == [0]


def test_nothing_useful_is_no_signal() -> None:
    found = run_chart([5, 5, NAN, 1], ["a", "a", "b", "c"])
    assert found.useful.tolist() == [0, 0, 0]
    assert np.isnan(
        [found.longest_run, found.crossings, found.longest_run_limit, found.crossings_limit]
    ).all()
    assert found.signal.tolist() == [False] * 3
    assert found.centre[0] == 5
    assert np.isnan(found.centre[1])


def test_the_centre_may_be_given_or_set_from_the_first_points() -> None:
    values = [1, 2, 3, 10, 11, 12]
    assert run_chart(values).centre.tolist() == [6.5]
    assert run_chart(values, baseline=3).centre.tolist() == [2]
    assert run_chart(values, centre=7).centre.tolist() == [7]
    given = run_chart(values, ["a", "b"] * 3, centre=[1.5, 5] * 3)
    assert given.centre.tolist() == [1.5, 5]
    assert given.crossings.tolist() == [1, 1]


def test_series_and_times() -> None:
    values, groups = np.array([1, 9, 9, 1, 1, 9, 9, 1.0]), ["a", "b"] * 4
    when = [4, 1, 3, 2, 2, 3, 1, 4]  # a: 9 1 9 1, b: 9 1 9 1
    found = run_chart(values, groups, when=when)
    assert found.crossings.tolist() == [3, 3]
    assert found.longest_run.tolist() == [1, 1]
    assert run_chart(values, groups).crossings.tolist() == [3, 3]
    assert run_chart(values, groups, centre=[0.0] * 7 + [5.0], when=when).crossings.tolist() == [0, 1]


def test_best_box_and_cut_box() -> None:
    """By number of useful points: crossings, longest run, and where the corner is cut (20 points: nowhere)."""
    assert boxes()[20 - 10].tolist() == [6, 7, 6, 7]
    assert boxes()[24 - 10].tolist() == [6, 7, 7, 6]
    assert boxes()[[0, 5, 90]].tolist() == [[2, 6, 3, 5], [4, 7, 6, 6], [41, 10, 42, 9]]
    assert boxes().shape == (91, 4)


def series(*runs: int) -> list[float]:
    return [sign for i, run in enumerate(runs) for sign in [1.0 - 2 * (i % 2)] * run]


@pytest.mark.parametrize(
    ("runs", "anhoej", "bestbox", "cutbox"),
    [
        ((7, 3, 3, 3, 3, 3, 2), True, False, True),  # 6 crossings, the corner
        ((6, 4, 3, 3, 3, 3, 2), True, False, False),  # 6 crossings, longest 6
        ((7, 3, 3, 3, 2, 2, 2, 2), True, False, False),  # 7 crossings, longest 7
        ((8, 3, 3, 2, 2, 2, 2, 2), True, True, True),
        ((5, 5, 5, 5, 2, 2), True, True, True),  # 5 crossings
        ((3, 3, 3, 3, 3, 3, 2, 2, 2), False, False, False),
    ],
)
def test_rules_at_24_points(runs: tuple[int, ...], anhoej: bool, bestbox: bool, cutbox: bool) -> None:
    values = series(*runs)
    assert len(values) == 24
    found = [run_chart(values, centre=0, rule=rule).signal[0] for rule in ("anhoej", "bestbox", "cutbox")]
    assert found == [anhoej, bestbox, cutbox]


def test_a_box_shows_its_own_limits_and_else_those_of_anhoej() -> None:
    found = run_chart(series(*[1] * 24), centre=0, rule="bestbox")
    assert (found.longest_run_limit[0], found.crossings_limit[0]) == (7, 6)
    for n in (9, 101):
        plain, boxed = (run_chart(series(*[1] * n), centre=0, rule=rule) for rule in ("anhoej", "cutbox"))
        assert plain.longest_run_limit == boxed.longest_run_limit
        assert plain.crossings_limit == boxed.crossings_limit
    long = series(7, 1, 1)  # 9 points: anhoej allows a run of 6
    assert run_chart(long, centre=0, rule="cutbox").signal[0]
    for n, limit in ((10, 6), (100, 10)):
        assert run_chart(series(*[1] * n), centre=0, rule="cutbox").longest_run_limit[0] == limit


def test_the_last_box_is_for_100_points() -> None:
    values = series(10, *[3] * 8, *[2] * 33)  # 41 crossings and a run of 10: the corner that is cut
    assert len(values) == 100
    assert run_chart(values, centre=0, rule="cutbox").signal[0]
    assert not run_chart(values, centre=0, rule="bestbox").signal[0]


def test_pairs_are_counted_as_by_listing_all_sequences() -> None:
    share, n = 0.3, 9
    listed = np.zeros((n + 1, n))
    for sequence in product([0, 1], repeat=n):
        breaks = np.flatnonzero(np.diff(sequence)) + 1
        longest = int(np.diff([0, *breaks, n]).max())
        listed[longest, breaks.size] += np.prod([share if above else 1 - share for above in sequence])
    np.testing.assert_allclose(_pairs(share)[n][: n + 1, :n], listed, atol=1e-15)
    assert _pairs(0.5)[100].sum() == pytest.approx(1)


def test_every_box_is_specific_enough() -> None:
    still = _pairs(0.5)
    for n, (fewest, longest, cut_crossings, cut_run) in zip(range(10, 101), boxes(), strict=True):
        pairs = still[n]
        held = pairs[: longest + 1, fewest:].sum()
        assert held >= SPECIFICITY
        cut = pairs[longest, fewest:cut_crossings].sum() + pairs[cut_run + 1 : longest, fewest].sum()
        assert held - cut >= SPECIFICITY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "best"}, "'best' is no rule"),
        ({"baseline": 0}, "baseline is 0"),
        ({"centre": [1, 2]}, "2 centres were given for 3 rows"),
        ({"centre": "x"}, "needs numbers"),
    ],
)
def test_refusals(options: dict[str, object], message: str) -> None:
    with pytest.raises(YourCommand, match=message):
        run_chart([1, 2, 3], **options)  # type: ignore[arg-type]


def test_runs_are_counted_in_the_order_of_time() -> None:
    values, when = [1, -1, 1, -1, 1, -1], [1, 4, 2, 5, 3, 6]
    assert run_chart(values, centre=0).crossings.tolist() == [5]
    found = run_chart(values, centre=0, when=when)
    assert (found.longest_run.tolist(), found.crossings.tolist()) == ([3], [1])
