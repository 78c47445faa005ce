from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.crossing import margins
from joinedup.definitions.reading import build
from joinedup.errors import DefinitionBroken, UnknownName
from joinedup.lake import sql_session
from tests.reference.breakdowns import group_of

SLUGS = {
    "ethnic_group", "ethnic_category", "deprivation_decile", "deprivation_quintile", "age_band", "gender",
    "gender_identity", "sexual_orientation", "religion", "disability", "long_term_condition", "employment",
    "language", "interpreter", "presenting_problem", "source_of_referral",
}  # fmt: skip
NUMERIC = {"deprivation_decile", "deprivation_quintile", "age_band"}


def values_of(breakdown: Breakdown) -> st.SearchStrategy[str | int | None]:
    if breakdown.slug in NUMERIC:
        return st.none() | st.integers(-5, 140)
    rules = [rule for group in breakdown.groups for rule in (*group.codes, *group.prefixes)]
    return (
        st.none()
        | st.sampled_from(rules)
        | st.builds(str.__add__, st.sampled_from(rules), st.text("019aAF", max_size=2))
        | st.text(max_size=4)
    )


def test_the_breakdowns_agreed_are_there() -> None:
    assert {breakdown.slug for breakdown in Breakdown.all()} == SLUGS


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_python_sql_and_the_reference_put_every_value_in_the_same_group(slug: str) -> None:
    breakdown = Breakdown.load(slug)
    kind = pa.int16() if slug in NUMERIC else pa.string()

    with sql_session() as session:

        @settings(deadline=None, max_examples=50)
        @given(st.lists(values_of(breakdown), min_size=1, max_size=40))
        def agree(values: list[str | int | None]) -> None:
            values = [value.replace("\0", "") if isinstance(value, str) else value for value in values]
            expected = [group_of(breakdown, value) for value in values]
            assert [breakdown.group_of(value) for value in values] == expected
            session.register("people", pa.table({"row": range(len(values)), "code": pa.array(values, kind)}))
            answer = session.fetch(f"SELECT {breakdown.sql_case('code')} AS found FROM people ORDER BY row")
            assert answer["found"].to_pylist() == expected

        agree()


@pytest.mark.parametrize(
    ("slug", "value", "group"),
    [
        ("ethnic_group", "R", "Other Ethnic Groups"),
        ("ethnic_group", "Z", "Not stated"),
        ("ethnic_category", "A", "White British"),
        ("ethnic_category", "99", "Not stated"),
        ("deprivation_decile", 1, "1 - most deprived"),
        ("deprivation_decile", 0, "Not stated"),
        ("deprivation_quintile", 10, "5 - least deprived"),
        ("age_band", 17, "Under 18"),
        ("age_band", 90, "90 and over"),
        ("age_band", -1, "Not stated"),
        ("presenting_problem", "F410", "Panic disorder"),
        ("presenting_problem", "F419", "Other anxiety or stress related disorder"),
        ("presenting_problem", "F29", "Other mental health problems"),
        ("presenting_problem", "G933", "Chronic fatigue syndrome"),
        ("presenting_problem", "R52", "Other recorded problems"),
        ("presenting_problem", "-1", "Not stated"),
        ("source_of_referral", "H2", "Secondary care"),
        ("language", "en", "English"),
        ("language", "q4", "Another language"),
        ("language", None, "Not stated"),
        ("religion", "Baha'i", "Baha'i"),
        ("disability", "N", "No disability"),
    ],
)  # fmt: skip
def test_single_values(slug: str, value: str | int | None, group: str) -> None:
    assert Breakdown.load(slug).group_of(value) == group


def test_every_ethnic_code_is_in_one_category_and_the_category_in_one_group() -> None:
    codes = [code for group in Breakdown.load("ethnic_category").groups for code in group.codes]
    assert sorted(codes) == sorted([*"ABCDEFGHJKLMNPRSZ", "99"])
    assert len(codes) == 18
    assert sorted(code for group in Breakdown.load("ethnic_group").groups for code in group.codes) == sorted(
        codes
    )


