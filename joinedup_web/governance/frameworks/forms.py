"""Forms of frameworks: they read and check; actions write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from joinedup.definitions.frameworks import Framework
from joinedup.governance.packages import MAX_BYTES_IN
from joinedup_web.governance.frameworks.actions import TakesPart
from joinedup_web.governance.frameworks.asking import keeps, near_to, organisation_named, units_for
from joinedup_web.organisations.asking import named_places
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

DAY = {"type": "date"}
LIMIT = f"{MAX_BYTES_IN // 1024**2} MB"
ENDINGS = (".xlsx", ".csv", ".yaml", ".yml")


class Nothing(forms.Form):
    """A button alone."""


class Why(forms.Form):
    """Why something is done; stays in the history."""

    reason = forms.CharField(
        label="Why", max_length=300, error_messages={"required": "Say in a few words why."},
        help_text="Stays in the history. Name no patient.",
    )  # fmt: skip


class Sign(forms.Form):
    """In which office somebody signs."""

    office = forms.CharField(
        label="Your office", max_length=200, error_messages={"required": "Write your office."},
        help_text="As Director of adult social care. Your name stays in the history; the page shows the office.",
    )  # fmt: skip
    agrees = forms.ChoiceField(
        label="Does your organisation agree to these levels?",
        choices=[("", "Choose"), ("yes", "Yes: we sign them")],
        error_messages={"required": "Choose. If it does not, tell the moderator, and sign nothing."},
    )


class SendForm(forms.Form):
    """A form that was filled in elsewhere."""

    file = forms.FileField(
        label="The form", help_text=f"The workbook, CSV or YAML that you downloaded here, filled in: up to {LIMIT}.",
        error_messages={"required": "Choose the file of the form.", "empty": "The file is empty."},
    )  # fmt: skip

    def __init__(self, *given: Any, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        if too_large:
            self.fields["file"].error_messages["required"] = f"The file is larger than {LIMIT}."

    def clean_file(self) -> Any:
        """Only what a form is."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError("A form is .xlsx, .csv or .yaml. Save it as one of these.")
        return file


class ChooseFramework(forms.Form):
    """Who opens a round, and of which framework: the next page depends on it."""

    place = forms.ChoiceField(label="Partnership that keeps the round")
    framework = forms.ChoiceField(label="Framework")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.places = {place.code: place for place in keeps(scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self.places.items()]
        self.fields["framework"].choices = [(one.slug, one.title) for one in Framework.all()]


class OpenRound(forms.Form):
    """A round: of whom, which day, and who scores, one a line for each view of the framework."""

    def __init__(self, *given: Any, place: Place, framework: Framework, **more: Any) -> None:
        super().__init__(*given, **more)
        self.framework = framework
        self.units = {one.code: one for one in named_places(frozenset(units_for(place.code, framework)))}
        self.fields["unit"] = forms.ChoiceField(
            label="Who is assessed", choices=[(code, one.name) for code, one in self.units.items()]
        )
        self.fields["name"] = forms.CharField(
            label="Name of the round", max_length=80, help_text="As November 2026."
        )
        self.fields["day"] = forms.DateField(
            label="Day of the round", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            initial=timezone.localdate,
            help_text="Documents of a later day are no evidence for it.",
        )  # fmt: skip
        for view in (one for one in framework.views if not one.decides):
            self.fields[f"view_{view.slug}"] = self._who(view, place)
        self.fields["note"] = forms.CharField(
            label="Note (may stay empty)", max_length=300, required=False,
            help_text="Stands on every page of the round.",
        )  # fmt: skip

    def _who(self, view: Any, place: Place) -> forms.CharField:
        near = ", ".join(f"{one.code} {one.name}" for one in near_to(place, timezone.localdate()))
        many = "One a line" if view.several else "One, on one line"
        hint = f"{many}: the code of an organisation, or the name of one that has none; you enter the scores of those."
        return forms.CharField(
            label=f"{view.title}: {view.who}", required=view.several, max_length=2000,
            widget=forms.Textarea if view.several else forms.TextInput,
            help_text=f"{hint} Codes near here: {near}." if near else hint,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Who takes part, as `parties`; the place assessed itself."""
        told = super().clean() or {}
        found = [
            self._party(view.slug, line.strip())
            for view in self.framework.views
            if not view.decides
            for line in told.get(f"view_{view.slug}", "").splitlines()
            if line.strip()
        ]
        told["parties"] = [one for one in found if one is not None]
        told["unit"] = self.units.get(told.get("unit", ""))
        return told

    def _party(self, view: str, line: str) -> TakesPart | None:
        code = line.split(maxsplit=1)[0].upper()
        place = organisation_named(line)
        if place is None and (line.upper() == code and any(letter.isdigit() for letter in code)):
            self.add_error(f"view_{view}", f"No organisation has the code {line}.")
            return None
        return TakesPart(view, place.name if place is not None else line[:200], place)
