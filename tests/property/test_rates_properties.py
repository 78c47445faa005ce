"""Rates, means, standardisation, quantiles and life tables on any input: no crash, no warning, nobody lost; and
against plain loops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from math import ceil, isnan, sqrt
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.stats.intervals import poisson_interval
from joinedup.stats.life_expectancy import life_expectancy
from joinedup.stats.means_of_groups import means_of_groups
from joinedup.stats.quantiles import assigned_quantiles
from joinedup.stats.rates import crude_proportions, crude_rates, difference_of_rates, ratio_of_rates
from joinedup.stats.standardisation import (
    directly_standardised_rates,
    indirectly_standardised_rates,
    indirectly_standardised_ratios,
)

FEW = settings(deadline=None, max_examples=40)
MISSING = st.just(float("nan"))
COUNTS = st.one_of(st.integers(0, 30).map(float), st.floats(1e-3, 1e4), MISSING)
PEOPLE = st.one_of(st.integers(1, 10**6).map(float), st.floats(0.5, 1e6))
LABELS = st.sampled_from("abcd")
VALUES = st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6), MISSING)
CONFIDENCE = st.sampled_from([0.5, 0.95, 0.998])


def table(*columns: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*columns), min_size=least, max_size=14)


def apart(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in range(width)]


def by_label(found: Any) -> dict[str, list[Any]]:
    """Every figure of each group, in whatever order the groups came."""
    names = [each.name for each in fields(found) if each.name not in ("groups", "ages")]
    return {
        str(label): [np.asarray(getattr(found, name)[at]).tolist() for name in names]
        for at, label in enumerate(found.groups)
    }


def close(one: Any, other: Any) -> None:
    assert one.keys() == other.keys()
    for label in one:
        for mine, theirs in zip(one[label], other[label], strict=True):
            if isinstance(mine, str) or (isinstance(mine, list) and isinstance(mine[0], str)):
                assert mine == theirs
            else:
                np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-6)


def holds_for_groups(call: Callable[..., Any], rows: list[tuple[Any, ...]], width: int) -> None:
    """Order of rows does not matter; each group is what it would be alone; no label is lost."""
    whole = by_label(call(*apart(rows, width)))
    assert whole.keys() == {str(row[width - 1]) for row in rows}
    close(whole, by_label(call(*apart(rows[::-1], width))))
    for label in whole:
        alone = [row for row in rows if str(row[width - 1]) == label]
        close({label: whole[label]}, by_label(call(*apart(alone, width))))


@FEW
@given(table(COUNTS, PEOPLE, LABELS), CONFIDENCE)
def test_crude_rates_of_any_groups(rows: list[tuple[Any, ...]], confidence: float) -> None:
    holds_for_groups(lambda x, n, g: crude_rates(x, n, g, confidence=confidence), rows, 3)
    events, people, _ = apart(rows, 3)
    found = crude_rates(events, people, per=1, confidence=confidence)
    assert found.value.shape == found.method.shape == (len(rows),)
    inside = ~np.isnan(found.lower)
    assert (found.lower <= found.value)[inside].all()
    assert (found.value <= found.upper)[~np.isnan(found.value)].all()
    scaled = crude_rates(events, people, per=1_000, confidence=confidence)
    np.testing.assert_allclose(scaled.upper, found.upper * 1_000)


@FEW
@given(table(st.floats(0, 1), PEOPLE, st.booleans(), LABELS), CONFIDENCE)
def test_crude_proportions_of_any_groups(rows: list[tuple[Any, ...]], confidence: float) -> None:
    rows = [(float("nan") if lost else share * n, n, label) for share, n, lost, label in rows]
    holds_for_groups(lambda x, n, g: crude_proportions(x, n, g, confidence=confidence), rows, 3)
    x, n, _ = apart(rows, 3)
    found = crude_proportions(x, n, confidence=confidence)
    known = ~np.isnan(found.value)
    assert known.tolist() == [not isnan(count) for count in x]
    assert (found.lower <= found.value * (1 + 1e-9))[known].all()
    assert (found.value <= found.upper * (1 + 1e-9))[known].all()
    assert ((found.lower[known] >= 0) & (found.upper[known] <= 1 + 1e-12)).all()
    wider = crude_proportions(x, n, confidence=0.999)
    assert (wider.lower[known] <= found.lower[known] + 1e-12).all()


@FEW
@given(table(COUNTS, st.one_of(PEOPLE, st.just(0.0), MISSING), COUNTS, PEOPLE))
def test_two_rates_set_against_each_other(rows: list[tuple[Any, ...]]) -> None:
    x1, n1, x2, n2 = apart(rows, 4)
    for difference in ("mover", "wald"):
        there = difference_of_rates(x1, n1, x2, n2, method=difference)  # type: ignore[arg-type]
        back = difference_of_rates(x2, n2, x1, n1, method=difference)  # type: ignore[arg-type]
        np.testing.assert_allclose(there[0], -back[0], atol=1e-6)
        np.testing.assert_allclose(there[1], -back[2], rtol=1e-6, atol=1e-6)
    for ratio in ("log-normal", "exact"):
        there = ratio_of_rates(x1, n1, x2, n2, method=ratio)  # type: ignore[arg-type]
        back = ratio_of_rates(x2, n2, x1, n1, method=ratio)  # type: ignore[arg-type]
        assert [part.shape for part in there] == [(len(rows),)] * 3
        both = np.isfinite(there[0]) & np.isfinite(back[0]) & (np.array(x1) >= 1) & (np.array(x2) >= 1)
        np.testing.assert_allclose(there[0][both], 1 / back[0][both])
        np.testing.assert_allclose(there[1][both], 1 / back[2][both], rtol=1e-6)


@FEW
@given(table(VALUES, LABELS), CONFIDENCE)
def test_means_of_any_groups(rows: list[tuple[Any, ...]], confidence: float) -> None:
    holds_for_groups(lambda v, g: means_of_groups(v, g, confidence=confidence), rows, 2)
    values = [value for value, _ in rows]
    whole = means_of_groups(values, confidence=confidence)
    assert whole.number.tolist() == [len(values)]
    if values and not any(map(isnan, values)):
        mean = sum(values) / len(values)
        np.testing.assert_allclose(whole.value, mean, rtol=1e-9, atol=1e-6)
        if len(values) > 1:
            deviation = sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
            np.testing.assert_allclose(whole.deviation, deviation, rtol=1e-9, atol=1e-6)
        moved = means_of_groups([2 * value + 7 for value in values], confidence=confidence)
        np.testing.assert_allclose(moved.upper, 2 * whole.upper + 7, rtol=1e-6, atol=1e-3)


STANDARDS = st.one_of(st.just(0.0), st.floats(1, 1e4))


@FEW
@given(table(COUNTS, PEOPLE, STANDARDS, LABELS))
def test_direct_standardisation_of_any_groups(rows: list[tuple[Any, ...]]) -> None:
    for below in (0, 10):
        holds_for_groups(
            lambda x, n, w, g, below=below: directly_standardised_rates(x, n, w, g, suppress_below=below),
            rows,
            4,
        )
    found = by_label(directly_standardised_rates(*apart(rows, 4), per=1, suppress_below=0))
    for label, (events, people, value, _, _) in found.items():
        mine = [(0.0 if isnan(x) else x, n, w) for x, n, w, g in rows if g == label]
        whole = sum(w for _, _, w in mine)
        np.testing.assert_allclose(events, sum(x for x, _, _ in mine))
        np.testing.assert_allclose(people, sum(n for _, n, _ in mine))
        expected = sum(x * w / n for x, n, w in mine) / whole if whole else float("nan")
        np.testing.assert_allclose(value, expected)


@FEW
@given(
    st.dictionaries(st.tuples(LABELS, st.sampled_from([0, 5, 65])), st.tuples(PEOPLE, STANDARDS), max_size=8),
    st.data(),
)
def test_events_by_frequency_against_loops(cells: dict[Any, Any], data: st.DataObject) -> None:
    rows = [
        (data.draw(COUNTS), n, w, group, age, frequency)
        for (group, age), (n, w) in cells.items()
        for frequency in data.draw(st.sets(st.integers(1, 4), min_size=1))
    ]
    x, n, w, g, ages, times = apart(data.draw(st.permutations(rows)), 6)
    found = by_label(
        directly_standardised_rates(x, n, w, g, ages=ages, frequency=times, per=1, suppress_below=0)
    )
    assert found.keys() == {group for group, _ in cells}
    for label, (events, people, value, lower, _) in found.items():
        whole = sum(weight for (group, _), (_, weight) in cells.items() if group == label)
        mine = [(0.0 if isnan(row[0]) else row[0], *row[1:]) for row in rows if row[3] == label]
        observed = sum(row[0] * row[5] for row in mine)
        np.testing.assert_allclose(events, observed)
        np.testing.assert_allclose(people, sum(n for (group, _), (n, _) in cells.items() if group == label))
        if whole and observed:
            rate = sum(row[5] * row[0] * row[2] / row[1] for row in mine) / whole
            variance = sum(row[5] ** 2 * row[0] * (row[2] / row[1]) ** 2 for row in mine) / whole**2
            byar = float(poisson_interval(observed, method="byar")[0])
            np.testing.assert_allclose(value, rate)
            expected = rate + sqrt(variance / observed) * (byar - observed)
            np.testing.assert_allclose(lower, expected, rtol=1e-8, atol=1e-9)


@FEW
@given(table(COUNTS, st.one_of(PEOPLE, st.just(0.0), MISSING), COUNTS, st.one_of(PEOPLE, MISSING), LABELS))
def test_indirect_standardisation_of_any_groups(rows: list[tuple[Any, ...]]) -> None:
    holds_for_groups(indirectly_standardised_ratios, rows, 5)
    holds_for_groups(indirectly_standardised_rates, rows, 5)
    found = indirectly_standardised_ratios(*apart(rows, 5), per=100)
    rates = indirectly_standardised_rates(*apart(rows, 5), per=1)
    totals = indirectly_standardised_ratios(*apart(rows, 5), observed_totals=found.observed, per=100)
    close(by_label(found), by_label(totals))
    assert (np.isnan(found.value) == ((found.observed == 0) & (found.expected == 0))).all()
    finite = np.isfinite(found.value) & np.isfinite(rates.value)
    expected = found.value[finite] / 100 * rates.reference[finite]
    np.testing.assert_allclose(rates.value[finite], expected, atol=1e-12)
    for label, figures in by_label(found).items():
        expected = sum(
            n * events / reference
            for _, n, events, reference, group in rows
            if group == label and not isnan(n * events / reference)
        )
        np.testing.assert_allclose(figures[1], expected)


@FEW
@given(table(VALUES, LABELS), st.integers(2, 6), st.booleans())
def test_quantiles_against_loops(rows: list[tuple[Any, ...]], parts: int, highest_first: bool) -> None:
    values, groups = apart(rows, 2)
    found = assigned_quantiles(values, groups, parts=parts, highest_first=highest_first)
    for (value, group), quantile in zip(rows, found.tolist(), strict=True):
        others = [each for each, label in rows if label == group and not isnan(each)]
        if isnan(value) or len(others) < parts:
            assert isnan(quantile)
            continue
        rank = 1 + sum(each > value if highest_first else each < value for each in others)
        assert quantile == parts + 1 - ceil((len(others) + 1 - rank) * parts / len(others) - 1e-9)
        assert 1 <= quantile <= parts
    turned = assigned_quantiles(values[::-1], groups[::-1], parts=parts, highest_first=highest_first)
    np.testing.assert_array_equal(found, turned[::-1])
    grown = assigned_quantiles(np.array(values) * 2, groups, parts=parts, highest_first=highest_first)
    np.testing.assert_array_equal(found, grown)


BANDS = (0, 1, 5, 45, 85)
DEATHS = st.one_of(st.integers(0, 60).map(float), MISSING)
ALIVE = st.one_of(st.integers(0, 9_000).map(float), MISSING)


def chiang(deaths: list[float], people: list[float]) -> tuple[list[float], list[float]]:
    """Expectancies and variances by the columns of a printed life table: l, L, T from 100,000 births."""
    widths = [late - early for early, late in pairwise(BANDS)]
    rates = [dead / alive for dead, alive in zip(deaths, people, strict=True)]
    lived = [0.1, *[0.5] * (len(widths) - 1)]
    dying = [n * m / (1 + n * m * (1 - a)) for n, m, a in zip(widths, rates, lived, strict=False)]
    left = [100_000.0]
    for q in dying:
        left.append(left[-1] * (1 - q))
    years = [
        n * (left[at + 1] + a * (left[at] - left[at + 1]))
        for at, (n, a) in enumerate(zip(widths, lived, strict=True))
    ] + [left[-1] / rates[-1]]
    value = [sum(years[at:]) / left[at] for at in range(len(BANDS))]
    parts = [
        left[at] ** 2
        * ((1 - a) * n + value[at + 1]) ** 2
        * (q**2 * (1 - q) / deaths[at] if deaths[at] else 0)
        for at, (n, a, q) in enumerate(zip(widths, lived, dying, strict=True))
    ] + [(left[-1] / 2) ** 2 * 4 / (deaths[-1] * rates[-1] ** 2)]
    return value, [sum(parts[at:]) / left[at] ** 2 for at in range(len(BANDS))]


@FEW
@given(
    st.lists(
        st.tuples(*[st.tuples(DEATHS, ALIVE, st.sampled_from([True] * 9 + [False]))] * len(BANDS)),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
def test_life_tables_of_any_areas(areas: list[Any], random: Any) -> None:
    rows = [
        (dead, alive, age, str(area))
        for area, bands in enumerate(areas)
        for age, (dead, alive, there) in zip(BANDS, bands, strict=True)
        if there
    ] + [(1.0, 5_000.0, age, "whole") for age in BANDS]
    found = life_expectancy(*apart(rows, 4))
    assert found.value.shape == found.withheld.shape == (len({row[3] for row in rows}), len(BANDS))
    assert (np.isnan(found.value) == (found.withheld != "")).all()
    random.shuffle(rows)
    close(by_label(found), by_label(life_expectancy(*apart(rows, 4))))


@FEW
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(2_000, 9_000)), min_size=5, max_size=5))
def test_life_tables_against_their_printed_columns(rows: list[tuple[int, int]]) -> None:
    deaths, people = (list(map(float, column)) for column in zip(*rows, strict=True))
    deaths[-1] += 1
    found = life_expectancy(deaths, people, BANDS, suppress_wider_than=np.inf)
    value, variance = chiang(deaths, people)
    np.testing.assert_allclose(found.value[0], value, rtol=1e-9)
    np.testing.assert_allclose(
        found.upper[0] - found.value[0], 1.959963984540054 * np.sqrt(variance), rtol=1e-8
    )
