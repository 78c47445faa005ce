"""Who meets in tests of boards: the chair at the collaborative, members of trusts, and the demo's bodies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg

from tests.system.web.conftest import AS_DJANGO, Served

KEEPER = "NWL-MH"
GROUP, BOARD = "nwl-odg", "nwl-board"
MADE = (
    "escalation", "action", "decision", "interest", "attendance", "clearance", "paper", "agendaitem", "meeting",
)  # fmt: skip


def browser(name: str = "chair") -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    person = get_user_model().objects.get(email=f"{name}@demo.invalid")
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@contextmanager
def acting(name: str = "chair") -> Iterator[Any]:
    """A transaction as that person, with their scope."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from joinedup_web.organisations.scope import scope_of

    with transaction.atomic():
        person = get_user_model().objects.get(email=f"{name}@demo.invalid")
        yield scope_of(person, date.today())


def today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def clear(workspace: Served) -> None:
    """Take away what a test has made: meetings from today on and all that came of them, and bodies of its own."""
    with psycopg.connect(workspace.owner) as connection:
        connection.execute(
            "SELECT set_config('joinedup.places', %s, true), set_config('joinedup.person', 'a test', true)",
            [KEEPER],
        )
        for table in MADE:
            column = "id" if table == "meeting" else "meeting_id"
            if table in ("escalation", "action", "decision", "paper"):
                which = "item_id IN (SELECT id FROM boards_agendaitem WHERE meeting_id IN (%s))"
            elif table == "clearance":
                which = (
                    "paper_id IN (SELECT p.id FROM boards_paper p JOIN boards_agendaitem i ON i.id = p.item_id"
                    " WHERE i.meeting_id IN (%s))"
                )
            else:
                which = f"{column} IN (%s)"
            newest = 'SELECT id FROM boards_meeting WHERE "on" >= \'' + f"{today():%Y-%m-%d}'"
            connection.execute(f"DELETE FROM boards_{table} WHERE {which % newest}")  # type: ignore[arg-type]
        connection.execute(
            "UPDATE boards_decision SET reviewed_on = NULL, review = '' WHERE reviewed_on IS NOT NULL"
        )
        connection.execute("UPDATE boards_action SET done_on = NULL, outcome = '' WHERE done_on IS NOT NULL")
        mine = "SELECT id FROM boards_body WHERE entered_by <> 'joinedup serve'"
        for table in ("seat", "delegation", "terms"):
            connection.execute(f"DELETE FROM boards_{table} WHERE body_id IN ({mine})")  # type: ignore[arg-type]
        connection.execute("DELETE FROM boards_body WHERE entered_by <> 'joinedup serve'")


def opened(slug: str = GROUP, on: date | None = None) -> str:
    """A meeting of today, opened by the chair: its id."""
    answer = browser().post(f"/boards/{slug}/open/", {"on": (on or today()).isoformat()})
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"]).split("/")[-2]


def attendance(meeting: str, *, present: int) -> dict[str, str]:
    """A form in which the first so many seats are present, those that are needed before the others."""
    from joinedup_web.governance.boards.attending import seats_of
    from joinedup_web.governance.boards.records import Meeting

    with acting():
        seats = sorted(seats_of(Meeting.objects.get(pk=meeting)), key=lambda seat: not seat.needed)
        return {
            f"seat-{seat.pk}": "present" if number < present else "apologies"
            for number, seat in enumerate(seats)
        }


def decision(**more: str) -> dict[str, str]:
    asked = {
        "question": "Who calls people back?", "options": "Each service\nOne team\nNobody", "chosen": "One team",
        "reason": "It is quicker for people.", "evidence": "A234567BCD", "review_on": "",
        "dissent": "Expert by experience: people know their own service.",
    }  # fmt: skip
    return {**asked, **more}


def item_in(meeting: str, title: str) -> str:
    """The id of an item by its title."""
    from joinedup_web.governance.boards.records import AgendaItem

    with acting():
        return str(AgendaItem.objects.get(meeting_id=meeting, title__contains=title).pk)


def post(address: str, asked: dict[str, str] | None = None, who: str = "chair") -> Any:
    return browser(who).post(address, asked or {})


def with_item(title: str = "Missing questionnaires") -> tuple[str, str]:
    """A meeting of the group today with one item of the chair's own."""
    meeting = opened()
    added = post(
        f"/boards/meetings/{meeting}/do/item/", {"title": title, "purpose": "decide", "lead": "A lead"}
    )
    assert added.status_code == 302
    return meeting, item_in(meeting, title)
