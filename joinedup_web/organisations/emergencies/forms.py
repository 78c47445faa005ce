"""Forms of emergency access: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup_web.organisations.emergencies.asking import places_to_ask
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope


class AskAccess(forms.Form):
    """Which place, for how long, and why it cannot wait."""

    place = forms.ChoiceField(label="Which organisation")
    hours = forms.ChoiceField(label="For how long")
    reason = forms.CharField(
        label="Why it cannot wait", max_length=500,
        help_text="Its data-protection officer reads this. Name no patient.", widget=forms.Textarea,
    )  # fmt: skip

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["place"].choices = [
            ("", "Choose"),
            *((one.code, one.name) for one in places_to_ask(scope)),
        ]
        longest = load_policy().emergency_hours
        self.fields["hours"].choices = [
            (str(n), "1 hour" if n == 1 else f"{n} hours") for n in range(1, longest + 1)
        ]


class Found(forms.Form):
    """What the officer found."""

    note = forms.CharField(label="What you found", max_length=500)
