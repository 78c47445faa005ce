"""The judging as a job, looked for every minute: it does something only when figures of a newer state are there.

A look costs a query. Being asked for by the release of figures would lose what a stop between the two leaves undone.
"""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="improvement.look", lock="improvement", queueing_lock="improvement.look", priority=-1)
def look(timestamp: int) -> None:
    """Judge initiatives and check claims again where figures have come since."""
    from joinedup_web.improvement.checking import check_all
    from joinedup_web.improvement.judging import judge_all

    judge_all()
    check_all()
