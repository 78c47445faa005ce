"""Sentences made from known parts: what was put in is found, once, as it was meant; whatever the rest."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.improvement.claims import find_claims, sentences_of
from joinedup.improvement.pages import paragraphs_of_page, paragraphs_of_text
from joinedup.improvement.quantities import Kind, quantities_in

DOWN = ("fell", "has fallen", "was reduced", "dropped", "decreased", "declined", "was cut")
UP = ("rose", "has risen", "increased", "grew", "has grown")
THINGS = ("Use of placements", "The number of admissions", "Our average wait", "Demand in Brent", "Bed use")
ENDS = ("", " last year", " in the past 4 years", ", which is good", " since 2019")
percents = st.one_of(st.integers(1, 400).map(str), st.decimals(1, 99, places=1).map(str))
FEW = settings(max_examples=60, deadline=None)


@FEW
@given(
    st.sampled_from(THINGS), st.sampled_from(DOWN + UP), percents, st.sampled_from(["%", " per cent", " %"]),
    st.sampled_from(["", "about ", "nearly ", "more than ", "at least "]), st.sampled_from(ENDS),
)  # fmt: skip
def test_a_change_by_a_percentage(thing, verb, number, sign, hedge, end):
    sentence = f"{thing} {verb} by {hedge}{number}{sign}{end}."
    (found,) = quantities_in(sentence)
    assert found.kind is Kind.CHANGE
    assert found.value == pytest.approx(float(number) / 100 * (-1 if verb in DOWN else 1))
    assert found.low < found.value < found.high
    assert found.bound == ("at least" if hedge in ("more than ", "at least ") else "")


@FEW
@given(
    st.sampled_from(THINGS), st.sampled_from(DOWN + UP), st.integers(1, 1700), st.integers(1, 1700),
    st.sampled_from(["", " days", " years", "%", " million"]), st.sampled_from(ENDS), st.booleans(),
)  # fmt: skip
def test_a_change_from_one_amount_to_another(thing, verb, first, last, unit, end, both):
    sentence = f"{thing} {verb} from {first}{unit} to {last}{unit if both else ''}{end}."
    (found,) = quantities_in(sentence)
    assert (found.kind, found.before, found.after) == (Kind.CHANGE, first, last)
    assert found.value == pytest.approx(last / first - 1)


@FEW
@given(st.text(st.characters(max_codepoint=0x2FFF), max_size=300))
def test_any_text_is_read_and_quoted_as_it_stands(text):
    for paragraphs in (paragraphs_of_text(text), paragraphs_of_page(text)):
        for claim in find_claims(paragraphs):
            quantity = claim.quantity
            assert claim.sentence in paragraphs[claim.paragraph - 1]
            assert claim.sentence[quantity.start : quantity.end] == quantity.phrase
            assert math.isfinite(quantity.value) and quantity.low <= quantity.value <= quantity.high


WORDS = [
    "fell", "by", "from", "to", "20%", "a", "fifth", "halved", "3.4", "years", "(", ")", ",", "one",
    "in", "five", "-5%", "doubled", "not", "twice", "as", "many", "£1.2m", "2019", "reduction", "of",
    "and", ".", "average", "is", "%", "–",
]  # fmt: skip


@FEW
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_claims_of_a_sentence_do_not_overlap_and_invent_no_number(words):
    sentence = " ".join(words)
    found = quantities_in(sentence)
    for left, right in pairwise(found):
        assert left.end <= right.start
    for each in found:
        assert sentence[each.start : each.end] == each.phrase
        written = any(sign.isdigit() for sign in each.phrase)
        assert written or any(
            word in each.phrase.lower() for word in ("fifth", "halved", "doubled", "twice", "one", "five")
        )


def test_a_number_in_words_is_the_number():
    (found,) = quantities_in("fell by five %")
    assert abs(found.value) == pytest.approx(0.05)


@FEW
@given(st.lists(st.sampled_from([*WORDS, "The", "Dr.", "e.g.", "!", "?"]), max_size=40))
def test_sentences_are_the_paragraph(words):
    paragraph = " ".join(words)
    assert " ".join(sentences_of(paragraph)) == paragraph
