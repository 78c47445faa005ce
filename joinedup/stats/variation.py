"""How much of the spread between places is chance, case mix, and real.

Model: arcsin√(outcome share) of a place = a common level + what its case mix makes of it + its own effect
(variance tau²) + chance (variance 1/4n, the same at any share). Case mix comes in as an expected count by
indirect standardisation. tau² by Paule and Mandel (1982), its limits by the Q-profile (Viechtbauer 2007 Stat Med
26:37), for which eight places give wide ones; estimates drawn towards the whole by their own uncertainty (Louis
1991), and the uncertainty of tau² carried into them and into ranks (Goldstein and Spiegelhalter 1996).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, counts_out_of, floats, upper_tail_z
from joinedup.stats.groups import Groups, groups_of
from joinedup.stats.intervals import proportion

LEVELS = 50
"""Values of tau² that stand for its uncertainty, at equal steps of probability."""
DRAWS = 4_000
SEED = 20_260_331
MOST_DRAWN = 50_000_000
LEAST_PULL = 1e-16
WORTHWHILE = 0.02
"""Standard deviation between places, as a share of 1, below which a spread is not worth acting on."""


class Spread(StrEnum):
    """What the limits of the real spread allow to be said."""

    REAL = "real"
    LITTLE = "little"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class RandomEffects:
    """Level and spread of effects; arrays with one value a group, of `units` known ones.

    `q` is Cochran's statistic, `p` its chance without any spread. tau2 is NaN for fewer than two units.
    """

    labels: NDArray[Any]
    units: NDArray[np.intp]
    mean: Floats
    lower: Floats
    upper: Floats
    tau2: Floats
    tau2_lower: Floats
    tau2_upper: Floats
    q: Floats
    p: Floats


@dataclass(frozen=True)
class Shrunken:
    """Estimates drawn towards the level of their group, and ranks in it from 1, the highest. Shapes (units,).

    `weight` is how much of a unit's own figure is in its estimate, 0 to 1.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    weight: Floats
    rank: Floats
    rank_lower: Floats
    rank_upper: Floats


@dataclass(frozen=True)
class Limited:
    """A figure of each group with its limits."""

    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Variation:
    """The spread of places taken apart. First arrays: one value a group; then one value a place.

    `chance`, `case_mix` and `real` are shares of the spread that add up to 1, each with the limits that those
    of the real spread give; `sd` is the real standard deviation between places, in shares of 1 at the group's
    level. `own` is each place's share of outcomes, `adjusted` the same at the group's case mix, `shrunken` the
    estimates in those units.
    """

    labels: NDArray[Any]
    places: NDArray[np.intp]
    level: Floats
    chance: Limited
    case_mix: Limited
    real: Limited
    sd: Limited
    p: Floats
    verdict: NDArray[np.str_]
    own: Floats
    adjusted: Floats
    shrunken: Shrunken


