"""Forms of best practice: they read and check; `practice_actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup_web.improvement.asking import workstreams
from joinedup_web.improvement.forms import month_of, own_choices
from joinedup_web.improvement.released import places_at
from joinedup_web.organisations.scope import Scope


class WritePracticeNote(forms.Form):
    """What they do differently, as somebody knows it."""

    text = forms.CharField(
        label="What they do differently", max_length=2000, widget=forms.Textarea,
        help_text="What you saw or were told there, and by whom (a role). Name no patient.",
    )  # fmt: skip
    place = forms.ChoiceField(label="Written for")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["place"].choices = own_choices(scope, "initiative")


class ReplicatePractice(forms.Form):
    """Where else it is done, what is done, from when, and for whom."""

    at = forms.ChoiceField(label="Where it is done next")
    what = forms.CharField(
        label="What is done", max_length=2000, widget=forms.Textarea,
        help_text="What you take over from there, in words that somebody who was not there understands.",
    )  # fmt: skip
    start = forms.CharField(label="First month", max_length=7, help_text="As 2026-04.")
    population = forms.CharField(label="Population", max_length=300)
    workstream = forms.ChoiceField(label="Workstream")
    place = forms.ChoiceField(label="Entered for")

    def __init__(self, *given: Any, scope: Scope, level: str, better: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["at"].choices = [one for one in places_at(level) if one[0] != better]
        self.fields["workstream"].choices = workstreams()
        self.fields["place"].choices = own_choices(scope, "initiative")

    def clean_start(self) -> str:
        """A month."""
        return month_of(self.cleaned_data["start"])
