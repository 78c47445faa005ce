"""Linking an account to an identity, once. From then on issuer and subject count, and addresses no longer."""

from __future__ import annotations

import pghistory
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from joinedup_web.organisations.identity.claims import Refused, Told
from joinedup_web.organisations.identity.services import IdentityService
from joinedup_web.organisations.models import Person

UNKNOWN = (
    "Your identity service knows you, and this workspace does not yet. Ask the administrator of your organisation for "
    "an account with the address that your identity service has of you."
)
UNVERIFIED = (
    "Your identity service has not checked that your email address is yours, so it cannot be matched with an account. "
    "Ask whoever runs the identity service to verify it."
)
TAKEN = (
    "The account with your address is already linked to another identity of this service. If you have a new one, ask "
    "the administrator of your organisation to end the old link."
)


@transaction.atomic
def link(told: Told, service: IdentityService) -> SocialAccount:
    """Link the account of a verified address to an identity. Raises Refused where that is not certain."""
    if not told.email or not told.email_verified:
        raise Refused(UNVERIFIED)
    person = Person.objects.select_for_update().filter(email=told.email, is_active=True).first()
    if person is None:
        raise Refused(UNKNOWN)
    if SocialAccount.objects.filter(user=person, provider=service.name).exists():
        raise Refused(TAKEN)
    with pghistory.context(person=str(person.pk), why=f"first sign-in through {service.title}"):
        return SocialAccount.objects.create(user=person, provider=service.name, uid=told.uid, extra_data={})
