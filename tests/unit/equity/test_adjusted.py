"""Groups at one mix of people: against statsmodels, by hand, through journeys, and as they leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from joinedup.disclosure import Display, Releasable, release
from joinedup.equity import adjusted_comparison
from joinedup.equity.adjusted import _released, compared
from joinedup.errors import YourCommand
from joinedup.stats.logistic import logistic_regression, standardised_risks
from tests.simulation.gap_simulator import BACKGROUND, GROUP, REFERENCE, Records, World, simulate

HARD = World(BACKGROUND).leaking("second_treatment", 12)


@pytest.fixture(scope="module")
def records() -> Records:
    return simulate(HARD, 2_000, 6_000, np.random.default_rng(11), not_stated=300)


@pytest.fixture(scope="module")
def found(records):
    return adjusted_comparison(records, by="ethnic_group", follow_up=12)


def drawn(rng, rows=60):
    design = np.column_stack([np.ones(rows), rng.normal(size=(rows, 2)), rng.integers(0, 2, rows)])
    n = rng.integers(1, 50, rows).astype(float)
    chance = 1 / (1 + np.exp(-design @ [-0.4, 0.5, -0.3, 0.8]))
    return design, rng.binomial(n.astype(int), chance).astype(float), n


def test_coefficients_and_covariance_agree_with_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    design, x, n = drawn(np.random.default_rng(1))
    theirs = sm.GLM(np.column_stack([x, n - x]), design, family=sm.families.Binomial()).fit()
    ours = logistic_regression(design, x, n)
    assert ours.settled
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-8)
    assert ours.covariance == pytest.approx(theirs.cov_params(), abs=1e-8)
    assert ours.risk(design) == pytest.approx(theirs.fittedvalues, rel=1e-8)


def test_two_groups_alone_are_their_odds():
    fit = logistic_regression(np.eye(2), [30, 10], [100, 40])
    assert fit.coefficients == pytest.approx([np.log(30 / 70), np.log(10 / 30)])
    assert np.diag(fit.covariance) == pytest.approx([1 / 30 + 1 / 70, 1 / 10 + 1 / 30])
    assert fit.deviance == pytest.approx(
        -2 * (30 * np.log(0.3) + 70 * np.log(0.7) + 10 * np.log(0.25) + 30 * np.log(0.75))
    )


def test_missing_rows_are_left_out_and_nobody_is_refused():
    fit = logistic_regression(np.ones((3, 1)), [30, np.nan, 0], [100, 5, 0])
    assert fit.risk([[1.0]]) == pytest.approx([0.3])
    with pytest.raises(YourCommand, match="nobody"):
        logistic_regression(np.ones((1, 1)), [np.nan], [3])
    with pytest.raises(YourCommand, match="below 0"):
        logistic_regression(np.ones((1, 1)), [4], [3])


def test_columns_that_say_the_same_leave_the_chances_as_they_are():
    design, x, n = drawn(np.random.default_rng(2))
    twice = np.column_stack([design, design[:, 1]])
    assert logistic_regression(twice, x, n).risk(twice) == pytest.approx(
        logistic_regression(design, x, n).risk(design), rel=1e-8
    )


def test_separation_settles_at_the_edge():
    fit = logistic_regression(np.eye(2), [0, 10], [50, 40])
    assert fit.settled
    assert fit.risk(np.eye(2)) == pytest.approx([0, 0.25], abs=1e-6)


def test_standardised_risks_by_the_delta_method():
    """One covariate: against differences of the risks in each coefficient."""
    design, x, n = drawn(np.random.default_rng(3))
    fit = logistic_regression(design, x, n)
    designs = np.stack([design, design])
    designs[0, :, 3], designs[1, :, 3] = 0, 1
    risks, covariance = standardised_risks(fit, designs, n)

    def at(coefficients):
        return (1 / (1 + np.exp(-designs @ coefficients))) @ n / n.sum()

    assert risks == pytest.approx(at(fit.coefficients))
    steps = 1e-6 * np.eye(4)
    slope = np.stack([(at(fit.coefficients + s) - at(fit.coefficients - s)) / 2e-6 for s in steps], axis=1)
    assert covariance == pytest.approx(slope @ fit.covariance @ slope.T, rel=1e-6)


def people(cells):
    """Group, keys and outcome from {(group, stratum): (x, n)}."""
    rows = [(g, s, k < x) for (g, s), (x, n) in cells.items() for k in range(n)]
    group, stratum, y = (np.array(column) for column in zip(*rows, strict=True))
    return group, stratum[:, None], y


def test_standardisation_by_hand():
    """Everyone: 100 in stratum 0 and 50 in 1. Group 1 has nobody in stratum 1: two thirds are covered."""
    cells = {(0, 0): (20, 40), (0, 1): (10, 50), (1, 0): (15, 60)}
    figures = compared(*people(cells), 2)
    assert figures["standard"][:, 0] == pytest.approx([(100 * 0.5 + 50 * 0.2) / 150, 0.25])
    assert figures["covered"] == pytest.approx([1, 2 / 3])
    p = (20 + 30 / 90) / 41, (10 + 30 / 90) / 51
    error = np.sqrt(sum(w**2 * q * (1 - q) / n for w, q, n in zip((2 / 3, 1 / 3), p, (40, 50), strict=True)))
    assert figures["standard"][0, 1] == pytest.approx(error)
    assert figures["succeeded"].tolist() == [30, 15]
    assert figures["referred"].tolist() == [90, 60]


def test_without_anything_to_adjust_for_all_three_are_one():
    cells = {(0, 0): (30, 90), (1, 0): (15, 60)}
    group, _, y = people(cells)
    figures = compared(group, np.zeros((len(y), 0), int), y, 2)
    assert figures["model"][:, 0] == pytest.approx([30 / 90, 15 / 60])
    assert figures["standard"][:, 0] == pytest.approx([30 / 90, 15 / 60])
    assert figures["model"][0, 1] == pytest.approx(np.sqrt(1 / 3 * 2 / 3 / 90))


def test_a_group_in_which_no_one_succeeded_has_no_model():
    cells = {(0, 0): (30, 90), (1, 0): (0, 60), (2, 0): (10, 10)}
    figures = compared(*people(cells), 3)
    assert np.isnan(figures["model"]).all(axis=1).tolist() == [False, True, True]
    assert np.isnan(compared(*people({(0, 0): (0, 5)}), 1)["model"]).all()


def test_mix_is_taken_out(found):
    """The groups differ by 12 points in one step and by their mix: adjusted, the gap is the step's."""
    by_name = {one.group: one for one in found.groups}
    assert set(by_name) == {GROUP, REFERENCE}
    crude = by_name[REFERENCE].crude[0] - by_name[GROUP].crude[0]
    model = by_name[REFERENCE].model[0] - by_name[GROUP].model[0]
    standard = by_name[REFERENCE].standardised[0] - by_name[GROUP].standardised[0]
    assert 0 < model < crude
    assert abs(model - standard) < 0.015
    for one in found.groups:
        assert one.model[1] < one.model[0] < one.model[2]
        assert 0 < one.covered <= 1
    assert found.adjusted_for == ("age", "sex", "deprivation", "service")
    assert "adjusted for age, sex, deprivation, service" in found.sentence()
    assert found.headline().startswith(f"At the same mix of people {GROUP} and {REFERENCE} are")


