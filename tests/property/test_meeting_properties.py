"""Whatever the text: a digest holds only its sentences; whatever the order: records become the same meetings."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.governance.meetings.blocks import lines_as_blocks, page_of
from joinedup.governance.meetings.digest import Paper, quotes_in
from joinedup.governance.meetings.identity import Identity, grouped, likeness
from joinedup.governance.meetings.passages import read_passages
from joinedup.governance.meetings.records import Record
from joinedup.governance.meetings.sentences import sentences_of
from tests.eighths import examples
from tests.unit.governance.meeting_files import DAY, IMPORTED, JOINT, record

FEW = settings(max_examples=examples(150), deadline=None)
PAPER = Paper("0" * 64, "text", "A text")
LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
WORDS = st.sampled_from([
    "The committee agreed", "recommend that", "asked for", "by 3 May 2026", "12% of people", "RESOLVED", "Dr. A. Lee",
    "no. 4", "waits", "- item", "1. first", "\n", "\n\n", ".", "!", "”", "e.g.", "Councillor", "&", "<b>", "</p>",
    "\u2028", "é", "  ",
])  # fmt: skip
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(LETTERS, max_size=300))


def letters(text: str) -> str:
    return "".join(text.split())


@FEW
@given(TEXTS)
def test_a_digest_of_any_text_holds_only_its_passages(text: str) -> None:
    passages = read_passages(text.encode("utf-8", "replace"), "a.txt")
    found = {passage.paragraph: passage for passage in passages}
    plain = letters(text.encode("utf-8", "replace").decode())
    for quote in quotes_in(passages, PAPER):
        assert found[quote.paragraph].text[quote.begin : quote.end] == quote.sentence
        assert letters(quote.sentence) in plain


@FEW
@given(TEXTS, st.sampled_from(["p", "li", "td", "div"]))
def test_a_digest_of_any_page_holds_only_its_passages(text: str, tag: str) -> None:
    page = f"<!doctype html><title>x</title><{tag}>{text}</{tag}><!-- The committee agreed to nothing. -->"
    passages = read_passages(page.encode("utf-8", "replace"), "a.html")
    for quote in quotes_in(passages, PAPER):
        assert any(passage.text[quote.begin : quote.end] == quote.sentence for passage in passages)
        assert "to nothing" not in quote.sentence


@FEW
@given(TEXTS)
def test_sentences_are_all_of_a_passage_and_nothing_else(text: str) -> None:
    passage = " ".join(text.split())
    places = list(sentences_of(passage))
    assert " ".join(passage[begin:end] for begin, end in places) == passage
    assert all(0 <= begin < end <= len(passage) for begin, end in places)


@FEW
@given(TEXTS)
def test_blocks_lose_no_word_of_a_text(text: str) -> None:
    kept = " ".join(block.text for block in lines_as_blocks(text))
    assert re.findall(r"\w{4,}", kept) == re.findall(r"\w{4,}", text)
    assert [b.text for b in page_of(text, "a.txt").blocks] == [b.text for b in lines_as_blocks(text)]


RECORDS = st.lists(
    st.builds(
        lambda council, number, days, time, name: record(
            council, str(number), day=DAY + timedelta(days), time=time, committee=name
        ),
        st.sampled_from(["Alder", "Birch", "Cedar"]),
        st.integers(1, 3),
        st.integers(0, 9),
        st.sampled_from(["", "10:00", "14:00"]),
        st.sampled_from(
            [JOINT, JOINT, "North Riverside JHOSC", "South Riverside JHOSC", "Health and Wellbeing Board"]
        ),
    ),
    max_size=7,
    unique_by=lambda found: found.key,
)


@FEW
@given(RECORDS, st.randoms(use_true_random=False), st.data())
def test_the_order_of_records_makes_no_difference(
    records: list[Record], chance: object, data: st.DataObject
) -> None:
    words = []
    if len(records) > 1:
        first, second = sorted(data.draw(st.permutations([found.key for found in records]))[:2])
        are = data.draw(st.sampled_from(["same", "different"]))
        said = {"first": first, "second": second, "are": are, "by": "a", "on": IMPORTED, "why": "b"}
        words = data.draw(st.sampled_from([[], [Identity.model_validate(said)]]))
    shuffled = list(records)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    groups, candidates = grouped(records, words)
    again, same = grouped(shuffled, words)
    as_keys = [{record.key for record in group} for group in groups]
    assert as_keys == [{record.key for record in group} for group in again] and candidates == same
    assert sorted(key for group in as_keys for key in group) == sorted(record.key for record in records)


@FEW
@given(RECORDS)
def test_nothing_is_joined_that_is_not_sure(records: list[Record]) -> None:
    groups, candidates = grouped(records, [])
    home = {found.key: at for at, group in enumerate(groups) for found in group}
    for group in groups:
        for one in group:
            assert all(one is other or str(likeness(one, other)[0]) == "same" for other in group)
    for asked in candidates:
        assert home[asked.first] != home[asked.second] and asked.reasons
