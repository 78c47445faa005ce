"""Forms of meetings: they read and check; the actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup_web.governance.boards.asking import above_and_outside, items_of
from joinedup_web.governance.boards.attending import seats_of
from joinedup_web.governance.boards.forms import Asking, day, text, yes_no
from joinedup_web.governance.boards.records import (
    ABSENT,
    APOLOGIES,
    DEPUTY,
    LEAVES,
    NO_VOTE,
    PRESENT,
    STAYS,
)
from joinedup_web.governance.boards.uploaded import MOST_BYTES

PURPOSES = (("decide", "To decide"), ("discuss", "To discuss"), ("note", "To note"))
STATES = (
    ("", "Not recorded"), (PRESENT, "Present"), (DEPUTY, "A deputy"), (APOLOGIES, "Apologies"), (ABSENT, "Absent"),
)  # fmt: skip
HANDLED = (
    (STAYS, "Stays and takes part"), (NO_VOTE, "Stays, does not vote"), (LEAVES, "Leaves, and does not count"),
)  # fmt: skip
LIMIT = f"PDF, DOCX, XLSX or PPTX file of up to {MOST_BYTES // 1_000_000} MB, without macros"
NOBODY = "Say nothing that could point to a patient."


class OpenMeeting(Asking):
    """The day of a meeting."""

    on = day("Day", hint="One of the days of its cadence, or any other: then it is an extraordinary meeting.")


class ItemForm(Asking):
    """An item of one's own."""

    title = forms.CharField(label="What it is about", max_length=300)
    purpose = forms.ChoiceField(label="What for", choices=PURPOSES)
    lead = forms.CharField(label="Who leads it (may stay empty)", max_length=200, required=False)


class AttendanceForm(Asking):
    """Who came: one answer a seat."""

    def prepare(self) -> None:
        """The seats of the day, and what is recorded."""
        held = {row.seat_id: row.state for row in self.thing.attendance.all()}
        for seat in seats_of(self.thing):
            self.fields[f"seat-{seat.pk}"] = forms.ChoiceField(
                label=str(seat), choices=STATES, required=False, initial=held.get(seat.pk, "")
            )

    def asked(self) -> dict[str, Any]:
        """State by seat. A seat that the form did not send stays as it is."""
        sent = {name: state for name, state in self.cleaned_data.items() if name in self.data}
        return {"states": {name.removeprefix("seat-"): state for name, state in sent.items()}}


class InterestForm(Asking):
    """An interest, of one item or of the whole meeting."""

    seat = forms.ChoiceField(label="Who declares it")
    item = forms.ChoiceField(label="In which item", required=False)
    what = text("The interest", longest=500)
    handling = forms.ChoiceField(label="How it was handled", choices=HANDLED)

    def prepare(self) -> None:
        """Seats and items of the meeting."""
        self._seats = {str(one.pk): one for one in seats_of(self.thing)}
        self._items = {str(one.pk): one for one in items_of(self.thing) if not one.left_out}
        self.fields["seat"].choices = [(key, str(one)) for key, one in self._seats.items()]
        self.fields["item"].choices = [
            ("", "All of them"),
            *((key, one.title) for key, one in self._items.items()),
        ]

    def asked(self) -> dict[str, Any]:
        """Seat and item as rows."""
        asked = self.cleaned_data
        return {**asked, "seat": self._seats[asked["seat"]], "item": self._items.get(asked["item"])}


class NoteForm(Asking):
    """The minutes of an item."""

    note = text("Minutes of this item", required=False, hint=NOBODY, longest=20_000)
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        """As they stand."""
        self.start_with({"note": self.thing.note, "edition": self.thing.edition})


class PaperForm(Asking):
    """A paper, its authors, and who has to clear it."""

    title = forms.CharField(label="Title", max_length=300)
    authors = text(
        "Authors, one a line", hint="Name and office, for instance A Person, Director of Strategy."
    )
    clearances = text(
        "Who has to clear it, an office a line (may stay empty)", required=False,
        hint="For instance Chief Nursing Officer, CNWL.",
    )  # fmt: skip
    summary = text("In a few sentences (may stay empty)", required=False, hint=NOBODY)
    link = forms.CharField(
        label="Where it is (may stay empty)", max_length=500, required=False,
        help_text="An address that begins with https://, or the code of a number.",
    )  # fmt: skip
    file = forms.FileField(label="Or its file (may stay empty)", required=False, help_text=f"A {LIMIT}.")
    private = yes_no("Private: for members of this body alone", NOBODY)

    def clean_file(self) -> Any:
        """The file, or that it was too large."""
        if self.too_large:
            raise forms.ValidationError(f"A paper is a {LIMIT}.")
        return self.cleaned_data["file"]

    def asked(self) -> dict[str, Any]:
        """The file as name and content."""
        sent = self.cleaned_data["file"]
        return {**self.cleaned_data, "file": (sent.name, sent.read()) if sent else None}


class DecisionForm(Asking):
    """A decision: question, options, choice, reason, evidence, dissent, review."""

    question = forms.CharField(label="The question", max_length=300)
    options = text("Options, one a line", hint="At least two; to change nothing is one.")
    chosen = forms.CharField(
        label="The option chosen", max_length=200, help_text="Just as it stands among the options."
    )
    reason = text("Why", hint=NOBODY)
    evidence = forms.CharField(
        label="Evidence (may stay empty)", max_length=500, required=False,
        help_text="The code of a released number, or an address that begins with https://.",
    )  # fmt: skip
    dissent = text(
        "Dissent (may stay empty)", required=False, hint="Which seat disagreed, and why, in its own words."
    )
    review_on = day("To be looked at again on (may stay empty)", required=False)


class ActionForm(Asking):
    """An action."""

    what = text("What is to be done", longest=500)
    owner = forms.CharField(label="Owner", max_length=200, help_text="An office, or a name.")
    due = day("Due")


class EscalateForm(Asking):
    """What is passed on, and to whom."""

    to_body = forms.ChoiceField(label="To")
    ask = text("What is asked of it", longest=2000, hint=NOBODY)

    def prepare(self) -> None:
        """The body above, and outside bodies."""
        self._to = {one.slug: one for one in above_and_outside(self.thing.meeting.body)}
        self.fields["to_body"].choices = [(slug, one.name) for slug, one in self._to.items()]

    def asked(self) -> dict[str, Any]:
        """The body as a row."""
        return {"to_body": self._to[self.cleaned_data["to_body"]], "ask": self.cleaned_data["ask"]}


class OutcomeForm(Asking):
    """What came of an action."""

    outcome = text("What came of it", longest=2000, hint=NOBODY)


class ReviewForm(Asking):
    """What came of looking at a decision again."""

    review = text("What came of it", longest=2000, hint=NOBODY)
    again_on = day("To be looked at once more on (may stay empty)", required=False)


class AnswerForm(Asking):
    """What the other body answered."""

    answer = text("The answer", longest=2000, hint=NOBODY)


def first_day(days: list[Any]) -> dict[str, Any]:
    """The day that a form for a meeting begins with."""
    return {"on": days[0] if days else timezone.localdate()}
