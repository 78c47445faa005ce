"""The twin is judged through files that the reader loaded: official measures of 2024-25 against the publication."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinedup.definitions import Period, Places
from joinedup.equity import scan_gaps
from joinedup.journeys import load_journeys
from joinedup.lake import open_lake
from joinedup.measures import calculate
from joinedup.returns import read_published
from tests.system.conftest import Demo

YEAR = "2024-25"
RATES = {"M192": 1.5, "M195": 1.5, "M186": 1.5}


@pytest.mark.full
def test_official_measures_of_the_twin_meet_the_publication(full_demo: Demo, published_data: Path) -> None:
    journeys = load_journeys(open_lake(full_demo.lake))
    period = Period.parse(YEAR)
    services = [service.code for service in Places.load().services(period.start)]
    rows = calculate(["M001", *RATES], journeys, place="service", periods=period).table.to_pylist()
    ours = {
        (row["place"], row["measure_id"]): row["numerator" if row["statistic"] == "count" else "value"]
        for row in rows
    }
    figures = read_published(published_data / "iapt" / "nhstt_measures_annual.parquet")
    chosen = figures.select(org_codes=services, breakdown="total", periods=[YEAR]).table.to_pylist()
    published = {(row["org_code"], row["measure_id"]): row["value"] for row in chosen}
    for service in services:
        assert ours[service, "M001"] == pytest.approx(published[service, "M001"], rel=0.01), service
        for measure, points in RATES.items():
            assert abs(ours[service, measure] - published[service, measure]) <= points, (service, measure)


@pytest.mark.full
def test_the_deprivation_gradient_meets_the_publication(full_demo: Demo, published_data: Path) -> None:
    """Least less most deprived two deciles, reliable recovery, all services: right sign and within 3 points."""
    journeys = load_journeys(open_lake(full_demo.lake))
    rows = calculate(
        "M195", journeys, by="deprivation_decile", place="service", periods=Period.parse(YEAR)
    ).table.to_pylist()
    services = [service.code for service in Places.load().services(Period.parse(YEAR).start)]

    def rate(deciles: tuple[str, ...]) -> float:
        chosen = [r for r in rows if r["place"] in services and (r["group"] or "").split(" ")[0] in deciles]
        return 100 * sum(r["numerator"] for r in chosen) / sum(r["denominator"] for r in chosen)

    figures = read_published(published_data / "iapt" / "nhstt_measures_annual.parquet")

    def published(deciles: tuple[str, ...]) -> float:
        groups = {r["group"] for r in rows if (r["group"] or "").split(" ")[0] in deciles}
        flows = [figures.chain(services, "deprivation_decile", group, YEAR) for group in groups]
        return (
            100 * sum(f.reliable_recovery for f in flows) / sum(f.finished - f.not_at_caseness for f in flows)
        )

    ours = rate(("9", "10")) - rate(("1", "2"))
    theirs = published(("9", "10")) - published(("1", "2"))
    assert ours > 0 and theirs > 0
    assert abs(ours - theirs) <= 3


@pytest.mark.full
def test_a_planted_leak_is_named_by_the_scan(full_demo: Demo) -> None:
    """truth.json says what was planted; only tests read it."""
    planted = json.loads((full_demo.folder / "twin" / "truth.json").read_text())["planted"]
    leak = next(effect for effect in planted if effect["stage"] == "second_treatment")
    scan = scan_gaps(load_journeys(open_lake(full_demo.lake)), by=leak["breakdown"])
    named = {(claim.place, claim.group, claim.bar.stage) for claim in scan.claims}
    assert (leak["service"], leak["group"], "second_treatment") in named
