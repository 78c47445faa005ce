"""Topics, clocks and headings of scrutiny's tracker as they ship."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.definitions.reading import build, list_files, read_yaml
from joinedup.definitions.scrutiny import ResponseClock, TopicList, TopicRow, TrackerColumns
from joinedup.errors import DefinitionBroken, UnknownName

TITLES = [
    "Acute beds", "Ophthalmology", "Musculoskeletal (MSK)", "Palliative and end of life care",
    "Mental health provision for children and young people", "Alternative provision to accident and emergency",
    "Proposals on the future of The Gordon Hospital", "ICS Workforce Strategy and Programme Update",
    "NWL Elective Orthopaedic Centre", "ICS Updates: ICS Running Costs Reduction",
    "Primary Care Access And Same Day Access Model", "NWL Adult Community based Specialist Palliative Care (CSPC)",
    "NWL Involvement Strategy", "Integrated Care System Update", "North West London Planned Care Strategy",
    "Maternity Provisions in North West London", "Reconfiguration of the ICB and implications on services",
    "Adult Mental Health",
]  # fmt: skip


def test_all_18_topics_and_the_blank_row_stand_in_the_order_of_the_source() -> None:
    listed = TopicList.load()
    assert [row.title for row in listed.topics] == TITLES
    assert len(listed.rows) == 19 and listed.rows[-1].blank
    assert listed.meeting == date(2025, 11, 18) and "18 November 2025" in listed.source


def test_each_topic_opens_measures_that_exist_or_says_why_none_is_held() -> None:
    for row in TopicList.load().topics:
        assert bool(row.opens()) != bool(row.no_data_held)
        assert row.about and row.about not in TITLES
    opened = TopicList.load().topic("Adult mental health").opens()
    assert [measure.id for measure in opened] == ["M001", "M031", "M053", "M055", "M195", "M186"]


def test_a_topic_is_found_by_slug_or_title_and_a_misspelt_one_is_helped() -> None:
    listed = TopicList.load()
    assert listed.topic("gordon_hospital") is listed.topic("Proposals on the future of the Gordon Hospital")
    with pytest.raises(UnknownName, match="ophthalmology"):
        listed.topic("opthalmology")
    with pytest.raises(UnknownName, match="nwl_jhosc_2025_11_18"):
        TopicList.load("../../measures/talking_therapies/recovery")


@pytest.mark.parametrize(
    "row",
    [
        {"slug": "a", "title": "A", "about": "B"},
        {"slug": "a", "title": "A", "about": "B", "measures": ["M195"], "no_data_held": "none"},
        {"title": "A", "about": "B", "no_data_held": "none"},
        {"blank": True, "title": "A"},
    ],
)
def test_a_row_that_says_two_things_or_nothing_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(DefinitionBroken):
        build(TopicRow, row, where="row")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2025, 11, 18), date(2025, 12, 16)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 12, 15), date(2026, 1, 12)),
    ],
)
def test_a_response_is_due_28_days_after_it_was_asked_for(asked: date, due: date) -> None:
    clock = ResponseClock.for_kind("recommendation")
    assert (clock.days, clock.statutory) == (28, True)
    assert "SI 2013/218" in clock.source and "regulation 22" in clock.source
    assert clock.due(asked) == due
    assert not ResponseClock.for_kind("information_request").statutory


def test_each_clock_is_loaded_by_its_name() -> None:
    names = [str(read_yaml(path)["slug"]) for path in list_files("scrutiny/clocks")]
    assert [ResponseClock.load(name).slug for name in names] == names
    with pytest.raises(UnknownName, match="health_scrutiny_response"):
        ResponseClock.load("a_month")


def test_headings_and_words_mean_one_thing_whatever_their_case_and_marks() -> None:
    known = TrackerColumns.load()
    assert known.field_of("Recommendation /\nInformation REQUEST:") == "text"
    assert known.field_of("Colour of the cover") is None
    assert (known.answer_of("Yes"), known.answer_of("NO"), known.answer_of("perhaps")) == (
        "accepted",
        "not_accepted",
        None,
    )
    assert (known.says_finished("Complete"), known.says_finished("Ongoing"), known.says_finished("?")) == (
        True,
        False,
        None,
    )
    twice = {**read_yaml("scrutiny/columns.yaml"), "headings": {"text": ["text"], "topic": ["Text."]}}
    with pytest.raises(DefinitionBroken, match="two things: text"):
        build(TrackerColumns, twice, where="columns")
