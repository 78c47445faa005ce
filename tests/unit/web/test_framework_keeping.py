"""What is kept of frameworks comes back as the library had it, and evidence is judged on released figures."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.frameworks import Framework
from joinedup.governance.evidence import MeasureTest, Series
from joinedup.governance.frameworks.assessments import Document, Live, Score
from joinedup.governance.frameworks.charters import Charter, Role
from joinedup.governance.frameworks.evidence import NothingHeld
from joinedup.governance.frameworks.neighbourhoods import Area, Register
from joinedup.governance.frameworks.roadmaps import Milestone, Roadmap
from joinedup_web.governance.frameworks import keeping
from joinedup_web.governance.frameworks.holding import ReleasedHeld, boroughs_of, where
from tests.eighths import examples

FRAMEWORK = Framework.load("maturity")
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=30)
DAYS = st.dates(date(2001, 1, 1), date(2099, 1, 1))
DOCUMENTS = st.builds(Document, WORDS, DAYS, WORDS.map(lambda text: f"https://{text}"))
SERIES = st.builds(Series, measure=st.just("M053"), level=st.just("borough"), place=WORDS)
TESTS = st.builds(
    MeasureTest, series=SERIES, comparison=st.sampled_from(["at_least", "at_most"]),
    threshold=st.floats(-1e6, 1e6), points=st.integers(1, 24),
)  # fmt: skip
EVIDENCE = st.lists(DOCUMENTS | st.builds(Live, TESTS), max_size=3).map(tuple)
SCORES = st.builds(
    Score, st.sampled_from([one.slug for one in FRAMEWORK.criteria]), st.none() | st.integers(1, 4), WORDS, EVIDENCE
)  # fmt: skip
LOCAL = st.builds(
    Score, WORDS.map(lambda text: f"local.{text}"), st.integers(1, 4), WORDS, EVIDENCE, WORDS,
    st.just("vision_and_strategy"),
)  # fmt: skip


def kept_round(**more: Any) -> Any:
    told = {"framework": FRAMEWORK.slug, "version": "1", "unit_id": "PBP-BRENT", "day": date(2026, 7, 1)}
    return SimpleNamespace(**{**told, **more})


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(SCORES | LOCAL, max_size=8, unique_by=lambda one: one.criterion))
def test_scores_come_back_as_they_were_given(scores: list[Score]) -> None:
    assert keeping.scores_of(keeping.scores_kept(scores)) == tuple(scores)


def test_roadmaps_charters_and_registers_come_back() -> None:
    day = date(2026, 3, 1)
    for part, found in (
        ("roadmap", Roadmap("f", "P", (Milestone("a", 3, "Do it", "Chair", day, None),))),
        ("charter", Charter("f", "P", (Role("set_priorities", "Council", "AR", "", "", day, 7),), "a.xlsx")),
        ("neighbourhoods", Register("f", "P", (Area("North", "E09000005", "X1", None, "", 9),), "a.xlsx")),
    ):
        row: Any = SimpleNamespace(
            part=part, framework="f", unit_id="P", rows=keeping.rows_kept(found), file="a.xlsx"
        )
        assert keeping.form_of(row) == found


def test_what_no_database_can_carry_is_taken_out() -> None:
    (one,) = keeping.scores_kept([Score("a", 1, "so\x00 so\x07")]).values()
    assert one["reason"] == "so so"


def test_what_was_signed_stands_although_its_evidence_falls_away() -> None:
    """Given level 3 on a measure that held when it was sent to be signed, and no figures now, then 3 still stands."""
    code = FRAMEWORK.criteria[0].slug
    live = keeping.live("M053", "borough", "E09000005", "at_least", 80, 3)
    scores = keeping.scores_kept([Score(code, 3, "so", (live,))])
    agreed = SimpleNamespace(scores=scores, allowed={code: 3})
    fixed = keeping.scored(kept_round(), [], agreed, NothingHeld())
    now = keeping.scored(kept_round(), [], SimpleNamespace(scores=scores, allowed={}), NothingHeld())
    assert fixed is not None and now is not None
    assert fixed.levels[code] == 3 and now.levels[code] == 2
    assert not fixed.outcomes[0].evidence[0].holds


def test_a_partnership_of_one_borough_has_its_figures_and_that_of_two_none() -> None:
    assert boroughs_of("PBP-BRENT") == ("E09000005",) and len(boroughs_of("PBP-BIBOROUGH")) == 2
    brent = where(Series(measure="M053", level="partnership", place="PBP-BRENT"))
    assert (brent.level, brent.place) == ("borough", "E09000005")
    two = Series(measure="M053", level="partnership", place="PBP-BIBOROUGH")
    assert where(two) is two


def test_without_released_figures_nothing_is_judged() -> None:
    test = keeping.live("M053", "borough", "E09000005", "at_least", 80, 1).test
    assert "No released figures" in str(ReleasedHeld(None).figures(test, None))
