"""Forms of people and roles: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup_web.organisations.asking import named_places, person_of
from joinedup_web.organisations.policy import PUBLIC, load_policy
from joinedup_web.organisations.scope import Scope


class GiveRole(forms.Form):
    """Who gets which role where, for how long, and why."""

    email = forms.EmailField(label="Email address of the person", help_text="They need an account already.")
    role = forms.ChoiceField(label="Role")
    place = forms.ChoiceField(label="At")
    from_day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    to_day = forms.DateField(label="Until (may stay empty)", required=False)
    reason = forms.CharField(label="Why it is needed", max_length=300)

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        roles = load_policy().roles
        self.fields["role"].choices = [(slug, role.title) for slug, role in roles.items() if slug != PUBLIC]
        self.fields["place"].choices = [
            (p.code, p.name) for p in named_places(scope.places_for("give", "role"))
        ]
        self.fields["from_day"].initial = timezone.localdate().isoformat()

    def clean_email(self) -> Any:
        """The account of that address."""
        person = person_of(self.cleaned_data["email"])
        if person is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return person


class AsAt(forms.Form):
    """The day whose map is shown."""

    on = forms.DateField(label="As at", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class MoveRole(forms.Form):
    """Why a role goes on at the successor."""

    reason = forms.CharField(label="Why it goes on there", max_length=300)


class EndRole(forms.Form):
    """Why a role ends."""

    reason = forms.CharField(label="Why it ends", max_length=300)
