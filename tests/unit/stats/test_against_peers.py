"""Our statistics against the peers: every value that they gave for the methods we have, to 1e-8."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.stats import (
    Z_95,
    Z_998,
    funnel_limits,
    funnel_verdict,
    poisson_interval,
    proportion,
    slope_index_of_inequality,
    wilson_interval,
    xmr_limits,
    xmr_rules,
)
from tests.unit.stats.oracles import Case, Row, cases, number

CLOSE = {"rtol": 1e-8, "atol": 1e-12, "equal_nan": True}

# The peer has no limits where nothing varies, ours are the mean; it may crash on a missing value, we refuse.
SPC_NO_VARIATION = {"spc_xmr-o-001", "spc_xmr-o-069", "spc_xmr-o-070"}
SPC_MISSING_VALUE = {"spc_xmr-o-071", "spc_xmr-o-072", "spc_xmr-o-073"}


def column(rows: tuple[Row, ...] | list[Row], name: str) -> np.ndarray:
    return np.array([number(row[name]) for row in rows])


def limit_columns(row: Row) -> list[tuple[str, float]]:
    """Suffixes of the limit columns that a row fills, with their confidence."""
    known = [("95_0cl", 0.95), ("99_8cl", 0.998)]
    found = [(suffix, level) for suffix, level in known if row[f"lower{suffix}"]]
    if not found and row["lowercl"]:
        level = float(row["confidence"].rstrip("%"))
        found = [("cl", level / 100 if level > 1 else level)]
    return found


def test_proportions_and_wilson_limits() -> None:
    compared = 0
    for case in cases("proportion"):
        times = float(case.params["multiplier"])
        x, n = column(case.expected, "x"), column(case.expected, "n")
        np.testing.assert_allclose(times * proportion(x, n), column(case.expected, "value"), **CLOSE)
        for suffix, level in limit_columns(case.expected[0]):
            lower, upper = wilson_interval(x, n, level)
            np.testing.assert_allclose(times * lower, column(case.expected, f"lower{suffix}"), **CLOSE)
            np.testing.assert_allclose(times * upper, column(case.expected, f"upper{suffix}"), **CLOSE)
            compared += x.size
    assert compared > 900


def test_rates_and_their_limits() -> None:
    compared = 0
    for case in cases("rate"):
        x, n = column(case.expected, "x"), column(case.expected, "n")
        times = float(case.params["multiplier"]) / n
        np.testing.assert_allclose(x * times, column(case.expected, "value"), **CLOSE)
        for suffix, level in limit_columns(case.expected[0]):
            lower, upper = poisson_interval(x, level)
            np.testing.assert_allclose(lower * times, column(case.expected, f"lower{suffix}"), **CLOSE)
            np.testing.assert_allclose(upper * times, column(case.expected, f"upper{suffix}"), **CLOSE)
            compared += x.size
    assert compared > 600


@pytest.mark.parametrize("name", ["proportion-o-029", "proportion-o-031"])
def test_impossible_counts_are_refused(name: str) -> None:
    case = next(case for case in cases("proportion", expect="reject") if case.name == name)
    with pytest.raises(YourCommand, match="below 0 or above"):
        wilson_interval(column(case.given, "x"), column(case.given, "n"))


def test_funnel_verdicts_of_proportions() -> None:
    compared = 0
    for case in cases("phe_funnel_significance"):
        if case.params["statistic"] == "proportion":
            found = funnel_verdict(column(case.given, "numerator"), column(case.given, "denominator"))
            assert found.tolist() == [row["significance"] for row in case.expected], case.name
            compared += found.size
    assert compared > 400


def series_of(case: Case) -> list[list[Row]]:
    """Answered rows by facet and rebase group, in time order: limits hold within each."""

    def key(row: Row) -> tuple[str, str]:
        return row["f"], row["rebase_group"]

    rows = sorted(case.expected, key=lambda row: (*key(row), row["x"]))
    return [list(group) for _, group in groupby(rows, key=key)]


def test_control_charts() -> None:
    points = 0
    for case in cases("spc_xmr"):
        if case.name in SPC_MISSING_VALUE:
            with pytest.raises(YourCommand, match="without missing values"):
                xmr_limits(column(case.given, "y"))
            continue
        first = int(case.params["fix_after_n_points"] or 0) or None
        for rows in series_of(case):
            y = column(rows, "y")
            limits = xmr_limits(y, screen=case.params["screen_outliers"] == "true", first=first)
            np.testing.assert_allclose(limits.mean, number(rows[0]["mean_col"]), **CLOSE)
            if case.name not in SPC_NO_VARIATION:
                found = [limits.lower, limits.upper]
                np.testing.assert_allclose(found, [number(rows[0]["lpl"]), number(rows[0]["upl"])], **CLOSE)
            labels = [row["special_cause_type"] for row in rows]
            assert xmr_rules(y, limits).tolist() == labels, (case.name, rows[0]["f"], rows[0]["rebase_group"])
            points += len(rows)
    assert points > 4000


def values_of(rows: list[Row]) -> np.ndarray:
    given = column(rows, "value")
    return np.where(np.isfinite(given), given, column(rows, "x") / column(rows, "population"))


def test_slope_index() -> None:
    points, limits = 0, 0
    for case in cases("sii"):
        if case.params["transform"] == "true":
            continue
        for answer in case.expected:
            rows = sorted(
                (row for row in case.given if row["grp"] == answer["grp"]),
                key=lambda row: float(row["quantile"]),
            )
            normal = case.params["value_type"] == "0" and rows[0]["se"]
            for level in (0.9, 0.95, 0.998):
                found = slope_index_of_inequality(
                    values_of(rows),
                    column(rows, "population"),
                    column(rows, "se") if normal else None,
                    multiplier=float(case.params["multiplier"]),
                    confidence=level,
                )
                suffix = f"{level * 100:.1f}".replace(".", "_")
                if normal and answer.get(f"sii_lower{suffix}cl"):
                    for end, value in (("lower", found.lower), ("upper", found.upper)):
                        expected = float(answer[f"sii_{end}{suffix}cl"])
                        # the peer simulates: four of its Monte Carlo deviations, 1% of the width at least
                        slack = 4 * max(
                            float(answer[f"sii_{end}{suffix}cl_mcsd"]),
                            (found.upper - found.lower) / 100,
                            1e-12,
                        )
                        assert abs(value - expected) <= slack, (case.name, end, level)
                        limits += 1
            np.testing.assert_allclose(found.slope, float(answer["sii"]), rtol=1e-8, atol=1e-9)
            np.testing.assert_allclose(found.relative, float(answer["rii"]), rtol=1e-8)
            points += 1
    assert points > 25
    assert limits > 30


def test_funnel_lines() -> None:
    compared = 0
    for case in cases("phe_funnel_limits"):
        if case.params.get("statistic") == "proportion":
            compared += _check_lines(case)
    assert compared > 100


def _check_lines(case: Case) -> int:
    times = float(case.params["multiplier"] or 1)
    n = column(case.expected, "Population")
    centre = column(case.given, "numerator").sum() / column(case.given, "denominator").sum()
    for name, z in (("2s", Z_95), ("3s", Z_998)):
        lower, upper = funnel_limits(centre, n, z)
        np.testing.assert_allclose(
            times * lower, column(case.expected, f"lower_{name}_limit"), rtol=1e-5, atol=1e-9
        )
        np.testing.assert_allclose(
            times * upper, column(case.expected, f"upper_{name}_limit"), rtol=1e-5, atol=1e-9
        )
    return n.size
