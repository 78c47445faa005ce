"""How many digits are shown, at the edges of each rule."""

from __future__ import annotations

import math

import pytest

from joinedup.disclosure.display import Display

SHOWN = Display("shown", base=5)
EXACT = Display("exact", exact=True)
PLAIN = Display("plain", plain=True)
LARGE = Display("large", small=False)
NOTHING = [None, math.nan, math.inf, -math.inf]


@pytest.mark.parametrize(
    ("denominator", "decimals"),
    [(None, None), (0, None), (19.9, None), (20, 0), (999, 0), (1_000, 1), (50_000, 1)],
)
def test_decimals_of_a_percentage_of_so_many(denominator, decimals):
    assert SHOWN.decimals(denominator) == decimals
    assert LARGE.decimals(denominator) == 1


@pytest.mark.parametrize(
    ("denominator", "shown"), [(None, None), (19, None), (20, 12), (999, 12), (1_000, 12.3), (9_000, 12.3)]
)
def test_a_percentage(denominator, shown):
    assert SHOWN.percentage(12.345, denominator) == shown
    assert LARGE.percentage(12.345, denominator) == 12.3
    assert EXACT.percentage(12.345, denominator) == PLAIN.percentage(12.345, denominator) == 12.345


@pytest.mark.parametrize(
    ("denominator", "shown"), [(None, -3.5), (19, None), (20, -3.5), (999, -3.5), (1_000, -3.5)]
)
def test_points_are_absent_where_their_percentages_would_be(denominator, shown):
    assert SHOWN.points(-3.456, denominator) == shown
    assert LARGE.points(-3.456, denominator) == -3.5
    assert EXACT.points(-3.456, denominator) == -3.456
    assert PLAIN.points(-3.456, denominator) == shown


def test_points_need_no_denominator():
    assert SHOWN.points(1.26) == 1.3


@pytest.mark.parametrize(
    ("value", "shown"), [(1.23456, 1.23), (123_456, 123_000), (-0.0123456, -0.0123), (0, 0)]
)
def test_an_index_has_three_significant_figures(value, shown):
    assert SHOWN.index(value) == PLAIN.index(value) == shown
    assert EXACT.index(value) == value


@pytest.mark.parametrize("value", NOTHING)
@pytest.mark.parametrize("display", [SHOWN, EXACT, PLAIN, LARGE])
def test_what_is_no_number_is_not_shown(display, value):
    assert display.percentage(value, 5_000) is None
    assert display.points(value, 5_000) is None
    assert display.index(value) is None


def test_rounding_adds_the_variance_of_equally_likely_remainders():
    assert Display("one").rounding == 0
    assert Display("two", base=2).rounding == 0.25
    # -2, -1, 0, 1, 2: mean square 2
    assert SHOWN.rounding == 2
    assert Display("ten", base=10).rounding == 8.25


def test_a_display_hides_small_figures_and_rounds_no_count_unless_told():
    plain = Display("bare")
    assert (plain.base, plain.exact, plain.small, plain.plain) == (1, False, True, False)
