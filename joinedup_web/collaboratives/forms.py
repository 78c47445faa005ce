"""Forms of collaboratives: they read and check; `actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup.definitions.collaboratives import CollaborativeTemplate
from joinedup_web.collaboratives.actions import Plan
from joinedup_web.collaboratives.asking import of_level
from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}


class MakeCollaborative(forms.Form):
    """A collaborative, filled in from its template."""

    name = forms.CharField(label="Name", max_length=200)
    short_name = forms.CharField(label="Short name", max_length=100, required=False)
    code = forms.CharField(label="Code", max_length=20, help_text="Ours, for instance NWL-PERI.")
    from_day = forms.DateField(label="First day", widget=forms.DateInput(attrs=DAY))
    lead = forms.ChoiceField(
        label="Lead provider", help_text="Holds the contract; one of your own organisations."
    )
    members = forms.MultipleChoiceField(label="Members")
    places = forms.MultipleChoiceField(label="Boroughs it serves")
    services = forms.CharField(
        label="Services, one a line", widget=forms.Textarea, required=False, max_length=4000
    )
    reason = forms.CharField(label="Why it is made", max_length=300)

    def __init__(self, *given: Any, scope: Scope, template: CollaborativeTemplate, **more: Any) -> None:
        self.template = template
        super().__init__(*given, initial=_filled(template), **more)
        trusts = of_level("trust")
        own = scope.places_for("make", "collaborative")
        self.fields["lead"].choices = [
            (place.code, place.name) for place in named_places(own & {code for code, _ in trusts})
        ]
        self.fields["members"].choices = trusts
        self.fields["places"].choices = of_level("borough")

    def plan(self) -> Plan:
        """What the form asks for."""
        asked = self.cleaned_data
        return Plan(
            template=self.template.slug, code=asked["code"].strip().upper(), name=asked["name"],
            short_name=asked["short_name"], sector=self.template.sector, lead=asked["lead"],
            members=tuple(dict.fromkeys((asked["lead"], *asked["members"]))), places=tuple(asked["places"]),
            services=tuple(line[:200] for line in asked["services"].splitlines()), from_day=asked["from_day"],
            source=self.template.source,
        )  # fmt: skip


class EndCollaborative(forms.Form):
    """The last day of a collaborative, what comes after it, and why."""

    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs=DAY))
    successor = forms.CharField(
        label="Code of what comes after it (may stay empty)", max_length=20, required=False
    )
    reason = forms.CharField(label="Why it ends", max_length=300)


class Undo(forms.Form):
    """Why the last step is taken back."""

    reason = forms.CharField(label="Why", max_length=300)


def _filled(template: CollaborativeTemplate) -> dict[str, Any]:
    return {
        "name": template.name, "short_name": template.short_name, "code": template.code,
        "from_day": (template.starts_on or timezone.localdate()).isoformat(), "lead": template.lead,
        "members": list(template.members), "places": list(template.places),
        "services": "\n".join(template.services), "reason": "",
    }  # fmt: skip
