"""Jobs: how they are put into the queue, found stalled, and tried again. Their arguments are ids, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from joinedup_web.returns.models import Submission

LAKE, FIGURES = "lake", "figures"
"""Locks: of the jobs with one lock, one runs at a time, in their order."""
MOST_TRIES = 4
CHECK, LOAD, WITHDRAW, JOURNEYS = "returns.check", "returns.load", "returns.withdraw", "returns.journeys"
FIGURES_TASK = "equity.figures"
"""By its name: the explorer is a room beside this one, and neither imports the other."""
LOCKS = {LOAD: LAKE, WITHDRAW: LAKE, JOURNEYS: LAKE, FIGURES_TASK: FIGURES}


def defer(task: str, submission: Submission) -> None:
    """Put a job on a submission into the queue, with the change that asks for it or not at all."""
    app.configure_task(
        task, allow_unknown=True, lock=LOCKS.get(task), queue="default"
    ).defer(submission=str(submission.pk), place=submission.place_id)  # fmt: skip


def defer_once(task: str) -> bool:
    """Put a job on the whole lake into the queue, unless one waits there already."""
    try:
        with transaction.atomic():
            app.configure_task(
                task, allow_unknown=True, lock=LOCKS.get(task), queueing_lock=task, queue="default"
            ).defer()  # fmt: skip
    except AlreadyEnqueued:
        return False
    return True


def retry(job: ProcrastinateJob) -> None:
    """Let a failed job run again."""
    app.job_manager.retry_job_by_id(job.pk, retry_at=datetime.now(UTC))


async def take_up_stalled(manager: Any, after: float) -> list[dict[str, str]]:
    """Let jobs whose worker died run again; those that killed it too often are failed, and their arguments answered."""
    given_up = []
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=after):
        if job.attempts + 1 >= MOST_TRIES:
            await manager.finish_job(job, Status.FAILED, False)
            given_up.append(dict(job.task_kwargs))
            continue
        try:
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        except UniqueViolation:  # of those of which one waits at a time, another waits already
            await manager.finish_job(job, Status.ABORTED, False)
    return given_up
