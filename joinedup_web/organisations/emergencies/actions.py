"""Asking for emergency access, ending and reviewing it. One transaction each: no letter to the officer, no access."""

from __future__ import annotations

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.organisations.emergencies.records import EmergencyAccess, EmergencyStep
from joinedup_web.organisations.letters.sending import queue
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.row_security import tell
from joinedup_web.organisations.scope import Scope

OFFICER = "data_protection_officer"
SHORTEST_REASON = 15
"""Characters: less says nothing that an officer could review."""
LETTER = """{who} has taken emergency access to what {place} may see in joinedup.

It began on {began:%-d %B %Y at %H:%M} and ends by itself at {until:%H:%M}. The reason that was given is on the page
where you review it, and end it at once if it should not be:

{address}

You are told because you are a data-protection officer of {place}.
"""


@transaction.atomic
def ask(*, by: Scope, place: Place, hours: int, reason: str) -> EmergencyAccess:
    """Access at once. Raises YourCommand where `by` may not, or nobody could be told of it."""
    person, role = _asker(by, place)
    if not 1 <= hours <= load_policy().emergency_hours:
        raise YourCommand("That is too long.", remedy=f"Ask for up to {load_policy().emergency_hours} hours.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise YourCommand("The reason is too short to review.", remedy="Say why it cannot wait for a role.")
    officers = _officers(by, place)
    now = timezone.now()
    with pghistory.context(why=reason.strip()):
        access = EmergencyAccess.objects.create(
            person=person, place=place, role=role, reason=reason.strip(), asked_at=now,
            until=now + timedelta(hours=hours),
        )  # fmt: skip
        for officer in officers:
            queue(
                place=place,
                to=officer.email,
                subject="Emergency access",
                body=_letter(access),
                about=access.pk,
            )
    return access


def _asker(by: Scope, place: Place) -> tuple[Person, str]:
    """Who asks, and the role in which they would see the place."""
    policy = load_policy()
    roles = [one.role for one in by.standing if policy.reach(one.role, "ask", "emergency")]
    if by.person is None or not roles:
        raise YourCommand("Your role does not open emergency access.", remedy="Ask your administrator.")
    if place.code in by.places or not place.holds(timezone.localdate()):
        raise YourCommand(f"{place} is your own already, or has closed.", remedy="Choose another place.")
    if place.code in by.emergency_places:
        raise YourCommand(f"You have emergency access to {place} already.", remedy="It is listed below.")
    return by.person, roles[0]


def _officers(by: Scope, place: Place) -> list[Person]:
    """Who must be told. Only this question looks beyond the asker's own places, and only for this role."""
    if not (settings.MAIL_SET or settings.DEMO):
        raise YourCommand(
            "No mail server is set, so nobody could be told.", remedy="Tell whoever runs joinedup."
        )
    tell(str(by.person.pk) if by.person else "", [place.code])
    held = RoleHeld.objects.on(timezone.localdate()).filter(place=place, role=OFFICER, person__is_active=True)
    found = list(Person.objects.filter(pk__in=held.values("person_id")).order_by("email"))
    by.tell()
    if not found:
        raise YourCommand(
            f"{place} has named no data-protection officer here, so nobody could be told.",
            remedy="Ask the administrator of that place to give somebody this role.",
        )
    return found


def _letter(access: EmergencyAccess) -> str:
    """The letter. The reason is not in it: what people write may point to somebody, and mail travels."""
    return LETTER.format(
        who=access.person, place=access.place.name, began=timezone.localtime(access.asked_at),
        until=timezone.localtime(access.until), address=f"{settings.ORIGIN}{reverse('emergencies')}",
    )  # fmt: skip


@transaction.atomic
def end(*, by: Scope, access: EmergencyAccess, note: str = "") -> None:
    """End it now: its own person, or the officer of the place. Ending what has ended changes nothing."""
    own = by.person is not None and access.person_id == by.person.pk
    if not own and not by.may_at("end", "emergency", access.place_id):
        raise YourCommand("Emergency access is ended by who has it, or by the officer.", remedy="Ask them.")
    if EmergencyAccess.objects.at(timezone.now()).filter(pk=access.pk).exists():
        _step(by, access, EmergencyStep.ENDED, note)


@transaction.atomic
def review(*, by: Scope, access: EmergencyAccess, note: str) -> None:
    """Say that it was looked at, and what was found."""
    if not by.may_at("end", "emergency", access.place_id):
        raise YourCommand("Emergency access is reviewed by the officer of the place.", remedy="Ask them.")
    if not note.strip():
        raise YourCommand("What you found is missing.", remedy="Say in a few words whether it was right.")
    _step(by, access, EmergencyStep.REVIEWED, note)


def _step(by: Scope, access: EmergencyAccess, step: str, note: str) -> None:
    with pghistory.context(why=note.strip()):
        EmergencyStep.objects.create(
            access=access, place_id=access.place_id, step=step, by=by.person, note=note.strip()
        )
