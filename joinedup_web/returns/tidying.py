"""What is done at the worker's start and every minute: files that nobody needs go, and forgotten returns with them."""

from __future__ import annotations

import time
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened
from joinedup_web.returns import models
from joinedup_web.returns.actions import staging
from joinedup_web.returns.models import Submission
from joinedup_web.returns.staging import remove, sweep
from joinedup_web.returns.working import WORKER

KEPT_DAYS = 14
"""Days that a checked file waits for somebody to submit it."""
FORGOTTEN = f"Nobody submitted it within {KEPT_DAYS} days, so the file was removed."


def tidy(*, older_than: float = 60.0) -> int:
    """Remove staged files of no open submission, written `older_than` seconds ago or before; how many."""
    trusts = Place.objects.filter(level="trust").values_list("code", flat=True)
    with opened(WORKER, trusts):
        _forget()
        needed = list(Submission.objects.filter(state__in=models.STAGED).values_list("staged", flat=True))
        return sweep(staging(), needed, before=time.time() - older_than)


def _forget() -> None:
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    for old in Submission.objects.filter(state__in=(models.READY, models.FAILED), sent_at__lt=before):
        kept, old.staged = old.staged, ""
        old.state, old.reason = models.WITHDRAWN, FORGOTTEN
        old.save()
        remove(staging(), kept)


async def forget_old_jobs(days: int = 30) -> None:
    """Jobs that ended long ago leave the page of jobs."""
    await app.job_manager.delete_old_jobs(nb_hours=days * 24, include_failed=True, include_cancelled=True)
