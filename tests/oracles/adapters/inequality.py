"""Slope and relative index (PHEindicatormethods) and the WHO's measures (healthequal)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from joinedup.stats.slope_index import slope_and_relative_index
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
from joinedup.stats.who_subgroups import Inequality
from tests.oracles.agreeing import Answer, Method
from tests.oracles.cases import Case, Row, listed, number

Measure = Callable[[Case, float], Inequality]
TYPES = {"0": "normal", "1": "rate", "2": "proportion"}


def _given(case: Case, column: str) -> list[float] | None:
    """A column that has any value."""
    values = case.column(column)
    return None if np.isnan(values).all() else values


def _sii(case: Case) -> Answer:
    values = _given(case, "value")
    if values is None:
        values = list(np.array(case.column("x")) / np.array(case.column("population")))
    rows: dict[str, dict[str, object]] = {}
    transform, multiplier = case.params["transform"] == "true", number(case.params["multiplier"])
    # the peer scales the line's value at the bottom only where it transforms
    scaled = abs(multiplier) if transform else 1.0
    for level in listed(case.params["confidence"]):
        found = slope_and_relative_index(
            values,
            case.column("population"),
            _given(case, "se"),
            lower=_given(case, "lower_cl"),
            upper=_given(case, "upper_cl"),
            quantile=case.column("quantile"),
            groups=case.texts("grp") if case.grouped else None,
            value_type=TYPES[case.params["value_type"]],
            transform=transform,
            multiplier=multiplier,
            confidence=level,
        )
        # the peer leaves "cl" off the names where it fits on the transformed scale
        end = f"{level * 100:.1f}".replace(".", "_") + ("" if transform else "cl")
        for place, label in enumerate(found.groups):
            if np.isnan(found.slope[place]):
                continue  # the peer drops the setting
            group = str(label) if case.grouped else ""
            rows.setdefault(group, {"grp": group}).update(
                {
                    "sii": float(found.slope[place]),
                    "rii": float(found.relative[place]),
                    "intercept": scaled * float(found.intercept[place]),
                    f"sii_lower{end}": float(found.slope_lower[place]),
                    f"sii_upper{end}": float(found.slope_upper[place]),
                    f"rii_lower{end}": float(found.relative_lower[place]),
                    f"rii_upper{end}": float(found.relative_upper[place]),
                }
            )
    return list(rows.values())


def _simulated(_case: Case, column: str, row: Row) -> tuple[float, float]:
    """The peer's limits are means of five simulations: four of their standard deviations, 1% of the width at
    least."""
    if f"{column}_mcsd" not in row or not row[f"{column}_mcsd"]:
        return 1e-8, 1e-12
    width = number(row[column.replace("lower", "upper")]) - number(row[column.replace("upper", "lower")])
    return 1e-8, max(4 * number(row[f"{column}_mcsd"]), abs(width) / 100, 1e-12)


def _inequality(case: Case) -> Answer:
    measure = case.params["measure"]
    found = MEASURES[measure](case, number(case.params["conf.level"] or "0.95"))
    error = found.standard_error[0]
    if measure == "sii":
        error /= case.column("scaleval")[
            0
        ]  # the peer leaves it on 0 to 1 while estimate and limits are scaled
    row = {
        "measure": {"parisk": "par", "covar": "cov"}.get(measure, measure),
        "estimate": float(found.estimate[0]),
        "se": float(error),
        "lowerci": float(found.lower[0]),
        "upperci": float(found.upper[0]),
    }
    if measure in SIMULATED:
        row |= {"se": None, "lowerci": None, "upperci": None}
    return [row]


def _pair(compare: Callable[..., Inequality]) -> Measure:
    def answer(case: Case, confidence: float) -> Inequality:
        marks = _given(case, "reference_subgroup")
        return compare(
            case.column("est"),
            _given(case, "se"),
            order=_given(case, "subgroup_order"),
            reference=None if marks is None else np.array(marks) == 1,
            favourable=_favourable(case),
            confidence=confidence,
        )

    return answer


def _attributable(measure: Callable[..., Inequality], **named: bool) -> Measure:
    return lambda case, confidence: measure(
        case.column("est"),
        case.column("pop"),
        order=_given(case, "subgroup_order"),
        favourable=_favourable(case),
        scale=case.column("scaleval"),
        confidence=confidence,
        **named,
    )


def _dispersed(measure: Callable[..., Inequality], **named: object) -> Measure:
    return lambda case, confidence: measure(
        case.column("est"),
        population=case.column("pop"),
        standard_error=_given(case, "se"),
        confidence=confidence,
        **named,
    )


def _best(weighted: bool) -> Measure:
    return lambda case, confidence: _dispersed(
        mean_difference_from_best, favourable=_favourable(case), weighted=weighted
    )(case, confidence)


def _referred(weighted: bool) -> Measure:
    return lambda case, confidence: _dispersed(
        mean_difference_from_reference,
        reference=np.array(case.column("reference_subgroup")) == 1,
        weighted=weighted,
    )(case, confidence)


def _concentrated(case: Case, confidence: float) -> Inequality:
    bounds = (number(case.params["lmin"]), number(case.params["lmax"])) if case.params["lmin"] else None
    given = (case.column("est"), case.column("pop"), case.column("subgroup_order"))
    if case.params["measure"] == "aci":
        return absolute_concentration_index(*given, bounds=bounds, confidence=confidence)
    normalised = case.params["method"] or None
    return relative_concentration_index(*given, bounds=bounds, normalised=normalised, confidence=confidence)


def _logistic(place: int) -> Measure:
    return lambda case, confidence: logistic_slope_index(
        case.column("est"),
        case.column("pop"),
        case.column("subgroup_order"),
        scale=case.column("scaleval"),
        linear=case.params["linear"] == "true",
        confidence=confidence,
    )[place]


def _favourable(case: Case) -> bool:
    return case.column("favourable_indicator")[0] == 1


def _modelled(case: Case, _column: str, _row: Row) -> tuple[float, float]:
    """1e-5 where the peer fits a model and takes its slopes by small differences."""
    return (1e-5 if case.params["measure"] in ("sii", "rii") else 1e-8), 1e-12


# healthequal's scale of errors, and a zero taken as a millionth, for agreement: ours are right by default
ENTROPY = {"zero_as": 1e-6, "as_healthequal": True}
MEASURES: dict[str, Measure] = {
    "d": _pair(subgroup_difference),
    "r": _pair(subgroup_ratio),
    "sii": _logistic(0),
    "rii": _logistic(1),
    "aci": _concentrated,
    "rci": _concentrated,
    "paf": _attributable(population_attributable_fraction, as_healthequal=True),
    "parisk": _attributable(population_attributable_risk),
    "bgv": _dispersed(between_group_variance),
    "bgsd": _dispersed(between_group_standard_deviation),
    "covar": _dispersed(between_group_variation),
    "idisu": _dispersed(index_of_disparity, weighted=False),
    "idisw": _dispersed(index_of_disparity),
    "mdbu": _best(weighted=False),
    "mdbw": _best(weighted=True),
    "mdmu": _dispersed(mean_difference_from_mean, weighted=False),
    "mdmw": _dispersed(mean_difference_from_mean),
    "mdru": _referred(weighted=False),
    "mdrw": _referred(weighted=True),
    "ti": _dispersed(theil_index, **ENTROPY),
    "mld": _dispersed(mean_log_deviation, **ENTROPY),
}
# the peer simulates these limits with 100 draws, and the oracle does not record them
SIMULATED = {"bgsd", "covar", "idisu", "idisw", "mdbu", "mdbw", "mdmu", "mdmw", "mdru", "mdrw"}

SPREAD_OF_SIMULATION = {
    f"{index}_{end}{level}_mcsd": "how far the peer's own simulations lie apart"
    for index in ("sii", "rii")
    for end in ("lower", "upper")
    for level in ("90_0cl", "95_0cl", "99_8cl", "90_0", "95_0", "99_8")
}

METHODS = {
    "sii": Method(
        "PHEindicatormethods 2.1.0", _sii, ("grp",), tolerance=_simulated, ignored=SPREAD_OF_SIMULATION
    ),
    "inequality": Method("healthequal 1.0.1", _inequality, tolerance=_modelled),
}
