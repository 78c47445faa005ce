"""Funnels of ratios and rates: verdicts by exact tails and Byar's limits, and exact lines."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from joinedup.errors import YourCommand
from joinedup.stats.funnel_counts import (
    FEWEST_STANDARDISED,
    expected_on_lines,
    population_behind,
    rate_limits,
    rate_verdict,
    ratio_limits,
    ratio_verdict,
)
from joinedup.stats.intervals import poisson_interval

LABELS = {
    (-2): "Low (0.001)",
    (-1): "Low (0.025)",
    0: "Not significant",
    1: "High (0.025)",
    2: "High (0.001)",
}


def by_tails(count: int, centre: float) -> str:
    """The verdict from sums of Poisson chances."""
    above, below = poisson.sf(count - 1, centre), poisson.cdf(count, centre)
    return LABELS[int(above < 0.025) + int(above < 0.001) - int(below < 0.025) - int(below < 0.001)]


def by_limits(count: float, centre: float) -> str:
    """The verdict from limits of the count, as OHID makes it."""
    side = 0
    for confidence in (0.95, 0.998):
        lower, upper = (float(line) for line in poisson_interval(count, confidence, "phe"))
        side += int(lower > centre) - int(upper < centre)
    return LABELS[side]


@pytest.mark.parametrize("centre", [0.05, 0.7, 3.2, 9.5, 14.0, 60.0])
def test_verdicts_are_those_of_tails_and_of_limits(centre: float) -> None:
    counts = np.arange(0, 121)
    exact = ratio_verdict(counts, centre, tails="exact")
    assert exact.tolist() == [by_tails(int(count), centre) for count in counts]
    assert ratio_verdict(counts, centre).tolist() == [by_limits(float(count), centre) for count in counts]


def test_the_switch_to_byar_is_at_ten_events() -> None:
    # Expected counts between the exact and Byar's limits of 10: the two methods differ there, and only at 10.
    centre = float(np.mean([poisson_interval(10, 0.95, kind)[0] for kind in ("exact", "byar")]))
    assert ratio_verdict(10, centre, tails="exact") != ratio_verdict(10, centre)
    below = float(np.mean([poisson_interval(9, 0.95, kind)[0] for kind in ("exact", "byar")]))
    assert ratio_verdict(9, below, tails="exact") == ratio_verdict(9, below)
    assert ratio_verdict(9.999, centre) == ratio_verdict(9.999, centre, tails="exact")


def test_a_target_moves_the_centre() -> None:
    assert ratio_verdict([50], [25]).tolist() == ["High (0.001)"]
    assert ratio_verdict([50], [25], target=2).tolist() == ["Not significant"]


def test_without_expected_events_or_counts_there_is_no_verdict() -> None:
    assert ratio_verdict([0, np.nan, 3, 3], [0, 5, np.nan, 3]).tolist() == ["", "", "", "Not significant"]
    assert ratio_verdict([], []).tolist() == []
    for wrong in ([-1, 5], [1, -5]):
        with pytest.raises(YourCommand, match="below 0"):
            ratio_verdict(*wrong)


def test_rates_against_all_against_their_group_and_against_a_rate() -> None:
    events, people = [10, 90, 50], [1_000, 1_000, 1_000]
    assert rate_verdict(events, people).tolist() == ["Low (0.001)", "High (0.001)", "Not significant"]
    own = rate_verdict(events, people, groups=["a", "b", "c"])
    assert own.tolist() == ["Not significant"] * 3
    assert rate_verdict([10], [1_000], rate0=0.01).tolist() == ["Not significant"]
    assert rate_verdict([25], [1_000], rate0=0.01).tolist() == ["High (0.001)"]


def test_too_few_events_for_a_standardised_rate() -> None:
    found = rate_verdict([9, 10, np.nan], [100, 100, 100], fewest=FEWEST_STANDARDISED)
    assert found.tolist() == ["Too few events", "Not significant", ""]


def test_the_population_behind_a_rate() -> None:
    assert population_behind([28], [2_800.0]).tolist() == [1_000.0]
    assert population_behind([5], [50.0], multiplier=100).tolist() == [10.0]
    assert population_behind([0, 10], [0, 1_000], population=[500, 7]).tolist() == [500.0, 1_000.0]
    found = population_behind([0, 4, 4], [0, 0, 100_000], population=[500, 500, 500], standardised=True)
    assert np.isnan(found[:2]).all()
    assert found[2] == 4
    for stated in (None, [0.0], [np.nan]):
        with pytest.raises(YourCommand, match="without events"):
            population_behind([0], [0], population=stated)


@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.998])
@pytest.mark.parametrize("centre", [0.001, 0.02, 0.4, 1.0, 3.69, 10.0, 250.0, 30_000.0])
def test_a_count_on_a_line_has_its_limit_at_the_expected(centre: float, confidence: float) -> None:
    lower, upper = (float(line) * centre for line in ratio_limits(centre, confidence))
    assert np.isclose(float(poisson_interval(upper, confidence, "exact")[0]), centre, rtol=1e-9)
    if lower > 0:
        assert np.isclose(float(poisson_interval(lower, confidence, "exact")[1]), centre, rtol=1e-9)
    else:
        assert np.exp(-centre) >= (1 - confidence) / 2


def test_lines_of_units_without_expected_events_are_missing() -> None:
    low, high = ratio_limits([0.0, np.nan, 5.0])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False]
    assert 0 < low[2] < 1 < high[2]
    with pytest.raises(YourCommand, match="between 0 and 1"):
        ratio_limits(5, 95)


def test_rate_lines_are_ratio_lines_around_the_rate() -> None:
    low, high = rate_limits(0.02, [500.0, 50.0])
    below, above = ratio_limits([10.0, 1.0])
    assert np.allclose(low, 0.02 * below)
    assert np.allclose(high, 0.02 * above)


def test_expected_events_on_the_lines_of_one_event() -> None:
    # 1 on the lower line: χ²(0.975; 4)/2; on the upper: -ln 0.975
    low, high = expected_on_lines([1])
    assert np.allclose([low[0], high[0]], [5.5716434, 0.0253178], atol=1e-7)
    wide_low, wide_high = expected_on_lines([1], 0.998)
    assert np.allclose([wide_low[0], wide_high[0]], [9.2334133, 0.0010005], atol=1e-7)


def test_ten_events_by_byar_and_by_exact_tails() -> None:
    """Lower limits of ten events: Byar 4.788, exact 4.795. Only the exact one is above 4.79."""
    assert ratio_verdict(10, 4.79) == "Not significant"
    assert ratio_verdict(10, 4.79, tails="exact") == "High (0.025)"
    assert rate_verdict(10, 479, rate0=0.01) == "Not significant"
    assert rate_verdict(10, 479, rate0=0.01, tails="exact") == "High (0.025)"


def test_no_events_have_a_verdict_unless_too_few_are_told() -> None:
    assert rate_verdict(0, 100, rate0=0.01) == "Not significant"
    assert rate_verdict(0, 100, rate0=0.1) == "Low (0.001)"
    assert rate_verdict(0, 100, rate0=0.1, fewest=1) == "Too few events"
    assert rate_verdict(1, 100, rate0=0.01, fewest=1) == "Not significant"
