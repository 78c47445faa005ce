from __future__ import annotations

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats.life_expectancy import life_expectancy

AGES = [0, 1, 65]
DEATHS, PEOPLE = [50, 100, 400], [10_000, 200_000, 8_000]


def test_a_life_table_of_three_bands_by_hand() -> None:
    """M = 0.005, 0.0005, 0.05, so that 20 years are left at 65. Those who die in the first year live 0.1 of it."""
    found = life_expectancy(DEATHS, PEOPLE, AGES)
    q0, q1 = 0.005 / (1 + 0.9 * 0.005), 64 * 0.0005 / (1 + 32 * 0.0005)
    at_1 = 64 - 32 * q1 + (1 - q1) * 20
    at_0 = 1 - 0.9 * q0 + (1 - q0) * at_1
    np.testing.assert_allclose(found.value, [[at_0, at_1, 20]])
    v2 = 1 / (400 * 0.05**2)
    v1 = (1 - q1) ** 2 * v2 + q1**2 * (1 - q1) / 100 * (32 + 20) ** 2
    v0 = (1 - q0) ** 2 * v1 + q0**2 * (1 - q0) / 50 * (0.9 + at_1) ** 2
    reach = 1.959963984540054 * np.sqrt([v0, v1, v2])
    np.testing.assert_allclose(found.lower, found.value - reach)
    np.testing.assert_allclose(found.upper, found.value + reach)
    assert (found.people.tolist(), found.deaths.tolist()) == ([[218_000, 208_000, 8_000]], [[550, 500, 400]])
    assert (found.ages.tolist(), found.withheld.tolist()) == (AGES, [["", "", ""]])
    wide = life_expectancy(DEATHS, PEOPLE, AGES, confidence=0.998)
    np.testing.assert_allclose((wide.upper - wide.value)[0], reach * 3.090232306 / 1.959963985)


def test_areas_and_ages_in_any_order() -> None:
    found = life_expectancy(
        [*DEATHS, 60, 500, 70][::-1], [*PEOPLE, 9_000, 9_000, 90_000][::-1], [0, 1, 65, 0, 65, 1][::-1],
        ["a", "a", "a", "b", "b", "b"][::-1],
    )  # fmt: skip
    assert found.groups.tolist() == ["b", "a"]
    np.testing.assert_allclose(found.value[1:], life_expectancy(DEATHS, PEOPLE, AGES).value)
    np.testing.assert_allclose(
        found.value[:1], life_expectancy([60, 70, 500], [9_000, 90_000, 9_000], AGES).value
    )


def test_a_first_band_that_is_not_infancy_is_lived_through_halfway() -> None:
    found = life_expectancy([100, 400], [200_000, 8_000], [1, 65])
    np.testing.assert_allclose(found.value, life_expectancy(DEATHS, PEOPLE, AGES).value[:, 1:])
    alone = life_expectancy(400, 8_000, 65)
    assert alone.value.tolist() == [[20]]


def test_no_deaths_in_a_band_do_no_harm() -> None:
    found = life_expectancy([0, 0, 400], PEOPLE, AGES)
    np.testing.assert_allclose(found.value, [[85, 84, 20]])
    np.testing.assert_allclose(found.upper - found.value, 1.959963984540054)


def test_a_band_that_nobody_survives() -> None:
    """64 years at one death in two: q would be above 1. Those there live half of it, and none is left."""
    found = life_expectancy([50, 5_000, 400], [10_000, 10_000, 8_000], AGES, suppress_wider_than=100)
    assert found.value[0, 1] == pytest.approx(32)
    assert found.upper[0, 1] == pytest.approx(32)


def test_areas_that_are_held_back_say_why() -> None:
    groups = np.repeat(["good", "small", "odd", "gap", "empty", "missing"], 3)
    deaths = np.array([DEATHS, [9, 9, 30], [50, 100, 9_000], DEATHS, [0, 100, 400], [np.nan, 100, 400]])
    people = np.array([PEOPLE, [900, 3_500, 600], PEOPLE, PEOPLE, [0, *PEOPLE[1:]], PEOPLE])
    rows = np.arange(18) != 9
    found = life_expectancy(deaths.ravel()[rows], people.ravel()[rows], np.tile(AGES, 6)[rows], groups[rows])
    assert found.withheld[:, 0].tolist() == [
        "",
        "too few people",
        "more deaths than people",
        "an age is missing",
        "an age is missing",
        "an age is missing",
    ]
    assert (found.withheld == found.withheld[:, :1]).all()
    assert np.isfinite([found.value[0], found.lower[0], found.upper[0]]).all()
    assert np.isnan([found.value[1:], found.lower[1:], found.upper[1:]]).all()
    assert found.people[1].tolist() == [5_000, 4_100, 600]


def test_what_is_held_back_can_be_shown() -> None:
    deaths, people = [9, 9, 30], [900, 3_501, 600]
    assert life_expectancy(deaths, people, AGES).withheld[0, 2] == ""
    small = [900, 3_500, 600]
    shown = life_expectancy(deaths, small, AGES, suppress_up_to_people=4_999)
    assert np.isfinite(shown.value).all()


def test_wide_limits_are_kept_and_the_value_is_not() -> None:
    # 20 years left at 65 from 4 deaths: 20 ± 1.96 x 10
    found = life_expectancy([50, 100, 4], [10_000, 200_000, 80], AGES)
    assert found.withheld[0, 2] == "limits too wide"
    assert np.isnan(found.value[0, 2])
    assert found.upper[0, 2] == pytest.approx(20 + 19.59963984540054)
    width = 2 * 19.59963984540054
    for limit, shown in ((width + 1e-9, True), (width - 1e-9, False)):
        again = life_expectancy([50, 100, 4], [10_000, 200_000, 80], AGES, suppress_wider_than=limit)
        assert np.isfinite(again.value[0, 2]) == shown


def test_nobody_dying_in_the_open_band_leaves_it_without_end() -> None:
    found = life_expectancy([50, 100, 0], PEOPLE, AGES)
    assert np.isnan([found.value, found.lower]).all()
    assert (found.upper == np.inf).all()
    assert set(found.withheld.ravel().tolist()) == {"limits too wide"}


@pytest.mark.parametrize(
    ("deaths", "people", "ages", "message"),
    [
        ([1, 2], [10, 10], [0, np.nan], "age is missing"),
        ([1, 2], [10, 10], [-1, 0], "age is missing"),
        ([-1, 2], [10, 10], [0, 1], "below 0"),
        ([1, 2], [-10, 10], [0, 1], "below 0"),
        ([1, 2], [10, 10], [0, 0], "in its group twice"),
        ([], [], [], "no age band"),
    ],
)
def test_tables_without_an_order_of_ages_are_refused(
    deaths: list[float], people: list[float], ages: list[float], message: str
) -> None:
    with pytest.raises(YourCommand, match=message):
        life_expectancy(deaths, people, ages)


def test_confidence_of_a_life_expectancy_is_a_share() -> None:
    with pytest.raises(YourCommand, match="between 0 and 1"):
        life_expectancy(1, 10, 0, confidence=95)
