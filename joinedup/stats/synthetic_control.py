"""What would the changed places have done? A mix of others that went the same way before, drawn on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats
from joinedup.stats.change import Aim, Change, reach_of
from joinedup.stats.difference_in_differences import mean_of
from joinedup.stats.panels import Panel, panel_of

STEPS = 3_000
"""Steps of the search for weights, which stops earlier once nothing moves."""
STILL = 1e-10
NOTES = (
    "No month before, or none after, was told by every place.",
    "With {0} series a placebo p cannot be below 1/{0}.",
)


@dataclass(frozen=True)
class SyntheticControl(Change):
    """A `Change` against a mix of unchanged places; a picture more than a test.

    `weights` (groups, donors) of the places named in `donors` add up to 1. `gap` (groups, months) is the log
    odds of the changed places less those of the mix, NaN where not told; `placebo_gaps` (groups, donors,
    months) the same for each donor against the others. `p` is the rank of the changed places' ratio of error
    after to before among all: with 7 donors it cannot be below 1/8 (`smallest_p`), whatever happened.
    """

    donors: tuple[str, ...]
    months: NDArray[np.datetime64]
    weights: Floats
    gap: Floats
    placebo_gaps: Floats
    p: Floats
    smallest_p: float


def synthetic_control(
    x: ArrayLike,
    n: ArrayLike,
    *,
    place: ArrayLike,
    month: ArrayLike,
    changed: Mapping[Any, Any],
    aim: Aim,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
) -> SyntheticControl:
    """Gap between the changed places and the mix of others that followed their path best before the change.

    Weights from 0 up that add up to 1, on log odds less each place's own level (Abadie, Diamond and Hainmueller
    2010; levels taken off as in Ferman and Pinto 2021, so that the highest place has a match too). Effect:
    mean gap after. Limits: t, from the spread of the same figure in each donor taken for changed. Months that
    any place did not tell are left out of the fit. Raises YourCommand as `panel_of` does, for several starts,
    and for fewer than three donors.
    """
    panel = panel_of(x, n, place=place, month=month, changed=changed, groups=groups)
    donors = int((~panel.changed).sum())
    if panel.starts.size > 1 or donors < 3:
        raise YourCommand(
            f"There are {panel.starts.size} starts and {donors} places to compare with.",
            remedy="A synthetic control needs one start and three or more places that did not change.",
        )
    series = _levelled(panel)
    weights = simplex_weights(*_equations(series, panel))
    gaps = series - weights @ np.nan_to_num(series)
    gaps = np.where(np.isfinite(series).all(axis=1, keepdims=True), gaps, np.nan)
    late = np.asarray(np.arange(panel.length) >= panel.starts[0])
    # levels were those of each place's own months; the gap's is that of the months all told
    gaps -= mean_of(gaps, ~late, 2)[..., None]
    after = mean_of(gaps, late, 2)
    width, visible = _spread(after, donors, confidence)
    return SyntheticControl(
        labels=panel.groups.labels,
        method="synthetic control",
        effect=after[:, 0],
        lower=after[:, 0] - width,
        upper=after[:, 0] + width,
        smallest_visible=visible,
        before=panel.before,
        aim=aim,
        confidence=confidence,
        note=tuple(NOTES[int(np.isfinite(effect))].format(donors + 1) for effect in after[:, 0]),
        donors=tuple(str(name) for name in panel.places[~panel.changed]),
        months=np.arange(panel.first, panel.first + panel.length).astype("datetime64[M]"),
        weights=weights[:, 0, 1:],
        gap=gaps[:, 0],
        placebo_gaps=gaps[:, 1:],
        p=_rank(gaps, late),
        smallest_p=1 / (donors + 1),
    )


def simplex_weights(gram: Floats, cross: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """Weights w from 0 up, adding up to 1, that make w'Gw - 2c'w least: accelerated projected gradient (Beck
    and Teboulle 2009), all problems at once. `gram` (..., k, k), `cross` (..., k), `allowed` (..., k).
    """
    step = 1 / np.maximum(np.trace(gram, axis1=-2, axis2=-1), 1e-12)[..., None]
    weights = allowed / allowed.sum(axis=-1, keepdims=True)
    ahead, speed = weights, 1.0
    for _ in range(STEPS):
        slope = (gram @ ahead[..., None])[..., 0] - cross
        found = _onto_simplex(np.where(allowed, ahead - step * slope, -np.inf))
        faster = (1 + np.sqrt(1 + 4 * speed**2)) / 2
        ahead = found + (speed - 1) / faster * (found - weights)
        moved, weights, speed = np.abs(found - weights).max(initial=0), found, faster
        if moved < STILL:
            break
    return np.asarray(weights)


def _onto_simplex(values: Floats) -> Floats:
    """The nearest weights from 0 up that add up to 1, along the last axis (Held, Wolfe and Crowder 1974)."""
    ordered = -np.sort(-values, axis=-1)
    rank = np.arange(1, values.shape[-1] + 1)
    over = (np.cumsum(np.where(np.isfinite(ordered), ordered, 0), axis=-1) - 1) / rank
    kept = (ordered > over).sum(axis=-1, keepdims=True)
    return np.asarray(np.maximum(values - np.take_along_axis(over, kept - 1, axis=-1), 0))


def _levelled(panel: Panel) -> Floats:
    """The changed places' mean first, then each donor, less their level before: (groups, 1 + donors, months).

    Only a month that every changed place told has a mean.
    """
    early = np.arange(panel.length) < panel.starts[0]
    levelled = panel.log_odds - mean_of(panel.log_odds, early, 2)[..., None]
    mean = levelled[:, panel.changed].mean(axis=1, keepdims=True)
    return np.concatenate([mean, levelled[:, ~panel.changed]], axis=1)


def _equations(series: Floats, panel: Panel) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Normal equations of each series on the donors, itself and the changed left out, over months all told."""
    early = np.arange(series.shape[2]) < panel.starts[0]
    told = np.isfinite(series).all(axis=1, keepdims=True) & early
    number = np.maximum(told.sum(axis=2, keepdims=True), 1)
    kept = np.where(told, series, 0.0)
    kept = np.where(told, kept - kept.sum(axis=2, keepdims=True) / number, 0.0)
    gram = kept @ np.swapaxes(kept, 1, 2)
    k = series.shape[1]
    allowed = ~np.eye(k, dtype=bool)
    allowed[:, 0] = False
    shape = (len(series), k, k)
    return np.broadcast_to(gram[:, None], (len(series), k, k, k)), gram, np.broadcast_to(allowed, shape)


def _spread(after: Floats, donors: int, confidence: float) -> tuple[Floats, Floats]:
    """Half the width of t limits and the smallest visible effect, from the placebos: a new one of their
    kind."""
    placebo = after[:, 1:]
    error = np.sqrt((placebo**2).sum(axis=1) / donors * (1 + 1 / donors))
    return reach_of(error, np.full(len(after), donors - 1.0), confidence)


def _rank(gaps: Floats, late: NDArray[np.bool_]) -> Floats:
    """Share of all series whose error grew at least as much as that of the changed places."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = mean_of(gaps**2, late, 2) / mean_of(gaps**2, ~late, 2)
        share = (ratio >= ratio[:, :1]).mean(axis=1)
    return np.where(np.isfinite(ratio[:, 0]), share, np.nan)
