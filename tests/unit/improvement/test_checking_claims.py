"""Claims beside released figures: ties, verdicts, refusals, and what is said where nothing is held."""

from __future__ import annotations

import math

import numpy as np
import pytest
import yaml

from joinedup.disclosure import release
from joinedup.errors import UnknownName, UnreadableFile, YourCommand, YourData
from joinedup.improvement import (
    ClaimVerdict,
    MonthlyCounts,
    NothingHeld,
    Stays,
    StaysHeld,
    check_claims,
    find_claims,
    ties_of,
)
from joinedup.improvement.claim_verdicts import UNKNOWN, Moved, verdict_on_change, verdict_on_level
from joinedup.improvement.months import month_after, months_of
from joinedup.improvement.movements import level_of, moved_between, net_of_comparison

MONTHS = months_of("2023-24 to 2024-25")
PLACES = [f"B{number}" for number in range(8)]


def counts(changed=(), to=0.5, everywhere=0.5, share=True, people=1_000, better="higher"):
    """Shares of a half in 2023-24; in 2024-25 `to` in the changed places and `everywhere` else. No noise but a little
    that differs between places, so that limits have a width."""
    rows = [(place, month) for place in PLACES for month in MONTHS]
    rng = np.random.default_rng(1)
    late = {place: to if place in changed else everywhere for place in PLACES}
    level = [late[place] if month >= "2024-04" else 0.5 for place, month in rows]
    x = np.round(people * (np.array(level) + rng.normal(0, 0.004, len(rows))))
    n = np.full(len(rows), float(people) if share else math.nan)
    return MonthlyCounts(
        "M195",
        "Reliable recovery",
        better,
        share,
        tuple(p for p, _ in rows),
        tuple(m for _, m in rows),
        tuple(x),
        tuple(n),
    )


class Held:
    def __init__(self, found):
        self.found = found

    def monthly(self, measure, *, level="borough", group=None, months=None):
        return self.found if measure == "M195" else None

    def stays(self):
        return None


def check(sentence, found, **fields):
    tie = {"text": sentence[:20], "measure": "M195", "after": "2024-25", **fields}
    claims = find_claims([sentence])
    return check_claims(claims, ties_of({"ties": [tie]}), Held(found))[0]


CHANGED = {"before": "2023-24", "places": ["B0", "B1"], "comparison": PLACES[2:]}
FELL = "Reliable recovery fell by 20%."


@pytest.mark.parametrize(
    ("sentence", "found", "fields", "verdict"),
    [
        (FELL, counts(["B0", "B1"], 0.40), CHANGED, "supported"),
        (FELL, counts(["B0", "B1"], 0.40, 0.40), CHANGED, "not beyond the trend"),
        (FELL, counts(["B0", "B1"], 0.45), CHANGED, "partly"),
        (FELL, counts(["B0", "B1"], 0.40, 0.45), CHANGED, "partly"),
        (FELL, counts(), CHANGED, "not supported"),
        (FELL, counts(["B0", "B1"], 0.6), CHANGED, "not supported"),
        (FELL, counts(["B0", "B1"], 0.40), {**CHANGED, "comparison": []}, "cannot tell"),
        (FELL, counts(["B0", "B1"], 0.40), {**CHANGED, "comparison": "own trend"}, "supported"),
        (FELL, counts(["B0", "B1"], 0.40, people=9), CHANGED, "cannot tell"),
        (FELL, counts(["B0", "B1"], 0.40), {**CHANGED, "before": "2021-22"}, "no data held"),
        ("Reliable recovery fell by 10 percentage points.", counts(["B0", "B1"], 0.40), CHANGED, "supported"),
        ("Reliable recovery improved by 20%.", counts(["B0", "B1"], 0.60), CHANGED, "supported"),
        ("Reliable recovery improved by 20%.", counts(["B0", "B1"], 0.40, better="lower"), CHANGED, "supported"),
        ("Reliable recovery is down from 50% to 40%.", counts(["B0", "B1"], 0.40), CHANGED, "supported"),
        ("Referrals received fell by 20%.", counts(["B0", "B1"], 0.40, share=False), CHANGED, "supported"),
        ("Referrals received fell by 2,400 people.", counts(["B0", "B1"], 0.40, share=False), CHANGED, "supported"),
        ("Reliable recovery was 40%.", counts(PLACES, 0.40), {}, "supported"),
        ("Reliable recovery was 48%.", counts(PLACES, 0.40), {}, "not supported"),
        ("Two fifths of people recovered.", counts(PLACES, 0.40), {}, "supported"),
        ("More than 35% of people recovered.", counts(PLACES, 0.40), {}, "supported"),
        ("Up to 35% of people recovered.", counts(PLACES, 0.40), {}, "not supported"),
        ("Reliable recovery was 40%.", counts(PLACES, 0.40, people=9), {}, "cannot tell"),
    ],
)  # fmt: skip
def test_verdicts(sentence, found, fields, verdict):
    checked = check(sentence, found, **fields)
    assert checked.verdict == verdict, checked.found
    assert set(checked.to_json()) == {"text", "measure", "claimed", "found", "verdict"}
    assert checked.to_json()["measure"] == "M195"
    assert checked.found


