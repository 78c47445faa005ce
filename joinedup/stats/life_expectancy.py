"""Life expectancy from deaths and people by age: abridged life tables of many areas at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joinedup.errors import YourCommand
from joinedup.stats.arrays import Floats, upper_tail_z
from joinedup.stats.groups import groups_of
from joinedup.stats.rows import refuse, rows_of

LIVED_AT_0 = 0.1
LIVED = 0.5
"""Share of an age band that those who die in it live through: early in the first year, midway elsewhere."""


@dataclass(frozen=True)
class LifeExpectancy:
    """Years still to live at the start of each age band, with limits: shape (groups, ages), both sorted as in
    `groups` and `ages`. `people` and `deaths` are those of the band and all older ones.

    `withheld` says why there is no value: "an age is missing", "more deaths than people", "too few people",
    "limits too wide", or "" where there is one. Limits that are too wide are kept.
    """

    groups: NDArray[Any]
    ages: Floats
    people: Floats
    deaths: Floats
    value: Floats
    lower: Floats
    upper: Floats
    withheld: NDArray[np.str_]


def life_expectancy(
    deaths: ArrayLike,
    people: ArrayLike,
    ages: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    suppress_up_to_people: float = 5_000,
    suppress_wider_than: float = 20,
) -> LifeExpectancy:
    """Life expectancy by Chiang's second method (Chiang 1968), limits by Silcocks et al. 2001 (J Epidemiol
    Community Health 55:38), one row for each group and age band.

    `ages` are the first years of the bands (0, 1, 5, 10, ...); the last is open. Deaths of all years together
    go with the person-years of those years. An area up to `suppress_up_to_people`, or limits further apart
    than `suppress_wider_than` years, gives no value. So does an area without one of the ages of the others,
    without people in one, or with more deaths than people in one. Raises YourCommand for an age that is
    missing, below 0, or twice in a group, and for deaths or people below 0.
    """
    z = upper_tail_z(confidence)
    labels, bands, dead, alive = _tables(deaths, people, ages, groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        value, variance = _chiang(dead, alive, bands)
        reach = z * np.sqrt(variance)
        lower, upper = value - reach, value + reach
        narrow = upper - lower <= suppress_wider_than
        fault = [
            ~((dead >= 0) & (alive > 0)).all(axis=1),
            (dead > alive).any(axis=1),
            alive.sum(axis=1) <= suppress_up_to_people,
        ]
    texts = ["an age is missing", "more deaths than people", "too few people"]
    area = np.select(fault, texts, default="")[:, None]
    withheld = np.where((area == "") & ~narrow, "limits too wide", area)
    value, lower, upper = (
        np.where(hidden, np.nan, figure)
        for figure, hidden in ((value, withheld != ""), (lower, area != ""), (upper, area != ""))
    )
    return LifeExpectancy(labels, bands, _from_here(alive), _from_here(dead), value, lower, upper, withheld)


def _tables(
    deaths: ArrayLike, people: ArrayLike, ages: ArrayLike, groups: ArrayLike | None
) -> tuple[NDArray[Any], Floats, Floats, Floats]:
    """Labels, ages, and deaths and people as tables (groups, ages); NaN where a group lacks an age."""
    dead, alive, age = rows_of(deaths, people, ages)
    refuse(~(age >= 0), "An age is missing or below 0", remedy="Give the first year of each age band.")
    refuse((dead < 0) | (alive < 0), "Deaths or people are below 0", remedy="Check the counts.")
    labels = groups_of(groups, age.size)
    if not age.size:
        raise YourCommand("There is no age band.", remedy="Give deaths and people by age.")
    bands, column = np.unique(age, return_inverse=True)
    cell = labels.codes * bands.size + column
    refuse(
        np.bincount(cell) > 1,
        "An age is in its group twice",
        remedy="Add the rows of one age, or group them.",
    )
    tables = np.full((2, labels.count * bands.size), np.nan)
    tables[:, cell] = dead, alive
    dead, alive = tables.reshape(2, labels.count, bands.size)
    return labels.labels, bands, dead, alive


def _chiang(dead: Floats, alive: Floats, bands: Floats) -> tuple[Floats, Floats]:
    """Expectancy and its variance, from the oldest band down: those who die in a band live part of it, those
    who survive it all of it and what is expected after."""
    rate = dead / alive
    width = np.diff(bands)
    lived = np.where(bands[:-1] == 0, LIVED_AT_0, LIVED)
    # a band in which more would die than are alive at its start leaves nobody
    dying = np.minimum(width * rate[:, :-1] / (1 + width * (1 - lived) * rate[:, :-1]), 1.0)
    chance = np.where(dead[:, :-1] == 0, 0.0, dying**2 * (1 - dying) / dead[:, :-1])
    value, variance = np.empty_like(rate), np.empty_like(rate)
    value[:, -1] = 1 / rate[:, -1]
    variance[:, -1] = 1 / (dead[:, -1] * rate[:, -1] ** 2)
    for band in reversed(range(width.size)):
        q, after, rest = dying[:, band], value[:, band + 1], (1 - lived[band]) * width[band]
        value[:, band] = width[band] - rest * q + (1 - q) * after
        variance[:, band] = (1 - q) ** 2 * variance[:, band + 1] + chance[:, band] * (rest + after) ** 2
    return value, variance


def _from_here(table: Floats) -> Floats:
    return np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
