"""Writing the week's letters and sending what waits: an outbox, as `organisations.letters` has one.

A week's letters are written in one transaction: all, or none and then again. Each is sent in a transaction of its own,
its row locked, so that two workers never send the same one. A stop between the mail server's yes and the commit sends
that one again, with the same Message-ID; every other is sent once.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from joinedup_web.governance.updates.asking import Chosen, Known, named, news, notice, noticed_facts, offers
from joinedup_web.governance.updates.composing import asking_letter, digest_of, weekly_letter
from joinedup_web.governance.updates.models import Asking, Digest, Reader, Week
from joinedup_web.governance.updates.sealing import CONFIRM_WITHIN, unseal
from joinedup_web.governance.updates.telling import POST, shown

LOG = logging.getLogger("joinedup.updates")
FROM_HOUR = 7
"""Monday's letters are written from this hour on."""
GIVE_UP = 8
"""Tries after which a letter waits no longer; the next week's is tried again."""
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(weeks=5)


def can_post() -> bool:
    """Whether letters go anywhere: a mail server is named, or this is the demo, which writes them into a folder."""
    return bool(settings.MAIL_SET or settings.DEMO)


def week_of(now: datetime) -> date:
    """The Monday whose letters are due, or were the last to be."""
    day = (timezone.localtime(now) - timedelta(hours=FROM_HOUR)).date()
    return day - timedelta(days=day.weekday())


def write_digests(now: datetime, *, again: bool = False) -> tuple[int, int]:
    """Write the letters of the week, once; how many, and for how many readers there was nothing. `again` writes to
    those who have none of this week yet, as when an operator asks for it."""
    monday = week_of(now)
    with shown(POST):
        if not again and Week.objects.filter(monday=monday).exists():
            return 0, 0
    notice(now)
    with shown(POST):
        week, fresh = Week.objects.select_for_update().get_or_create(
            monday=monday, defaults={"at": now, "written": 0, "skipped": 0}
        )
        if not (fresh or again):
            return 0, 0
        facts, known = noticed_facts(), offers()
        waiting = Reader.objects.select_for_update().exclude(digests__week=monday).prefetch_related("choices")
        told = [_write(reader, facts, known, monday, now) for reader in waiting]
        week.written += sum(told)
        week.skipped = len(told) - sum(told)
        week.save(update_fields=["written", "skipped"])
    return sum(told), len(told) - sum(told)


def _write(reader: Reader, facts: list[Any], known: Known, monday: date, now: datetime) -> bool:
    """Write one reader's letter; False where there is nothing to tell, and then nothing is sent."""
    chosen: list[Chosen] = [(one.kind, one.key) for one in reader.choices.all()]
    found = news(chosen, facts, reader.told_until)
    if found:
        made = digest_of(found, named(chosen, known), reader.pk, monday)
        Digest.objects.create(
            reader=reader, week=monday, subject=made.subject[:200], text=made.text, html=made.html
        )
    Reader.objects.filter(pk=reader.pk).update(told_until=now)
    return bool(found)


def send_due(limit: int = 200) -> int:
    """Send what is due, one by one; how many went."""
    if not can_post():
        return 0
    sent = 0
    for kind in (Asking, Digest):
        while sent < limit and (went := _send_one(kind)) is not None:
            sent += went
    return sent


def _send_one(kind: type[Asking] | type[Digest]) -> bool | None:
    """Send the letter that has waited longest; None where none is due."""
    with shown(POST):
        due = kind.objects.filter(sent_at=None, due_at__lte=timezone.now(), tries__lt=GIVE_UP)
        row = due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at").first()
        return None if row is None else _send(row)


def _send(row: Any) -> bool:
    try:
        letter = _letter(row)
        letter.connection = _connection()
        letter.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        LOG.warning("an update could not be sent: %s", type(error).__name__)
        row.tries += 1
        row.said = type(error).__name__
        row.due_at = timezone.now() + min(timedelta(minutes=2 ** min(row.tries, 9)), LONGEST_WAIT)
        row.save(update_fields=["tries", "said", "due_at"])
        return False
    row.sent_at = timezone.now()
    if isinstance(row, Digest):
        row.text = row.html = ""
    row.save()
    return True


def _letter(row: Any) -> EmailMultiAlternatives:
    """The letter of a row. Raises ValueError where its address was sealed with another key."""
    to = unseal(row.sealed if isinstance(row, Asking) else row.reader.sealed)
    if not to:
        raise ValueError("sealed with another key")
    if isinstance(row, Digest):
        return weekly_letter(row, to)
    return asking_letter(row, to, named([(kind, key) for kind, key in row.choices], offers()))


def _connection() -> Any:
    """The mail server; in a demo without one, a folder of the workspace."""
    if settings.MAIL_SET:
        return get_connection()
    folder = settings.ENVIRONMENT.folder / "letters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))


def forget(now: datetime) -> int:
    """Forget addresses that nobody confirmed in time, and letters of long ago; how many rows."""
    with shown(POST):
        asked = Asking.objects.filter(asked_at__lt=now - CONFIRM_WITHIN).delete()[0]
        return asked + Digest.objects.filter(week__lt=(now - KEPT).date()).delete()[0]
