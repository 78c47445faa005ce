"""What pages of proposals say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from joinedup.definitions.variation import StepOfLaw, Workflow
from joinedup.governance.variation.events import EvidenceAdded
from joinedup.governance.variation.steps import Standing, StepNow, cautions, steps_of
from joinedup_web.governance.scrutiny.doing import Act, Acts
from joinedup_web.governance.scrutiny.variation import actions, forms
from joinedup_web.governance.scrutiny.variation.asking import Followed

PROPOSE = Act(
    "Record a proposal", "Record it", "The proposal is recorded.", actions.propose, forms.Propose,
    "A proposal to change a health service, as the council was told of it.",
)  # fmt: skip
KEEP: Acts = {
    "dates": Act("Changed days", "Record them", "The days are changed.", actions.change_dates, forms.Dates),
    "consultees": Act(
        "Who is consulted", "Record it", "It is recorded.", actions.name_consultees, forms.Consultees
    ),
    "consultation": Act(
        "Record a consultation", "Record it", "The consultation is recorded.", actions.consult, forms.Consultation
    ),
    "measure": Act(
        "Add a measure as evidence", "Add it", "The measure is added.", actions.add_measure, forms.MeasureAsEvidence
    ),
    "document": Act(
        "Add a document as evidence", "Add it", "The document is added.", actions.add_document,
        forms.DocumentAsEvidence,
    ),
    "disagreement": Act(
        "The proposer disagrees", "Record it", "The disagreement is recorded.", actions.disagree, forms.Disagreement
    ),
    "decision": Act(
        "The proposer's decision", "Record it", "The decision is recorded.", actions.decided, forms.Decision
    ),
    "answer": Act(
        "The answer to a request for call-in", "Record it", "The answer is recorded.", actions.answer_call_in,
        forms.CallInAnswer,
    ),
    "ruling": Act(
        "The Secretary of State's decision", "Record it", "The decision is recorded.", actions.secretary_decides,
        forms.Ruling,
    ),
    "commitment": Act(
        "Record a commitment", "Record it", "The commitment stands in the tracker.", actions.commit, forms.Commitment,
        "It becomes a row of the committee's tracker. Say there what would show that it was kept: it closes on evidence"
        " alone.",
    ),
    "withdraw": Act(
        "The proposal is withdrawn", "It is withdrawn", "The proposal is withdrawn.", actions.withdraw,
        lead="Nothing else can be recorded of it then but commitments, which go on.",
    ),
}  # fmt: skip
DECIDE: Acts = {
    "view": Act("Is it substantial?", "Record the view", "The view is recorded.", actions.take_view, forms.View),
    "comments": Act(
        "The committee's comments", "Record them", "The comments are recorded.", actions.comment, forms.Comments
    ),
    "resolution": Act("Local resolution", "Record it", "It is recorded.", actions.resolve, forms.Resolution),
    "call-in": Act(
        "Request for call-in", "Record the request", "The request is recorded.", actions.request_call_in,
        forms.CallIn,
        "A committee may ask the Secretary of State to call the proposal in, as anybody may. The Secretary of State"
        " need not.",
    ),
}  # fmt: skip
STEP_OF = {
    "dates": "dates_changed", "consultees": "consultees_named", "consultation": "consulted",
    "measure": "evidence_added", "document": "evidence_added", "disagreement": "disagreed", "decision": "decided",
    "answer": "call_in_answered", "ruling": "secretary_decided", "commitment": "committed", "view": "view_taken",
    "comments": "commented", "resolution": "resolved", "call-in": "call_in_requested",
}  # fmt: skip
"""Act -> the step of the workflow that it records."""
COLOURS = {
    Standing.DONE: "green", Standing.DUE: "yellow", Standing.LATE: "red", Standing.POSSIBLE: "white",
    Standing.NOT_YET: "white", Standing.NOT_NEEDED: "grey",
}  # fmt: skip
WHO = {
    "proposer": "The proposer", "committee": "The committee", "both": "Both", "anybody": "Anybody",
    "secretary_of_state": "The Secretary of State",
}  # fmt: skip
VIEWS = dict(forms.VIEWS)
DECISIONS = dict(forms.DECISIONS)


def steps(one: Followed, today: date) -> tuple[StepNow, ...]:
    """Every step as it stands."""
    return steps_of(one.now, Workflow.load(), today)


def late(one: Followed, today: date) -> list[StepNow]:
    """Steps whose day has passed."""
    return [step for step in steps(one, today) if step.standing is Standing.LATE]


def next_step(one: Followed, today: date) -> StepNow | None:
    """The first step that is late or to be done."""
    waiting = (step for step in steps(one, today) if step.standing in (Standing.LATE, Standing.DUE))
    return next(waiting, None)


def acts(table: Acts, one: Followed) -> dict[str, Act]:
    """What of a table may be recorded where a proposal stands. What is done may be recorded again."""
    if one.now.withdrawn:
        return {name: act for name, act in table.items() if name == "commitment"}
    return {name: act for name, act in table.items() if _possible(one, name)}


def _possible(one: Followed, name: str) -> bool:
    if name == "withdraw":
        return True
    if name == "answer":
        return one.now.awaits_answer
    if name == "ruling":
        return one.now.called_in_by is not None
    if name == "call-in":
        return not one.now.awaits_answer
    return set(Workflow.load().step(STEP_OF[name]).after) <= one.now.done


def tag(step: StepNow) -> dict[str, str]:
    """How a step stands, as a tag."""
    return {"text": str(step.standing).capitalize(), "colour": COLOURS[step.standing]}


def rests_on(step: StepOfLaw) -> str:
    """The text a step rests on, and where in it."""
    source = Workflow.load().sources[step.source]
    return f"{source.split('. ')[0].rstrip('.')}{', ' + step.at if step.at else ''}."


def stands(one: Followed, today: date) -> dict[str, str]:
    """Where a proposal stands, in one tag."""
    now = one.now
    if now.withdrawn:
        return {"text": "Withdrawn", "colour": "grey"}
    if now.awaits_answer:
        return {"text": "Call-in requested", "colour": "purple"}
    if now.called_in_by is not None and "secretary_decided" not in now.done:
        return {"text": "Called in", "colour": "purple"}
    if "decided" in now.done:
        return {"text": "Decided", "colour": "green"}
    if late(one, today):
        return {"text": "Late", "colour": "red"}
    consulted = "consulted" in now.done
    return {"text": "Consulted on" if consulted else "Proposed", "colour": "blue" if consulted else "yellow"}


def view_words(one: Followed) -> str:
    """The committee's view, in words."""
    views = [event.substantial for event in one.events if event.what == "view_taken"]
    return VIEWS[views[-1]] if views else "No view yet"