@pytest.mark.parametrize(
    ("sentence", "found", "fields", "message"),
    [
        (FELL, counts(), {}, "does not say what it changed from"),
        ("The average wait is 12 days.", counts(), {}, "cannot be said of"),
        ("Reliable recovery was 40%.", counts(share=False), {}, "cannot be said of"),
        ("Recovery fell by 5 percentage points.", counts(share=False), CHANGED, "cannot be said of"),
        ("Recovery improved by 5%.", counts(better="none"), CHANGED, "no better or worse"),
        ("Recovery was cut by three weeks.", counts(), CHANGED, "cannot be said of"),
        (FELL, counts(), {**CHANGED, "places": ["B9"]}, "no figures of B9"),
    ],
)
def test_what_does_not_fit_together_is_refused(sentence, found, fields, message):
    with pytest.raises(YourCommand, match=message) as refused:
        check(sentence, found, **fields)
    assert refused.value.remedy


def test_without_data_and_without_ties():
    said = [
        "Average stays have halved (from 3.4 years to 1.5), and our use of independent placements reduced by 20%.",
        "Waits fell by 5%.", "We aim to cut waits by 5%.", "Waits did not fall by 5%.",
    ]  # fmt: skip
    found = check_claims(find_claims(said), (), NothingHeld())
    assert [each.verdict for each in found] == [
        "no data held", "no data held", "not tied: name its measure and period in a file of ties",
        "not tied: it reads as a plan or a hope, not as a result",
        "not tied: it reads as something that did not happen",
    ]  # fmt: skip
    assert [each.measure for each in found] == ["length_of_stay", "independent_placements", None, None, None]
    assert found[0].to_json()["claimed"] == "-55.9% (said as “from 3.4 years to 1.5” and “halved”)"
    assert "not read yet" in found[0].found


def test_tied_to_what_is_not_held():
    claims = find_claims(["Stays fell by 5%.", "Placements fell by 6%.", "Waits fell by 7%."])
    names = ("length_of_stay", "independent_placements", "waits")
    ties = [
        {"text": claim.sentence, "measure": name, "after": "2024-25", "before": "2023-24"}
        for claim, name in zip(claims, names, strict=True)
    ]
    assert {each.verdict for each in check_claims(claims, ties_of({"ties": ties}), NothingHeld())} == {
        "no data held"
    }


