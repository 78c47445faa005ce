"""What a slope index cannot be drawn from, said of each setting or, where arguments do not fit, of the call."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, floats
from joinedup.stats.slope_layout import Layout
from joinedup.stats.slope_scale import ValueType

NO_ERROR = "a value or its limits have no place on the scale of the error: no limits"
NO_RATIO = "the line is not clear of 0 at its bottom: no limits of the relative index"


def columns_of(*given: ArrayLike | None) -> tuple[Floats, ...]:
    """Columns of the length of the first; one number fills a column, one that was not given is NaN. Raises
    YourCommand for an empty first column and for other lengths."""
    shapes = {np.shape(column) for column in given if column is not None} - {()}
    if np.ndim(np.asarray(given[0])) != 1 or np.size(np.asarray(given[0])) == 0 or len(shapes) > 1:
        raise YourCommand(
            "An index of inequality needs one row for each group, and columns of one length.",
            remedy="Give values and population as columns of one length.",
        )
    return floats(*(np.nan if column is None else column for column in given))


def fitting_together(
    scale: ValueType, transform: bool, stated: tuple[bool, bool, bool], multiplier: float, draws: int | None
) -> None:
    """Raises YourCommand where arguments exclude each other. `stated`: which of standard error, lower and upper
    were given."""
    error, lower, upper = stated
    wrong = ""
    if lower != upper:
        wrong = "One limit was given without the other."
    elif error and lower:
        wrong = "Both standard errors and limits were given."
    elif transform and error:
        wrong = "A line on the transformed scale takes its errors from limits, not from standard errors."
    elif transform and scale is ValueType.NORMAL:
        wrong = "Normal values have no scale to be transformed to."
    elif not np.isfinite(multiplier) or multiplier == 0:
        wrong = f"A multiplier of {multiplier} leaves no index."
    elif draws is not None and draws < 1:
        wrong = f"{draws} draws are none."
    if wrong:
        raise YourCommand(wrong, remedy="See the arguments of slope_and_relative_index.")


def enough_quantiles(layout: Layout, fewest: int) -> None:
    """Raises YourCommand for fewer quantiles than that; two or less leave no line to fit."""
    if layout.quantiles < max(fewest, 3):
        raise YourCommand(
            f"{layout.quantiles} quantiles are fewer than {max(fewest, 3)}.",
            remedy="Use quintiles or deciles, or lower `fewest` (3 at least).",
        )


def problems_of(
    layout: Layout, value: Floats, people: Floats, scale: ValueType, transform: bool
) -> NDArray[np.str_]:
    """What keeps each setting from having a line; "" where nothing does."""
    with np.errstate(invalid="ignore"):
        rules = {
            "a quantile is missing or given twice": ~layout.complete,
            "a value is missing": _any(~np.isfinite(value)),
            "a quantile has nobody in it": _any(~(people > 0) | ~np.isfinite(people)),
        }
        if scale is not ValueType.NORMAL:
            rules[f"a {scale} is below 0"] = _any(value < 0)
        if scale is ValueType.PROPORTION:
            rules["a proportion is above 1"] = _any(value > 1)
        if transform:
            rules["a value has no place on the transformed scale"] = _any(np.isnan(scale.forth(value)))
    return np.select(list(rules.values()), list(rules), "")


def problems_of_errors(
    found: NDArray[np.str_], value: Floats, error: Floats, given: tuple[Floats, ...], scale: ValueType
) -> NDArray[np.str_]:
    """The same with what keeps a setting from having limits. `given`: standard errors, or lower and upper limits;
    none of them given is no problem."""
    missing = np.zeros(found.size, np.bool_)
    for column in given:
        missing |= _any(np.isnan(column))
    with np.errstate(invalid="ignore"):
        backward = _any(error < 0)
        nowhere = _any(np.isnan(scale.forth(value)) | np.isnan(error))
    texts = ["a standard error or limit is missing", "a standard error is below 0", NO_ERROR]
    return np.where(found == "", np.select([missing, backward, nowhere], texts, ""), found)


def _any(bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(bad.any(axis=1), np.bool_)
