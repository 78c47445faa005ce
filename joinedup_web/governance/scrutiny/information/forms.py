"""Forms of requests for information: they read and check; `actions.py` writes."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.governance.information_book import OUTCOMES
from joinedup_web.governance.scrutiny.doing import Asking, day, text, words
from joinedup_web.governance.scrutiny.information.asking import places

NOBODY = "Never who asked: no name, e-mail address, telephone number or NHS number. A text that holds one is not kept."
CODE = re.compile("[A-Z2-7]{10}")


class Receive(Asking):
    """A request, without who asked."""

    place = forms.ChoiceField(label="Council that received it")
    title = words("What it is about, in a line", longest=200, hint=NOBODY)
    asked = text("What is asked", hint=NOBODY)
    received_on = day("Received on")

    def prepare(self) -> None:
        """Councils of one's own."""
        self.places = {place.code: place for place in places(self.scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.places.items()]

    def clean_place(self) -> Any:
        """The council itself."""
        return self.places[self.cleaned_data["place"]]


class AskedOn(Asking):
    """A day on which something was asked."""

    asked_on = day("Asked on")


class ReceivedOn(Asking):
    """A day on which something came."""

    received_on = day("Received on")


class Extend(Asking):
    """Longer, to weigh the public interest."""

    until = day("Until")
    section = forms.ChoiceField(label="Which ground is weighed")

    def prepare(self) -> None:
        """Qualified grounds alone are weighed."""
        found = [one for one in InformationLaw.load().grounds if one.kind == "qualified"]
        self.fields["section"].choices = [
            ("", "Choose"), *((one.section, f"Section {one.section}: {one.title}") for one in found),
        ]  # fmt: skip


class Answer(Asking):
    """The answer, what was withheld and why, and the figures it rests on."""

    answered_on = day("Answered on")
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Choose"), *OUTCOMES.items()])
    answer = text("The answer", hint=NOBODY)
    sections = words(
        "Sections by which something is withheld (may stay empty)", required=False, hint="Such as 40 and 43."
    )
    codes = text(
        "Codes of the figures used, one a line (may stay empty)", required=False,
        hint="The ten characters beside a figure. Each opens on the page of that number.",
    )  # fmt: skip
    datasets = text(
        "Datasets, releases or measures used, one a line (may stay empty)",
        required=False,
        hint="With month or edition.",
    )
    link = words("Where the answer is published (may stay empty)", required=False, longest=500)

    def prepare(self) -> None:
        """Say which sections there are."""
        listed = "; ".join(f"{one.section} {one.title.lower()}" for one in InformationLaw.load().grounds)
        self.fields["sections"].help_text = f"Numbers with spaces between: {listed}."

    def clean_sections(self) -> tuple[str, ...]:
        """Numbers of sections."""
        found = re.findall("[0-9]+[A-Z]?", self.cleaned_data["sections"].upper())
        return tuple(dict.fromkeys(found))

    def clean_codes(self) -> tuple[str, ...]:
        """Each is a code."""
        found = tuple(dict.fromkeys(self.cleaned_data["codes"].upper().split()))
        wrong = [code for code in found if not CODE.fullmatch(code)]
        if wrong:
            raise forms.ValidationError(
                f"No code of a number: {', '.join(wrong)[:80]}. It has ten characters, A to Z and 2 to 7."
            )
        return found

    def clean_datasets(self) -> tuple[str, ...]:
        """One a line."""
        return tuple(line.strip() for line in self.cleaned_data["datasets"].splitlines() if line.strip())
