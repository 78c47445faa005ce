"""Cox regression of waits. The module of joinedup.stats that imports statsmodels for hazards, lazily: within
the function, since it takes seconds to load."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats, upper_tail_z
from joinedup.stats.groups import groups_of
from joinedup.stats.risk_sets import events_of

FLAT = 1e-4
"""Slope of the log-likelihood, covariates in standard deviations, at which the fit has arrived."""
FARTHEST = 20.0
"""Log hazard ratio for one standard deviation, or its error, beyond which there is no finite answer: the covariate
parts those with the event from all others."""


@dataclass(frozen=True)
class CoxModel:
    """Shape (covariates,): `names`, `coefficient` (log hazard ratio for one unit), its `std_error`, `z`, `p`,
    `hazard_ratio` with limits `lower`, `upper`. A hazard ratio below 1 is a longer wait.
    """

    names: tuple[str, ...]
    coefficient: Floats
    std_error: Floats
    z: Floats
    p: Floats
    hazard_ratio: Floats
    lower: Floats
    upper: Floats
    log_likelihood: float
    people: int
    events: int
    left_out: int


def cox_regression(
    time: ArrayLike,
    event: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    entry: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    ties: Literal["efron", "breslow"] = "efron",
    confidence: float = 0.95,
) -> CoxModel:
    """Proportional hazards (Cox 1972) by partial likelihood, ties by Efron (1977) or Breslow (1974).

    `time`, `event`, `entry` as in survival_curve; each covariate one number for each row; `strata` have each
    their own baseline. Rows with something missing are left out and counted. Fitted by statsmodels.

    Raises YourCommand for no event, no covariate, covariates that are constant or determine one another or part
    those with the event from all others (no finite answer), unknown ties, and where the fit does not arrive.
    """
    if ties not in ("efron", "breslow"):
        raise YourCommand(f"There are no ties called {ties}.", remedy="Choose efron or breslow.")
    z = upper_tail_z(confidence)
    rows = _rows(time, event, covariates, entry)
    known = ~np.isnan(rows).any(axis=0)
    stratum = None if strata is None else groups_of(strata, known.size).codes[known]
    when, happened, since, *columns = rows[:, known]
    x = _standardised(np.array(columns), happened)
    fitted = _fitted((when, x[0], happened), None if entry is None else since, stratum, ties)
    scale = x[1]
    coefficient, error = fitted[0] / scale, fitted[1] / scale
    with np.errstate(over="ignore"):  # per unit of a covariate in very small units a ratio may be endless
        ratio, lower, upper = (np.exp(coefficient + reach * error) for reach in (0.0, -z, z))
    return CoxModel(
        tuple(covariates),
        coefficient,
        error,
        coefficient / error,
        _two_sided(coefficient / error),
        ratio,
        lower,
        upper,
        fitted[2],
        int(known.sum()),
        int(happened.sum()),
        int((~known).sum()),
    )


def _rows(
    time: ArrayLike, event: ArrayLike, covariates: Mapping[str, ArrayLike], entry: ArrayLike | None
) -> Floats:
    """Time, event, entry and covariates as lines of one table."""
    if not covariates:
        raise YourCommand("No covariate is given.", remedy="Name at least one, as {name: numbers}.")
    since = -np.inf if entry is None else entry
    rows = np.array(floats(*np.atleast_1d(time, events_of(event), since, *covariates.values())))
    if bool(
        (rows[0] < 0).any() or (rows[2] >= rows[0]).any() or np.isinf(rows[[0, *range(3, len(rows))]]).any()
    ):
        raise YourCommand(
            "A time is below 0, not after its entry, or a number is infinite.", remedy="Check the dates."
        )
    return rows


def _standardised(columns: Floats, happened: Floats) -> tuple[Floats, Floats]:
    """Covariates in standard deviations from their mean, shape (rows, covariates), and those deviations."""
    if not bool(happened.any()):
        raise YourCommand(
            "Nobody's wait has ended.", remedy="A hazard needs events: wait, or widen the period."
        )
    centred = columns - columns.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=1))
    if bool((scale <= 1e-12 * np.abs(columns).max(axis=1)).any()) or _rank(centred, scale) < len(columns):
        raise YourCommand(
            "A covariate is constant, or the others determine it.", remedy="Leave out what adds nothing."
        )
    return (centred / scale[:, None]).T, scale


def _rank(centred: Floats, scale: Floats) -> int:
    return int(np.linalg.matrix_rank(centred / scale[:, None], tol=1e-8 * np.sqrt(centred.shape[1])))


def _fitted(
    data: tuple[Floats, Floats, Floats], entry: Floats | None, stratum: NDArray[Any] | None, ties: str
) -> tuple[Floats, Floats, float]:
    """Coefficients, standard errors and log-likelihood, in standard deviations of the covariates."""
    from statsmodels.duration.hazard_regression import PHReg

    time, x, happened = data
    # statsmodels has those who enter at t at risk at t; in R and in our curves they are at risk after it.
    # It takes no entry below 0, and from 0 on means the same.
    since = None if entry is None else np.maximum(np.nextafter(entry, np.inf), 0)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # the checks below say what its warnings would
            model = PHReg(time, x, status=happened, entry=since, strata=stratum, ties=ties)
            result = model.fit(disp=0)
            found, error = np.asarray(result.params, float), np.asarray(result.bse, float)
            slope = np.abs(np.asarray(model.score(found), float)).max()
    except np.linalg.LinAlgError:
        found, error, slope = np.array([np.inf]), np.array([np.inf]), np.inf
    if not (slope < FLAT and bool((np.maximum(np.abs(found), error) < FARTHEST).all())):
        raise YourCommand(
            "There is no finite answer: a covariate parts those whose wait ended from all others.",
            remedy="Leave it out, join its small classes, or take a longer period.",
        )
    return found, error, float(result.llf)


def _two_sided(z: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(z)))
