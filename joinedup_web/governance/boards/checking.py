"""What every action of this room asks first: may this person, is it said in words, has nobody been faster."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.db.models import Model

from joinedup.errors import YourCommand
from joinedup_web.governance.boards.models import Body
from joinedup_web.governance.boards.records import CANCELLED, HELD, Meeting
from joinedup_web.organisations.scope import Scope

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
Row = TypeVar("Row", bound=Model)


def permitted(by: Scope, kind: str, place: str) -> str:
    """Who it is. Raises YourCommand where they may not keep this kind of record at this place."""
    if by.person is None or not by.may_at("keep", kind, place):
        raise YourCommand(
            "This record is kept by the board members of the organisation it belongs to.", remedy="Ask them."
        )
    return str(by.person)


def said(text: str, what: str) -> str:
    """Words as they are kept: without marks that no page, feed or calendar can carry. Raises YourCommand for none."""
    found = clean(text)
    if not found:
        raise YourCommand(f"{what} is missing.", remedy="Say it in a few words.")
    return found


def clean(text: str) -> str:
    """Words without control characters and without space around them."""
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def locked(row: Row) -> Row:
    """The row as it is now, held until this transaction ends: whoever comes second sees what the first did."""
    found: Any = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise YourCommand("It is not there any more.", remedy="Open the page again.")
    return found


def unchanged(row: Any, edition: int) -> None:
    """Raises YourCommand where somebody else has changed the row since the page was opened."""
    if row.edition != edition:
        raise YourCommand(
            "Somebody else has changed this since you opened it.",
            remedy="Open the page again, read what is there, and enter yours once more.",
        )


def still_open(meeting: Meeting) -> Meeting:
    """The meeting, locked, as long as its record is still written. Raises YourCommand."""
    found = locked(meeting)
    if found.state == HELD:
        raise YourCommand("The record of this meeting is closed.", remedy="Open it again first, and say why.")
    if found.state == CANCELLED:
        raise YourCommand("This meeting was cancelled.", remedy="Open another one.")
    return found


def own_record(body: Body) -> None:
    """Raises YourCommand for a body that another organisation runs: its meetings are kept there."""
    if body.outside:
        raise YourCommand(
            f"{body.host} runs this body and keeps its own record.",
            remedy="Escalate an item to it from one of your own meetings, and enter its answer there.",
        )
