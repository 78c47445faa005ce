"""Groups beside their reference, places beside all places, and what a release leaves of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_journeys import Small, consistent, drawn, small

from joinedup.definitions.periods import Period
from joinedup.disclosure import release
from joinedup.errors import UnknownName, YourCommand
from joinedup.measures import calculate, compare
from joinedup.stats import difference_of_proportions, funnel_verdict, slope_index_of_inequality

JUNE = Period.parse("2025-06")


def outcomes(**groups: tuple[str, int, int]) -> Small:
    """Finished courses in June: ethnic code -> (code, recovered, of)."""
    codes = [code for code, _, of in groups.values() for _ in range(of)]
    recovered = [at < found for _, found, of in groups.values() for at in range(of)]
    return drawn(
        EthnicCategory=codes, ServDischDate=[date(2025, 6, 3)] * len(codes), CompletedTreatment_Flag=True,
        NotCaseness_Flag=False, Recovery_Flag=recovered, ReliableImprovement_Flag=recovered,
    )  # fmt: skip


def test_a_group_is_compared_with_the_reference_of_its_breakdown() -> None:
    journeys = outcomes(white=("A", 60, 100), asian=("J", 30, 80), unsaid=("Z", 1, 50))
    comparison = compare(calculate("M195", journeys, by="ethnic_group", periods=JUNE))
    rows = {row["group"]: row for row in comparison.table.to_pylist()}
    assert "Not stated" not in rows and "White" not in rows
    asian = rows["Asian or Asian British"]
    expected = [100 * float(found) for found in difference_of_proportions(30, 80, 60, 100)]
    found = [asian[name] for name in ("difference", "difference_lower", "difference_upper")]
    assert np.allclose(found, expected)
    assert asian["ratio"] == pytest.approx(0.375 / 0.6)
    assert (asian["reference"], asian["reference_numerator"], asian["reference_denominator"]) == (
        "White",
        60,
        100,
    )
    assert rows["Mixed"]["difference"] is None
    assert not comparison.slopes.num_rows


def test_another_reference_turns_the_comparison_round() -> None:
    result = calculate(
        "M195", outcomes(white=("A", 60, 100), asian=("J", 30, 80)), by="ethnic_group", periods=JUNE
    )
    forth = {row["group"]: row["difference"] for row in compare(result).table.to_pylist()}
    back = {
        row["group"]: row["difference"] for row in compare(result, "Asian or Asian British").table.to_pylist()
    }
    assert forth["Asian or Asian British"] == pytest.approx(-back["White"])
    with pytest.raises(UnknownName, match="Martian"):
        compare(result, "Martian")


def test_an_ordered_breakdown_has_a_slope() -> None:
    deciles = [decile for decile in range(1, 11) for _ in range(20)]
    recovered = [at < 4 + decile for decile in range(1, 11) for at in range(20)]
    journeys = drawn(
        IndicesOfDeprivationDecile=deciles, ServDischDate=[date(2025, 6, 3)] * 200, CompletedTreatment_Flag=True,
        NotCaseness_Flag=False, Recovery_Flag=recovered, ReliableImprovement_Flag=recovered,
    )  # fmt: skip
    (slope,) = compare(calculate("M195", journeys, by="deprivation_decile", periods=JUNE)).slopes.to_pylist()
    share = np.array([(4 + decile) / 20 for decile in range(1, 11)])
    expected = slope_index_of_inequality(100 * share, [20] * 10, 100 * np.sqrt(share * (1 - share) / 20))
    assert slope["slope"] == pytest.approx(expected.slope) and slope["slope"] == pytest.approx(50)
    assert (slope["slope_lower"], slope["slope_upper"]) == (
        pytest.approx(expected.lower),
        pytest.approx(expected.upper),
    )


def test_places_are_judged_among_the_places_of_their_level() -> None:
    services = ["RV3CH"] * 200 + ["RKL07"] * 200 + [None] * 200
    recovered = [at < 140 for at in range(200)] + [at < 80 for at in range(200)] + [False] * 200
    journeys = drawn(
        service=services, ServDischDate=[date(2025, 6, 3)] * 600, CompletedTreatment_Flag=True,
        NotCaseness_Flag=False, Recovery_Flag=recovered, ReliableImprovement_Flag=recovered,
    )  # fmt: skip
    rows = {
        row["place"]: row["funnel"]
        for row in compare(calculate("M195", journeys, periods=JUNE)).table.to_pylist()
    }
    assert [rows["RV3CH"], rows["RKL07"]] == funnel_verdict([140, 80], [200, 200]).tolist()
    assert rows["RV3CH"] == "High (0.001)" and rows["not_known"] == ""


def test_what_cannot_be_compared_is_refused() -> None:
    journeys = outcomes(white=("A", 60, 100))
    with pytest.raises(YourCommand, match="percentage"):
        compare(calculate("M001", journeys, by="ethnic_group", periods=JUNE))
    with pytest.raises(YourCommand, match="cannot be compared"):
        compare(calculate("M195", journeys, by=("ethnic_group", "gender"), periods=JUNE))


def test_a_release_is_computed_from_released_counts_only() -> None:
    result = calculate(
        "M195",
        outcomes(white=("A", 61, 102), asian=("J", 32, 83), black=("N", 2, 9)),
        by="ethnic_group",
        periods=JUNE,
    )
    released = release(compare(result)).value
    rows = {row["group"]: row for row in released.table.to_pylist()}
    asian = rows["Asian or Asian British"]
    assert (asian["numerator"], asian["denominator"], asian["reference_numerator"]) == (30, 85, 60)
    assert asian["difference"] == round(100 * (30 / 85 - 60 / 100), 1)
    assert (
        rows["Black or Black British"]["numerator"] is None
        and rows["Black or Black British"]["difference"] is None
    )


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 60))
def test_no_small_count_and_nothing_made_of_one_is_released(random: Random, size: int) -> None:
    journeys = consistent(small(random, size))
    result = calculate(
        ["M195", "M001", "M048", "M049", "M143"], journeys, by=[(), ("ethnic_group",)], periods=JUNE
    )
    again = release(result).value
    for before, after in zip(result.table.to_pylist(), again.table.to_pylist(), strict=True):
        for name in ("numerator", "denominator"):
            assert before[name] is None or before[name] >= 5 or after[name] is None
            assert after[name] is None or after[name] % 5 == 0
        if after["numerator"] is None and after["statistic"] in ("percentage", "count", "mean"):
            assert (after["value"], after["lower"], after["upper"]) == (None, None, None)
        assert after["statistic"] not in ("max", "min") or after["value"] is None
        assert after["denominator"] is None or after["denominator"] >= 20 or after["value"] is None


def test_counts_shown_as_they_came_leave_the_figures_as_they_were() -> None:
    result = calculate(["M195", "M049"], outcomes(white=("A", 6, 10)), by="ethnic_group", periods=JUNE)
    assert release(result, "as-published").value.table.equals(result.table)
    assert replace(result, rule="other").identity()["rule"] == "other"
