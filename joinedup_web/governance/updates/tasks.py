"""What the worker does for updates. Jobs carry no address and no name: they are asked for by the clock alone."""

from __future__ import annotations

from procrastinate.contrib.django import app

POST, NOTICE = "updates.post", "updates.notice"


@app.periodic(cron="* * * * *")
@app.task(name=POST, lock=POST, queueing_lock=POST, priority=-1)
def post(timestamp: int) -> None:
    """Every minute: send what waits. On Mondays from seven, write the week's letters first, once."""
    from django.utils import timezone

    from joinedup_web.governance.updates import posting

    if posting.can_post():
        posting.write_digests(timezone.now())
        posting.send_due()


@app.periodic(cron="*/15 * * * *")
@app.task(name=NOTICE, lock=NOTICE, queueing_lock=NOTICE, priority=-1)
def notice(timestamp: int) -> None:
    """Every quarter of an hour: keep when facts came to be public, and forget what is not to be kept."""
    from django.utils import timezone

    from joinedup_web.governance.updates import asking, limits, posting

    asking.notice(timezone.now())
    posting.forget(timezone.now())
    limits.forget()