def random_effects(
    effect: ArrayLike, variance: ArrayLike, *, groups: ArrayLike | None = None, confidence: float = 0.95
) -> RandomEffects:
    """Level of effects with known sampling variances and the variance between them (Paule and Mandel).

    Limits of the level by Hartung and Knapp with t of units - 1 degrees of freedom, those of tau² by the
    Q-profile. Where effects lie closer together than chance makes them, the upper limit of tau² is the one of
    effects that lie just as chance would have it, not an empty interval (power-constrained: Cowan and others
    2011). Missing effects are left out. Raises YourCommand for a variance that is not above 0.
    """
    from scipy.special import chdtrc, chdtri, stdtrit

    upper_tail_z(confidence)
    y, v, of = _effects(effect, variance, groups)
    units = np.bincount(of.codes[~np.isnan(y)], minlength=of.count)
    free = np.maximum(units - 1, 1).astype(np.float64)
    several = units > 1
    tail = (1 - confidence) / 2
    tau2 = _solved(y, v, of, free, constrained=False)
    lower = _solved(y, v, of, chdtri(free, tail), constrained=False)
    upper = _solved(y, v, of, chdtri(free, 1 - tail), constrained=True)
    mean, total, around = _level(y, v, of, tau2)
    q = _level(y, v, of, np.zeros(of.count))[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = stdtrit(free, 1 - tail) * np.sqrt(around / free / total)
    found = (tau2, lower, upper, q, chdtrc(free, q), reach)
    tau2, lower, upper, q, p, reach = (np.where(several, each, np.nan) for each in found)
    return RandomEffects(of.labels, units, mean, mean - reach, mean + reach, tau2, lower, upper, q, p)


def excess_variance(effect: ArrayLike, variance: ArrayLike, *, groups: ArrayLike) -> tuple[Floats, Floats]:
    """Variance between the units of each group beyond their sampling variances, and its standard error (groups,).

    Unbiased, so below 0 where units lie closer together than chance makes them. The error is that of the units
    at hand (their true effects fixed), at the mean excess of all groups, so that a small value is not taken for
    a sure one. NaN for fewer than three units. Raises YourCommand for a variance that is not above 0.
    """
    y, v, of = _effects(effect, variance, groups)
    known = ~np.isnan(y)
    units = of.total(known.astype(np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = of.total(np.where(known, y, 0.0)) / units
        around = np.where(known, y - of.spread(mean), 0.0) ** 2
        chance = np.where(units > 2, of.total(np.where(known, v, 0.0)) / units, np.nan)
        excess = of.total(around) / (units - 1) - chance
        typical = max(float(np.nanmean(excess)), 0.0) if np.isfinite(excess).any() else 0.0
        error = np.sqrt((4 * chance * typical + 2 * chance**2) / (units - 1))
    return excess, error


def shrunken_estimates(
    effect: ArrayLike,
    variance: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Shrunken:
    """Empirical Bayes estimates of effects, with limits and rank intervals that carry how uncertain tau² is.

    tau² takes `LEVELS` values at equal steps of its confidence distribution (inverted Q-profile); limits and
    ranks are those of `draws` seeded draws over all of them, so the same call gives the same answer. A missing
    effect has no estimate and no rank. Raises YourCommand for a variance that is not above 0, or more than
    50 million numbers to draw.
    """
    from scipy.special import chdtri

    upper_tail_z(confidence)
    y, v, of = _effects(effect, variance, groups)
    if draws * y.size > MOST_DRAWN:
        raise YourCommand(
            f"{draws:,} draws of {y.size:,} units are too many.", remedy="Ask for fewer draws or units."
        )
    known = ~np.isnan(y)
    free = np.maximum(np.bincount(of.codes[known], minlength=of.count) - 1, 1).astype(np.float64)
    steps = (np.arange(LEVELS) + 0.5) / LEVELS
    pull, middle, spread, certain = _posteriors(y, v, of, chdtri(free, 1 - steps[:, None]))
    drawn = _drawn(pull, middle, spread, certain, of, draws, seed)
    tails = [(1 - confidence) / 2, 0.5 + confidence / 2]
    lower, upper = np.quantile(drawn, tails, axis=0) if y.size else (y, y)
    rank = _ranks(drawn, of, known)
    low, high = np.quantile(rank, tails, axis=0, method="inverted_cdf") if y.size else (y, y)
    estimate = middle.mean(axis=0)
    columns = (estimate, lower, upper, pull.mean(axis=0), rank.mean(axis=0), low, high)
    estimate, lower, upper, weight, mean_rank, low, high = (np.where(known, each, np.nan) for each in columns)
    return Shrunken(estimate, lower, upper, weight, mean_rank, low, high)


def variation(
    x: ArrayLike,
    n: ArrayLike,
    expected: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    noise: ArrayLike = 0.0,
    worthwhile: float = WORTHWHILE,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Variation:
    """How much of the spread of x out of n between places is chance, case mix and real; one spread a group.

    `expected`: outcomes the place would have with its people at the rates of all (indirect standardisation);
    without it case mix is 0 and stays within the real. `noise`: further variance of each place on the arcsine
    scale, as from rounded counts. Shares: chance is the variance of a typical place (Higgins and Thompson
    2002), case mix the variance of what is expected, real tau² of what is left; place effects are taken to be
    independent of case mix, so parts add up to 1.

    Verdicts (`Spread`): real where the lower limit of tau² is above 0; little where the upper limit of the
    standard deviation is below `worthwhile`; otherwise cannot tell, also for fewer than three places. Places
    without anyone, or with a missing count, have no figures. Raises YourCommand for counts that cannot be.
    """
    count, size = (each.ravel() for each in counts_out_of(x, n))
    of = groups_of(groups, count.size)
    level, mix = _mix(count, size, expected, of)
    own = proportion(count, size)
    base = np.arcsin(np.sqrt(level))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = 0.25 / size + floats(noise, size)[0]
        left = np.arcsin(np.sqrt(own)) - mix + of.spread(base)
    known = np.isfinite(left)
    left, variance = np.where(known, left, np.nan), np.where(known, variance, 1.0)
    found = random_effects(left, variance, groups=groups, confidence=confidence)
    chance, case_mix, real = _shares(found, mix, variance, known, of)
    sd = Limited(
        *(2 * np.sqrt(level * (1 - level) * t) for t in (found.tau2, found.tau2_lower, found.tau2_upper))
    )
    shrunk = shrunken_estimates(left, variance, groups=groups, confidence=confidence, draws=draws, seed=seed)
    return Variation(
        labels=of.labels,
        places=found.units,
        level=level,
        chance=chance,
        case_mix=case_mix,
        real=real,
        sd=sd,
        p=found.p,
        verdict=_verdict(found, sd.upper, worthwhile),
        own=own,
        adjusted=_share_of(left),
        shrunken=_shares_of(shrunk),
    )


def _effects(
    effect: ArrayLike, variance: ArrayLike, groups: ArrayLike | None
) -> tuple[Floats, Floats, Groups]:
    y, v = (each.ravel() for each in floats(effect, variance))
    known = np.isfinite(y) & ~np.isnan(v)
    if bool((known & ~(v > 0)).any()):
        raise YourCommand(
            "The variance of an effect is not above 0.", remedy="Leave out effects that are known exactly."
        )
    return np.where(known, y, np.nan), np.where(known, v, 1.0), groups_of(groups, y.size)


def _level(y: Floats, v: Floats, of: Groups, tau2: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted mean of each group at a tau², sum of weights, and weighted squares around the mean."""
    known = ~np.isnan(y)
    weight = np.where(known, 1 / (v + of.spread(tau2)), 0.0)
    value = np.where(known, y, 0.0)
    total = of.total(weight)
    mean = np.divide(of.total(weight * value), total, out=np.full(of.count, np.nan), where=total > 0)
    away = np.where(known, value - of.spread(mean), 0.0)
    return mean, total, of.total(weight * away**2)


def _by_chance(v: Floats, known: NDArray[np.bool_], of: Groups, tau2: Floats) -> Floats:
    """What the weighted squares come to at a tau² where chance alone sets effects apart."""
    weight = np.where(known, 1 / (v + of.spread(tau2)), 0.0)
    total = np.maximum(of.total(weight), 1e-300)
    return of.total(weight * v) - of.total(weight**2 * v) / total


def _solved(y: Floats, v: Floats, of: Groups, wanted: Floats, *, constrained: bool) -> Floats:
    """tau² of each group at which the weighted squares are as wanted; 0 where they are below it at 0.

    `constrained`: of the squares and of what chance alone makes of them, the larger. Both fall in tau², and
    neither is above its unweighted squares over tau², which bounds the search; it halves the interval.
    """
    known = ~np.isnan(y)

    def squares(tau2: Floats) -> Floats:
        found = _level(y, v, of, tau2)[2]
        return np.maximum(found, _by_chance(v, known, of, tau2)) if constrained else found

    mean = _level(y, np.ones_like(v), of, np.zeros(of.count))[0]
    away = np.where(known, np.nan_to_num(y) - of.spread(np.nan_to_num(mean)), 0.0)
    bound = of.total(away**2) + of.total(np.where(known, v, 0.0))
    low, high = np.zeros(of.count), bound / wanted
    none = squares(low) <= wanted
    for _ in range(60):
        middle = (low + high) / 2
        above = squares(middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(none, 0.0, (low + high) / 2)


def _posteriors(y: Floats, v: Floats, of: Groups, wanted: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """At each tau² of the levels, where the squares are as wanted (levels, groups): weight of a unit's own
    figure, its estimate, its standard deviation around it with the level known, all (levels, units), and the
    standard error of the level (levels, groups).
    """
    shape, groups = (len(wanted), y.size), of.count * np.arange(len(wanted))[:, None]
    # every level is a further set of groups, so that all are solved at once
    levels = Groups(np.arange(wanted.size), (of.codes + groups).ravel())
    many, variances = np.tile(y, shape[0]), np.tile(v, shape[0])
    tau2 = _solved(many, variances, levels, wanted.ravel(), constrained=True)
    mean, total, _ = _level(many, variances, levels, tau2)
    between = levels.spread(tau2)
    pull = between / (between + variances)
    level = levels.spread(mean)
    middle = level + pull * (np.where(np.isnan(many), 0.0, many) - level)
    # where places are taken to be alike their order is left to chance, not to the order they came in
    spread = np.sqrt(np.maximum(pull, LEAST_PULL) * variances)
    certain = 1 / np.sqrt(np.maximum(total, 1e-300))
    return pull.reshape(shape), middle.reshape(shape), spread.reshape(shape), certain.reshape(wanted.shape)


def _drawn(
    pull: Floats, middle: Floats, spread: Floats, certain: Floats, of: Groups, draws: int, seed: int
) -> Floats:
    """Effects drawn, shape (draws, units), each level of tau² as often as any other."""
    random = np.random.default_rng(seed)
    level = np.arange(draws) % len(pull)
    shift = (certain[level] * random.standard_normal((draws, of.count)))[:, of.codes]
    own = spread[level] * random.standard_normal((draws, of.codes.size))
    return np.asarray(middle[level] + (1 - pull[level]) * shift + own)


def _ranks(drawn: Floats, of: Groups, known: NDArray[np.bool_]) -> Floats:
    """Rank of each unit within its group in each draw, 1 the highest; missing units rank last."""
    first = np.argsort(np.where(known, -drawn, np.inf), axis=1, kind="stable")
    order = np.take_along_axis(first, np.argsort(of.codes[first], axis=1, kind="stable"), axis=1)
    place = np.empty(drawn.shape)
    within = np.arange(of.codes.size) - np.repeat(np.cumsum(of.sizes) - of.sizes, of.sizes) + 1.0
    np.put_along_axis(place, order, np.broadcast_to(within, drawn.shape), axis=1)
    return place


def _mix(count: Floats, size: Floats, expected: ArrayLike | None, of: Groups) -> tuple[Floats, Floats]:
    """Level of each group as a share, and on the arcsine scale what each place's case mix makes of it."""
    known = np.isfinite(count) & (size > 0)
    total = of.total(np.where(known, size, 0.0))
    happened = of.total(np.where(known, count, 0.0))
    level = np.divide(happened, total, out=np.full(of.count, np.nan), where=total > 0)
    if expected is None:
        return level, of.spread(np.arcsin(np.sqrt(level)))
    awaited = counts_out_of(np.ravel(expected), size)[0]
    return level, np.arcsin(np.sqrt(proportion(awaited, size)))


def _shares(
    found: RandomEffects, mix: Floats, variance: Floats, known: NDArray[np.bool_], of: Groups
) -> tuple[Limited, Limited, Limited]:
    """Chance, case mix and real as shares of the spread, each with the limits that those of tau² give."""
    precision = np.where(known, 1 / variance, 0.0)
    total, second = of.total(precision), of.total(precision**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = (found.units - 1) * total / (total**2 - second)
        mean = of.total(np.where(known, mix, 0.0)) / found.units
        by_mix = of.total(np.where(known, mix - of.spread(mean), 0.0) ** 2) / (found.units - 1)
    middle, least, most = (chance + by_mix + t for t in (found.tau2, found.tau2_lower, found.tau2_upper))
    return (
        Limited(chance / middle, chance / most, chance / least),
        Limited(by_mix / middle, by_mix / most, by_mix / least),
        Limited(found.tau2 / middle, found.tau2_lower / least, found.tau2_upper / most),
    )


def _verdict(found: RandomEffects, sd_upper: Floats, worthwhile: float) -> NDArray[np.str_]:
    with np.errstate(invalid="ignore"):
        enough = found.units > 2
        real, little = enough & (found.tau2_lower > 0), enough & (sd_upper < worthwhile)
    return np.select([real, little], [str(Spread.REAL), str(Spread.LITTLE)], default=str(Spread.CANNOT_TELL))


def _share_of(scaled: Floats) -> Floats:
    """From the arcsine scale back to a share; beyond its ends is its end."""
    return np.asarray(np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2)


def _shares_of(found: Shrunken) -> Shrunken:
    return replace(
        found,
        estimate=_share_of(found.estimate),
        lower=_share_of(found.lower),
        upper=_share_of(found.upper),
    )
