"""`receive`: the door for programs. The API calls it with a stream, a name and the person whose token it is."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.organisations.models import Person, Place
from joinedup_web.organisations.scope import Scope, scope_of
from joinedup_web.returns.actions import API, send, staging
from joinedup_web.returns.models import Submission
from joinedup_web.returns.staging import arrived


def receive(
    stream: BinaryIO, filename: str, person: Person, *, place: str = "", kinds: frozenset[str] | None = None
) -> Submission:
    """Take one return (zip, XML or Access) from a program, in the name of a person, and have it checked.

    `place` is the code of the trust, needed only by who may send for several; `kinds` are those of the token, which
    opens nothing else. Answers the submission, whose `state` and findings are read by the same rules as on pages.
    Raises YourCommand where the person may not send, YourData (UnsafeFile, UnreadableFile, SubmissionRefused) where
    the file is not taken; nothing of it is kept then.
    """
    with transaction.atomic():
        scope = scope_of(person, timezone.localdate(), kinds)
        chosen = trust_of(scope, place)
        return send(by=scope, place=chosen, arriving=arrived(staging(), filename, stream), way=API)


def trusts_of(scope: Scope) -> list[Place]:
    """Trusts for which a person may send returns."""
    codes = scope.places_for("send", "submission")
    return list(Place.objects.filter(code__in=codes, level="trust").order_by("name"))


def trust_of(scope: Scope, code: str) -> Place:
    """The trust that is meant. Raises YourCommand where there is none, or more than one and none is named."""
    mine = trusts_of(scope)
    chosen = [place for place in mine if place.code == code] if code else mine
    if len(chosen) != 1:
        raise YourCommand(
            "It is not clear for which trust this is sent." if len(chosen) > 1 else "You may not send for that trust.",
            remedy=f"Name one of {', '.join(place.code for place in mine)}." if mine
            else "Ask the administrator of your trust for the role of analyst or service manager there.",
        )  # fmt: skip
    return chosen[0]
