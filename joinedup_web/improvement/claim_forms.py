"""Forms of papers and claims: they read and check; `claim_actions.py` writes."""

from __future__ import annotations

from typing import Any

from django import forms

from joinedup.definitions.lattice import BOROUGH
from joinedup.errors import JoinedupError
from joinedup.improvement import OWN_TREND, paragraphs_of, paragraphs_of_text
from joinedup.improvement.pages import MOST_CHARACTERS
from joinedup.improvement.subjects import SUBJECTS
from joinedup_web.improvement.forms import own_choices
from joinedup_web.improvement.released import SERVICE, measures_at, places_at
from joinedup_web.organisations.scope import Scope

NONE, OTHERS = "", "others"
LEVELS = ((BOROUGH, "Boroughs: where people live"), (SERVICE, "Services: where people are treated"))


class WritePaper(forms.Form):
    """A text, pasted or as a file, and where it was published."""

    title = forms.CharField(label="Title of the text", max_length=200)
    source = forms.CharField(
        label="Where it was published (may stay empty)", max_length=300, required=False,
        help_text="Its address or reference. Nothing is fetched from it.",
    )  # fmt: skip
    text = forms.CharField(
        label="The text", required=False, max_length=MOST_CHARACTERS, widget=forms.Textarea,
        help_text="Paste it, or choose a file below. Only sentences with a claimed figure are kept.",
    )  # fmt: skip
    file = forms.FileField(
        label="Or a file: a saved page (.html) or a text (.txt, .md), up to 5 MB", required=False
    )
    place = forms.ChoiceField(label="Checked for")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["place"].choices = own_choices(scope, "claim")

    def clean(self) -> dict[str, Any]:
        """Its paragraphs, as `paragraphs`."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        text, file = found.get("text", ""), found.get("file")
        if bool(text.strip()) == bool(file):
            raise forms.ValidationError("Paste the text or choose a file: one of the two.")
        try:
            found["paragraphs"] = paragraphs_of(file.read(), file.name) if file else paragraphs_of_text(text)
        except JoinedupError as error:
            raise forms.ValidationError(f"{error.message} {error.remedy}") from error
        return found


class TieClaim(forms.Form):
    """Which measure, places and period a claim is about."""

    measure = forms.ChoiceField(label="Measure")
    level = forms.ChoiceField(label="Counted by", choices=LEVELS)
    places = forms.MultipleChoiceField(label="Places (none ticked: all of them)", required=False)
    after = forms.CharField(
        label="Period that the claim is about", max_length=40,
        help_text="As 2025-26, 2025-26-Q4 or 2026-03; a span is written 2024-25 to 2025-26.",
    )  # fmt: skip
    before = forms.CharField(
        label="Period that it changed from", max_length=40, required=False,
        help_text="Only where a change is claimed; a level has none.",
    )  # fmt: skip
    against = forms.ChoiceField(
        label="Compared with", required=False,
        choices=((NONE, "Nothing"), (OWN_TREND, "Their own trend"), (OTHERS, "All other places of this kind")),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        every = dict((*measures_at(BOROUGH, judged=False), *measures_at(SERVICE, judged=False)))
        self.fields["measure"].choices = [
            *every.items(), *((one.measure, f"{one.title} (no data held yet)") for one in SUBJECTS)
        ]  # fmt: skip
        self.fields["places"].choices = [*places_at(BOROUGH), *places_at(SERVICE)]

    def clean(self) -> dict[str, Any]:
        """Places of one kind, and what they are compared with."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        every = [code for code, _ in places_at(found.get("level", BOROUGH))]
        if set(found.get("places", ())) - set(every):
            self.add_error("places", "Tick boroughs or services, as it is counted.")
        against = found.get("against", NONE)
        if against == OTHERS:
            ours = set(found.get("places", ()))
            found["comparison"] = tuple(code for code in every if ours and code not in ours)
            if not ours:
                self.add_error("places", "Tick the places that the claim is about, so that there are others.")
        else:
            found["comparison"] = OWN_TREND if against == OWN_TREND else ()
        return found

    def tie(self) -> dict[str, Any]:
        """What `tie_claim` asks for."""
        return {
            name: self.cleaned_data[name]
            for name in ("measure", "level", "after", "before", "places", "comparison")
        }
