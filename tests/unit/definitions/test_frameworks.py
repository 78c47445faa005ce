"""Frameworks as they ship: the numbers of the sources, texts that say whose they are, and faults that are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from joinedup.definitions.frameworks import Framework
from joinedup.definitions.measure import Measure
from joinedup.definitions.places import Places
from joinedup.definitions.reading import build
from joinedup.errors import DefinitionBroken, UnknownName

BAD = sorted((Path(__file__).parents[2] / "fixtures/bad_definitions").glob("framework_*.yaml"))
PBP = Framework.load("place_based_partnership")
DOMAINS = [
    "Leadership & Governance", "Vision & Strategy", "Service Delivery & Integrated Care Models",
    "Population Health Management", "Patient and Community Engagement", "Workforce Development",
]  # fmt: skip
COMPETENCIES = [
    "Locally lead the NHS", "Work with community partners", "Engage with public and patients",
    "Collaborate with clinicians", "Manage knowledge and assess needs", "Prioritise investment", "Stimulate the market",
    "Promote improvement and innovation", "Secure procurement skills", "Manage the local health system",
    "Make sound financial investments",
]  # fmt: skip


def test_every_framework_says_whose_its_texts_are_and_names_measures_that_exist() -> None:
    assert len(Framework.all()) >= 3
    for found in Framework.all():
        assert found.texts == "ours" and "ours" in found.texts_note.lower()
        assert found.source and found.next_review > date(2026, 1, 1) and found.reviewer
        for name in {name for one in found.criteria for name in one.measures}:
            assert Measure.load(name).id == name


def test_the_maturity_model_has_six_domains_four_statements_and_six_questions_in_the_order_of_the_paper() -> (
    None
):
    assert [one.title for one in PBP.domains] == DOMAINS
    assert len(PBP.statements) == 4 and PBP.statements[0].title.startswith("Shared strategic priorities")
    assert [one.title for one in PBP.statements][1:3] == [
        "Integrated neighbourhood teams at the heart of delivery",
        "Clear accountability and inclusive governance arrangements (across health and local authority)",
    ]
    assert len(PBP.questions) == 6 and PBP.questions[0].slug == "journey"
    assert (PBP.target.by.year, PBP.target.by.month, PBP.target.level) == (2026, 4, 4)
    assert "18 November 2025" in PBP.source
    assert PBP.charter is not None
    assert len(PBP.charter.parties) == 5 and PBP.charter.parties[-1] == "Integrator"


def test_neighbourhoods_have_50_000_to_100_000_residents() -> None:
    rule = PBP.neighbourhoods
    assert rule is not None and (rule.lowest, rule.highest) == (50_000, 100_000) and rule.source


def test_seven_partnerships_cover_eight_boroughs() -> None:
    register, day = Places.load(), date(2026, 3, 31)
    found = register.of_level(PBP.unit, day)
    boroughs = [code for place in found for code in place.holds_members(day)]
    assert (len(found), len(boroughs), len(set(boroughs))) == (7, 8, 8)
    assert set(boroughs) == {place.code for place in register.boroughs(day)}


def test_world_class_commissioning_has_11_competencies_at_4_levels_and_three_views() -> None:
    wcc = Framework.load("wcc")
    assert [one.title for one in wcc.domains] == COMPETENCIES
    assert len(wcc.levels) == 4 and [view.slug for view in wcc.views] == ["self", "peer", "panel"]
    assert len([one for one in wcc.criteria if not one.optional]) == 30
    assert wcc.subsets[0].domains == (
        "needs",
        "prioritise",
        "market",
        "procurement",
        "system_management",
        "investment",
    )


def test_a_third_framework_needed_no_code() -> None:
    """Six areas, three levels and two views of other names, and no module of the library names it."""
    third = Framework.load("provider_capability")
    assert (len(third.domains), third.highest, third.deciding.slug) == (6, 3, "region")
    package = Path(__file__).parents[3] / "joinedup"
    for slug in (one.slug for one in Framework.all()):
        naming = [path.name for path in package.rglob("*.py") if slug in path.read_text()]
        assert not naming, f"{slug} is named in {naming}"


def test_a_misspelt_framework_is_helped() -> None:
    with pytest.raises(UnknownName, match="maturity"):
        Framework.load("maturty")
    with pytest.raises(UnknownName, match="Try"):
        Framework.load("../places")
    with pytest.raises(UnknownName, match="inclusive_board"):
        PBP.criterion("inclusive_bored")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_framework_is_refused(path: Path) -> None:
    content = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    with pytest.raises(DefinitionBroken, match=path.name):
        build(Framework, content, where=path.name)


def test_the_bad_frameworks_are_bad_for_one_reason_each() -> None:
    """Each differs from a good one in the line that is its fault."""
    content = yaml.load(
        next(p for p in BAD if "planet" in p.read_text()).read_text(), Loader=yaml.CSafeLoader
    )
    assert build(Framework, {**content, "unit": "borough"}, where="good").slug == "small"
    assert len(BAD) >= 16
