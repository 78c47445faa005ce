"""The jobs by the names under which they wait in the queue. Arguments are ids: of a submission, and of its trust.

What they do is imported when they run: the server knows the names alone.
"""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from joinedup.errors import LakeBusy
from joinedup_web.returns import jobs

WAIT = RetryStrategy(max_attempts=120, wait=5, retry_exceptions={LakeBusy})
"""A load by command holds the lake for minutes at most; jobs that need it wait their turn."""


@app.task(name=jobs.CHECK)
def check(*, submission: str, place: str) -> None:
    """Check a submission."""
    from joinedup_web.returns import working

    working.check(submission, place)


@app.task(name=jobs.LOAD, lock=jobs.LAKE, retry=WAIT)
def load(*, submission: str, place: str) -> None:
    """Load a submission."""
    from joinedup_web.returns import working

    working.load_one(submission, place)


@app.task(name=jobs.WITHDRAW, lock=jobs.LAKE, retry=WAIT)
def withdraw(*, submission: str, place: str) -> None:
    """Withdraw a submission."""
    from joinedup_web.returns import working

    working.withdraw_one(submission, place)


@app.task(name=jobs.JOURNEYS, lock=jobs.LAKE, queueing_lock=jobs.JOURNEYS)
def journeys() -> None:
    """Build journeys."""
    from joinedup_web.returns import working

    working.journeys()


@app.periodic(cron="* * * * *")
@app.task(name="returns.look", lock="look", queueing_lock="returns.look", priority=-1)
def look(timestamp: int) -> None:
    """What is done every minute: take from the watched folders, and remove what nobody needs."""
    from joinedup_web.returns import tidying, watching

    watching.look()
    tidying.tidy()
