"""Passkeys: allauth's forms, for which an answer that is no passkey's is a wrong answer and not a fault."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

WRONG = _("That was not a passkey we know. Try again, or sign in another way.")
NAME = _("Name of the passkey")
NOT_A_PASSKEY = (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSignature, struct.error)
"""What reading a malformed answer raises, further down."""


class Answer(forms.Form):
    """An answer of a device to a challenge of ours."""

    def clean_credential(self) -> Any:
        """The passkey that answered."""
        try:
            return super().clean_credential()
        except NOT_A_PASSKEY as error:
            raise forms.ValidationError(WRONG) from error


class SignInWithPasskey(Answer, webauthn.LoginWebAuthnForm):
    """A passkey instead of a password."""


class PasskeyAsSecond(Answer, webauthn.AuthenticateWebAuthnForm):
    """A passkey after a password."""


class PasskeyAgain(Answer, webauthn.ReauthenticateWebAuthnForm):
    """A passkey before a change of how one signs in."""


class Named(forms.Form):
    """A form with the name of a passkey; allauth gives that field no label of its own."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["name"].label = NAME


class RenamePasskey(Named, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""


class AddPasskey(Named, webauthn.AddWebAuthnForm):
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """The new passkey, where it answers our challenge."""
        try:
            told: dict[str, Any] = super().clean()
        except NOT_A_PASSKEY as error:
            raise forms.ValidationError(WRONG) from error
        return told
