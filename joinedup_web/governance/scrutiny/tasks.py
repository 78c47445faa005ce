"""What the worker does for scrutiny: newer figures are recorded wherever a test is of them."""

from __future__ import annotations

from procrastinate.contrib.django import app

LOOK = "scrutiny.look"


@app.periodic(cron="*/5 * * * *")
@app.task(name=LOOK, lock=LOOK, queueing_lock=LOOK, priority=-1)
def look(timestamp: int) -> None:
    """Every five minutes; a state that was looked at is not looked at again."""
    from joinedup_web.governance.scrutiny.watching import look_at_figures

    look_at_figures()
