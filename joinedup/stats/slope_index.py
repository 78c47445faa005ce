"""Slope and relative index of inequality by weighted least squares, for thousands of settings at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.groups import groups_of
from joinedup.stats.slope_checks import (
    NO_ERROR,
    NO_RATIO,
    columns_of,
    enough_quantiles,
    fitting_together,
    problems_of,
    problems_of_errors,
)
from joinedup.stats.slope_draws import Drawn, drawn_limits
from joinedup.stats.slope_layout import layout_of, line_weights
from joinedup.stats.slope_quantiles import fieller_quantile, slope_and_ratio_quantiles
from joinedup.stats.slope_scale import ValueType, error_from_limits, value_type_of

Pair = tuple[Floats, Floats]


@dataclass(frozen=True)
class SlopeIndices:
    """One entry for each setting, in order of first appearance: slope index (units of the value x multiplier),
    relative index (value at the top over value at the bottom), their limits, the value of the line at the bottom,
    and in words what could not be given ("" where all was)."""

    groups: NDArray[Any]
    slope: Floats
    slope_lower: Floats
    slope_upper: Floats
    relative: Floats
    relative_lower: Floats
    relative_upper: Floats
    intercept: Floats
    problem: NDArray[np.str_]


@dataclass(frozen=True)
class _Lines:
    """Values on the scale of the fit and errors (settings, quantiles), with the weights of slope and intercept."""

    value: Floats
    error: Floats
    slope: Floats
    intercept: Floats
    scale: ValueType
    transformed: bool


def slope_and_relative_index(
    values: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike | None = None,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    quantile: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    value_type: str = "normal",
    transform: bool = False,
    multiplier: float = 1.0,
    confidence: float = 0.95,
    fewest: int = 5,
    draws: int | None = None,
    seed: int | None = None,
) -> SlopeIndices:
    """Weighted least squares of a value on the middle of each quantile's share of the population, setting by
    setting (Low and Low 2004; OHID's method, as in PHEindicatormethods).

    One row for each quantile of a setting; `groups` names the setting, `quantile` orders its rows (else the order
    given, most deprived first). A `multiplier` below 0 turns both indices round; its size scales the slope.

    Limits come from a standard error of each value, or from its 95% limits `lower` and `upper`. The error is
    normal on the scale of `value_type`: normal, rate (logarithm: give the error of the logarithm) or proportion
    (log-odds). Slopes of normal values: exact. Their ratio: Fieller. Rates and proportions: the exact quantiles of
    the simulated quantity, by inversion of the characteristic function. With `transform` the line itself is
    fitted on the scale of the error and brought back. `draws` simulates instead, from `seed`, as the peer does.

    A setting that lacks a quantile, has nobody in one, or a value or error that cannot be, gives NaN and says so in
    `problem`. Raises YourCommand where no setting can be answered, for fewer quantiles than `fewest`, and for
    arguments that do not fit together.
    """
    z = upper_tail_z(confidence)
    scale = value_type_of(value_type)
    stated = (standard_error is not None, lower is not None, upper is not None)
    fitting_together(scale, transform, stated, multiplier, draws)
    columns = columns_of(values, population, standard_error, lower, upper)
    settings = groups_of(groups, columns[0].size)
    layout = layout_of(settings, quantile, columns[0].size)
    enough_quantiles(layout, fewest)
    value, people, error, low, high = (layout.matrix(column) for column in columns)
    problem = problems_of(layout, value, people, scale, transform)
    if stated[1]:
        error = error_from_limits(low, high, scale)
    if any(stated):
        problem = problems_of_errors(problem, value, error, (low, high) if stated[1] else (error,), scale)
    unusable = ~np.isin(problem, ("", NO_ERROR))
    if unusable.all():
        raise YourCommand(f"No slope can be drawn: {problem[0]}.", remedy="Mend or leave out that setting.")
    # a share of nothing is NaN, and so is everything that follows from it
    people = np.where(unusable[:, None], np.nan, people)
    fitted = scale.forth(value) if transform else value
    lines = _Lines(fitted, error, *line_weights(people), scale, transform)
    simulated = None if draws is None else Drawn(draws, seed)
    return _indices(settings.labels, lines, z, multiplier, simulated, problem)


def _indices(
    labels: NDArray[Any],
    lines: _Lines,
    z: float,
    multiplier: float,
    drawn: Drawn | None,
    problem: NDArray[np.str_],
) -> SlopeIndices:
    start = (lines.intercept * lines.value).sum(axis=1)
    rise = (lines.slope * lines.value).sum(axis=1)
    if lines.transformed:
        start, rise = _brought_back(lines.scale, start, rise)
    if drawn is not None:
        slopes, ratios = _drawn(lines, z, drawn)
    else:
        slopes, ratios = _transformed_limits(lines, z) if lines.transformed else _limits(lines, z)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = (start + rise) / start
    known = (problem == "") & np.isfinite(slopes[0]) & ~np.isfinite(ratios[0])
    slopes = _turned(slopes, multiplier)
    if multiplier < 0:
        with np.errstate(divide="ignore"):
            relative, ratios = 1 / relative, (1 / ratios[1], 1 / ratios[0])
    problem = np.where(known, NO_RATIO, problem)
    return SlopeIndices(labels, rise * multiplier, *slopes, relative, *ratios, start, problem)


def _limits(lines: _Lines, z: float) -> tuple[Pair, Pair]:
    """Of a line through the values themselves."""
    above = lines.slope + lines.intercept
    if lines.scale is ValueType.NORMAL:
        rise = (lines.slope * lines.value).sum(axis=1)
        reach = z * np.sqrt(((lines.slope * lines.error) ** 2).sum(axis=1))
        top, bottom = (_normal(weights, lines) for weights in (above, lines.intercept))
        joint = (above * lines.intercept * lines.error**2).sum(axis=1)
        ratios = (fieller_quantile(top, bottom, joint, -z), fieller_quantile(top, bottom, joint, z))
        return (rise - reach, rise + reach), ratios
    weights, centre = (lines.slope, lines.intercept), lines.scale.forth(lines.value)
    found = slope_and_ratio_quantiles(weights, centre, lines.error, lines.scale.back, z)
    return (found[0], found[1]), (found[2], found[3])


def _transformed_limits(lines: _Lines, z: float) -> tuple[Pair, Pair]:
    """Of a line on the scale of the errors, where the slope is normal."""
    rise = (lines.slope * lines.value).sum(axis=1)
    reach = z * np.sqrt(((lines.slope * lines.error) ** 2).sum(axis=1))
    return _about_the_middle(lines, (rise - reach, rise + reach))


def _about_the_middle(lines: _Lines, slopes: Pair) -> tuple[Pair, Pair]:
    """Limits of a transformed slope brought back, as OHID does: the line turns about the middle of the population."""
    middle = ((lines.intercept + lines.slope / 2) * lines.value).sum(axis=1)
    ends = [_brought_back(lines.scale, middle - slope / 2, slope) for slope in slopes]
    (first, lower), (second, upper) = ends
    return (lower, upper), ((first + lower) / first, (second + upper) / second)


def _drawn(lines: _Lines, z: float, drawn: Drawn) -> tuple[Pair, Pair]:
    centre = lines.value if lines.transformed else lines.scale.forth(lines.value)
    scale = ValueType.NORMAL if lines.transformed else lines.scale
    limits = drawn_limits(centre, lines.error, scale.back, (lines.slope, lines.intercept), z, drawn)
    return _about_the_middle(lines, limits[0]) if lines.transformed else limits


def _brought_back(scale: ValueType, start: Floats, rise: Floats) -> Pair:
    bottom = scale.back(start)
    return bottom, scale.back(start + rise) - bottom


def _normal(weights: Floats, lines: _Lines) -> Pair:
    return (weights * lines.value).sum(axis=1), ((weights * lines.error) ** 2).sum(axis=1)


def _turned(limits: Pair, multiplier: float) -> Pair:
    first, second = limits[0] * multiplier, limits[1] * multiplier
    return (second, first) if multiplier < 0 else (first, second)
