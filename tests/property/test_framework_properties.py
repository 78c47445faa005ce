"""Frameworks at random: no level stands above its evidence, order tells nothing, forms come back whole."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.governance.frameworks.assessments import Assessment, Document, Evidence, Score, read_assessment
from joinedup.governance.frameworks.charters import LETTERS, Charter, Role
from joinedup.governance.frameworks.neighbourhoods import Area, Register
from joinedup.governance.frameworks.parts import Notes
from joinedup.governance.frameworks.reading import forms_of
from joinedup.governance.frameworks.results import Results, score_forms
from joinedup.governance.frameworks.scoring import together
from joinedup.governance.frameworks.writing import write_filled
from tests.eighths import examples
from tests.unit.governance.framework_forms import PARTNERS, PBP, live, results

DAY = date(2026, 3, 31)
CODES = [one.slug for one in PBP.criteria]
LETTERS_OF_TEXT = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"))
WORDS = (
    st.one_of(
        st.text(LETTERS_OF_TEXT, min_size=1, max_size=20),
        st.sampled_from(["=1+1", "@a", "-5", "'=x", "Yes", "2026", "1e5", "on"]),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31))
DOCUMENTS = st.builds(Document, WORDS, DAYS, st.just("https://example.org/a"))
LIVES = st.builds(
    live,
    st.sampled_from(["M053", "M195"]),
    st.just("E09000005"),
    st.sampled_from([0.0, 75.0, 99.5]),
    st.integers(1, 12),
)
EVIDENCE: st.SearchStrategy[Evidence] = st.one_of(DOCUMENTS, LIVES)
SCORES = st.builds(
    lambda code, level, reason, evidence: Score(code, level, reason, tuple(dict.fromkeys(evidence))),
    st.sampled_from(CODES), st.integers(1, 4), st.one_of(st.just(""), WORDS), st.lists(EVIDENCE, max_size=3),
)  # fmt: skip
LOCAL = st.builds(lambda name, level, title: Score(f"local.{name}", level, "", (), title, "workforce_development"),
                  st.sampled_from(["park", "bus"]), st.integers(1, 4), WORDS)  # fmt: skip
SETS = st.lists(
    st.one_of(SCORES, SCORES, LOCAL), min_size=1, max_size=8, unique_by=lambda score: score.criterion
).map(tuple)


def of(view: str, partner: str, given_: tuple[Score, ...]) -> Assessment:
    return Assessment(PBP.slug, PBP.version, "PBP-BRENT", "r", DAY, view, partner, given_)


ROUNDS = st.tuples(SETS, SETS, SETS, SETS).map(
    lambda sets: [
        *(of("partner", who, one) for who, one in zip(PARTNERS, sets[:3], strict=True)),
        of("moderated", "", sets[3]),
    ]
)


def slowly_allowed(sets: list[Assessment], code: str) -> int:
    """The highest level with a document that holds, by plain loops; measures do not hold without a lake."""
    best = 2
    for one in sets:
        for score in one.scores:
            for evidence in score.evidence:
                if score.criterion == code and score.level and isinstance(evidence, Document):
                    oldest = DAY.replace(year=DAY.year - 2)
                    if oldest < evidence.dated <= DAY:
                        best = max(best, score.level)
    return best


@settings(max_examples=examples(125), deadline=None)
@given(ROUNDS)
def test_moderation_never_exceeds_what_evidence_allows(sets: list[Assessment]) -> None:
    (place,) = results(*sets).places
    for one in place.rounds[0].outcomes:
        allowed = slowly_allowed(sets, one.criterion)
        assert one.allowed == allowed
        assert one.held is None or one.held == min(one.decided or 0, allowed)
        assert one.proposed is None or one.proposed <= allowed
        given_ = [claim.level for claim in one.claims if claim.view == "partner"]
        assert one.apart == ((min(given_), max(given_)) if len(given_) > 1 else None)


@settings(max_examples=examples(75), deadline=None)
@given(ROUNDS, st.randoms(use_true_random=False))
def test_the_order_of_partners_and_rows_tells_nothing(sets: list[Assessment], chance: Random) -> None:
    shuffled = []
    for one in sets:
        rows = list(one.scores)
        chance.shuffle(rows)
        shuffled.append(Assessment(**{**one.__dict__, "scores": tuple(rows)}))
    chance.shuffle(shuffled)
    first, second = results(*sets), results(*shuffled)
    assert _levels(first) == _levels(second)


def _levels(found: Results) -> list[tuple[object, ...]]:
    """All but the titles of local criteria, of which that of the first partner by name counts."""
    (place,) = found.places
    return [
        (one.criterion, one.claims, one.evidence, one.held, one.proposed, one.apart, one.title)
        for one in place.rounds[0].outcomes
    ]


@settings(max_examples=examples(125), deadline=None)
@given(SETS, st.sampled_from([".xlsx", ".csv", ".yaml"]), st.sampled_from(PARTNERS))
def test_scores_come_back_from_each_kind_of_file_as_they_were(
    scores: tuple[Score, ...], kind: str, who: str
) -> None:
    written = of("partner", who, scores)
    (form,), found = forms_of(write_filled([written], kind), f"a{kind}")
    notes = Notes("a")
    assert read_assessment(form, notes) == written and not found and not notes.found


ROLES = st.builds(
    Role, st.sampled_from([one.slug for one in PBP.charter.duties] if PBP.charter else []), WORDS,
    st.sets(st.sampled_from(list(LETTERS)), min_size=1).map(lambda some: "".join(x for x in LETTERS if x in some)),
    st.sampled_from(["", "chair", "managing_director"]), st.one_of(st.just(""), WORDS), st.one_of(st.none(), DAYS),
)  # fmt: skip
AREAS = st.builds(
    Area, st.sampled_from(["", "North", "South"]), st.just("E09000005"), st.sampled_from(["A1", "A2", "A3"]),
    st.one_of(st.none(), st.integers(0, 120_000)), st.one_of(st.just(""), WORDS),
)  # fmt: skip


@settings(max_examples=examples(125), deadline=None)
@given(
    st.lists(ROLES, min_size=1, max_size=5),
    st.lists(AREAS, min_size=1, max_size=5),
    st.sampled_from([".xlsx", ".yaml"]),
)
def test_charters_and_registers_come_back_as_they_were(
    roles: list[Role], areas: list[Area], kind: str
) -> None:
    filled = Charter(PBP.slug, "PBP-BRENT", tuple(roles)), Register(PBP.slug, "PBP-BRENT", tuple(areas))
    forms, found = forms_of(write_filled(filled, kind), f"a{kind}")
    (place,) = score_forms(forms).places
    assert (place.charter, place.register) == filled and found == ()


@settings(max_examples=examples(125), deadline=None)
@given(st.lists(ROLES, min_size=1, max_size=6))
def test_a_duty_is_settled_exactly_when_one_is_accountable_and_somebody_responsible(
    roles: list[Role],
) -> None:
    clashes = Charter(PBP.slug, "PBP-BRENT", tuple(roles)).clashes()
    wrong = {
        one.text.partition(":")[0]
        for one in clashes
        if one.rule in ("nobody", "no-accountable", "no-responsible", "two-accountable")
    }
    for duty in (one.slug for one in PBP.charter.duties) if PBP.charter else ():
        accountable = {role.party.casefold() for role in roles if role.duty == duty and "A" in role.part}
        responsible = [role for role in roles if role.duty == duty and "R" in role.part]
        assert (duty in wrong) is not (len(accountable) == 1 and bool(responsible))


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=6),
    st.sampled_from(["lowest", "mean_half_up", "two_of_three"]),
)
def test_a_level_of_several_lies_among_them_and_their_order_tells_nothing(
    levels: list[int], rule: str
) -> None:
    found = together(levels, rule)
    assert min(levels) <= found <= max(levels) and found == together(levels[::-1], rule)
    if rule == "two_of_three":
        assert 3 * sum(level >= found for level in levels) >= 2 * len(levels)
