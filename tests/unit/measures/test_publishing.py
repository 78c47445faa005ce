"""Published figures as results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from joinedup.errors import YourCommand
from joinedup.measures import compare, from_published
from joinedup.returns.published import read_published


@dataclass(frozen=True)
class Figures:
    table: pa.Table
    file: str = "figures.csv"


def figures(*rows: tuple[str, str, float | None, bool]) -> Figures:
    """(group, measure id, value, hidden) of one service in one year."""
    same = {"period": "2024-25", "level": "provider", "org_code": "RV3CH", "org_name": "ICCS"}
    return Figures(
        pa.Table.from_pylist(
            [
                {
                    **same,
                    "breakdown": "ethnic_group",
                    "group": group,
                    "measure_id": measure,
                    "value": value,
                    "hidden": hidden,
                    "rounded_to": 5,
                }
                for group, measure, value, hidden in rows
            ]
        )
    )


def row_of(result: Any, measure: str, group: str = "White") -> dict[str, Any]:
    (row,) = result.only(measure_id=measure, group=group).table.to_pylist()
    return dict(row)


WHITE = [("White", "M076", 400.0, False), ("White", "M179", 50.0, False), ("White", "M193", 175.0, False)]


def test_a_percentage_comes_with_the_counts_it_is_made_of() -> None:
    row = row_of(from_published(figures(*WHITE, ("White", "M195", 51.0, False)), "M195"), "M195")
    assert (row["numerator"], row["denominator"], row["value"], row["level"]) == (175, 350, 51.0, "service")
    assert 44 < row["lower"] < 50 < row["upper"] < 56
    assert row_of(from_published(figures(*WHITE)), "M195")["value"] == 50.0


def test_limits_carry_the_rounding_of_the_publisher() -> None:
    rounded = figures(*WHITE)
    ones = pa.array([1] * rounded.table.num_rows)
    whole = Figures(rounded.table.drop_columns("rounded_to").append_column("rounded_to", ones))
    wide, narrow = (row_of(from_published(one), "M195") for one in (rounded, whole))
    assert wide["value"] == narrow["value"]
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]


def test_what_the_publisher_hid_stays_hidden() -> None:
    hidden = [*WHITE[:2], ("White", "M193", None, True), ("White", "M195", None, True)]
    result = from_published(figures(*hidden))
    row = row_of(result, "M195")
    assert (row["numerator"], row["denominator"], row["value"], row["lower"]) == (None, 350, None, None)
    assert result.excluded[0].number == 2
    assert row_of(result, "M193")["numerator"] is None


def test_figures_without_a_measure_we_know_are_refused() -> None:
    with pytest.raises(YourCommand, match=r"figures\.csv"):
        from_published(figures(("White", "something", 1.0, False)))
    with pytest.raises(YourCommand):
        from_published(figures(*WHITE), by="gender")


def test_the_published_year_of_the_eight_services(published_data: Path) -> None:
    annual = read_published(published_data / "iapt/nwl_annual_2017-18_2024-25.csv.gz")
    result = from_published(annual, ["M195", "M192"], by=["total", "ethnic_group"]).only(
        period="2024-25", level="service"
    )
    rows = result.only(breakdown="total", measure_id="M195").table.to_pylist()
    assert len(rows) == 8
    for row in rows:
        assert abs(row["value"] - 100 * row["numerator"] / row["denominator"]) < 1
        assert row["lower"] < row["value"] < row["upper"]
    comparison = compare(result.only(breakdown="ethnic_group"))
    assert {row["reference"] for row in comparison.table.to_pylist()} == {"White"}
    assert sum(row["difference"] is not None for row in comparison.table.to_pylist()) > 40


def test_national_percentages_are_those_of_the_national_counts(published_data: Path) -> None:
    """England is published unrounded: our numerators and denominators give every printed percentage."""
    monthly = read_published(published_data / "iapt/nwl_monthly_2021-01_2025-08.csv.gz")
    result = from_published(monthly, ["M192", "M195", "M186", "M1010", "M053", "M055"], by="total").only(
        level="england"
    )
    rows = [row for row in result.table.to_pylist() if row["value"] is not None]
    assert len(rows) > 200
    for row in rows:
        assert abs(row["value"] - 100 * row["numerator"] / row["denominator"]) <= 0.0501, row
