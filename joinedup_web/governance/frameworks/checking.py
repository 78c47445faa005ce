"""What every action on a round asks first: may this person, in which state is it, has nobody been faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from joinedup.definitions.frameworks import Framework
from joinedup.errors import YourCommand
from joinedup_web.governance.frameworks.asking import KIND, may_for
from joinedup_web.governance.frameworks.keeping import plain
from joinedup_web.governance.frameworks.models import MODERATION, SCORING, SIGNED, SIGNING, Party, Round
from joinedup_web.organisations.row_security import tell
from joinedup_web.organisations.scope import Scope

STATES = {
    SCORING: "Partners are still scoring.", MODERATION: "Levels are being agreed.",
    SIGNING: "It waits for signatures.", SIGNED: "It is signed and fixed.",
}  # fmt: skip
WHOM = {
    "keep": "a programme manager of the partnership", "moderate": "a board member of the partnership",
    "score": "a programme manager or board member of that organisation",
    "sign": "a board member of that organisation",
}  # fmt: skip


def permitted(by: Scope, action: str, place: str) -> str:
    """Who it is. Raises YourCommand where they may not do this at this place."""
    if by.person is None or not by.may_at(action, KIND, place):
        raise YourCommand("Your role does not do this here.", remedy=f"Ask {WHOM[action]}.")
    return str(by.person)


def speaks_for(by: Scope, party: Party, action: str) -> str:
    """Who it is. Raises YourCommand where they may not score, or sign, for this party."""
    if by.person is None or not may_for(by, party, action):
        raise YourCommand(f"You do not do this for {party}.", remedy=f"Ask {WHOM[action]}.")
    return str(by.person)


def said(text: str, what: str) -> str:
    """Words without control characters and without space around them. Raises YourCommand for none."""
    found = plain(text)
    if not found:
        raise YourCommand(f"{what} is missing.", remedy="Say it in a few words.")
    return found


def locked(found: Round, *states: str) -> Round:
    """The round as it is now, held until this transaction ends. Raises YourCommand in any other state."""
    row = Round.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
    state = row.state if row is not None else found.state
    if row is None or row.state not in states:
        raise YourCommand(
            f"This is not the time for it. {STATES[state]}", remedy="Open the round, and see what is next."
        )
    return row


@contextmanager
def beside_keeper(by: Scope, keeper: str) -> Iterator[None]:
    """The round is its keeper's row: a party that hands in or signs holds it for a moment, and nothing else."""
    with transaction.atomic():  # where it fails, what the database was told goes back with it
        tell(str(by.person.pk) if by.person else "", by.places | {keeper}, by.emergency_places)
        yield
        by.tell()


def unchanged(row: Any, edition: int) -> None:
    """Raises YourCommand where somebody else has changed the row since the page was opened."""
    if (row.edition if row is not None else 0) != edition:
        raise YourCommand(
            "Somebody else has changed these scores since you opened the page.",
            remedy="Open it again, read what is there, and enter yours once more.",
        )


def all_scored(found: Round, scores: dict[str, Any], what: str) -> None:
    """Raises YourCommand where a core criterion that has to be scored has no level."""
    missing = [
        one.title
        for one in Framework.load(found.framework).criteria
        if not one.optional and scores.get(one.slug, {}).get("level") is None
    ]
    if missing:
        raise YourCommand(f"{what}: {'; '.join(missing)}.", remedy="Give each a level first.")
