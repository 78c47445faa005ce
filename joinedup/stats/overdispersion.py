"""Funnels for units that differ by more than chance although none is unusual: over-dispersion.

Spiegelhalter 2005 (Stat Med 24:1185) and, with others, 2012 (JRSS A 175:1). Units are put on a scale on which
their variance is known; the most extreme are trimmed, so that outliers do not widen the funnel that is to find
them; what spread is left beyond chance widens the lines, by adding a variance between units (tau squared) or
by multiplying (phi).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats
from joinedup.stats.funnel import Z_95, Z_998, funnel_centre, verdicts
from joinedup.stats.groups import Groups, groups_of
from joinedup.stats.intervals import poisson_interval

Scale = Literal["log", "root", "arcsine", "log_counts"]
Trimming = Literal["truncate", "winsorise", "none"]
Spreading = Literal["additive", "multiplicative"]
Lines = Literal["own", "funnelplotr"]
Bools = NDArray[np.bool_]
CONFIDENCE_95, CONFIDENCE_998 = 0.95, 0.998


@dataclass(frozen=True)
class Overdispersion:
    """Spread of units beyond chance. First arrays: one value a funnel; then one value a unit.

    `used` units stand behind `phi` (mean square of z, 1 by chance alone) and `tau2` (variance between units on
    the scale). `trimmed`: left out (truncate) or pulled in (winsorise); `z_used` is z after that, NaN where
    left out.
    """

    labels: NDArray[Any]
    used: NDArray[np.intp]
    phi: Floats
    tau2: Floats
    value: Floats
    target: Floats
    scaled: Floats
    scaled_target: Floats
    error: Floats
    z: Floats
    z_used: Floats
    trimmed: Bools


@dataclass(frozen=True)
class OverdispersedFunnel:
    """Lines and verdicts of units, shapes (units,). `adjusted`, one a funnel: whether its lines were widened;
    where there was nothing beyond chance they are those of chance alone.
    """

    spread: Overdispersion
    adjusted: Bools
    lower_95: Floats
    upper_95: Floats
    lower_998: Floats
    upper_998: Floats
    verdict: NDArray[np.str_]


def overdispersion(
    x: ArrayLike,
    n: ArrayLike,
    *,
    scale: Scale = "arcsine",
    trimming: Trimming | None = None,
    share: float = 0.1,
    groups: ArrayLike | None = None,
) -> Overdispersion:
    """How far units differ beyond chance; one funnel a group.

    Scales: `log` and `root`, x observed and n expected events (SHMI, CQC: target 1); `arcsine`, x out of n;
    `log_counts`, ratio of two counts. `trimming` of `share` of the units at each end: by default `truncate`
    for log (SHMI), `winsorise` for the others (quantiles by linear interpolation).

    Missing counts stay missing and count for nothing. phi and tau2 are NaN where no unit is left, or one of
    those left has no finite z (nothing observed, on the log scale); tau2 also where only one is left. Raises
    YourCommand for counts that cannot be, a share outside [0, 0.5), or expected counts that are the observed.
    """
    if not 0 <= share < 0.5:
        raise YourCommand(
            f"{share} of the units cannot be trimmed at each end.", remedy="Give a share from 0 to below 0.5."
        )
    count, size = _checked(x, n, scale)
    of = groups_of(groups, count.size)
    target = np.ones(count.shape) if scale in ("log", "root") else funnel_centre(count, size, groups)
    value = _divided(count, size)
    scaled, scaled_target, error = _on_scale(scale, count, size, target)
    z = _divided(scaled - scaled_target, error)
    how = trimming or ("truncate" if scale == "log" else "winsorise")
    z_used, trimmed = _trimmed(z, of, how, share)
    used, phi, tau2 = _components(z_used, error, of)
    return Overdispersion(
        of.labels, used, phi, tau2, value, target, scaled, scaled_target, error, z, z_used, trimmed
    )


def overdispersed_limits(
    target: ArrayLike,
    n: ArrayLike,
    *,
    scale: Scale = "arcsine",
    tau2: ArrayLike = 0.0,
    phi: ArrayLike = 1.0,
    z: float = Z_95,
    lines: Lines = "own",
) -> tuple[Floats, Floats]:
    """Lines for units of size n around `target`: on the scale, target ± z·√(phi·s² + tau2), taken back.

    Give tau2 for additive or phi for multiplicative lines. `own` takes s of a unit that lies on target, and
    squares back from the root scale. `funnelplotr` draws as that program does: root lines 1 ± z·√(s² + tau2)
    not squared back, about half as wide, and s = 1/(2√n) for ratios of counts. NaN where n is not above 0.
    """
    centre, size, between, factor = floats(target, n, tau2, phi)
    at_target = centre * size if scale in ("arcsine", "log_counts") else size
    _, middle, error = _on_scale(scale, at_target, size, centre)
    if lines == "funnelplotr" and scale == "log_counts":
        error = _divided(0.5, np.sqrt(np.where(size > 0, size, np.nan)))
    reach = z * np.sqrt(factor * error**2 + between)
    return _back(scale, middle - reach, lines), _back(scale, middle + reach, lines)


def overdispersed_funnel(
    x: ArrayLike,
    n: ArrayLike,
    *,
    scale: Scale = "arcsine",
    trimming: Trimming | None = None,
    share: float = 0.1,
    spreading: Spreading = "additive",
    lines: Lines = "own",
    z: tuple[float, float] = (Z_95, Z_998),
    groups: ArrayLike | None = None,
) -> OverdispersedFunnel:
    """Lines at each unit's size and its verdict, widened where units differ beyond chance.

    `additive` adds tau2 (random effects: large units keep a real difference); `multiplicative` multiplies the
    variance by phi where that is above 1. A funnel without spread beyond chance, or whose spread cannot be
    told, has the lines of `unadjusted_limits`. Other arguments and errors as in `overdispersion`.
    """
    spread = overdispersion(x, n, scale=scale, trimming=trimming, share=share, groups=groups)
    size = floats(x, n)[1].ravel()
    of = groups_of(groups, size.size)
    additive = spreading == "additive"
    with np.errstate(invalid="ignore"):
        adjusted = spread.tau2 > 0 if additive else spread.phi > 1
    widen = of.spread(adjusted)
    tau2 = np.where(widen, of.spread(spread.tau2), 0.0) if additive else 0.0
    phi = 1.0 if additive else np.where(widen, of.spread(spread.phi), 1.0)

    def drawn(each: float, confidence: float) -> tuple[Floats, Floats]:
        drawing: dict[str, Any] = {"scale": scale, "z": each, "lines": lines}
        low, high = overdispersed_limits(spread.target, size, tau2=tau2, phi=phi, **drawing)
        if bool(widen.all()):  # exact limits are dear: only where a funnel needs them
            return low, high
        plain = unadjusted_limits(spread.target, size, confidence=confidence, **drawing)
        return np.where(widen, low, plain[0]), np.where(widen, high, plain[1])

    low, high = drawn(z[0], CONFIDENCE_95)
    lowest, highest = drawn(z[1], CONFIDENCE_998)
    value = spread.value
    known = np.isfinite(value) & np.isfinite(low)
    with np.errstate(invalid="ignore"):
        verdict = verdicts(value < lowest, value < low, value > high, value > highest, known)
    return OverdispersedFunnel(spread, adjusted, low, high, lowest, highest, verdict)


def unadjusted_limits(
    target: ArrayLike,
    n: ArrayLike,
    *,
    scale: Scale = "arcsine",
    z: float = Z_95,
    confidence: float = CONFIDENCE_95,
    lines: Lines = "own",
) -> tuple[Floats, Floats]:
    """Lines by chance alone: exact Poisson limits of the expected count at `confidence` for the scales of
    observed over expected, those of the scale at `z` for the others.
    """
    centre, size = floats(target, n)
    if scale in ("arcsine", "log_counts"):
        return overdispersed_limits(centre, size, scale=scale, z=z, lines=lines)
    lower, upper = poisson_interval(np.where(size > 0, size, np.nan), confidence, "exact")
    return centre * lower / size, centre * upper / size


def _checked(x: ArrayLike, n: ArrayLike, scale: Scale) -> tuple[Floats, Floats]:
    if scale == "arcsine":
        count, size = counts_out_of(x, n)
    else:
        count, size = floats(x, n)
        with np.errstate(invalid="ignore"):
            if bool(((count < 0) | (size < 0)).any()):
                raise YourCommand("A count is below 0.", remedy="Check the counts.")
    if scale in ("log", "root") and count.size > 1 and np.array_equal(count, size):
        raise YourCommand(
            "The expected counts are the observed ones, in every unit.",
            remedy="Give the counts a model or a standard expects, not those observed.",
        )
    return count.ravel(), np.where(size > 0, size, np.nan).ravel()


def _on_scale(scale: Scale, count: Floats, size: Floats, target: Floats) -> tuple[Floats, Floats, Floats]:
    """Value and target on the scale, and the standard error there by chance alone."""
    with np.errstate(divide="ignore", invalid="ignore"):
        some = np.where(size > 0, size, np.nan)
        if scale == "log":
            return np.log(count / some), np.log(target), 1 / np.sqrt(some)
        if scale == "root":
            return np.sqrt(count / some), np.sqrt(target), 0.5 / np.sqrt(some)
        if scale == "arcsine":
            return np.arcsin(np.sqrt(count / some)), np.arcsin(np.sqrt(target)), 0.5 / np.sqrt(some)
        above, below = count + 0.5, some + 0.5
        error = np.sqrt(count / above**2 + some / below**2)
        return np.log(above / below), np.log(target), error


def _back(scale: Scale, scaled: Floats, lines: Lines) -> Floats:
    """From the scale back to a ratio or a share; beyond its ends is its end, not a fold."""
    if scale == "arcsine":
        return np.asarray(np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2)
    if scale == "root":
        return scaled if lines == "funnelplotr" else np.maximum(scaled, 0) ** 2
    with np.errstate(over="ignore"):
        return np.exp(scaled)


def _trimmed(z: Floats, of: Groups, how: Trimming, share: float) -> tuple[Floats, Bools]:
    known = ~np.isnan(z)
    if how == "none" or not bool(known.any()):
        return z.copy(), np.zeros(z.shape, bool)
    # sorted within groups, missing last: quantiles and ranks of a group are then found by position
    order = np.lexsort((z, of.codes))
    sizes = np.bincount(of.codes[known], minlength=of.count)
    if how == "truncate":
        place = _mean_ranks(z[order], of.codes[order], of.starts[of.codes[order]])
        part = np.empty(z.shape)
        part[order] = place
        return _truncated(z, known, part, of.spread(sizes), share)
    low, high = (_quantile(z[order], of.starts, sizes, p) for p in (share, 1 - share))
    low, high = of.spread(low), of.spread(high)
    with np.errstate(invalid="ignore"):
        trimmed = known & ~((z > low) & (z < high))
    return np.clip(z, low, high), trimmed


def _truncated(
    z: Floats, known: Bools, rank: Floats, sizes: NDArray[np.intp], share: float
) -> tuple[Floats, Bools]:
    """Without those whose rank falls into the first or the last of 1/share parts (SHMI)."""
    if share == 0:
        return z.copy(), np.zeros(z.shape, bool)
    parts = 1 / share
    part = np.floor(rank * parts / (sizes + 1))
    trimmed = known & ~((part > 0) & (part < parts - 1))
    return np.where(trimmed, np.nan, z), trimmed


def _mean_ranks(ordered: Floats, codes: NDArray[np.intp], starts: NDArray[np.intp]) -> Floats:
    """Rank from 1 within the group of values sorted within groups; ties share their mean rank."""
    fresh = np.ones(ordered.shape, bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]) | (codes[1:] != codes[:-1])
    run = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    length = np.diff(np.append(first, ordered.size))
    return np.asarray(first[run] - starts + (length[run] + 1) / 2, dtype=np.float64)


def _quantile(ordered: Floats, starts: NDArray[np.intp], sizes: NDArray[np.intp], p: float) -> Floats:
    """Quantile of each group by linear interpolation between its sorted values; NaN for none."""
    place = p * np.maximum(sizes - 1, 0)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(sizes - 1, 0))
    low, high = ordered[starts + below], ordered[starts + above]
    with np.errstate(invalid="ignore"):
        between = np.where((low == high) | (place == below), low, low + (place - below) * (high - low))
    return np.where(sizes > 0, between, np.nan)


def _components(z: Floats, error: Floats, of: Groups) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Units used, phi and tau2 (DerSimonian and Laird's moments) of each group."""
    kept = ~np.isnan(z)
    used = np.bincount(of.codes[kept], minlength=of.count)
    weight = np.where(kept, 1 / error**2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = of.total(np.where(kept, z, 0.0) ** 2)
        phi = np.where(np.isfinite(squares), squares / used, np.nan)
        total, second = of.total(weight), of.total(weight**2)
        between = (squares - (used - 1)) / (total - second / total)
    known = np.isfinite(phi) & (used > 1)
    return used, phi, np.where(known, np.maximum(between, 0.0), np.nan)


def _divided(above: ArrayLike, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.divide(above, below), dtype=np.float64)