def test_stays_that_are_too_few_are_not_shown():
    day = np.datetime64("2020-01-01")
    table = Stays(np.array([day] * 6), np.array([day + 30] * 6), np.array(["A"] * 6), np.ones(6, bool))
    claims = find_claims(["Average stays fell by 5%."])
    tie = {"text": "Average stays", "measure": "length_of_stay", "before": "2019-20", "after": "2020-21"}
    (found,) = check_claims(
        claims, ties_of({"ties": [tie]}), StaysHeld(table, {"A": 9}, "2019-04", "2021-03")
    )
    assert found.verdict == "cannot tell"
    assert "Too few discharges" in found.found


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [("Average stays fell by 15 days.", "cannot tell"), ("Average stays fell by 300 days.", "not supported")],
)
def test_stays_in_days(sentence, verdict):
    """A hundred stays of 40 days a year before, of 20 after: the claim is of days, beside the stay before."""
    rng = np.random.default_rng(3)
    begin = np.datetime64("2016-04-01") + rng.integers(0, 2 * 1461, 800)
    length = np.where(begin < np.datetime64("2020-04-01"), 40, 20)
    table = Stays(begin, begin + length, np.array(["A"] * 800), np.zeros(800, bool))
    tie = {
        "text": "Average stays",
        "measure": "length_of_stay",
        "before": "2018-19 to 2019-20",
        "after": "2021-22",
    }
    (found,) = check_claims(
        find_claims([sentence]), ties_of({"ties": [tie]}), StaysHeld(table, {"A": 9}, "2016-04", "2024-03")
    )
    assert found.verdict == verdict, found.found
    assert "from 0.11 to 0.05 years" in found.found


@pytest.mark.parametrize(
    ("low", "high", "moved", "net", "verdict"),
    [
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(-0.2, -0.25, -0.15), "supported"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(-0.3, -0.35, -0.25), "supported"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(-0.1, -0.15, -0.05), "partly"),
        (-0.205, -0.195, Moved(-0.1, -0.15, -0.05), Moved(-0.2, -0.3, -0.1), "partly"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(0.0, -0.1, 0.1), "not beyond the trend"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(0.3, 0.2, 0.4), "not beyond the trend"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), Moved(-0.1, -0.3, 0.1), "cannot tell"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), UNKNOWN, "cannot tell"),
        (-0.205, -0.195, Moved(-0.2, -0.25, -0.15), None, "cannot tell"),
        (-0.205, -0.195, Moved(-0.1, -0.3, 0.1), Moved(-0.2, -0.25, -0.15), "cannot tell"),
        (-0.205, -0.195, Moved(0.0, -0.1, 0.1), Moved(-0.2, -0.25, -0.15), "not supported"),
        (-0.205, -0.195, Moved(0.2, 0.1, 0.3), Moved(-0.2, -0.25, -0.15), "not supported"),
        (-0.205, -0.195, Moved(-0.1, -0.15, -0.05), Moved(-0.05, -0.3, 0.2), "not supported"),
        (-0.205, -0.195, Moved(-0.1, -0.15, -0.05), None, "not supported"),
        (-0.205, -0.195, UNKNOWN, None, "cannot tell"),
        (0.195, 0.205, Moved(0.2, 0.15, 0.25), Moved(0.2, 0.15, 0.25), "supported"),
        (0.195, 0.205, Moved(-0.2, -0.25, -0.15), None, "not supported"),
    ],
)  # fmt: skip
def test_the_rule_of_verdicts(low, high, moved, net, verdict):
    assert verdict_on_change(low, high, moved, net) == verdict


def test_levels_allow_for_rounding_only():
    assert verdict_on_level(0.475, 0.485, 0.48, 0, "") is ClaimVerdict.SUPPORTED
    assert verdict_on_level(0.475, 0.485, 0.487, 0.003, "") is ClaimVerdict.SUPPORTED
    assert verdict_on_level(0.475, 0.485, 0.49, 0.003, "") is ClaimVerdict.NOT_SUPPORTED
    assert verdict_on_level(0.475, 0.485, 0.49, 0.003, "at least") is ClaimVerdict.SUPPORTED
    assert verdict_on_level(0.475, 0.485, math.nan, 0, "") is ClaimVerdict.CANNOT_TELL


