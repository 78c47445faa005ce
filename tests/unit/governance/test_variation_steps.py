"""A proposal to change a service: the steps as data, what may follow what, what is late, and any order of events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions.reading import build, read_yaml
from joinedup.definitions.variation import Workflow
from joinedup.errors import DefinitionBroken, YourCommand, YourData
from joinedup.governance.variation.events import (
    CallInAnswered,
    CallInRequested,
    Commented,
    Committed,
    Consulted,
    ConsulteesNamed,
    DatesChanged,
    Decided,
    Disagreed,
    Event,
    EvidenceAdded,
    Proposed,
    Resolved,
    SecretaryDecided,
    ViewTaken,
    Withdrawn,
    proposal_event,
)
from joinedup.governance.variation.proposal import Proposal, proposal_of
from joinedup.governance.variation.steps import Standing, cautions, steps_of

DAY = date(2026, 3, 2)
BY, DECISION = DAY + timedelta(days=60), DAY + timedelta(days=90)
SAID: dict[str, Any] = {"on": DAY, "by": "council scrutiny officer", "why": "as minuted"}
PROPOSED = Proposed(
    **SAID, title="One site instead of three", proposer="A trust", service="Talking Therapies",
    boroughs=("Brent",), told_on=DAY, comments_by=BY, decision_by=DECISION,
)  # fmt: skip
YES, NO = ViewTaken(**SAID, substantial="yes"), ViewTaken(**SAID, substantial="no")
NAMED = ConsulteesNamed(**SAID, committees=("Brent", "Harrow"), joint="A joint committee")
CONSULTED = Consulted(**SAID, begins=DAY, ends=DAY + timedelta(days=50), how="Letters")
COMMENTED = Commented(**SAID, comments="Say how far.", recommends=True, sent_on=DAY)
DISAGREED = Disagreed(**SAID, reasons="It costs more.")
RESOLVED = Resolved(**SAID, steps="Two meetings", agreed=False)
DECIDED = Decided(**SAID, decision="goes_ahead", words="It goes ahead.", decided_on=DAY)
ASKED = CallInRequested(**SAID, from_whom="the committee", grounds="not in the interest", requested_on=DAY)
CALLED = CallInAnswered(**SAID, called_in=True, answered_on=DAY)
REFUSED = CallInAnswered(**SAID, called_in=False, answered_on=DAY)
RULED = SecretaryDecided(**SAID, words="It does not go ahead.", decided_on=DAY)
PROMISED = Committed(**SAID, commitment="45 minutes at most", recommendation="a row")
WITHDRAWN = Withdrawn(**SAID)
WHOLE = (
    PROPOSED, YES, NAMED, CONSULTED, EvidenceAdded(**SAID, kind="measure", label="Waits", where="M053"), COMMENTED,
    DISAGREED, RESOLVED, DECIDED, ASKED, CALLED, RULED, PROMISED,
)  # fmt: skip


def standing(proposal: Proposal, today: date = DAY) -> dict[str, Standing]:
    return {now.step.slug: now.standing for now in steps_of(proposal, Workflow.load(), today)}


def test_the_workflow_names_its_texts_and_that_it_is_no_legal_advice() -> None:
    workflow = Workflow.load()
    assert workflow.valid_from == date(2024, 1, 31) and "not legal advice" in workflow.note
    assert "SI 2013/218" in workflow.sources["regulations"] and "SI 2024/16" in workflow.sources["amendment"]
    assert "Schedule 10A" in workflow.sources["act"]
    assert workflow.steps[0].slug == "proposed"
    told = " ".join(f"{step.title} {step.says}" for step in workflow.steps)
    assert "refer" not in told.replace("preferred", ""), "a request for call-in is no referral"
    assert workflow.step("call_in_requested").who == "anybody"
    events = {kind.model_fields["what"].default for kind in Event.__args__}
    assert {step.slug for step in workflow.steps} == events - {"withdrawn"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: {**raw, "steps": [*raw["steps"], raw["steps"][0]]}, "stands twice"),
        (lambda raw: {**raw, "steps": raw["steps"][::-1]}, "comes after what is not before it"),
        (lambda raw: {**raw, "sources": {}}, "has no source"),
        (lambda raw: {**raw, "note": "Advice."}, "note"),
    ],
)
def test_a_workflow_that_does_not_hang_together_is_refused(change: Any, words: str) -> None:
    with pytest.raises(DefinitionBroken, match=words):
        build(Workflow, change(read_yaml("scrutiny/variation/england_2024.yaml")), where="here")


def test_from_the_proposal_to_the_commitments() -> None:
    found = proposal_of(WHOLE)
    assert set(standing(found).values()) == {Standing.DONE, Standing.POSSIBLE}
    assert standing(found)["dates_changed"] is Standing.POSSIBLE
    assert [proposal_event(event.model_dump(mode="json")) for event in WHOLE] == list(WHOLE)


def test_what_is_due_late_possible_and_not_needed() -> None:
    new = proposal_of([PROPOSED])
    assert standing(new)["consulted"] is Standing.DUE and standing(new)["commented"] is Standing.NOT_YET
    assert standing(new)["call_in_requested"] is Standing.POSSIBLE, "anybody may ask at any time"
    assert standing(new)["call_in_answered"] is Standing.NOT_YET
    late = standing(new, BY + timedelta(days=1))
    assert late["consulted"] is late["commented"] is Standing.LATE and late["decided"] is Standing.DUE
    assert standing(new, BY)["consulted"] is Standing.DUE, "the day itself is in time"
    small = standing(proposal_of([PROPOSED, NO]), DECISION + timedelta(days=1))
    assert small["consulted"] is Standing.NOT_NEEDED and small["decided"] is Standing.LATE
    unsure = proposal_of([PROPOSED, ViewTaken(**SAID, substantial="cannot_tell_yet")])
    assert standing(unsure)["view_taken"] is Standing.DUE and unsure.substantial is None
    assert standing(proposal_of([PROPOSED, CONSULTED, COMMENTED, DISAGREED]))["resolved"] is Standing.DUE
    gone = standing(proposal_of([PROPOSED, WITHDRAWN]), DECISION + timedelta(days=1))
    assert set(gone.values()) == {Standing.DONE, Standing.NOT_NEEDED}


def test_days_that_were_changed_count_from_then_on() -> None:
    later = DatesChanged(**SAID, comments_by=BY + timedelta(days=9))
    moved = proposal_of([PROPOSED, later])
    assert (moved.comments_by, moved.decision_by) == (BY + timedelta(days=9), DECISION)
    assert standing(moved, BY + timedelta(days=5))["consulted"] is Standing.DUE


def test_a_call_in_lasts_six_months_that_begin_with_the_direction() -> None:
    for day, last in (
        ((2026, 1, 31), (2026, 7, 30)),
        ((2026, 8, 31), (2027, 2, 28)),
        ((2026, 3, 2), (2026, 9, 1)),
    ):
        on = date(*day)
        said = {**SAID, "on": on}
        asked = CallInRequested(**said, from_whom="residents", grounds="process", requested_on=on)
        first = PROPOSED.model_copy(
            update={"on": on, "told_on": on, "comments_by": None, "decision_by": None}
        )
        found = proposal_of([first, asked, CallInAnswered(**said, called_in=True, answered_on=on)])
        assert found.called_in_by == date(*last)
    assert standing(found, date(2026, 9, 2))["secretary_decided"] is Standing.LATE
    assert proposal_of([PROPOSED, ASKED, REFUSED]).called_in_by is None


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "Nothing was proposed"),
        ([YES], "Nothing was proposed yet"),
        ([PROPOSED, PROPOSED], "proposed already"),
        ([PROPOSED, COMMENTED], "No consultation"),
        ([PROPOSED, DISAGREED], "No comments with a recommendation"),
        (
            [PROPOSED, CONSULTED, COMMENTED.model_copy(update={"recommends": False}), DISAGREED],
            "with a recommendation",
        ),
        ([PROPOSED, RESOLVED], "No disagreement"),
        ([PROPOSED, REFUSED], "No request for call-in waits"),
        ([PROPOSED, ASKED, ASKED], "waits for its answer already"),
        ([PROPOSED, ASKED, REFUSED, RULED], "was not called in"),
        ([PROPOSED, DatesChanged(**SAID)], "No day is given"),
        ([PROPOSED, DatesChanged(**SAID, decision_by=DAY)], "after the decision"),
        ([PROPOSED, WITHDRAWN, YES], "was withdrawn"),
        ([PROPOSED, YES.model_copy(update={"on": DAY - timedelta(days=1)})], "order of days"),
        ([PROPOSED, DECIDED.model_copy(update={"decided_on": DAY + timedelta(days=1)})], "or ahead"),
        ([PROPOSED, CONSULTED.model_copy(update={"ends": DAY - timedelta(days=1)})], "ends after it begins"),
    ],
)
def test_what_cannot_be_is_refused(events: list[Event], words: str) -> None:
    with pytest.raises(YourCommand, match=words):
        proposal_of(events)


def test_what_stands_out_is_said() -> None:
    early = list(cautions(proposal_of([PROPOSED, YES, DECIDED])))
    assert any("without a consultation" in words for words in early)
    assert any("before the day by which comments were asked for" in words for words in early)
    assert any(
        "before the consultation ended" in w
        for w in cautions(proposal_of([PROPOSED, YES, CONSULTED, DECIDED]))
    )
    unsettled = proposal_of([PROPOSED, YES, CONSULTED, COMMENTED, DISAGREED, DECIDED])
    assert any("not resolved" in words for words in cautions(unsettled))
    assert list(cautions(proposal_of([PROPOSED]))) == []


def test_what_is_no_event_is_said_to_be_none() -> None:
    for wrong in (
        {"what": "referred"},
        {**EvidenceAdded(**SAID, kind="document", label="a").model_dump(), "sha256": "x"},
    ):
        with pytest.raises(YourData, match="no event of a proposal"):
            proposal_event(wrong)


ANY = st.sampled_from([*WHOLE[1:], NO, REFUSED, DatesChanged(**SAID, decision_by=DECISION), WITHDRAWN])


@given(st.lists(ANY, max_size=14), st.dates(DAY, DAY + timedelta(days=400)))
def test_in_any_order_a_call_in_has_a_request_and_nothing_recorded_is_lost(
    events: list[Event], today: date
) -> None:
    kept: list[Event] = [PROPOSED]
    for event in events:
        try:
            proposal_of([*kept, event])
        except YourCommand:
            continue
        kept.append(event)
    found, slugs = proposal_of(kept), [event.what for event in kept]
    assert found.events == tuple(kept) and found.done == set(slugs)
    assert slugs.count("call_in_requested") - slugs.count("call_in_answered") in (0, 1)
    assert "secretary_decided" not in slugs or CALLED in kept
    assert slugs.count("resolved") == 0 or "disagreed" in slugs[: slugs.index("resolved")]
    now = standing(found, today)
    assert all(slug in slugs for slug, how in now.items() if how is Standing.DONE)
    if found.withdrawn:
        assert Standing.LATE not in now.values() and Standing.DUE not in now.values()
    later = standing(found, today + timedelta(days=30))
    assert all(later[slug] is Standing.LATE for slug, how in now.items() if how is Standing.LATE), (
        "late stays late"
    )
