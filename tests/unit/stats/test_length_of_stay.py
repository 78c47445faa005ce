from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.competing import incidence_at
from joinedup.stats.length_of_stay import (
    HORIZONS,
    length_of_stay,
    length_of_stay_change,
    stays_in,
    ways_out,
)
from joinedup.stats.survival_summaries import survival_at

NAN = np.nan
YEAR = 365
OPENED = 40 * YEAR


def test_stays_as_seen_from_a_window() -> None:
    #                  before  first day  within  on the end  still in  after   at the end  unknown
    admitted = [80.0, 90.0, 100.0, 105.0, 70.0, 110.0, 109.0, NAN]
    left = [99.0, 100.0, 103.0, 110.0, NAN, 112.0, NAN, 105.0]
    stays = stays_in(admitted, left, 100, 110)
    assert stays.seen.tolist() == [False, True, True, True, True, False, True, True]
    np.testing.assert_array_equal(stays.entry, [NAN, 9.5, -np.inf, -np.inf, 29.5, NAN, -np.inf, -np.inf])
    np.testing.assert_array_equal(stays.time, [NAN, 10, 3, 4.5, 39.5, NAN, 0.5, NAN])
    np.testing.assert_array_equal(stays.discharged[stays.seen], [1, 1, 0, 0, 0, 1])


