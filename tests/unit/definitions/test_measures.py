"""Every measure loads, is found by id and by name, and says what the national list says."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from joinedup.definitions.conditions_sql import Wording, to_sql
from joinedup.definitions.measure import Measure, read_measures
from joinedup.errors import DefinitionBroken, UnknownName

ROOT = Path(__file__).parents[3]
BAD = sorted((ROOT / "tests/fixtures/bad_definitions").glob("measure_*.yaml"))
SOURCE = (
    Path(os.environ.get("JOINEDUP_DATA", ROOT / "../shared/data")).parent / "reference/datasets/measures.yaml"
)


def test_every_measure_loads_and_has_sql() -> None:
    measures = Measure.all()
    assert len({measure.id for measure in measures}) == len(measures) > 200
    for measure in measures:
        end = "e.day_" if measure.at_period_end else None
        for term in (*measure.numerator_terms, *measure.denominator_terms):
            assert "NULL" in to_sql(term.condition, Wording(period_end=end)) or "coalesce" in to_sql(
                term.condition
            )


def test_there_are_102_entries_and_two_are_not_national() -> None:
    assert len(Measure.entries()) == 102
    ours = {
        found.family or found.id
        for name in Measure.entries()
        for found in Measure.find(name)
        if not found.official
    }
    assert ours == {"DNA_RATE", "PEQ"}


def test_the_entries_are_those_of_the_national_list() -> None:
    if not SOURCE.is_file():
        pytest.skip("no list of national measures: set JOINEDUP_DATA")
    listed = yaml.load(SOURCE.read_text(), Loader=yaml.CSafeLoader)["IDS"]["measures"]
    assert set(Measure.entries()) == {entry["id"] for entry in listed}
    for entry in listed:
        found = Measure.find(entry["id"])
        assert found[0].date_basis == entry["date_basis"] or len(found) > 1 or entry["id"] == "M343"


def test_every_measure_is_found_by_id_slug_and_full_name() -> None:
    for measure in Measure.all():
        assert {Measure.load(name) for name in (measure.id, measure.slug, measure.name)} == {measure}


def test_every_member_of_a_national_range_is_spelled_out() -> None:
    assert [m.id for m in Measure.find("M212-M236")] == [f"M{n}" for n in range(212, 237)]
    assert [m.id for m in Measure.find("M296-M315")] == [f"M{n}" for n in range(296, 316)]
    assert [m.id for m in Measure.find("M316-M331")] == [f"M{n}" for n in range(316, 332)]
    assert [m.id for m in Measure.find("M271-M286")] == [f"M{n}" for n in range(271, 287)]
    assert {f"M{n}" for n in range(1001, 1010)} <= {m.id for m in Measure.find("M1001-M1009")}
    assert [m.statistic for m in Measure.find("M141-M144")] == ["mean", "median", "max", "min"]


def test_recovery_is_divided_by_those_who_finished_less_those_below_the_threshold() -> None:
    for name in ("recovery", "reliable_recovery"):
        measure = Measure.load(name)
        assert measure.denominator == "M076 - M179"
        finished, below = measure.denominator_terms
        assert (finished.sign, below.sign) == (1, -1)
        assert (finished.condition,) == tuple(term.condition for term in Measure.load("M076").numerator_terms)
        assert (below.condition,) == tuple(term.condition for term in Measure.load("M179").numerator_terms)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("reliable_recovery", date(2024, 4, 1), 48),
        ("reliable_recovery", date(2025, 3, 31), 48),
        ("reliable_recovery", date(2026, 3, 31), 48),
        ("reliable_recovery", date(2026, 4, 1), 51),
        ("reliable_recovery", date(2027, 3, 31), 51),
        ("reliable_recovery", date(2027, 4, 1), None),
        ("reliable_recovery", date(2028, 4, 1), 53),
        ("reliable_recovery", date(2023, 3, 31), None),
        ("reliable_improvement", date(2025, 3, 31), 67),
        ("reliable_improvement", date(2026, 4, 1), 69),
        ("recovery", date(2024, 4, 1), 50),
        ("first_treatment_within_6_weeks", date(2024, 4, 1), 75),
        ("first_treatment_within_18_weeks", date(2024, 4, 1), 95),
        ("M047", date(2024, 4, 1), 10),
    ],
)
def test_standards_hold_from_a_day_to_a_day(name: str, day: date, value: float | None) -> None:
    target = Measure.load(name).target_on(day)
    assert (target.value if target else None) == value


def test_no_two_standards_of_a_measure_hold_on_one_day() -> None:
    for measure in Measure.all():
        days = [target.start for target in measure.standard]
        assert all(sum(target.in_force(day) for target in measure.standard) == 1 for day in days)


def test_a_name_that_is_not_there_brings_the_nearest() -> None:
    with pytest.raises(UnknownName, match="reliable_recovery"):
        Measure.load("reliable_recovry")
    with pytest.raises(UnknownName, match="M143"):
        Measure.load("M141-M144")
    with pytest.raises(UnknownName):
        Measure.load("community/reliable_recovery")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_definition_is_refused_and_named(path: Path) -> None:
    content = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    with pytest.raises(DefinitionBroken, match=path.name):
        read_measures(content, where=path.name)


def test_the_bad_definitions_are_bad_for_one_reason_each() -> None:
    """What they share is a good measure, so each is refused for the fault in its name."""
    content = yaml.load(BAD[0].read_text(), Loader=yaml.CSafeLoader)
    good = {name: value for name, value in content.items() if name in Measure.model_fields}
    good |= {"statistic": "count", "numerator": "in_period(ServDischDate)"}
    for name in ("denominator", "of", "standard"):
        good.pop(name, None)
    assert read_measures(good, where="good")[0].id == "M901"
    assert len(BAD) >= 14