def evidence(one: Followed) -> tuple[EvidenceAdded, ...]:
    """Measures and documents."""
    return one.now.all_of(EvidenceAdded)


def stands_out(one: Followed) -> tuple[str, ...]:
    """What stands out in the record."""
    return tuple(cautions(one.now))


def workflow() -> Workflow:
    """The steps with their sources."""
    return Workflow.load()


def history(one: Followed, people: Sequence[str]) -> list[tuple[date, str, str, str, str]]:
    """Day, what, by whom, said and why, the newest first."""
    titles = {step.slug: step.title for step in Workflow.load().steps} | {"withdrawn": "Withdrawn"}
    rows = []
    for number, event in enumerate(one.events):
        by = event.by + (f" ({people[number]})" if people[number] else "")
        rows.append((event.on, titles[event.what], by, said(event), event.why))
    return rows[::-1]


def said(event: Any) -> str:
    """What an event says beside its reason, as a line."""
    tell = _SAID.get(event.what)
    return tell(event).strip() if tell else ""


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "no day"


def _days(event: Any) -> str:
    return f"Comments by {_day(event.comments_by)}, decision by {_day(event.decision_by)}"


def _comments(event: Any) -> str:
    held = "with a" if event.recommends else "without a"
    return f"Sent on {_day(event.sent_on)}, {held} recommendation. {event.comments}"


def _answer(event: Any) -> str:
    return (
        f"{'Called in' if event.called_in else 'Not called in'} on {_day(event.answered_on)}. {event.words}"
    )


_SAID: Mapping[str, Callable[[Any], str]] = {
    "proposed": lambda e: f"{e.title}: {e.proposer}, told on {_day(e.told_on)}. {_days(e)}",
    "dates_changed": _days,
    "view_taken": lambda e: VIEWS[e.substantial],
    "consultees_named": lambda e: "; ".join(e.committees) + (f". Joint committee: {e.joint}" if e.joint else ""),
    "consulted": lambda e: f"From {_day(e.begins)} to {_day(e.ends)}. {e.how}",
    "evidence_added": lambda e: f"{e.kind.capitalize()}: {e.label} ({e.where})",
    "commented": _comments,
    "disagreed": lambda e: str(e.reasons),
    "resolved": lambda e: f"{'Agreed' if e.agreed else 'Not agreed'}. {e.steps}",
    "decided": lambda e: f"{DECISIONS[e.decision]}, on {_day(e.decided_on)}. {e.words}",
    "call_in_requested": lambda e: f"Requested by {e.from_whom} on {_day(e.requested_on)}. {e.grounds}",
    "call_in_answered": _answer,
    "secretary_decided": lambda e: f"On {_day(e.decided_on)}. {e.words}",
    "committed": lambda e: f"{e.commitment}{', by ' + _day(e.due) if e.due else ''}",
}  # fmt: skip
