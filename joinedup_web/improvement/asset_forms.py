"""Forms of what is agreed once: they read and check; `asset_actions.py` writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from joinedup_web.improvement.asking import trusts
from joinedup_web.improvement.asset_records import KINDS, STATES, AssetVersion
from joinedup_web.improvement.forms import DAY, own_choices
from joinedup_web.organisations.asking import person_of
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


class RegisterAsset(forms.Form):
    """What was agreed once, for whom, and who owns it."""

    kind = forms.ChoiceField(label="What it is", choices=KINDS)
    title = forms.CharField(label="Title", max_length=200)
    what = forms.CharField(
        label="What it settles, in a few words (may stay empty)", max_length=1000, required=False, widget=forms.Textarea
    )  # fmt: skip
    email = forms.EmailField(
        label="Email address of its owner", help_text="They need an account already. They are told when it is overdue."
    )  # fmt: skip
    trusts = forms.MultipleChoiceField(label="Trusts it is for")
    place = forms.ChoiceField(label="Entered for")

    def __init__(self, *given: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["trusts"].choices = trusts()
        self.fields["place"].choices = own_choices(scope, "initiative")

    def clean_email(self) -> Any:
        """The account of that address."""
        person = person_of(self.cleaned_data["email"])
        if person is None:
            raise forms.ValidationError("Nobody has an account with this address.")
        return person


class AddVersion(forms.Form):
    """A version, where its file is or by which hash it is known, and by when it is reviewed."""

    version = forms.CharField(
        label="Version", max_length=20, help_text="As it stands in the file: 3, or 2.1."
    )
    agreed_on = forms.DateField(label="Agreed on", widget=forms.DateInput(attrs=DAY))
    review_by = forms.DateField(label="To be reviewed by", widget=forms.DateInput(attrs=DAY))
    link = forms.URLField(
        label="Link to the file (or its hash below)", max_length=500, required=False, assume_scheme="https"
    )
    sha256 = forms.CharField(label="SHA-256 of the file", max_length=64, required=False)
    note = forms.CharField(
        label="What is new (may stay empty)", max_length=500, required=False, widget=forms.Textarea
    )


class WriteAdoption(forms.Form):
    """What one's own trust does with a version."""

    trust = forms.ChoiceField(label="Trust")
    version = forms.ChoiceField(label="Version")
    state = forms.ChoiceField(label="What the trust does", choices=STATES)
    on = forms.DateField(
        label="Planned for, or adopted on", required=False, widget=forms.DateInput(attrs=DAY)
    )
    words = forms.CharField(
        label="What was changed, or why it was declined", max_length=1000, required=False, widget=forms.Textarea
    )  # fmt: skip

    def __init__(
        self, *given: Any, own: Iterable[Place], versions: Iterable[AssetVersion], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["trust"].choices = [(one.code, one.name) for one in own]
        self.fields["version"].choices = [(str(one.pk), one.version) for one in versions]
