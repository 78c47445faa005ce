"""Forms of notes: they read and check; `note_actions.py` writes."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
from django import forms

from joinedup.linkage import valid_nhs_numbers
from joinedup_web.equity.models import KINDS, LONGEST
from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.scope import Scope

DIGITS = re.compile(r"(?<!\d)\d(?:[\s-]?\d){9}(?!\d)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+\.\S+")


class WriteNote(forms.Form):
    """What a note says, of which place, and whether all may see it."""

    kind = forms.ChoiceField(label="What it is", choices=KINDS)
    text = forms.CharField(
        label="In a few words", max_length=LONGEST, widget=forms.Textarea,
        help_text="What happened, and since when. Say nothing that could point to a person.",
    )  # fmt: skip
    place = forms.ChoiceField(label="Written for")
    shared = forms.TypedChoiceField(
        label="Who sees it", coerce=lambda value: value == "yes", empty_value=False, required=False,
        choices=(("", "People with a role at this place"), ("yes", "Everyone who reads notes")),
    )  # fmt: skip

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.scope = scope
        own = scope.places_for("write", "note")
        self.fields["place"].choices = [(place.code, place.name) for place in named_places(own)]
        if not scope.may("share", "note"):
            del self.fields["shared"]

    def clean_text(self) -> str:
        """Words that carry no NHS number, postcode or address of a person."""
        text: str = self.cleaned_data["text"].strip()
        numbers = pa.array([re.sub(r"\D", "", found) for found in DIGITS.findall(text)], pa.string())
        if any(valid_nhs_numbers(numbers).to_pylist()):
            raise forms.ValidationError(
                "There is an NHS number in it. Take it out: notes never point to a person."
            )
        if POSTCODE.search(text) or ADDRESS.search(text):
            raise forms.ValidationError(
                "There is a postcode or an email address in it. Take it out: notes never point to a person."
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Who may not share writes for their own place."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        found.setdefault("shared", False)
        if found["shared"] and not self.scope.may_at("share", "note", found.get("place", "")):
            self.add_error("shared", "Notes are shared by the service manager of the place.")
        return found


class EndNote(forms.Form):
    """Why a note ends."""

    reason = forms.CharField(label="Why it ends", max_length=300)
