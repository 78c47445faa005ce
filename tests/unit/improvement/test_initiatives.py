"""Initiatives and benefits: what must be said, what cannot be judged, and the verdict as data arrive."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.improvement import (
    OWN_TREND,
    Benefit,
    Initiative,
    MonthlyCounts,
    judge,
    news,
    publishable,
    verdicts,
)
from joinedup.improvement.months import months_of
from joinedup.stats.change import ChangeVerdict

PLACES = [f"B{number}" for number in range(6)]
SAID = {
    "name": "Group sessions", "start": "2024-04", "places": ("B0",), "measures": ("M195",), "population": "adults",
    "expected": 0.10, "worthwhile": 0.02, "comparison": tuple(PLACES[1:]),
}  # fmt: skip


def counts(effect=0.1, months="2022-23 to 2024-25", better="higher", share=True, hide=0):
    rows = [(place, month) for place in PLACES for month in months_of(months)]
    rng = np.random.default_rng(2)
    level = [0.5 + effect * (place == "B0" and month >= "2024-04") for place, month in rows]
    x = np.round(400 * (np.array(level) + rng.normal(0, 0.02, len(rows))))
    x[:hide] = math.nan
    n = np.full(len(rows), 400.0 if share else math.nan)
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


@pytest.mark.parametrize(
    "name", ["start", "places", "measures", "population", "expected", "worthwhile", "comparison"]
)
def test_what_an_initiative_must_say_before_it_starts(name):
    with pytest.raises(YourCommand, match="does not say") as refused:
        Initiative(**{**SAID, name: None if name in ("expected", "worthwhile") else type(SAID[name])()})
    assert "story" in refused.value.remedy
    assert Initiative("A story", story=True).missing == ()


def test_everything_missing_is_named_at_once():
    with pytest.raises(YourCommand, match=r"its measures, its population, .* and what it is compared with"):
        Initiative("Group sessions")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("start", "April", "no month"),
        ("comparison", ("B0", "B1"), "itself"),
        ("comparison", "England", "nothing to compare"),
        ("worthwhile", 0.2, "at least as large"),
    ],
)
def test_what_does_not_fit(name, value, words):
    with pytest.raises(YourCommand, match=words):
        Initiative(**{**SAID, name: value})


def test_a_verdict_with_its_limits_and_what_could_have_been_seen():
    found = judge(Initiative(**SAID), counts())
    assert found.verdict is ChangeVerdict.WORKED
    assert found.lower < 10 < found.upper
    assert found.smallest_visible > 0
    assert found.sentence.startswith(f"Worked: {found.effect:+.1f} percentage points")
    assert (
        f"the smallest effect this could have seen is {found.smallest_visible:.1f} points" in found.sentence
    )
    assert found.method == "difference in differences"
    assert found.months_after == 12
    assert judge(Initiative(**SAID), counts()) == found
    assert found.to_json()["verdict"] == "worked"
    assert found.to_json()["refusal"] is None


@pytest.mark.parametrize(
    ("effect", "better", "verdict"),
    [(-0.1, "higher", "worse"), (-0.1, "lower", "worked"), (0.0, "higher", "no worthwhile effect")],
)
def test_other_verdicts(effect, better, verdict):
    aim = {**SAID, "worthwhile": 0.05}
    assert judge(Initiative(**aim), counts(effect, better=better)).verdict == verdict


def test_beside_its_own_trend():
    found = judge(Initiative(**{**SAID, "comparison": OWN_TREND}), counts())
    assert found.method == "interrupted time series"
    assert found.verdict is ChangeVerdict.WORKED


@pytest.mark.parametrize(
    ("initiative", "found", "reason", "remedy"),
    [
        ({"name": "A story", "story": True}, counts(), "story", "expected effect"),
        (SAID, counts(better="none"), "no better or worse", "agreed"),
        (SAID, counts(share=False), "count", "rate"),
        ({**SAID, "comparison": ("B1",)}, counts(), "One place", "two or more"),
        (SAID, counts(months="2024-03 to 2025-03"), "1 months before", "earlier"),
        (SAID, counts(months="2022-04 to 2024-06"), "3 months since", "2024-12"),
        (SAID, counts(hide=40), "40 of 216 months are hidden", "larger places"),
    ],
)
def test_what_cannot_be_judged_says_why_and_what_would_help(initiative, found, reason, remedy):
    told = judge(Initiative(**initiative), found)
    assert told.verdict is None and told.effect is None
    assert reason in told.refusal.reason
    assert remedy in told.refusal.remedy
    assert told.sentence == f"No verdict. {told.refusal.reason} {told.refusal.remedy}"
    assert told.to_json()["refusal"]["reason"] == told.refusal.reason


def test_news_when_data_arrive():
    initiative = Initiative(**SAID)
    early, late = judge(initiative, counts(months="2022-04 to 2024-06")), judge(initiative, counts())
    assert news(late, late) == ""
    assert news(early, late).startswith(
        "Group sessions, Reliable recovery: was “not judged”, is now “worked”. Worked:"
    )


class Held:
    def monthly(self, measure, *, level="borough", group=None, months=None):
        return counts() if measure == "M195" else None

    def stays(self):
        return None


def test_every_measure_of_an_initiative_through_release():
    first, second = verdicts(Initiative(**{**SAID, "measures": ("M195", "beds")}), Held())
    assert first.verdict is ChangeVerdict.WORKED
    assert second.refusal.reason == "No data of it are held."
    assert verdicts(Initiative("A story", story=True), Held()) == ()


def test_an_aim_written_down_too_late_is_said_to_be():
    found = judge(Initiative(**SAID, declared=date(2024, 4, 1)), counts())
    assert "after it had begun" in found.sentence
    assert (
        "after it had begun" not in judge(Initiative(**SAID, declared=date(2024, 3, 31)), counts()).sentence
    )


WHOLE = {
    "text": "Saved beds", "number": 0.0, "baseline": 12.0, "date": date(2025, 3, 31), "owner": "Rehabilitation lead",
    "method": "difference in differences",
}  # fmt: skip


def test_a_benefit_that_says_everything_is_published():
    assert publishable(Benefit(**WHOLE)).missing == ()


@pytest.mark.parametrize("name", ["number", "baseline", "date", "owner", "method"])
def test_a_benefit_without_one_of_them_is_not(name):
    benefit = Benefit(**{**WHOLE, name: " " if name in ("owner", "method") else None})
    with pytest.raises(YourCommand, match=name):
        publishable(benefit)


def test_a_benefit_that_says_nothing_names_all():
    with pytest.raises(YourCommand, match=r"a number, the baseline .*, the date .*, an owner, the method"):
        publishable(Benefit("Better care", number=math.nan))