def test_dates_in_their_forms() -> None:
    texts = stays_in(["2026-01-01", "2026-03-01"], ["2026-03-11", None], "2026-02-01", "2026-04-01")
    objects = stays_in(
        [date(2026, 1, 1), date(2026, 3, 1)],
        np.array([date(2026, 3, 11), None], dtype=object),
        date(2026, 2, 1),
        np.datetime64("2026-04-01"),
    )
    numbers = stays_in([0, 59.9], [69, NAN], 31, 90)
    for stays in (texts, objects, numbers):
        np.testing.assert_array_equal(stays.time, [69, 30.5])
        np.testing.assert_array_equal(stays.entry, [30.5, -np.inf])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0], [5], 10, 10), "no day"),
        (([0], [5], 10, NAN), "no day"),
        (([6], [5], 0, 10), "before it starts"),
        ((["soon"], [None], "2026-01-01", "2026-02-01"), "date is none"),
        (([np.inf], [NAN], 0, 10), "infinite"),
    ],
)
def test_stays_that_are_refused(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(YourCommand, match=message) as refused:
        stays_in(*arguments)  # type: ignore[arg-type]
    assert refused.value.remedy


def test_a_period_curve_by_hand() -> None:
    # in at the start for 10 and 20 days; admitted within it: one leaves on day 5, one on day 12, one is still in
    found = length_of_stay(
        [90, 80, 100, 100, 101],
        [102, NAN, 105, 112, NAN],
        start=100,
        end=120,
        horizons=[10, 15],
        confidence=0.9,
    )
    # day 5: 3 at risk; day 12: those in for 10 (102 - 90) and for 12, of 3 at risk (20 enters later)
    assert found.curves.time.tolist() == [5, 12, 18.5, 39.5]
    assert found.curves.at_risk.tolist() == [3, 3, 1, 1]
    np.testing.assert_allclose(found.curves.survival, [2 / 3, 2 / 9, 2 / 9, 2 / 9])
    np.testing.assert_allclose(found.means.value, [[5 + 5 * 2 / 3, 5 + 7 * 2 / 3 + 3 * 2 / 9]])
    np.testing.assert_allclose(found.as_claimed, [(12 + 5 + 12) / 3])
    assert found.curves.confidence == 0.9


def test_groups_outside_the_window_stay_and_say_nothing() -> None:
    found = length_of_stay(
        [0, 0, 50, 52], [5, 5, 60, 58], start=40, end=80, groups=["a", "a", "b", "b"], horizons=[9]
    )
    np.testing.assert_array_equal(found.as_claimed, [NAN, 8])
    np.testing.assert_allclose(found.means.value, [[NAN], [1 * 6 + 0.5 * 3]])
    assert found.curves.left_out.tolist() == [0, 0]


def test_one_early_discharge_among_few_is_set_aside() -> None:
    admitted, left = [98, 60, 61, 62, 63], [101, 110, 115, NAN, NAN]
    found = length_of_stay(admitted, left, start=100, end=120, horizons=[50])
    assert found.curves.set_aside.tolist() == [1]
    assert found.curves.begins.tolist() == [1.5]
    assert survival_at(found.curves, 45).value.tolist() == [[1]]
    textbook = length_of_stay(admitted, left, start=100, end=120, minimum_at_risk=1)
    assert textbook.curves.emptied_at.tolist() == [3]
    assert np.isnan(textbook.means.value).all()
    assert textbook.means.at.tolist() == list(HORIZONS) == [1095.75, 1826.25]


def test_ways_out_by_hand() -> None:
    found = ways_out(
        [90, 80, 100, 100, 101, 99],
        [102, NAN, 105, 112, NAN, 110],
        ["step-down", None, "death", "transfer", "not read", None],
        start=100,
        end=120,
        destinations=["step-down", "transfer", "death"],
        confidence=0.9,
    )
    assert found.left_out.tolist() == [1]
    assert found.ends == ("step-down", "transfer", "death")
    at = incidence_at(found, [5, 12, 30])
    np.testing.assert_allclose(at.incidence[0], [[0, 0, 1 / 3], [2 / 9, 2 / 9, 1 / 3], [2 / 9, 2 / 9, 1 / 3]])
    np.testing.assert_allclose(at.waiting, [[2 / 3, 2 / 9, 2 / 9]])
    wider = ways_out([100, 100, 101], [105, 112, NAN], ["a", "b", None], start=100, end=120)
    assert wider.ends == ("a", "b")
    assert (
        wider.upper[0, 0]
        > ways_out(
            [100, 100, 101], [105, 112, NAN], ["a", "b", None], start=100, end=120, confidence=0.5
        ).upper[0, 0]
    )


def simulated(seed: int, *, faster: float = 1.0, clear: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Stays of 43 years, 2,000 admissions a year: three quarters of half a year on average, one quarter of 4.35.

    From `OPENED` the rest of each stay is `faster` times as long, or all who are past 5 years leave on one day.
    """
    rng = np.random.default_rng(seed)
    people = rng.poisson(2000 * 43)
    admitted = rng.uniform(0, 43 * YEAR, people)
    mean = np.where(rng.random(people) < 57 / 77, 0.5, 4.35) * YEAR
    left = admitted + rng.exponential(mean)
    from_then = np.maximum(admitted, OPENED)
    left = np.where(left > OPENED, from_then + (left - from_then) * faster, left)
    if clear:
        left[(admitted < OPENED - 5 * YEAR) & (left > OPENED)] = OPENED
    return np.floor(admitted), np.floor(left)


def test_a_clear_out_halves_the_mean_of_the_discharged_while_no_stay_got_shorter(seed: int) -> None:
    admitted, left = simulated(seed, clear=True)
    found = length_of_stay_change(
        admitted,
        left,
        before=(OPENED, OPENED + YEAR),
        after=(OPENED + YEAR, OPENED + 2 * YEAR),
        horizons=[3 * YEAR, 5 * YEAR],
        confidence=0.999,
    )
    assert found.as_claimed[0] < -0.5
    assert ((found.difference.lower < 0) & (found.difference.upper > 0)).all()
    truth = YEAR * np.array([0.932171, 1.142019])
    for window in (found.before, found.after):
        assert ((window.means.lower < truth) & (truth < window.means.upper)).all()


def test_stays_shorter_by_two_fifths_hardly_move_the_mean_of_the_discharged(seed: int) -> None:
    admitted, left = simulated(seed, faster=0.6)
    found = length_of_stay_change(
        admitted,
        left,
        before=(OPENED - YEAR, OPENED),
        after=(OPENED, OPENED + YEAR),
        horizons=[3 * YEAR, 5 * YEAR],
    )
    assert abs(found.as_claimed[0]) < 0.3
    assert (found.difference.upper < 0).all()
    change = found.difference.value / found.before.means.value
    # a service at its new level would show -25% and -30%; those found in at the change are the longer stays
    assert ((change > -0.45) & (change < -0.2)).all()


def test_a_change_is_of_two_windows() -> None:
    admitted, left = [100, 100, 200, 200], [104, 106, 203, 203]
    found = length_of_stay_change(
        admitted, left, before=(90, 150), after=(150, 250), horizons=[5], minimum_at_risk=1, confidence=0.9
    )
    np.testing.assert_allclose(found.as_claimed, [3 / 5 - 1])
    np.testing.assert_allclose(found.difference.value, [[3 - 4.5]])
    assert found.difference.at.tolist() == [5]
    z = 1.6448536269514722
    np.testing.assert_allclose(found.difference.lower, [[-1.5 - z * found.before.means.std_error[0, 0]]])
    groups = length_of_stay_change(
        admitted, left, before=(90, 150), after=(150, 250), groups=["a", "b", "a", "b"], horizons=[3]
    )
    assert groups.difference.labels.tolist() == ["a", "b"]
    np.testing.assert_allclose(groups.as_claimed, [-1 / 4, -1 / 2])
    none = length_of_stay_change([100], [100], before=(90, 150), after=(150, 250), horizons=[5])
    assert np.isnan(none.as_claimed).all()
    with pytest.raises(YourCommand, match="overlap"):
        length_of_stay_change(admitted, left, before=(90, 151), after=(150, 250))


def test_one_stay_among_others_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(YourCommand, match="before it starts"):
        stays_in([6, 0], [5, 4], 0, 10)


def test_a_change_is_at_the_confidence_and_the_number_at_risk_asked_for() -> None:
    """The discharge after three days is of one person alone: with two at risk it would be set aside."""
    found = length_of_stay_change(
        [98, 60, 200, 201], [101, 110, 206, 203], before=(100, 120), after=(200, 220),
        horizons=[9], minimum_at_risk=1, confidence=0.5,
    )  # fmt: skip
    np.testing.assert_allclose(found.after.means.value, [[(2 + 6) / 2]])
    # Greenwood: S is 1, then 1/2 from day 2 to 6: area after day 2 is 2, and 2^2 / (2 * 1)
    error = np.sqrt(2.0)
    np.testing.assert_allclose(found.after.means.std_error, [[error]])
    np.testing.assert_allclose(found.after.means.upper, [[4 + 0.6744897501960817 * error]])
    assert found.before.curves.set_aside.tolist() == [0]


def test_ways_out_of_groups_are_apart() -> None:
    found = ways_out(
        [100, 100, 100, 100], [105, 112, 103, 104], ["home", "died", "home", "home"],
        start=100, end=120, groups=["a", "a", "b", "b"], minimum_at_risk=1,
    )  # fmt: skip
    at = incidence_at(found, [5, 12])
    assert at.ends == ("died", "home")
    np.testing.assert_allclose(at.incidence[0], [[0, 1 / 2], [1 / 2, 1 / 2]])
    np.testing.assert_allclose(at.incidence[1], [[0, 1], [0, 1]])
