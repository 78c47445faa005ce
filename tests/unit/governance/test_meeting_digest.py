"""A digest quotes and adds nothing: every sentence is found again in its paper, at its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from joinedup.definitions.meetings import DigestRules, Vocabulary
from joinedup.definitions.reading import build, read_yaml
from joinedup.definitions.scrutiny import TopicList
from joinedup.errors import DefinitionBroken, UnknownName, UnreadableFile, UnsafeFile, YourData
from joinedup.governance.cells import Workbook
from joinedup.governance.importing import import_bytes
from joinedup.governance.meetings import (
    Meeting,
    Register,
    dates_of,
    digest_of,
    import_files,
    propose,
    resolve,
    tracker_rows,
)
from joinedup.governance.meetings import passages as reading
from joinedup.governance.meetings.archive import path_in
from joinedup.governance.meetings.digest import Paper, quotes_in
from joinedup.governance.meetings.following import calendar_file
from joinedup.governance.meetings.passages import read_passages
from joinedup.governance.meetings.proposing import TopicWord
from joinedup.governance.meetings.sentences import sentences_of
from joinedup.governance.writing import write_xlsx
from tests.unit.governance.meeting_files import DAY, IMPORTED, JOINT, REPORT, listing, meeting, pdf_of, put
from tests.unit.governance.test_meeting_records import source_page  # noqa: F401

PAPER = Paper("0" * 64, "pdf", "A report")


@pytest.fixture
def held(tmp_path: Path) -> tuple[Path, Register, Meeting]:
    """A register with one meeting of ModernGov, its record and a report in PDF."""
    files = put(tmp_path / "in", a_xml=meeting(), b_xml=listing(("4967", "18/11/2025")))
    files += put(tmp_path / "in", **{"60860_pdf": pdf_of(*REPORT)})
    register, steps = import_files(tmp_path, files, by="clerk", on=IMPORTED, council="Alder")
    assert {step.result for step in steps} == {"new"}, steps
    (one,) = register.meetings
    return tmp_path, register, one


def test_every_sentence_resolves_to_its_passage(held: tuple[Path, Register, Meeting]) -> None:
    folder, register, one = held
    quotes = digest_of(folder, register.papers_of(one))
    assert len(quotes) >= 6
    for quote in quotes:
        passage = resolve(folder, quote)
        assert passage.text[quote.begin : quote.end] == quote.sentence
        assert (passage.page, passage.paragraph) == (quote.page, quote.paragraph)
    assert {quote.page for quote in quotes} >= {1, None}


def test_each_sentence_is_quoted_by_the_first_rule_that_chooses_it(
    held: tuple[Path, Register, Meeting],
) -> None:
    folder, register, one = held
    found = {
        quote.sentence: (quote.rule, quote.place) for quote in digest_of(folder, register.papers_of(one))
    }
    assert found["RESOLVED that the maturity model be adopted."] == ("recorded_decision", "paragraph 6")
    assert found["Six domains were named."][0] == "recorded_decision"
    assert (
        found["The Committee recommended that the trusts publish them, Dr. A. Reed said."][0]
        == "recommendation"
    )
    assert (
        found["The Committee asked for the waits of each borough to be reported by 16 January 2026."][0]
        == "request"
    )
    assert found["Members are asked to note the report by 16 January 2026."] == (
        "request",
        "page 1, paragraph 3",
    )
    waits = next(sentence for sentence in found if sentence.startswith("The trusts saw 1,240"))
    assert found[waits] == ("number", "page 1, paragraph 2") and waits.endswith("in the year.")


def test_quotes_carry_hash_link_and_page(held: tuple[Path, Register, Meeting]) -> None:
    folder, register, one = held
    links = {(quote.page, quote.link) for quote in digest_of(folder, register.papers_of(one))}
    assert links == {
        (1, "https://democracy.alder.example/mgConvert2PDF.aspx?ID=60860#page=1"),
        (None, "https://democracy.alder.example/ieListDocuments.aspx?CId=144&MId=4967"),
    }


def test_a_quote_that_does_not_stand_there_or_a_paper_that_was_altered_is_refused(
    held: tuple[Path, Register, Meeting],
) -> None:
    folder, register, one = held
    quote = digest_of(folder, register.papers_of(one))[0]
    for wrong in (
        replace(quote, sentence="The trusts halved their waits."),
        replace(quote, begin=quote.begin + 1),
        replace(quote, paragraph=99),
    ):
        with pytest.raises(YourData, match="does not stand"):
            resolve(folder, wrong)
    path = path_in(folder, quote.paper.sha256, quote.paper.medium)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(YourData, match="altered"):
        resolve(folder, quote)
    path.unlink()
    with pytest.raises(YourData, match="does not hold"):
        digest_of(folder, register.papers_of(one))


def test_the_source_page_is_quoted_with_its_numbers_and_deadlines(tmp_path: Path, source_page: bytes) -> None:  # noqa: F811
    register, _ = import_files(tmp_path, put(tmp_path / "in", a_txt=source_page), by="clerk", on=IMPORTED)
    (one,) = register.meetings
    quotes = digest_of(tmp_path, register.papers_of(one))
    assert all(resolve(tmp_path, quote) for quote in quotes) and all(quote.paper.summary for quote in quotes)
    text = source_page.decode()
    assert all(quote.sentence in text for quote in quotes)
    assert any("8 to 13" in quote.sentence for quote in quotes if quote.rule == "number")
    assert any("50,000-100,000" in quote.sentence for quote in quotes if quote.rule == "number")
    assert any("by April 2026" in quote.sentence for quote in quotes if quote.rule == "deadline")
    assert not any("community@" in quote.sentence for quote in quotes)


def test_at_least_20_topics_are_proposed_on_the_source_page_each_with_its_sentence(
    tmp_path: Path,
    source_page: bytes,  # noqa: F811
) -> None:
    register, _ = import_files(tmp_path, put(tmp_path / "in", a_txt=source_page), by="clerk", on=IMPORTED)
    proposals = propose(tmp_path, register.papers_of(register.meetings[0]))
    assert len(proposals) >= 20
    assert {found.tracker for found in proposals} >= {topic.slug for topic in TopicList.load().topics}
    for found in proposals:
        assert found.status == "proposed" and found.times >= 1
        for quote in found.triggers:
            assert resolve(tmp_path, quote).text[quote.begin : quote.end] == quote.sentence
            assert Vocabulary.load().topic(found.topic).triggered_by(quote.sentence)


def test_a_topic_is_confirmed_or_refused_by_somebody_on_a_day_and_the_last_word_stands(
    held: tuple[Path, Register, Meeting],
) -> None:
    folder, register, one = held
    proposals = propose(folder, register.papers_of(one))
    assert {found.topic for found in proposals} == {"maturity_model", "special_school_nursing"}
    for word in ("confirmed", "refused"):
        said = TopicWord.model_validate(
            {
                "topic": "maturity_model",
                "records": one.keys,
                "word": word,
                "by": "chair",
                "on": IMPORTED,
                "why": "Seen.",
            }
        )
        register = register.topic_decided(said)
    found = {each.topic: each for each in register.with_topics(one, proposals)}
    assert found["maturity_model"].status == "refused" and found["maturity_model"].decided == said
    assert found["special_school_nursing"].status == "proposed"
    assert len(Register.from_bytes(register.to_bytes()).topic_words) == 2


def test_rows_for_the_tracker_are_quotes_that_the_tracker_reads(held: tuple[Path, Register, Meeting]) -> None:
    folder, register, one = held
    papers = register.papers_of(one)
    word = TopicWord.model_validate(
        {"topic": "maturity_model", "records": one.keys, "word": "confirmed", "by": "chair", "on": IMPORTED}
    )
    proposals = register.topic_decided(word).with_topics(one, propose(folder, papers))
    sheet = tracker_rows(one.id, one.day, digest_of(folder, papers), proposals)
    tracker = import_bytes(write_xlsx(Workbook((sheet,))), "rows.xlsx", on=IMPORTED, by="clerk")
    raised = [found.history.state.raised for found in tracker.live if found.history]
    assert {(each.kind, each.text) for each in raised} == {
        ("recommendation", "The Committee recommended that the trusts publish them, Dr. A. Reed said."),
        ("recommendation", "We recommend that the committee asks again in spring."),
        (
            "information_request",
            "The Committee asked for the waits of each borough to be reported by 16 January 2026.",
        ),
        ("information_request", "Members are asked to note the report by 16 January 2026."),
    }
    assert {each.meeting for each in raised} == {DAY} and {each.to_whom for each in raised} == {""}
    assert {each.topic for each in raised} == {"Children & waits", "Waits of children: report"}
    assert all("sha256" in str(row[-1]) for row in sheet.rows[1:])


def test_days_for_calendars_name_the_sentence_and_invent_no_day(held: tuple[Path, Register, Meeting]) -> None:
    import icalendar

    folder, register, one = held
    quotes = digest_of(folder, register.papers_of(one))
    vague = replace(quotes[0], sentence="Every borough is to do so by April 2026, said on 31 February 2026.")
    dates = dates_of(one.committee, one.day, (*quotes, vague), at=one.time, venue=one.venue)
    assert [(each.month, each.day and each.day.isoformat()) for each in dates] == [
        ("2025-11", "2025-11-18"), ("2026-01", "2026-01-16"), ("2026-01", "2026-01-16"), ("2026-04", None),
    ]  # fmt: skip
    read = icalendar.Calendar.from_ical(calendar_file(one.id, dates))
    events = read.walk("VEVENT")
    assert len(events) == 3 and str(events[0]["summary"]) == JOINT
    assert "16 January 2026" in str(events[1]["description"])


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("It was agreed that the chair would write.", "decision"),
        ("The Committee noted the report.", "decision"),
        ("The matter remains unresolved.", None),
        ("Officers recommend option 2.", "recommendation"),
        ("The Panel requests the figures of each ward.", "request"),
        ("If you have any requests or comments, write to us.", None),
        ("A plan is due in March 2026.", "deadline"),
        ("Staff will report within six weeks.", "deadline"),
        ("Costs rose by 4.5% to £3 million.", "number"),
        ("The meeting ran from 10.00 am to noon.", None),
        ("Members thanked the chair.", None),
    ],
)
def test_what_the_rules_choose(sentence: str, rule: str | None) -> None:
    found = DigestRules.load().rule_for(sentence)
    assert (found.slug if found else None) == rule


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Cllr. A. B. Khan spoke. Dr. Lee agreed.", ["Cllr. A. B. Khan spoke.", "Dr. Lee agreed."]),
        ("It cost 3.5 million. 1. The next.", ["It cost 3.5 million.", "1. The next."]),
        ("“Why?” She asked.", ["“Why?”", "She asked."]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[begin:end] for begin, end in sentences_of(text)] == sentences


def test_half_a_sentence_at_the_turn_of_a_page_is_not_quoted() -> None:
    torn = pdf_of(
        ("Costs fell by 4%. The committee did not agree that waits fell by 20% in",),
        ("8 boroughs, said the report, and that", "two boroughs closed 12 beds. Staff numbers rose by 3%.",),
    )  # fmt: skip
    lower = pdf_of(("We recommend that the",), ("trusts do not publish 20% of figures. We recommend more.",))
    quoted = [q.sentence for each in (torn, lower) for q in quotes_in(read_passages(each, "a.pdf"), PAPER)]
    assert "We recommend more." in quoted and "Costs fell by 4%." in quoted
    assert not any("trusts do not" in found or found == "We recommend that the" for found in quoted)


def test_a_pdf_that_is_damaged_locked_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdf_of(*REPORT)
    with pytest.raises(UnreadableFile) as told:
        read_passages(whole[:200], "a.pdf")
    assert told.value.remedy
    monkeypatch.setattr(reading, "MOST_PAGES", 1)
    with pytest.raises(UnsafeFile, match="2 pages"):
        read_passages(whole, "a.pdf")
    monkeypatch.setattr(reading, "MOST_PAGES", 10)
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 50)
    with pytest.raises(UnsafeFile, match="characters"):
        read_passages(whole, "a.pdf")


def test_initials_count_in_capitals_only_and_words_whole() -> None:
    send, acute = Vocabulary.load().topic("send"), Vocabulary.load().topic("acute_beds")
    assert send.triggered_by("Officers for SEND spoke.") and not send.triggered_by("Officers send papers.")
    assert acute.triggered_by("More acute-beds") and not acute.triggered_by("acute bedding")
    with pytest.raises(UnknownName):
        Vocabulary.load().topic("nothing")


def test_definitions_that_do_not_hold_are_refused() -> None:
    kept = read_yaml("meetings/digest.yaml")
    for rule in (
        {"slug": "a", "title": "A", "why": "b"},
        {"slug": "a", "title": "A", "why": "b", "patterns": ["("]},
    ):
        with pytest.raises(DefinitionBroken):
            build(DigestRules, kept | {"rules": [rule]}, where="digest")
    topics = read_yaml("meetings/topics.yaml")
    with pytest.raises(DefinitionBroken, match="twice"):
        build(Vocabulary, topics | {"topics": [topics["topics"][0], topics["topics"][0]]}, where="topics")
    known = {topic.slug for topic in TopicList.load().topics}
    assert {topic.tracker for topic in Vocabulary.load().topics} - {""} == known
