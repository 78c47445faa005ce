"""Forms of proposals: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup_web.governance.scrutiny.doing import NOBODY, Asking, day, text, words
from joinedup_web.governance.scrutiny.variation.asking import committees, places

YES_NO = (("", "Choose"), ("yes", "Yes"), ("no", "No"))
DECISIONS = (
    ("goes_ahead", "It goes ahead"), ("goes_ahead_changed", "It goes ahead, changed"),
    ("does_not_go_ahead", "It does not go ahead"),
)  # fmt: skip
VIEWS = (("yes", "Substantial"), ("no", "Not substantial"), ("cannot_tell_yet", "It cannot tell yet"))


def yes_no(label: str, hint: str = "") -> forms.TypedChoiceField:
    """Yes or no, one of which is chosen."""
    return forms.TypedChoiceField(
        label=label, help_text=hint, choices=YES_NO, coerce=lambda value: value == "yes", empty_value=None
    )


def lines_of(value: str) -> tuple[str, ...]:
    """What stands on each line."""
    return tuple(line.strip() for line in value.splitlines() if line.strip())


class Propose(Asking):
    """A proposal and the days that the council was told."""

    place = forms.ChoiceField(label="Council that follows it")
    committee = words("Committee", longest=200)
    title = words("What is proposed, in a line", longest=200)
    about = text("What would change (may stay empty)", required=False)
    proposer = words("Who proposes it", longest=200, hint="An organisation.")
    service = words("Which service", longest=200)
    boroughs = text("Boroughs, one a line")
    told_on = day("Day on which the council was told")
    comments_by = day("Comments are asked for by (may stay empty)", required=False)
    decision_by = day("The proposer means to decide by (may stay empty)", required=False)
    source = words("Where it can be read (may stay empty)", required=False, longest=500)

    def prepare(self) -> None:
        """Councils of one's own, and the first committee with a tracker."""
        self.places = {place.code: place for place in places(self.scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.places.items()]
        self.initial.setdefault("committee", next(iter(committees(self.scope)), ""))

    def clean_place(self) -> Any:
        """The council itself."""
        return self.places[self.cleaned_data["place"]]

    def clean_boroughs(self) -> tuple[str, ...]:
        """One a line."""
        return lines_of(self.cleaned_data["boroughs"])


class Dates(Asking):
    """Other days."""

    comments_by = day("Comments are asked for by (may stay empty)", required=False)
    decision_by = day("The proposer means to decide by (may stay empty)", required=False)


class View(Asking):
    """The committee's view."""

    substantial = forms.ChoiceField(
        label="The committee holds the change to be", choices=[("", "Choose"), *VIEWS]
    )


class Consultees(Asking):
    """Committees that are consulted."""

    committees = text("Committees that are consulted, one a line")
    joint = words("Joint committee, where one is appointed (may stay empty)", required=False, longest=200)

    def clean_committees(self) -> tuple[str, ...]:
        """One a line."""
        return lines_of(self.cleaned_data["committees"])


class Consultation(Asking):
    """From, to and how."""

    begins, ends = day("From"), day("To")
    how = text("How people and committees are consulted")


class MeasureAsEvidence(Asking):
    """A measure."""

    measure = words("Measure", longest=60, hint="Its name or number, such as M195.")


class DocumentAsEvidence(Asking):
    """A document."""

    label = words("Document")
    where = words("Where it lies", longest=500, hint="An address, or agenda pack and page.")
    sha256 = forms.RegexField(
        "^[0-9a-f]{64}$", label="Its sha256 (may stay empty)", required=False,
        error_messages={"invalid": "A sha256 has 64 characters, 0 to 9 and a to f."},
    )  # fmt: skip


class Comments(Asking):
    """The committee's comments."""

    comments = text("Comments", hint=NOBODY)
    recommends = yes_no("Do they hold a recommendation to the proposer?")
    sent_on = day("Sent on")


class Disagreement(Asking):
    """What the proposer disagrees with."""

    reasons = text("With what it disagrees, and why")


class Resolution(Asking):
    """What both did to agree."""

    steps = text("What both did to agree")
    agreed = yes_no("Did they agree?")


class Decision(Asking):
    """What the proposer decided."""

    decision = forms.ChoiceField(label="Decision", choices=[("", "Choose"), *DECISIONS])
    words = text("In its words")
    decided_on = day("Decided on")


class CallIn(Asking):
    """A request for call-in."""

    from_whom = words("Who asks", longest=200, hint=f"The committee, or another body. {NOBODY}")
    grounds = text("Grounds, and what was tried to agree")
    requested_on = day("Asked on")


class CallInAnswer(Asking):
    """What the Secretary of State answered."""

    called_in = yes_no("Is it called in?")
    answered_on = day("Answered on", hint="Where it is called in, the day of the direction.")
    words = text("In its words (may stay empty)", required=False)


class Ruling(Asking):
    """What the Secretary of State decided."""

    words = text("Decision")
    decided_on = day("Decided on")


class Commitment(Asking):
    """A commitment of the proposer."""

    commitment = text("What is promised")
    due = day("By when (may stay empty)", required=False)
