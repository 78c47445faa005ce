"""Who is told in tests of updates: residents without an account, what comes to them, and what a body decides."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from uuid import uuid4

from tests.system.web.board_people import (
    GROUP,
    acting,
    attendance,
    browser,
    decision,
    item_in,
    opened,
    text,
    today,
)
from tests.system.web.conftest import AS_DJANGO
from tests.system.web.scrutiny_tracker import BRENT
from tests.system.web.test_emergencies import Post

ABOUT_BRENT, ABOUT_GROUP = f"place/{BRENT}", f"body/{GROUP}"


def mail(post: Post) -> list[EmailMessage]:
    """What arrived at the mail server."""
    return [BytesParser(policy=default).parsebytes(one.content) for one in post.kept]


def body_of(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


class Resident:
    """Somebody without an account, at an address and a client of their own."""

    def __init__(self, post: Post) -> None:
        from django.test import Client

        self.post, self.address = post, f"{uuid4().hex[:10]}@resident.example"
        self.where = f"203.0.113.{uuid4().int % 250}:{uuid4().hex[:6]}"
        self.browser = Client(**AS_DJANGO, REMOTE_ADDR=self.where)

    def ask(self, *choices: str, address: str = "") -> Any:
        told = {"email": address or self.address, "choices": list(choices) or [ABOUT_BRENT]}
        return self.browser.post("/updates/", told)

    def letters(self) -> list[EmailMessage]:
        """What has come for this resident so far, the worker having done its minute's work."""
        from joinedup_web.governance.updates.posting import send_due

        send_due()
        return [one for one in mail(self.post) if one["To"] == self.address]

    def link(self) -> str:
        found = re.search(r"/updates/confirm/[^/\s]+/", body_of(self.letters()[-1]))
        assert found is not None
        return found.group()

    def subscribe(self, *choices: str) -> str:
        """Ask, and confirm; the address of their own page."""
        assert self.ask(*choices).status_code == 302
        answer = self.browser.post(self.link())
        assert answer.status_code == 302, text(answer)
        return str(answer.headers["Location"])


def monday(weeks: int = 1) -> datetime:
    """Eight o'clock of a Monday to come."""
    from django.utils import timezone

    day = today() + timedelta(days=7 * weeks - today().weekday())
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=8)


def write(now: datetime) -> tuple[int, int]:
    from joinedup_web.governance.updates.posting import write_digests

    return write_digests(now)


def in_public() -> None:
    """The group meets in public from today on."""
    from joinedup_web.governance.boards.models import Body

    with acting():
        Body.objects.filter(slug=GROUP).update(public_since=None)
    said = browser().post(f"/boards/{GROUP}/do/public/", {"public": "yes", "reason": "decided by the board"})
    assert said.status_code == 302, text(said)


def decided(title: str) -> tuple[str, str]:
    """A meeting of the group with an item of that title and a decision on it; its record still open."""
    meeting = opened()
    browser().post(f"/boards/meetings/{meeting}/do/item/", {"title": title, "purpose": "decide", "lead": "x"})
    item = item_in(meeting, title)
    browser().post(f"/boards/meetings/{meeting}/do/attendance/", attendance(meeting, present=7))
    assert (
        browser().post(f"/boards/items/{item}/do/decision/", decision(question=f"{title}?")).status_code
        == 302
    )
    return meeting, item


def act(meeting: str, what: str) -> None:
    assert browser().post(f"/boards/meetings/{meeting}/do/{what}/", {"reason": "so"}).status_code == 302


def held(resident: Resident) -> list[str]:
    """Tables in which something of this address rests, encrypted or hashed."""
    from joinedup_web.governance.updates.models import Asking, Choice, Digest, Reader
    from joinedup_web.governance.updates.sealing import unseal
    from joinedup_web.governance.updates.telling import POST, shown

    with shown(POST):
        rows = [*Asking.objects.all(), *Reader.objects.all()]
        found = [type(one).__name__ for one in rows if unseal(one.sealed) == resident.address]
        left = (
            Choice.objects.exclude(reader__in=Reader.objects.all()).count()
            + Digest.objects.exclude(reader__in=Reader.objects.all()).count()
        )
    return found + ["orphans"] * bool(left)