def test_what_groups_are_made_by_is_not_adjusted_for(records):
    assert adjusted_comparison(records, by="service", follow_up=12).adjusted_for == (
        "age",
        "sex",
        "deprivation",
    )
    assert (
        adjusted_comparison(records, by="ethnic_group", adjust=(), follow_up=12)
        .sentence()
        .endswith("nothing).")
    )


def test_what_does_not_fit(records):
    with pytest.raises(YourCommand, match="adjusted for"):
        adjusted_comparison(records, by="ethnic_group", adjust=("height",))
    with pytest.raises(YourCommand, match="published"):
        adjusted_comparison(records, by="ethnic_group", basis="flows")
    only_unknown = Records(records.journeys.slice(8_000))
    with pytest.raises(YourCommand, match="stated group"):
        adjusted_comparison(only_unknown, by="ethnic_group", follow_up=12)


def test_what_leaves_is_rounded_to_a_fifth_of_its_error(found):
    assert isinstance(found, Releasable)
    released = release(found).value
    for before, after in zip(found.groups, released.groups, strict=True):
        assert after.referred % 5 == 0
        assert after.crude[0] != before.crude[0] or before.referred % 5 == 0
        assert abs(after.model[0] - before.model[0]) < (before.model[2] - before.model[1]) / 30
    assert release(released).value.to_json() == released.to_json()
    assert released.to_json()["profile"] == "nhs-england"
    assert release(found, "as-published").value.groups == found.groups
    assert found.identity()["filters"]["question"] == "adjusted comparison"


def test_rounding_by_hand():
    shown = _released(np.array([[0.3337, 0.01234], [0.5, 0.1]]), np.array([True, False]))
    assert shown[0] == pytest.approx([round(0.3337 / 0.0024) * 0.0024, 0.012])
    assert np.isnan(shown[1]).all()


@pytest.mark.parametrize(
    ("x", "n", "shown"), [(10, 20, True), (10, 21, True), (9, 20, False), (10, 19, False), (11, 20, False)]
)
def test_models_need_ten_events_and_twenty_people(found, x, n, shown):
    table = pa.table({"group": list(found.names), "succeeded": [x, 500], "referred": [n, 2_000]})
    after = found.with_counts(table, Display("nhs-england", base=5)).groups[0]
    assert (after.model[0] is not None) == shown
    assert (after.covered is not None) == shown


def test_hidden_groups_show_nothing(found):
    table = pa.table(
        {"group": list(found.names), "succeeded": pa.array([None, None], pa.int64()), "referred": [2_000, 3]}
    )
    hidden = found.with_counts(table, Display("nhs-england", base=5))
    assert all(one.crude == one.model == (None, None, None) for one in hidden.groups)
    assert hidden.headline() == "Too few people to compare at the same mix"


def test_two_ways_that_do_not_agree_are_named(found):
    standard = found.standard.copy()
    standard[0] = [0.9, 0.001]
    assert f"do not agree for {found.names[0]}:" in replace(found, standard=standard).sentence()
    assert "do not agree" not in found.sentence()
