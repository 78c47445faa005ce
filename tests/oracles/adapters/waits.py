"""R's survival 3.8-3: Kaplan-Meier, its quantiles, log-rank and Cox."""

from __future__ import annotations

from joinedup.stats.hazards import cox_regression
from joinedup.stats.logrank import logrank_test
from joinedup.stats.survival import survival_curve
from joinedup.stats.survival_summaries import survival_quantiles
from tests.oracles.agreeing import Answer, Method, within
from tests.oracles.cases import Case, number

PEER = "survival 3.8-3"
PROBABILITIES = [0.25, 0.5, 0.75, 0.92]
COVARIATES = ("sex", "age", "ph", "female", "imd", "x")


def _km(case: Case) -> Answer:
    curves = survival_curve(
        case.column("time"),
        case.column("event"),
        confidence=number(case.params["conf_level"]),
        limits=case.params["conf_type"],  # type: ignore[arg-type]
    )
    columns = {
        "time": curves.time,
        "n_risk": curves.at_risk,
        "n_event": curves.events,
        "n_censor": curves.censored,
        "surv": curves.survival,
        "std_err_log": curves.std_error,
        "lower": curves.lower,
        "upper": curves.upper,
    }
    return _rows(columns)


def _quantile(case: Case) -> Answer:
    limits = case.params["conf_type"]
    curves = survival_curve(case.column("time"), case.column("event"), limits=limits)  # type: ignore[arg-type]
    found = survival_quantiles(curves, PROBABILITIES)
    columns = {"prob": found.at, "quantile": found.value[0], "lower": found.lower[0], "upper": found.upper[0]}
    return _rows(columns)


def _logrank(case: Case) -> Answer:
    found = logrank_test(
        case.column("time"), case.column("event"), case.texts("grp"), rho=number(case.params["rho"])
    )
    return [{"chisq": found.chi_square, "df": found.degrees, "p": found.p}]


def _coxph(case: Case) -> Answer:
    covariates = {name: case.column(name) for name in COVARIATES if case.rows[0][name] != ""}
    found = cox_regression(
        case.column("time"),
        case.column("event"),
        covariates,
        ties=case.params["ties"],  # type: ignore[arg-type]
    )
    columns = {
        "term": found.names,
        "coef": found.coefficient,
        "hr": found.hazard_ratio,
        "se": found.std_error,
        "z": found.z,
        "p": found.p,
        "lower": found.lower,
        "upper": found.upper,
        "loglik": [found.log_likelihood] * len(found.names),
    }
    return _rows(columns)


def _rows(columns: dict[str, object]) -> Answer:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]  # type: ignore[call-overload]


METHODS = {
    "km": Method(PEER, _km, keys=("time",)),
    "km_quantile": Method(PEER, _quantile, keys=("prob",)),
    "logrank": Method(PEER, _logrank),
    "coxph": Method(PEER, _coxph, keys=("term",), tolerance=within(1e-5)),
}