def test_movements_by_hand():
    found = counts(["B0"], 0.4)
    early, late = (level_of(found, ["B0"], months_of(year)) for year in ("2023-24", "2024-25"))
    assert (early.asked, early.months, early.total) == (12, 12, 12_000)
    moved = moved_between(early, late, 0.0)
    assert moved.value == pytest.approx(late.value / early.value - 1)
    # Katz: the ratio of two shares, each of 12,000
    error = math.sqrt(1 / late.count - 1 / late.total + 1 / early.count - 1 / early.total)
    assert moved.upper == pytest.approx((1 + moved.value) * math.exp(1.959964 * error) - 1, rel=1e-6)
    net = net_of_comparison(found, ["B0"], PLACES[1:], months_of("2023-24"), months_of("2024-25"))
    assert net.lower < moved.value < net.upper < 0


TIE = {"text": "fell by 20%", "measure": "M195", "before": "2023-24", "after": "2024-25"}


@pytest.mark.parametrize(
    ("tie", "words"),
    [
        ({"text": "fell"}, "measure"),
        ({**TIE, "mesure": "M195"}, "mesure"),
        ({**TIE, "after": "2023-24"}, "after begins before"),
        ({**TIE, "before": "last year"}, "is not a period"),
        ({**TIE, "by": "ethnic_group"}, "a breakdown its group"),
        ({**TIE, "places": ["A"], "comparison": ["A"]}, "compared with itself"),
        ({**TIE, "comparison": "England"}, "comparison"),
        ({**TIE, "before": "2024-12 to 2024-04"}, "ends before it begins"),
    ],
)
def test_ties_that_are_refused(tie, words):
    with pytest.raises(UnreadableFile, match=words):
        ties_of({"ties": [tie]})


def test_ties_that_meet_no_claim_or_several():
    claims = find_claims(["Waits fell by 20%.", "Stays fell by 20%, and waits rose by 5%."])
    for ties, words in (
        ([{**TIE, "text": "rained"}], "No claim"),
        ([TIE], "2 claims"),
        ([{**TIE, "text": "Waits fell"}] * 2, "tied twice"),
    ):
        with pytest.raises(YourCommand, match=words):
            check_claims(claims, ties_of({"ties": ties}), NothingHeld())
    found = check_claims(
        claims, ties_of({"ties": [{**TIE, "text": "Stays fell", "claim": "rose by 5%"}]}), NothingHeld()
    )
    assert [each.measure for each in found] == [None, None, "M195"]


def test_months():
    assert months_of("2023-24-Q4 to 2024-04") == ("2024-01", "2024-02", "2024-03", "2024-04")
    assert month_after("2023-11", 3) == "2024-02"
    with pytest.raises(UnknownName):
        months_of("soon")


def test_counts_are_one_row_for_each_place_and_month_and_leave_by_release():
    with pytest.raises(YourCommand, match="one row"):
        MonthlyCounts("M", "T", "none", True, ("A", "A"), ("2024-01",) * 2, (1.0, 2.0), (9.0, 9.0))
    few = MonthlyCounts("M", "T", "none", True, ("A", "B"), ("2024-01",) * 2, (3.0, 52.0), (40.0, 98.0))
    released = release(few).value
    assert math.isnan(released.numerator[0]) and released.numerator[1] == 50
    assert released.hidden == 1
    assert release(released).value.numerator[1] == 50
    assert released.name_of("A") == "A"


def test_yaml_of_the_how_to_is_a_file_of_ties(tmp_path):
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs/how-to/check-a-claim.md").read_text()
    block = page.split("```yaml\n")[1].split("```")[0]
    assert ties_of(yaml.safe_load(block))
    with pytest.raises(YourData):
        ties_of(yaml.safe_load(block.replace("measure:", "mesure:")))
