"""The real publications: every label, every percentage. Skipped, saying so, where the files are absent."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from joinedup.definitions.breakdown import SEPARATOR, Breakdown
from joinedup.definitions.places import Places
from joinedup.returns.published import PublishedFigures, read_published, reconcile

# Rows that are no group of people, or overlap the groups: they keep their published name.
NOT_GROUPS = {"Waiting Time", "Presenting Complaint", "Problem Descriptor", "Stepped Care Pathway", "total"}
# Groups that returns have and the publication does not print.
NEVER_PRINTED = {
    ("age_band", "Not stated"), ("age_band_to_2020_21", "Not stated"),
    ("wait_to_first_treatment", "Not stated"), ("wait_to_second_treatment", "Not stated"),
    ("sexual_orientation", "Another sexual orientation"), ("sexual_orientation", "Not sure"),
}  # fmt: skip


@lru_cache(maxsize=2)
def figures_of(path: Path) -> PublishedFigures:
    return read_published(path)


def file(folder: Path, name: str) -> PublishedFigures:
    path = folder / "iapt" / name
    if not path.exists():
        pytest.skip(f"{name} is not in the data folder")
    return figures_of(path)


@pytest.fixture
def annual(published_data: Path) -> PublishedFigures:
    return file(published_data, "nhstt_measures_annual.parquet")


@pytest.fixture
def monthly(published_data: Path) -> PublishedFigures:
    return file(published_data, "nhstt_activity_performance_monthly.parquet")


def labels_in(figures: PublishedFigures) -> set[str]:
    return set(pc.unique(figures.table["published_label"]).to_pylist())


def test_every_row_of_the_annual_file_is_read(annual: PublishedFigures) -> None:
    assert len(annual) == 4_529_756
    assert sorted(pc.unique(annual.table["period"]).to_pylist())[::7] == ["2017-18", "2024-25"]
    assert pc.sum(annual.table["hidden"]).as_py() == 1_182_471


def test_every_label_of_the_annual_file_is_a_group_of_ours_or_listed_as_none(
    annual: PublishedFigures,
) -> None:
    breakdowns = set(pc.unique(annual.table["breakdown"]).to_pylist())
    assert breakdowns - {breakdown.slug for breakdown in Breakdown.published()} == NOT_GROUPS


def test_every_group_of_ours_has_a_label_that_the_annual_file_prints(annual: PublishedFigures) -> None:
    printed, absent = labels_in(annual), set()
    for breakdown in Breakdown.published():
        for group in breakdown.group_names:
            label = breakdown.label_of(group)
            if label is None or SEPARATOR.join(filter(None, label)) not in printed:
                absent.add((breakdown.slug, group))
    assert absent == NEVER_PRINTED


def test_recovery_rises_from_most_to_least_deprived(annual: PublishedFigures) -> None:
    chosen = annual.select(
        levels=["england"], breakdown="deprivation_decile", periods=["2024-25"], measures=["M192"]
    )
    found = dict(zip(chosen.table["group"].to_pylist(), chosen.table["value"].to_pylist(), strict=True))
    assert (found["1 - most deprived"], found["10 - least deprived"]) == (42.8, 56.2)
    in_order = [found[group] for group in Breakdown.load("deprivation_decile").stated_names]
    assert np.corrcoef(range(10), in_order)[0, 1] > 0.95


@pytest.mark.parametrize("measure", ["M001", "M076"])
def test_groups_of_a_breakdown_add_up_to_the_total_of_england(annual: PublishedFigures, measure: str) -> None:
    england = annual.select(levels=["england"], periods=["2024-25"], measures=[measure])
    total = england.select(breakdown="total").table["value"][0].as_py()

    def share(slug: str) -> float:
        return float(pc.sum(england.select(breakdown=slug).table["value"]).as_py() / total)

    for slug in ("ethnic_group", "ethnic_category", "deprivation_decile", "gender", "religion", "age_band"):
        assert share(slug) == 1, slug
    # what the notes of these two breakdowns say
    assert 1.05 < share("long_term_condition") < 1.053
    assert 0.994 < share("presenting_problem") < 0.999


def test_england_monthly_percentages_are_given_by_their_counts(monthly: PublishedFigures) -> None:
    england = monthly.select(
        levels=["england"],
        measures=["M076", "M179", "M185", "M189", "M191", "M193", "M186", "M192", "M195", "M1010"],
    )
    found = reconcile(england)
    assert (found.checked, found.not_checkable, found.differences) == (4 * 56, 0, ())


def test_every_monthly_percentage_we_can_compute_is_feasible(monthly: PublishedFigures) -> None:
    found = reconcile(monthly)
    assert found.checked > 85_000
    assert found.differences == ()


def test_every_annual_percentage_is_feasible(annual: PublishedFigures) -> None:
    found = reconcile(annual)
    assert (found.checked, found.not_checkable, found.differences) == (776_084, 0, ())


def test_the_tempting_denominator_would_have_been_found_out(annual: PublishedFigures) -> None:
    """England's reliable recovery over people at caseness is not what is published."""
    england = annual.select(
        levels=["england"], breakdown="total", measures=["M193", "M195", "at_caseness"]
    ).table
    rows = {(row["period"], row["measure_id"]): row["value"] for row in england.to_pylist()}
    wrong = [
        abs(100 * rows[year, "M193"] / rows[year, "at_caseness"] - rows[year, "M195"]) > 0.05
        for year in {key[0] for key in rows}
    ]
    assert sum(wrong) >= 5


def test_a_percentage_changed_by_three_points_is_found(annual: PublishedFigures) -> None:
    one = annual.select(levels=["icb"], breakdown="total", periods=["2024-25"])
    values = one.table["value"].to_numpy().copy()
    row = next(at for at, ident in enumerate(one.table["measure_id"].to_pylist()) if ident == "M195")
    values[row] += 3
    at = one.table.schema.get_field_index("value")
    changed = one.table.set_column(at, "value", pa.array(values, from_pandas=True))
    found = reconcile(PublishedFigures(changed, one.kind, one.file, 0))
    assert [(each.measure_id, each.published) for each in found.differences] == [("M195", values[row])]


def test_flows_of_the_eight_services(annual: PublishedFigures) -> None:
    places = Places.load()
    sites = [place.code for place in places.services(places.transfers[0].day)]
    chain = annual.chain(sites, "ethnic_group", "White", "2024-25")
    assert chain.referrals > chain.finished > chain.reliable_recovery > 0
    assert chain.hidden == ()
    whole = annual.chain(sites, period="2024-25")
    assert 70_000 < whole.referrals < 90_000


def test_north_west_london_is_one_series_though_its_code_changed(annual: PublishedFigures) -> None:
    series = annual.select(org_codes=["QRV"], breakdown="total", measures=["M195"], renamed=True)
    assert sorted(series.table["period"].to_pylist()) == [
        f"{year}-{year - 1999}" for year in range(2017, 2025)
    ]
