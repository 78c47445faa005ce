"""What can be done to what, as tables: title, form, action, the words of the button and of what is said afterwards.

One view serves each table. What is not in it is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup_web.governance.boards import actions, deciding, meeting_actions, papers
from joinedup_web.governance.boards import forms as body_forms
from joinedup_web.governance.boards import meeting_forms as meeting
from joinedup_web.governance.boards.forms import Asking, Confirm, EndOn, Why
from joinedup_web.governance.boards.models import OfBody
from joinedup_web.governance.boards.records import Action, Clearance, Decision, Escalation, Paper


@dataclass(frozen=True)
class Act:
    """One thing that can be done. `does` takes `by`, the thing under the keyword `takes`, and what the form asks."""

    title: str
    button: str
    done: str
    does: Callable[..., Any]
    takes: str
    form: type[Asking] = Confirm
    lead: str = ""
    of: type[OfBody] | None = None


BODY: Mapping[str, Act] = {
    "change": Act("Change this body", "Change it", "It is changed.", actions.change_body, "body", body_forms.BodyForm),
    "terms": Act(
        "New terms of reference", "Enter them", "The terms of reference are entered.", actions.set_terms, "body",
        body_forms.TermsForm, "The versions before stay on the page.",
    ),
    "seat": Act("Add a seat", "Add it", "The seat is added.", actions.add_seat, "body", body_forms.SeatForm),
    "public": Act(
        "Meet in public", "Say so", "It is said.", actions.meet_in_public, "body", body_forms.PublicForm,
        "Meetings from today on: anyone may read their agendas once issued, and their decisions once the record is "
        "closed. Papers, minutes and earlier meetings stay where they are.",
    ),
    "delegation": Act(
        "Enter a delegation", "Enter it", "The delegation is entered.", actions.delegate, "body",
        body_forms.DelegateForm, "What this body may decide in another's stead.",
    ),
}  # fmt: skip
PART: Mapping[str, Act] = {
    "Seat": Act("End a seat", "End it", "The seat ends.", actions.end_seat, "row", EndOn),
    "Delegation": Act(
        "End a delegation", "End it", "The delegation ends.", actions.end_delegation, "row", EndOn
    ),
}
MEETING: Mapping[str, Act] = {
    "build": Act(
        "Add what has become due", "Add it", "What has become due is on the agenda.", meeting_actions.build_agenda,
        "meeting",
    ),
    "item": Act("Add an item", "Add it", "The item is added.", meeting_actions.add_item, "meeting", meeting.ItemForm),
    "issue": Act(
        "Issue the agenda", "Issue it", "The agenda is issued.", meeting_actions.issue_agenda, "meeting",
        lead="Members read the agenda from now on as the one they meet by. Items can still be added.",
    ),
    "attendance": Act(
        "Who came", "Record it", "The attendance is recorded.", meeting_actions.record_attendance, "meeting",
        meeting.AttendanceForm, "Apologies can be entered beforehand.",
    ),
    "interest": Act(
        "Declaration of interest", "Record it", "The declaration is recorded.", meeting_actions.declare_interest,
        "meeting", meeting.InterestForm,
    ),
    "close": Act(
        "Close the record", "Close it", "The record is closed.", meeting_actions.close_meeting, "meeting",
        lead="Nothing can be decided or agreed at this meeting any more. It can be opened again, with a reason.",
    ),
    "cancel": Act(
        "Cancel the meeting", "Cancel the meeting", "The meeting is cancelled.", meeting_actions.cancel_meeting,
        "meeting", Why, "What was due comes to the next meeting. This can be undone.",
    ),
    "reopen": Act(
        "Open it again", "Open it again", "It is open again.", meeting_actions.reopen_meeting, "meeting", Why
    ),
}  # fmt: skip
ITEM: Mapping[str, Act] = {
    "note": Act(
        "Write the minutes", "Keep them", "The minutes are kept.", meeting_actions.note_item, "item", meeting.NoteForm
    ),
    "paper": Act("Add a paper", "Add it", "The paper is added.", papers.add_paper, "item", meeting.PaperForm),
    "decision": Act(
        "Record a decision", "Record it", "The decision is recorded.", deciding.decide, "item", meeting.DecisionForm
    ),
    "action": Act(
        "Agree an action", "Agree it", "The action is agreed.", deciding.agree_action, "item", meeting.ActionForm
    ),
    "escalate": Act(
        "Escalate this item", "Escalate it", "It is passed on.", deciding.escalate, "item", meeting.EscalateForm,
        "It stands on the next agenda of the body you choose. You can take it back until it is answered.",
    ),
    "earlier": Act("Take it earlier", "Take it earlier", "It is taken earlier.", meeting_actions.put_earlier, "item"),
    "leave-out": Act("Leave it out", "Leave it out", "It is left out.", meeting_actions.leave_out, "item", Why,
                     "It can be put back."),
    "put-back": Act("Put it back", "Put it back", "It is on the agenda again.", meeting_actions.put_back, "item"),
}  # fmt: skip
RECORD: Mapping[str, Act] = {
    "clear": Act(
        "Clear a paper", "It is cleared", "The clearance is entered.", papers.clear_paper, "row",
        lead="You enter that this office has cleared the paper.", of=Clearance,
    ),
    "remove-paper": Act(
        "Remove a paper", "Remove it", "The paper is removed.", papers.remove_paper, "row", Why,
        "Its file goes. That it was there, and why it was removed, stays in the record.", Paper,
    ),
    "take-back-decision": Act(
        "Take back a decision", "Take it back", "The decision is taken back.", deciding.take_back_decision, "row", Why,
        "It stays in the record, marked as taken back.", Decision,
    ),
    "review-decision": Act(
        "Review a decision", "Enter it", "The review is entered.", deciding.review_decision, "row", meeting.ReviewForm,
        of=Decision,
    ),
    "finish-action": Act(
        "An action is done", "It is done", "The action is done.", deciding.finish_action, "row", meeting.OutcomeForm,
        of=Action,
    ),
    "reopen-action": Act(
        "An action is not done after all", "Open it again", "The action is open again.", deciding.reopen_action,
        "row", Why, of=Action,
    ),
    "take-back-escalation": Act(
        "Take back an escalation", "Take it back", "It is taken back.", deciding.take_back_escalation, "row", Why,
        "It comes off the agendas it stands on.", Escalation,
    ),
    "answer-escalation": Act(
        "Answer an escalation", "Enter the answer", "The answer is entered.", deciding.answer_escalation, "row",
        meeting.AnswerForm, of=Escalation,
    ),
}  # fmt: skip
