"""Forms of packs: they read and check; `actions.py` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from joinedup.charts.words import span
from joinedup_web.organisations.scope import Scope
from joinedup_web.packs import asking, files
from joinedup_web.packs.actions import LAYOUTS, layouts_for
from joinedup_web.packs.uploading import TemplateUploadHandler

LIMIT = f"{TemplateUploadHandler.most // 1_000_000} MB"


class AskForPack(forms.Form):
    """Which pack, of which month, in which forms."""

    layout = forms.ChoiceField(label="Pack")
    period = forms.ChoiceField(label="Month")
    formats = forms.MultipleChoiceField(
        label="As", choices=tuple(files.WORDS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one form."},
    )  # fmt: skip
    template = forms.ChoiceField(label="Template", required=False)
    place = forms.ChoiceField(
        label="For", help_text="Who can open it: board members, managers and analysts of this place."
    )

    def __init__(self, *given: Any, scope: Scope, months: Sequence[str], **more: Any) -> None:
        super().__init__(*given, **more)
        self.scope = scope
        self._places = {one.code: one for one in asking.places(scope)}
        self._templates = {str(one.pk): one for one in asking.templates(scope)}
        offered = {slug for code in self._places for slug in layouts_for(scope, code)}
        self.fields["layout"].choices = [(slug, words) for slug, words in LAYOUTS.items() if slug in offered]
        self.fields["period"].choices = [(key, span(key)) for key in months]
        self.fields["place"].choices = [(code, place.name) for code, place in self._places.items()]
        looks = [(key, f"{one.name} ({one.place.name})") for key, one in self._templates.items()]
        self.fields["template"].choices = [("", "Our own look"), *looks]
        if not looks:
            del self.fields["template"]

    def asked(self) -> dict[str, Any]:
        """Keywords of the action."""
        told = self.cleaned_data
        return {
            **{name: told[name] for name in ("layout", "period", "formats")},
            "place": self._places[told["place"]], "template": self._templates.get(told.get("template", "")),
        }  # fmt: skip


class SendTemplate(forms.Form):
    """A template and whose it is."""

    place = forms.ChoiceField(label="For")
    file = forms.FileField(
        label="Template",
        help_text=f"A .pptx for slides or a .docx for documents, without macros, up to {LIMIT}.",
    )

    def __init__(self, *given: Any, scope: Scope, too_large: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        self.too_large = too_large
        self._places = {one.code: one for one in asking.template_places(scope)}
        self.fields["place"].choices = [(code, place.name) for code, place in self._places.items()]

    def clean(self) -> dict[str, Any]:
        """Say that it was too large, and not that it is missing."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.too_large:
            self.errors.pop("file", None)
            self.add_error("file", f"The template is larger than {LIMIT}. Take pictures out of it.")
        return found

    def asked(self) -> dict[str, Any]:
        """Keywords of the action."""
        sent = self.cleaned_data["file"]
        return {"place": self._places[self.cleaned_data["place"]], "name": sent.name, "content": sent.read()}


class Why(forms.Form):
    """Why the files are removed."""

    reason = forms.CharField(label="Why", max_length=200)
