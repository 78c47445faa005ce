from __future__ import annotations

import subprocess
import sys
from math import inf

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from joinedup.errors import YourCommand
from joinedup.stats import hazards
from joinedup.stats.hazards import cox_regression
from tests.reference import waits

TIME = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
EVENT = [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1]
X = [2.0, 1, 0, 1, 3, 1, 4, 1, 0, 2, 1, 0]
ENTRY = [0.0, 0, 1, 0, 2, 5, 0, 3, 1, 2, 4, 0]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("entry", [None, ENTRY])
def test_finds_the_largest_partial_likelihood(ties: str, entry: list[float] | None) -> None:
    since = entry or [-inf] * len(TIME)
    found = cox_regression(TIME, EVENT, {"x": X}, entry=entry, ties=ties)  # type: ignore[arg-type]

    def lost(beta: float) -> float:
        return -waits.partial_likelihood(beta, TIME, EVENT, X, since, ties)

    best = minimize_scalar(lost, bracket=(-1, 1), tol=1e-10)
    np.testing.assert_allclose(found.coefficient, [best.x], atol=1e-6)
    np.testing.assert_allclose(found.log_likelihood, -best.fun, rtol=1e-10)
    step = 1e-3
    bend = (lost(best.x + step) + lost(best.x - step) - 2 * lost(best.x)) / step**2
    np.testing.assert_allclose(found.std_error, [bend**-0.5], rtol=1e-4)


def test_what_is_derived_from_the_coefficient() -> None:
    found = cox_regression(TIME, EVENT, {"x": X, "y": ENTRY}, confidence=0.9)
    assert found.names == ("x", "y")
    assert (found.people, found.events, found.left_out) == (12, 9, 0)
    np.testing.assert_allclose(found.z, found.coefficient / found.std_error)
    np.testing.assert_allclose(found.hazard_ratio, np.exp(found.coefficient))
    spread = 1.6448536269514722 * found.std_error
    np.testing.assert_allclose(found.lower, np.exp(found.coefficient - spread))
    np.testing.assert_allclose(found.upper, np.exp(found.coefficient + spread))
    from scipy.stats import norm

    np.testing.assert_allclose(found.p, 2 * norm.sf(abs(found.z)))


def test_the_unit_of_a_covariate_only_scales_its_coefficient() -> None:
    plain = cox_regression(TIME, EVENT, {"x": X})
    shifted = cox_regression(TIME, EVENT, {"x": 1000 * np.array(X) + 1e6})
    np.testing.assert_allclose(shifted.coefficient * 1000, plain.coefficient, rtol=1e-6)
    np.testing.assert_allclose(shifted.log_likelihood, plain.log_likelihood)


def test_strata_have_each_their_own_baseline() -> None:
    twice = [*TIME, *(100 * np.array(TIME))]
    found = cox_regression(twice, EVENT * 2, {"x": X * 2}, strata=["a"] * 12 + ["b"] * 12)
    alone = cox_regression(TIME, EVENT, {"x": X})
    np.testing.assert_allclose(found.coefficient, alone.coefficient, atol=1e-7)
    np.testing.assert_allclose(found.log_likelihood, 2 * alone.log_likelihood)


def test_who_enters_after_the_last_event_and_a_stratum_without_events_add_nothing() -> None:
    plain = cox_regression(TIME, EVENT, {"x": X}, entry=ENTRY, strata=["a"] * 12)
    found = cox_regression(
        [*TIME, 20, 4, 5],
        [*EVENT, 0, 0, 0],
        {"x": [*X, 7, 1, 2]},
        entry=[*ENTRY, 9, 0, 0],
        strata=["a"] * 13 + ["b"] * 2,
    )
    np.testing.assert_allclose(found.coefficient, plain.coefficient, rtol=1e-6)
    assert (found.people, found.events) == (15, 9)


def test_missing_rows_are_left_out_and_counted() -> None:
    time, x = [*TIME, np.nan, 3.0], [*X, 1.0, np.nan]
    strata = ["a"] * 14
    found = cox_regression(time, [*EVENT, 1, 1], {"x": x}, strata=strata)
    assert (found.people, found.left_out) == (12, 2)
    np.testing.assert_allclose(found.coefficient, cox_regression(TIME, EVENT, {"x": X}).coefficient)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"covariates": {}}, "No covariate"),
        ({"event": [0] * 12}, "Nobody's wait"),
        ({"covariates": {"x": [1.0] * 12}}, "constant"),
        ({"covariates": {"x": X, "twice": [2 * x + 1 for x in X]}}, "determine"),
        (
            {"covariates": {"x": [float(t < 4) * 1.0 for t in TIME]}, "event": [int(t < 4) for t in TIME]},
            "no finite",
        ),
        ({"ties": "exact"}, "no ties called exact"),
        ({"time": [-1.0, *TIME[1:]]}, "below 0"),
        ({"entry": [3.0, *ENTRY[1:]]}, "not after its entry"),
        ({"covariates": {"x": [inf, *X[1:]]}}, "infinite"),
        ({"confidence": 1.0}, "confidence"),
        ({"event": [2, *EVENT[1:]]}, "neither 0"),
    ],
)
def test_refusals(changed: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"time": TIME, "event": EVENT, "covariates": {"x": X}} | changed
    with pytest.raises(YourCommand, match=message) as refused:
        cox_regression(**arguments)  # type: ignore[arg-type]
    assert refused.value.remedy


def test_a_fit_that_breaks_down_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from statsmodels.duration.hazard_regression import PHReg

    def breaks(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr(PHReg, "fit", breaks)
    with pytest.raises(YourCommand, match="no finite"):
        cox_regression(TIME, EVENT, {"x": X})


def test_statsmodels_is_loaded_by_the_call_and_not_before() -> None:
    code = "import sys; from joinedup.stats import hazards; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "statsmodels" in (hazards.__doc__ or "")


def test_the_unit_of_time_changes_nothing() -> None:
    """Only the order of times matters, those before the first day too."""
    plain = cox_regression(TIME, EVENT, {"x": X}, entry=ENTRY)
    tenth = cox_regression(np.array(TIME) / 10, EVENT, {"x": X}, entry=np.array(ENTRY) / 10)
    np.testing.assert_allclose(tenth.coefficient, plain.coefficient)
    np.testing.assert_allclose(tenth.log_likelihood, plain.log_likelihood)


def test_large_and_small_covariates_stand_side_by_side() -> None:
    other = [1.0, 0, 2, 2, 0, 1, 1, 0, 2, 1, 0, 2]
    plain = cox_regression(TIME, EVENT, {"x": X, "y": other})
    scaled = cox_regression(TIME, EVENT, {"x": X, "y": 1e13 * np.array(other)})
    np.testing.assert_allclose(scaled.coefficient * [1, 1e13], plain.coefficient, rtol=1e-6)


def test_what_varies_by_rounding_alone_is_constant() -> None:
    with pytest.raises(YourCommand, match="constant"):
        cox_regression(TIME, EVENT, {"x": 1e8 + 1e-5 * np.array(X)})


def test_a_covariate_in_very_small_units_gives_an_endless_ratio_and_no_warning() -> None:
    time = [5.0, 6, 7, 8, 9, 10, 11, 12]
    unit = 1e-6 * np.array([3.0, 9, 1, 7, 2, 8, 4, 6])
    found = cox_regression(time, [1] * 8, {"dose": unit})
    assert np.isinf(found.upper).all() or (found.upper > 1e100).all()