def test_the_census_puts_chinese_people_elsewhere_than_the_returns() -> None:
    groups = Breakdown.load("ethnic_group")
    census = groups.crosswalk("census_2021")
    census_names = [group.name for group in census.groups]
    moved = {
        code: (groups.group_of(code), census.group_of(code))
        for code in "ABCDEFGHJKLMNPRS"
        if groups.group_names.index(groups.group_of(code)) != census_names.index(str(census.group_of(code)))
    }
    assert moved == {"R": ("Other Ethnic Groups", "Asian, Asian British or Asian Welsh")}
    assert census.group_of("Z") is None
    boxes = Breakdown.load("ethnic_category").crosswalk("census_2021")
    assert len(boxes.groups) == 19
    assert {code for group in boxes.groups for code in group.codes} == set("ABCDEFGHJKLMNPRS")
    with pytest.raises(UnknownName, match="no crosswalk"):
        groups.crosswalk("census_1991")


@pytest.mark.parametrize("decile", range(1, 11))
def test_deprivation_labels_run_the_other_way_in_publications(decile: int) -> None:
    ours = Breakdown.load("deprivation_decile")
    label = ours.label_of(ours.group_of(decile))
    assert label is not None
    assert int(label[1][:2]) == 11 - decile
    assert ours.published_labels[label] == ours.group_of(decile)
    assert ("most" in label[1].lower()) == (decile == 1)
    assert ("least" in label[1].lower()) == (decile == 10)


def test_crossing_keeps_both_orders() -> None:
    both = Breakdown.load("gender_x_age_band")
    assert both.stated_names[:2] == ("Female, Under 18", "Female, 18 to 25")
    gender, age = Breakdown.load("gender"), Breakdown.load("age_band")
    assert len(both.stated_names) == len(gender.stated_names) * len(age.stated_names)
    assert both.title.startswith(gender.title) and both.people("Female, 18 to 25")
    with pytest.raises(UnknownName, match="two breakdowns"):
        Breakdown.load("gender_x_gender")
    with pytest.raises(UnknownName, match="two breakdowns"):
        Breakdown.load("gender_x_age_band_x_ethnic_group")
    with pytest.raises(UnknownName, match="no breakdown called"):
        Breakdown.load("gender_x_nothing")


def test_crossed_groups_make_up_the_groups_of_either_half() -> None:
    found = margins("gender_x_age_band")
    assert found["gender", "Female"][:2] == ("Female, Under 18", "Female, 18 to 25")
    assert found["age_band", "Under 18"][:2] == ("Female, Under 18", "Male, Under 18")
    assert margins("gender") == {}


def test_what_is_not_there_is_named_with_its_neighbours() -> None:
    with pytest.raises(UnknownName, match="ethnic_group"):
        Breakdown.load("ethnicgroup")
    with pytest.raises(UnknownName, match="has no group"):
        Breakdown.load("gender").label_of("Femal")
    with pytest.raises(UnknownName, match="publications only"):
        Breakdown.load("care_cluster").sql_case("x")


GOOD = {
    "slug": "shape", "title": "Shape", "column": "Shape", "ordered": False, "reference": "Round",
    "version": 1, "valid_from": "2020-04-01", "source": "made up", "not_stated_means": "no code",
    "groups": [
        {"name": "Round", "codes": ["R"]}, {"name": "Square", "codes": ["S"]},
        {"name": "Not stated", "not_stated": True},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("same name", {"groups": [*GOOD["groups"][:1], *GOOD["groups"][:1], GOOD["groups"][2]]}),
        ("comes last", {"groups": GOOD["groups"][:2]}),
        ("comes last", {"groups": GOOD["groups"][::-1]}),
        ("reference group", {"reference": "Not stated"}),
        (
            "two groups",
            {"groups": [GOOD["groups"][0], {"name": "Square", "codes": ["R"]}, GOOD["groups"][2]]},
        ),
        ("both low and high", {"groups": [GOOD["groups"][0], {"name": "Big", "low": 1}, GOOD["groups"][2]]}),
        (
            "do not go together",
            {
                "groups": [
                    GOOD["groups"][0],
                    {"name": "Big", "low": 1, "high": 2, "codes": ["B"]},
                    GOOD["groups"][2],
                ]
            },
        ),
        ("colour", {"colour": "red"}),
    ],
)
def test_a_faulty_breakdown_is_refused(fault: str, change: dict[str, object]) -> None:
    assert build(Breakdown, GOOD, where="shape.yaml").group_of("S") == "Square"
    with pytest.raises(DefinitionBroken, match=fault):
        build(Breakdown, GOOD | change, where="shape.yaml")
