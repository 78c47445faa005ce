"""Sums of twelve released months: exactly those months, nothing where one is hidden, limits wide enough."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.definitions.lattice import ALL, BOROUGH, EVERYONE, Lattice
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.published_results import results_of
from joinedup.disclosure.rolling import _Summed, rolling_years
from joinedup.disclosure.sums import Key

LATTICE = Lattice.load()
MONTHS = [f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(3, 18)]
BRENT = "E09000005"


def released(parts: list[int | None], wholes: list[int | None]):
    cells = {
        Key(count.measure, count.count, BOROUGH, BRENT, month, EVERYONE, ALL): (
            parts if count.name == "recovered" else wholes
        )[at]
        for count in LATTICE.counts
        for at, month in enumerate(MONTHS)
    }
    return results_of(LATTICE, cells, profile_of("nhs-england"), snapshot=1, rule="r")


COUNTS = st.lists(st.one_of(st.none(), st.integers(1, 40).map(lambda n: 5 * n)), min_size=15, max_size=15)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COUNTS, COUNTS)
def test_each_is_the_sum_of_its_twelve_months_or_hidden(parts, wholes) -> None:
    found = rolling_years(released(parts, wholes))
    rows = {r["period"]: r for r in found.value.table.to_pylist() if r["measure_id"] == "M192"}
    assert list(rows) == ["12m-2025-03", "12m-2025-04", "12m-2025-05", "12m-2025-06"]
    for at, row in enumerate(rows.values()):
        shown = [
            None if None in (p, w) else min(p, w)
            for p, w in zip(parts[at : at + 12], wholes[at : at + 12], strict=True)
        ]
        whole = wholes[at : at + 12]
        assert row["numerator"] == (None if None in shown else sum(shown))
        assert row["denominator"] == (None if None in whole else sum(whole))
        assert (row["value"] is None) == (None in (row["numerator"], row["denominator"]))


def test_limits_are_wider_than_of_one_count_rounded_once() -> None:
    months = released([20] * 15, [40] * 15)
    rolled = rolling_years(months).value.table.to_pylist()[0]
    once = results_of(
        LATTICE,
        {
            Key(c.measure, c.count, BOROUGH, BRENT, "2024-25", EVERYONE, ALL): 240
            if c.name == "recovered"
            else 480
            for c in LATTICE.counts
        },
        profile_of("nhs-england"),
        snapshot=1,
        rule="r",
    ).value.table.to_pylist()[0]
    assert rolled["value"] == once["value"] == 50
    assert rolled["upper"] - rolled["lower"] >= once["upper"] - once["lower"]


def test_every_sum_has_a_code_of_its_own_that_says_what_it_is_made_of() -> None:
    found = rolling_years(released([20] * 15, [40] * 15))
    assert len(found.registry) == len(found.value)
    assert all("twelve released months" in e["filters"]["made_of"] for e in found.registry.values())


def test_what_is_no_count_is_shown_as_of_one_month() -> None:
    one = profile_of("nhs-england").display
    assert _Summed(one, 12).index(0.123456) == one.index(0.123456) == 0.123


def test_a_sum_carries_the_rounding_of_its_twelve_months() -> None:
    months = released([20] * 15, [40] * 15)
    found = rolling_years(months).value
    assert (
        found.rounding == 12 * months.value.rounding > 0
        and not _Summed(profile_of("nhs-england").display, 12).exact
    )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COUNTS, COUNTS)
def test_what_is_hidden_is_counted(parts, wholes) -> None:
    """Of percentages both counts, of other figures the one they are made of."""
    found = rolling_years(released(parts, wholes))
    rows = found.value.table.to_pylist()
    numerators = sum(row["numerator"] is None for row in rows)
    denominators = sum(row["denominator"] is None for row in rows if row["statistic"] == "percentage")
    assert {"percentage"} < {row["statistic"] for row in rows}, "or the two could not be told apart"
    assert found.hidden == numerators + denominators and found.cells == len(rows)
