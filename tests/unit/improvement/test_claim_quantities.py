"""What is claimed, sentence by sentence; and sentences that hold numbers and claim nothing."""

from __future__ import annotations

import pytest

from joinedup.improvement.claims import Claim, Reading, find_claims, sentences_of
from joinedup.improvement.quantities import Kind, quantities_in

CHANGES = [
    ("Average stays have halved (from 3.4 years to 1.5).", "from 3.4 years to 1.5", -55.9),
    ("Average stays halved, 3.4 to 1.5 years, in four years.", "3.4 to 1.5 years", -55.9),
    ("Our use of placements reduced by 20% last year.", "reduced by 20%", -20.0),
    ("We reduced our use of independent beds by a fifth.", "reduced our use of independent beds by a fifth", -20.0),
    ("Referrals doubled.", "doubled", 100.0),
    ("Waits have been halved since March.", "halved", -50.0),
    ("There was a 12.5 per cent rise in referrals.", "12.5 per cent rise", 12.5),
    ("There were 20% fewer admissions.", "20% fewer", -20.0),
    ("A reduction in bed use of about 15% was seen.", "reduction in bed use of about 15%", -15.0),
    ("Admissions fell by between 10 and 20%.", "fell by between 10 and 20%", -15.0),
    ("Admissions fell by 10–20 per cent.", "fell by 10–20 per cent", -15.0),
    ("Admissions: -20% since 2019.", "-20%", -20.0),
    ("Waits are down 8%.", "down 8%", -8.0),
    ("Twice as many people are seen.", "Twice as many", 100.0),
    ("There was a three-fold increase in demand.", "three-fold increase", 200.0),
    ("Spend fell from £1.2m to £900,000.", "from £1.2m to £900,000", -25.0),
    ("Spend fell from £1.2m to £0.9m.", "from £1.2m to £0.9m", -25.0),
    ("Waits fell from 3 weeks to 14 days.", "from 3 weeks to 14 days", -33.3),
    ("Waits are down from 5 weeks to 4 weeks.", "from 5 weeks to 4 weeks", -20.0),
    ("Numbers rose from two to three.", "from two to three", 50.0),
    ("Complaints fell by two thirds.", "fell by two thirds", -66.7),
    ("Placements were cut from 1,250 in 2019 to 1,000 in 2023.", "from 1,250 in 2019 to 1,000", -20.0),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "phrase", "percent"), CHANGES)
def test_changes(sentence: str, phrase: str, percent: float) -> None:
    found = quantities_in(sentence)
    assert [each.phrase for each in found] == [phrase]
    assert found[0].kind is Kind.CHANGE
    assert round(100 * found[0].value, 1) == percent
    assert found[0].low <= found[0].value <= found[0].high
    assert sentence[found[0].start : found[0].end] == phrase


OTHERS = [
    ("Recovery rose by 5 percentage points.", Kind.POINTS, "+5.0 percentage points"),
    ("Recovery is up 2.5 percentage points.", Kind.POINTS, "+2.5 percentage points"),
    ("Admissions fell by between 10 and 20%.", Kind.CHANGE, "-10 to -20%"),
    ("Reliable recovery improved by 10%.", Kind.CHANGE, "+10.0% better"),
    ("We reduced placements by 12 beds.", Kind.DIFFERENCE, "-12 beds"),
    ("We shortened waits by three weeks.", Kind.DIFFERENCE, "-3 weeks"),
    ("Last year 48% of people recovered.", Kind.SHARE, "48%"),
    ("There are 12 services, and in 2024 and 2025 48% of people recovered.", Kind.SHARE, "48%"),
    ("We have 12 services and 48% of people recovered.", Kind.SHARE, "48%"),
    ("Between 40 and 50% of people recovered.", Kind.SHARE, "40 to 50%"),
    ("One in five people recovered.", Kind.SHARE, "20%"),
    ("Two thirds of people were seen within six weeks.", Kind.SHARE, "66.6667%"),
    ("The average wait is now 12 days.", Kind.LENGTH, "12 days"),
    ("More than 75% of people were seen.", Kind.SHARE, "75%"),
]


