"""Putting letters in the outbox, and sending what lies in it.

`queue` writes within the transaction of the change: both are there, or neither. Sending follows the commit and is tried
again, later each time, for as long as it takes; a letter may arrive twice, and never not at all.
"""

from __future__ import annotations

import logging
import smtplib
import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from joinedup_web.organisations.letters.records import Letter
from joinedup_web.organisations.models import Place

LOG = logging.getLogger("joinedup.letters")
EVERY = 30.0
"""Seconds between looks at the outbox."""
LONGEST_WAIT = timedelta(hours=1)


def queue(*, place: Place, to: str, subject: str, body: str, about: UUID) -> None:
    """Put a letter in the outbox; it is sent once the change it tells of is committed."""
    Letter.objects.create(place=place, to=to, subject=f"joinedup: {subject}", body=body, about=about)
    transaction.on_commit(send_due)


def send_due(limit: int = 20) -> int:
    """Send what is due; how many went. Two workers never send the same letter."""
    if not settings.MAIL_SET:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('joinedup.sending', 'yes', true)")
        due = Letter.objects.filter(sent_at=None, due_at__lte=timezone.now()).order_by("queued_at")
        letters = list(due.select_for_update(skip_locked=True)[:limit])
        return sum(_send(letter) for letter in letters)


def _send(letter: Letter) -> bool:
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.to]).send()
    except (OSError, smtplib.SMTPException) as error:
        LOG.warning("a letter could not be sent: %s", type(error).__name__)
        letter.tries += 1
        letter.said = type(error).__name__
        letter.due_at = timezone.now() + min(timedelta(seconds=30 * 2 ** min(letter.tries, 10)), LONGEST_WAIT)
        letter.save(update_fields=["tries", "said", "due_at"])
        return False
    letter.sent_at = timezone.now()
    letter.save(update_fields=["sent_at"])
    return True


def keep_sending() -> None:
    """Look at the outbox for as long as this process lives; what fails is logged and tried again."""
    while settings.MAIL_SET:
        time.sleep(EVERY)
        close_old_connections()
        try:
            send_due()
        except Exception as error:
            LOG.warning("the outbox could not be read: %s", type(error).__name__)
