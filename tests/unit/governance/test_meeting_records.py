"""What is read of ModernGov's answers and of pages of the Open Council Network, and what is refused unread."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.governance.meetings import blocks, xml_trees
from joinedup.governance.meetings.blocks import page_of
from joinedup.governance.meetings.moderngov import read_moderngov
from joinedup.governance.meetings.open_council import read_open_council
from joinedup.governance.meetings.records import PaperLink, clock, slug
from tests.conftest import reference_folder
from tests.unit.governance.meeting_files import DAY, JOINT, linked, listing, meeting, page, soap, source

UNKNOWN = source("?")


@pytest.fixture
def source_page() -> bytes:
    folder = reference_folder("JOINEDUP_SOURCES", "../shared/reference/source-documents")
    found = sorted(folder.glob("004_*.txt"))
    if not found:
        pytest.skip(f"no source documents: set JOINEDUP_SOURCES (looked in {folder.name})")
    return found[0].read_bytes()


@pytest.mark.parametrize("answer", [meeting(), soap(meeting())], ids=["bare", "soap"])
def test_a_meeting_of_moderngov(answer: bytes) -> None:
    (found,) = read_moderngov(answer, "a.xml", UNKNOWN, committee=JOINT).records
    assert (found.day, found.time, found.number, found.status) == (DAY, "10:00", "4967", "Confirmed")
    assert found.venue == "Committee Room 1, Town Hall" and found.source.council == "democracy.alder.example"
    assert [item.title for item in found.items] == ["Children & waits", "Partnerships", "Held back"]
    assert found.items[1].decision.startswith("RESOLVED that") and "\n" in found.items[1].decision
    assert [(who.name, who.attendance) for who in found.attendance or ()] == [
        ("Councillor Ada Alder", "Present"), ("Cllr Ben Birch", "Apologies"),
    ]  # fmt: skip
    assert found.papers[0].url.endswith("ID=60860") and found.papers[0].title == "Waits of children: report"


def test_what_is_restricted_or_not_published_is_not_read() -> None:
    (found,) = read_moderngov(meeting(), "a.xml", UNKNOWN, committee=JOINT).records
    assert not any("secret" in item.minutes or "later" in item.minutes for item in found.items)


def test_a_list_of_meetings_names_committee_and_days() -> None:
    found = read_moderngov(
        listing(("1", "18/11/2025"), ("2", "3/2/2026"), committee="Health & Care"), "a.xml", source("Alder")
    ).records
    assert [(each.committee, each.day) for each in found] == [
        ("Health & Care", DAY),
        ("Health & Care", date(2026, 2, 3)),
    ]
    assert not any(each.published or each.items or each.attendance for each in found)


def test_a_described_paper_is_no_meeting() -> None:
    answer = read_moderngov(
        f"<r>{linked('A paper')}{linked('Kept back', restricted='True')}</r>".encode(), "a.xml", UNKNOWN
    )
    assert answer.records == () and [paper.title for paper in answer.papers] == ["A paper"]


def test_a_page_of_the_network_is_read_as_it_stands(source_page: bytes) -> None:
    found = read_open_council(source_page, "004.txt", source("?", "open_council_network"))
    assert found.committee == "North West London Joint Health Overview & Scrutiny Committee"
    assert (found.day, found.time, found.venue) == (date(2025, 11, 18), "10:00", "Harrow Council Hub")
    assert found.source.council == "Kensington and Chelsea Council" and found.status == "scheduled"
    assert [item.title for item in found.items] == [
        "Place Based Partnerships", "Special School Nursing", "North West London JOHSC Recommendations Tracker",
        "Work programme",
    ]  # fmt: skip
    assert [paper.title for paper in found.papers] == [
        "The Future of Place Based Partnerships Delivering Health and Care Services", "Special School Nursing",
    ]  # fmt: skip
    assert [who.name for who in found.attendance or ()] == ["Councillor Lucy Knight"]


def test_what_the_page_lacks_is_told_and_not_taken_for_nothing(source_page: bytes) -> None:
    notes = read_open_council(source_page, "004.txt", source("?", "open_council_network")).notes
    assert any("lists no attendees" in note for note in notes)
    assert "Items of lists without text: 1. Kept for review." in notes
    assert read_open_council(page(), "a.txt", source("?", "open_council_network")).attendance is None


def test_a_saved_page_says_what_its_text_says() -> None:
    html = (
        "<!doctype html><title>x</title><script>if (a < b) alert('Item')</script><!-- <h2>No item</h2> -->"
        "<p>Get summaries about Birch every week.</p>"
        f"<h1>{JOINT} - Tuesday, 18th November, 2025 10.00 am</h1><p>Held at the Old Hall.</p>"
        "<h2>Waits</h2><ul><li><p>One.</p></li><li></li></ul><p>A report titled, Waits, was prepared.</p>"
        "<p><a href='https://birch.example/a'>Waits</a> <a href='javascript:alert(1)'>View on council website</a></p>"
        "<h2>Attendees</h2><ul><li>Councillor Ben Birch, Chair</li></ul><h2>Topics</h2>"
    )
    found = read_open_council(html.encode(), "a.html", source("?", "open_council_network"))
    assert [item.title for item in found.items] == ["Waits"] and found.items[0].text.startswith("One.")
    assert found.papers == (PaperLink(title="Waits", url="https://birch.example/a"),)
    assert [(who.name, who.role) for who in found.attendance or ()] == [("Councillor Ben Birch", "Chair")]
    assert found.venue == "Old Hall" and not any("javascript" in note for note in found.notes)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><meeting>&b;</meeting>", UnreadableFile),
        (b"<meeting><meetingid>1</meetingid>", UnreadableFile),
        (b"<a>" * 100 + b"</a>" * 100, UnsafeFile),
        (b"<meeting><meetingid>1</meetingid><meetingdate>TBC</meetingdate></meeting>", UnreadableFile),
        (b"<meetings></meetings>", UnreadableFile),
        (b"<?xml version='1.0' encoding='nothing'?><meeting/>", UnreadableFile),
    ],
)
def test_xml_that_is_no_answer_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as told:
        read_moderngov(content, "a.xml", source("Alder"))
    assert told.value.remedy  # type: ignore[attr-defined]


def test_limits_hold_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_trees, "MOST_ELEMENTS", 20)
    with pytest.raises(UnsafeFile, match="deeper or longer"):
        read_moderngov(meeting(), "a.xml", UNKNOWN)
    monkeypatch.setattr(blocks, "MOST_CHARACTERS", 20)
    with pytest.raises(UnsafeFile, match="characters"):
        page_of("A line.\n" * 4, "a.txt")
    with pytest.raises(UnsafeFile, match="open and do not close"):
        page_of("<html>" + "<a " * 1_100 + ">", "a.html")


def test_a_page_of_something_else_is_none_of_a_meeting() -> None:
    with pytest.raises(UnreadableFile, match="no page of a meeting"):
        read_open_council(b"Some text. Another.", "a.txt", source("Alder", "open_council_network"))
    nobody = page("Birch").replace(b"every week", b"now and then")
    with pytest.raises(UnreadableFile, match="which council") as told:
        read_open_council(nobody, "a.txt", source("?", "open_council_network"))
    assert "--council" in told.value.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [("10.00 am", "10:00"), ("2.30 pm", "14:30"), ("12.15 pm", "12:15"), ("12.00 am", "00:00"), ("19:30", "19:30"),
     ("7 pm", "19:00"), ("TBC", ""), ("7", ""), ("25.00", ""), ("13.00 pm", "")],
)  # fmt: skip
def test_times_of_the_clock(text: str, said: str) -> None:
    assert clock(text) == said


def test_names_for_keys_and_addresses() -> None:
    assert (
        slug("Kensington & Chelsea Council") == "kensington-and-chelsea-council" and slug("¿?") == "unnamed"
    )
    for text in ("javascript:alert(1)", "//a.example", "https://", "http://[::1", "https://a b"):
        assert PaperLink(url=text).url == ""
    assert PaperLink(url="https://a.example/b?ID=1").url == "https://a.example/b?ID=1"


def test_both_pages_of_the_example_are_in_the_wheel() -> None:
    from joinedup.governance.meetings import example_pages

    assert all(isinstance(path, Path) and path.is_file() for path in example_pages())
