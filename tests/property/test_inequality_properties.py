"""Slope indices and the WHO's measures on anything that may be given: they answer or refuse, and keep their laws."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from joinedup.errors import YourCommand
from joinedup.stats.slope_index import SlopeIndices, slope_and_relative_index
from joinedup.stats.who_concentration import absolute_concentration_index, relative_concentration_index
from joinedup.stats.who_dispersion import (
    between_group_standard_deviation,
    between_group_variance,
    between_group_variation,
    index_of_disparity,
    mean_difference_from_best,
    mean_difference_from_mean,
    mean_difference_from_reference,
)
from joinedup.stats.who_entropy import mean_log_deviation, theil_index
from joinedup.stats.who_logistic import logistic_slope_index
from joinedup.stats.who_pairwise import (
    population_attributable_fraction,
    population_attributable_risk,
    subgroup_difference,
    subgroup_ratio,
)

QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Columns = dict[str, np.ndarray]

MEASURES: dict[str, Callable[[Columns], Any]] = {
    "difference": lambda c: subgroup_difference(c["y"], c["se"], groups=c["g"]),
    "difference, ordered": lambda c: subgroup_difference(c["y"], c["se"], order=c["o"], groups=c["g"]),
    "ratio": lambda c: subgroup_ratio(c["y"], c["se"], groups=c["g"]),
    "ratio to reference": lambda c: subgroup_ratio(c["y"], c["se"], reference=c["o"] == 1, groups=c["g"]),
    "risk": lambda c: population_attributable_risk(c["y"], c["n"], groups=c["g"]),
    "fraction": lambda c: population_attributable_fraction(
        c["y"], c["n"], order=c["o"], favourable=False, groups=c["g"]
    ),
    "variance": lambda c: between_group_variance(c["y"], c["n"], c["se"], groups=c["g"]),
    "deviation": lambda c: between_group_standard_deviation(c["y"], c["n"], c["se"], groups=c["g"]),
    "variation": lambda c: between_group_variation(c["y"], c["n"], c["se"], groups=c["g"]),
    "disparity": lambda c: index_of_disparity(c["y"], c["n"], c["se"], groups=c["g"]),
    "disparity, unweighted": lambda c: index_of_disparity(
        c["y"], c["n"], c["se"], weighted=False, groups=c["g"]
    ),
    "from mean": lambda c: mean_difference_from_mean(c["y"], c["n"], c["se"], groups=c["g"]),
    "from best": lambda c: mean_difference_from_best(
        c["y"], c["n"], c["se"], favourable=False, groups=c["g"]
    ),
    "from reference": lambda c: mean_difference_from_reference(
        c["y"], c["o"] == 1, c["n"], c["se"], weighted=False, groups=c["g"]
    ),
    "theil": lambda c: theil_index(c["y"], c["n"], c["se"], groups=c["g"]),
    "mean log deviation": lambda c: mean_log_deviation(c["y"], c["n"], c["se"], groups=c["g"]),
    "concentration": lambda c: absolute_concentration_index(c["y"], c["n"], c["o"], groups=c["g"]),
    "relative concentration": lambda c: relative_concentration_index(c["y"], c["n"], c["o"], groups=c["g"]),
    "logistic": lambda c: logistic_slope_index(c["y"], c["n"], c["o"], groups=c["g"])[0],
    "logistic, relative": lambda c: logistic_slope_index(c["y"], c["n"], c["o"], groups=c["g"])[1],
    "straight": lambda c: logistic_slope_index(c["y"], c["n"], c["o"], linear=True, groups=c["g"])[1],
    "slope": lambda c: slope_and_relative_index(
        c["y"], c["n"], c["se"], quantile=c["o"], groups=c["g"], fewest=3
    ),
    "slope of rates": lambda c: slope_and_relative_index(
        c["y"], c["n"], c["se"], quantile=c["o"], groups=c["g"], fewest=3, value_type="rate"
    ),
    "slope of transformed proportions": lambda c: slope_and_relative_index(
        c["y"],
        c["n"],
        lower=c["y"] * 0.9,
        upper=c["y"] * 1.05,
        quantile=c["o"],
        groups=c["g"],
        fewest=3,
        value_type="proportion",
        transform=True,
    ),
}
ODD = st.sampled_from([0.0, 1.0, np.nan, 0.5, 0.2])
SHARES = st.one_of(st.floats(0.01, 0.99), ODD)
PEOPLE = st.one_of(st.floats(1, 1e5), st.sampled_from([0.0, 1.0, 1e6, np.nan]))
ERRORS = st.one_of(st.floats(0.001, 0.3), st.sampled_from([0.0, np.nan]))


@st.composite
def columns(draw: st.DrawFn, shares: st.SearchStrategy[float] = SHARES, odd: bool = True) -> Columns:
    """Settings A to C of one to seven subgroups each."""
    sizes = draw(st.lists(st.integers(1 if odd else 5, 7 if odd else 5), min_size=1, max_size=3))
    count = sum(sizes)

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)))

    return {
        "g": np.repeat(list("ABC")[: len(sizes)], sizes),
        "o": np.concatenate([np.arange(size) + 1.0 for size in sizes]),
        "y": column(shares),
        "n": column(PEOPLE if odd else st.floats(50, 1e4)),
        "se": column(ERRORS if odd else st.floats(0.001, 0.05)),
    }


def answered(measure: str, given_columns: Columns) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return MEASURES[measure](given_columns)
        except YourCommand as refused:
            assert refused.remedy
            return None


def numbers(found: Any) -> dict[str, np.ndarray]:
    return {f.name: getattr(found, f.name) for f in fields(found) if f.name not in ("groups", "problem")}


def same(found: Any, other: Any, places: Any = slice(None), rtol: float = 1e-6) -> None:
    for name, values in numbers(found).items():
        np.testing.assert_allclose(values, getattr(other, name)[places], rtol=rtol, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("measure", MEASURES)
@QUICK
@given(columns())
def test_anything_is_answered_or_refused(measure: str, given_columns: Columns) -> None:
    found = answered(measure, given_columns)
    if found is None:
        return
    settings_given = list(dict.fromkeys(given_columns["g"]))
    assert found.groups.tolist() == settings_given
    for values in (*numbers(found).values(), found.problem):
        assert values.shape == (len(settings_given),)
    main = found.slope if isinstance(found, SlopeIndices) else found.estimate
    # limits may be missing, those of the relative index alone too, where the measure itself is there
    explained = (found.problem == "") | (np.char.find(found.problem, ": no limits") >= 0)
    assert (explained | np.isnan(main)).all()


@pytest.mark.parametrize("measure", MEASURES)
@QUICK
@given(columns(shares=st.floats(0.05, 0.9), odd=False), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(measure: str, given_columns: Columns, random: Any) -> None:
    assume(len(set(given_columns["y"])) == given_columns["y"].size)
    found = answered(measure, given_columns)
    rows = list(range(given_columns["y"].size))
    random.shuffle(rows)
    moved = answered(measure, {name: column[rows] for name, column in given_columns.items()})
    assert (found is None) == (moved is None)
    if found is not None:
        same(found, moved, [moved.groups.tolist().index(group) for group in found.groups])


@pytest.mark.parametrize("measure", MEASURES)
@QUICK
@given(columns(shares=st.floats(0.05, 0.9)))
def test_grouped_is_one_setting_at_a_time(measure: str, given_columns: Columns) -> None:
    found = answered(measure, given_columns)
    if found is None or measure.startswith("slope"):
        return  # a slope index asks every setting for the quantiles of all: see the test below
    for place, group in enumerate(found.groups):
        rows = given_columns["g"] == group
        alone = answered(measure, {name: column[rows] for name, column in given_columns.items()})
        if alone is None:
            assert found.problem[place]
        else:
            same(alone, found, [place])


@pytest.mark.parametrize("measure", [name for name in MEASURES if name.startswith("slope")])
@QUICK
@given(columns(shares=st.floats(0.05, 0.9), odd=False))
def test_a_slope_among_many_is_the_slope_alone(measure: str, given_columns: Columns) -> None:
    found = answered(measure, given_columns)
    for place, group in enumerate(found.groups):
        rows = given_columns["g"] == group
        alone = answered(measure, {name: column[rows] for name, column in given_columns.items()})
        same(alone, found, [place])


SCALED = ("difference", "risk", "deviation", "from mean", "from best", "concentration")
SCALELESS = ("ratio", "variation", "disparity", "theil", "mean log deviation", "relative concentration")


@pytest.mark.parametrize("measure", (*SCALED, *SCALELESS))
@QUICK
@given(columns(shares=st.floats(0.05, 0.9), odd=False), st.floats(0.1, 1.0))
def test_absolute_measures_scale_and_relative_ones_do_not(
    measure: str, given_columns: Columns, times: float
) -> None:
    assume(np.ptp(given_columns["y"]) > 0.01)
    found = answered(measure, given_columns)
    moved = answered(
        measure, {**given_columns, "y": times * given_columns["y"], "se": times * given_columns["se"]}
    )
    factor = times if measure in SCALED else 1.0
    np.testing.assert_allclose(moved.estimate, factor * found.estimate, rtol=1e-6, atol=1e-9)
    if measure != "risk":  # its error comes from counts
        np.testing.assert_allclose(moved.upper, factor * found.upper, rtol=1e-5, atol=1e-7)


@QUICK
@given(columns(shares=st.floats(0.1, 0.9), odd=False), st.sampled_from(["normal", "rate", "proportion"]))
def test_limits_enclose_and_turn_with_the_multiplier(given_columns: Columns, value_type: str) -> None:
    arguments = (given_columns["y"], given_columns["n"], given_columns["se"])
    named = {"groups": given_columns["g"], "value_type": value_type}
    found = slope_and_relative_index(*arguments, **named)
    assert (found.slope_lower < found.slope).all() and (found.slope < found.slope_upper).all()
    turned = slope_and_relative_index(*arguments, **named, multiplier=-2.0)
    np.testing.assert_allclose(turned.slope_lower, -2 * found.slope_upper)
    np.testing.assert_allclose(turned.relative_upper, 1 / found.relative_lower)
    wider = slope_and_relative_index(*arguments, **named, confidence=0.998)
    assert (wider.slope_lower < found.slope_lower).all() and (wider.slope_upper > found.slope_upper).all()
