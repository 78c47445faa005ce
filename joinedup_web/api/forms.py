"""Forms of tokens: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup_web.api.actions import LONGEST
from joinedup_web.api.asking import kinds_open_to
from joinedup_web.api.words import words_of
from joinedup_web.organisations.scope import Scope


class MakeToken(forms.Form):
    """What a token is for, what it opens, and until when."""

    name = forms.CharField(label="Name of the token", max_length=60, help_text="Which program will use it.",
        error_messages={"required": "Give the token a name."},
    )  # fmt: skip
    expires = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="A year from now at most; a week is often enough.",
        error_messages={
            "required": "Say which day is its last.",
            "invalid": "Enter a day, such as 31 March 2027.",
        },
    )
    kinds = forms.MultipleChoiceField(
        label="What it opens", error_messages={"required": "Choose at least one."}
    )

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["kinds"].choices = [(kind, words_of(kind)) for kind in kinds_open_to(scope)]
        self.fields["expires"].initial = (timezone.localdate() + LONGEST / 4).isoformat()
