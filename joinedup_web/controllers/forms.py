"""Forms of the register of controllers: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup_web.controllers.asking import bases, covered, datasets
from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}


class BeginControl(forms.Form):
    """Which organisation answers for which records, from when, on what basis."""

    dataset = forms.ChoiceField(label="Dataset")
    covers = forms.ChoiceField(label="Records of", help_text="The trust, service or borough they are about.")
    place = forms.ChoiceField(label="Controller", help_text="One of your own organisations.")
    from_day = forms.DateField(label="From", widget=forms.DateInput(attrs=DAY))
    basis = forms.ChoiceField(label="Lawful basis")
    processor = forms.CharField(
        label="Processor (may stay empty)", max_length=200, required=False,
        help_text="Who works with the records on the controller's behalf.",
    )  # fmt: skip
    assessment = forms.CharField(
        label="Data protection impact assessment (may stay empty)", max_length=200, required=False,
        help_text="Its reference, so that it can be found.",
    )  # fmt: skip
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["dataset"].choices = list(datasets().items())
        self.fields["covers"].choices = covered()
        self.fields["place"].choices = [
            (place.code, place.name) for place in named_places(scope.places_for("begin", "controller"))
        ]
        self.fields["basis"].choices = list(bases().items())
        self.fields["from_day"].initial = timezone.localdate().isoformat()


class EndControl(forms.Form):
    """The last day of a controller, and why."""

    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs=DAY))
    reason = forms.CharField(label="Why it ends", max_length=300)


class ApproveAccess(forms.Form):
    """Why people may see these figures again."""

    reason = forms.CharField(
        label="Why access may go on",
        max_length=300,
        help_text="For instance: same purpose, same people, agreed on.",
    )