@pytest.mark.parametrize(("sentence", "kind", "figure"), OTHERS)
def test_other_quantities(sentence: str, kind: Kind, figure: str) -> None:
    (found,) = quantities_in(sentence)
    assert (found.kind, found.figure) == (kind, figure)


NO_CLAIMS = [
    "The service is open from 9 to 5.",
    "Reduced hours: from 9am to 5pm.",
    "Services for children aged from 5 to 18 have grown.",
    "From 2019 to 2023 demand grew.",
    "Moving from 8 to 13 boroughs makes this even more important.",
    "We work across 8 boroughs and 2 trusts.",
    "Over the last two years, leads from each of the 8 boroughs have met.",
    "The merger took effect on 1 April 2024.",
    "It rose again in the second half of 2023.",
    "Call 020 8354 8354, or write to NW1 3AX.",
    "The plan has 3.4 in its title.",
    "",
]


@pytest.mark.parametrize("sentence", NO_CLAIMS)
def test_numbers_that_claim_nothing(sentence: str) -> None:
    assert quantities_in(sentence) == ()


def test_what_is_said_twice_is_one_claim_with_its_figures() -> None:
    (found,) = quantities_in("In the past 4 years, average stays have halved (from 3.4 years to 1.5).")
    assert (found.before, found.after, found.beside) == (3.4, 1.5, "halved")
    assert found.words == "-55.9% (said as “from 3.4 years to 1.5” and “halved”)"
    # 3.35 to 3.45 and 1.45 to 1.55 are so rounded
    assert found.low == pytest.approx(1.45 / 3.45 - 1)
    assert found.high == pytest.approx(1.55 / 3.35 - 1)


def test_the_figures_may_stand_first() -> None:
    (found,) = quantities_in("Stays fell from 3.4 years to 1.5 (-56%).")
    assert (found.figure, found.beside) == ("-55.9%", "-56%")


def test_two_claims_of_one_sentence() -> None:
    found = quantities_in(
        "Stays have halved (from 3.4 years to 1.5), and our use of placements reduced by 20% – so we say."
    )
    assert [each.phrase for each in found] == ["from 3.4 years to 1.5", "reduced by 20%"]


@pytest.mark.parametrize(
    ("sentence", "reading"),
    [
        ("Placements fell by 20%.", Reading.RESULT),
        ("We aim to reduce placements by 20%.", Reading.PLAN),
        ("We are planning to cut placements by 20%.", Reading.PLAN),
        ("We hoped that placements would fall by 20%.", Reading.PLAN),
        ("In May care plans fell by 20%.", Reading.RESULT),
        ("Placements will fall by 20%.", Reading.PLAN),
        ("Placements did not fall by 20%.", Reading.DENIAL),
        ("We will write again; placements fell by 20%.", Reading.RESULT),
    ],
)
def test_plans_and_denials_are_no_results(sentence: str, reading: Reading) -> None:
    (claim,) = find_claims([sentence])
    assert claim.reads_as is reading


def test_sentences_and_their_place() -> None:
    paragraph = (
        "Dr. Smith said (e.g. in May) that waits fell by 3.5%. They did! Did they fall by a fifth? Yes."
    )
    assert list(sentences_of(paragraph)) == [
        "Dr. Smith said (e.g. in May) that waits fell by 3.5%.", "They did!", "Did they fall by a fifth?", "Yes.",
    ]  # fmt: skip
    first, second = find_claims(["Nothing here.", paragraph])
    assert isinstance(first, Claim)
    assert first.place == "paragraph 2, sentence 1"
    assert second.place == "paragraph 2, sentence 3"
    assert first.sentence in paragraph


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    pieces = list(sentences_of("word " * 1_000 + "end"))
    assert max(map(len, pieces)) <= 2_000
    assert "".join(pieces).replace(" ", "") == "word" * 1_000 + "end"
