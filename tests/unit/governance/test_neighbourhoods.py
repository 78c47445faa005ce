"""The register of neighbourhoods: 50,000 to 100,000 residents, each area in one and one only, the whole borough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joinedup.governance.frameworks.neighbourhoods import Area, Register
from tests.unit.governance.framework_forms import PBP, register

BRENT, EALING = "E09000005", "E09000009"


def of(*areas: Area) -> Register:
    return Register(PBP.slug, "PBP-BRENT", areas, "r.xlsx")


@pytest.mark.parametrize(
    ("residents", "verdict"),
    [
        (49_999, "too small"),
        (50_000, "fits"),
        (100_000, "fits"),
        (100_001, "too large"),
        (None, "cannot tell"),
    ],
)
def test_a_neighbourhood_has_50_000_to_100_000_residents_both_ends_included(
    residents: int | None, verdict: str
) -> None:
    (size,) = of(Area("N", BRENT, "A1", residents)).sizes()
    assert size.verdict == verdict


def test_residents_are_summed_over_areas_each_once() -> None:
    found = of(Area("N", BRENT, "A1", 30_000), Area("N", BRENT, "A2", 40_000), Area("N", BRENT, "A2", 40_000))
    assert [(size.areas, size.residents) for size in found.sizes()] == [(2, 70_000)]


def rules(*areas: Area) -> list[str]:
    return [one.rule for one in of(*areas).findings() if one.rule != "borough-short"]


def test_areas_in_two_in_none_twice_or_of_two_boroughs_are_found() -> None:
    good = Area("N", BRENT, "A1", 60_000)
    assert rules(good) == []
    assert rules(good, Area("M", BRENT, "A1", 60_000)) == ["area-in-two"]
    assert rules(good, good) == ["area-twice"]
    assert rules(good, Area("", BRENT, "A2", 100)) == ["area-in-none"]
    assert rules(good, Area("N", EALING, "A2", 100)) == ["two-boroughs"]
    assert rules(good, Area("M", BRENT, "A2", None)) == ["residents-unknown"]
    assert rules(Area("N", BRENT, "A1", 250_000)) == ["too-large"]


def test_too_large_says_into_how_many() -> None:
    (found,) = [one for one in of(Area("N", BRENT, "A1", 250_000)).findings() if one.rule == "too-large"]
    assert found.remedy == "Split it into 3 or more." and "50,000 to 100,000" in found.text


def test_a_borough_is_covered_whole_or_what_is_missing_is_told() -> None:
    (cover,) = of(Area("N", BRENT, "A1", 60_000)).cover()
    # 339,821 residents in the census of 2021: 4 neighbourhoods of 100,000 at least, 6 of 50,000 at most
    assert (cover.counted, cover.inside, cover.fewest, cover.most) == (339_821, 60_000, 4, 6)
    whole = of(*(Area(f"N{k}", BRENT, f"A{k}", 84_000) for k in range(4)))
    assert whole.findings() == ()
    over = of(*(Area(f"N{k}", BRENT, f"A{k}", 84_000) for k in range(5)))
    assert [one.rule for one in over.findings()] == ["borough-over"]
    twice = replace(whole, rows=(*whole.rows, Area("N1", BRENT, "A0", 84_000)))
    assert [one.rule for one in twice.findings()] == [
        "too-large",
        "area-in-two",
    ]  # and the borough is not counted twice


def test_the_register_of_the_example_has_one_that_fits() -> None:
    found = {size.name: size.verdict for size in register().sizes()}
    assert found == {
        "Willesden": "fits",
        "Kilburn": "too small",
        "Wembley": "too large",
        "Kenton": "cannot tell",
    }
