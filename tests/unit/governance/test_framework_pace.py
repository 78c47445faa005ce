"""Pace: forecasts with limits, or why it cannot be told; limits compared with a plain search, and their coverage."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from random import Random

import pytest
from scipy.stats import t

from joinedup.governance.frameworks.pace import Forecast, forecast

FIRST = date(2024, 3, 31)
STEP = 1 / 12


def rounds(*scores: float, every: int = 182) -> list[tuple[date, float]]:
    return [(FIRST + timedelta(days=at * every), score) for at, score in enumerate(scores)]


def test_reached_is_reached() -> None:
    found = forecast(rounds(2, 4.0), 4, step=STEP)
    assert (found.verdict, found.day) == ("reached", None) and "September 2024" in found.why


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((), "Nothing"),
        ((2.0,), "3 rounds"),
        ((2.0, 3.0), "3 rounds"),
        ((2.0, 2.0, 2.0, 2.0), "do not rise"),
        ((3.0, 2.7, 2.4, 2.1), "do not rise"),
        ((2.0, 3.0, 1.5, 2.6), "do not rise"),
        ((1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6), "five years"),
        ((2.0, 2.5, 3.0, 3.5, 3.98, 3.98, 3.98, 3.9, 3.9, 3.9), "reached already"),
    ],
)
def test_what_cannot_be_told_says_why(scores: tuple[float, ...], words: str) -> None:
    found = forecast(rounds(*scores), 4, step=STEP)
    assert found.verdict == "cannot tell" and words in found.why and found.day is None


def test_rounds_of_one_day_are_one_round() -> None:
    assert "there are 1" in forecast([(FIRST, 2.0)] * 4, 4, step=STEP).why


def test_scores_on_a_perfect_line_have_limits_all_the_same() -> None:
    found = forecast(rounds(2.0, 2.25, 2.5, 2.75), 4, step=STEP)
    assert found.verdict == "forecast" and found.day and found.earliest and found.latest
    assert found.earliest < found.day < found.latest
    assert found.day == FIRST + timedelta(days=8 * 182) and found.per_year == pytest.approx(
        0.25 / 182 * 365.25
    )
    finer = forecast(rounds(2.0, 2.25, 2.5, 2.75), 4, step=STEP / 4)
    assert finer.earliest and finer.latest and finer.latest - finer.earliest < found.latest - found.earliest


def slowly(points: list[tuple[date, float]], target: float, step: float) -> list[int]:
    """Days at which a further score could be the target, one by one."""
    x = [(day - points[0][0]).days for day, _ in points]
    y = [score for _, score in points]
    n, mx, my = len(x), sum(x) / len(x), sum(y) / len(y)
    sxx = sum((a - mx) ** 2 for a in x)
    b = sum((a - mx) * (c - my) for a, c in zip(x, y, strict=True)) / sxx
    rss = sum((c - my - b * (a - mx)) ** 2 for a, c in zip(x, y, strict=True))
    s = sqrt(max(rss / (n - 2), step * step / 12))
    reach = t.ppf(0.975, n - 2)
    return [
        day for day in range(-3000, 9000)
        if abs(target - my - b * (day - mx)) <= reach * s * sqrt(1 + 1 / n + (day - mx) ** 2 / sxx)
    ]  # fmt: skip


def test_limits_are_those_of_a_plain_search() -> None:
    points = rounds(2.0, 2.3, 2.45, 2.8, 2.95)
    found, days = forecast(points, 4, step=STEP), slowly(points, 4, STEP)
    assert found.earliest and found.latest
    assert (
        abs((found.earliest - FIRST).days - days[0]) <= 1 and abs((found.latest - FIRST).days - days[-1]) <= 1
    )
    assert days == list(range(days[0], days[-1] + 1))


def test_the_limits_hold_the_day_95_times_in_100(seed: int) -> None:
    """A score that rises on a line with scatter: would a score on the true day have been within the limits?"""
    chance, inside, told = Random(seed), 0, 0
    for _ in range(400):
        points = rounds(*(1.5 + 0.25 * at + chance.gauss(0, 0.05) for at in range(6)))
        found: Forecast = forecast(points, 4, step=0.001)
        told += found.verdict == "forecast"
        # the day on which a further round, with its own scatter, would stand at the target
        day = FIRST + timedelta(days=round(182 * (4 - 1.5 - chance.gauss(0, 0.05)) / 0.25))
        inside += bool(found.earliest and found.earliest <= day <= (found.latest or date.max))
    assert (
        told == 400 and inside >= 362
    )  # 95% of 400 is 380; fewer than 362 is beyond chance at one in ten thousand
