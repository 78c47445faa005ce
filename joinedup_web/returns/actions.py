"""What people do to submissions. Keyword-only, with `by`, in one transaction with the job that follows from it."""

from __future__ import annotations

from pathlib import Path

import pghistory
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from joinedup.errors import SubmissionRefused, YourCommand
from joinedup.returns.peeking import peek
from joinedup_web.organisations.models import Person, Place
from joinedup_web.organisations.scope import Scope
from joinedup_web.returns import jobs, models
from joinedup_web.returns.models import Submission
from joinedup_web.returns.staging import Arriving, folder_in, remove

PAGE, FOLDER, API = "page", "folder", "api"
_STATE_OF = {jobs.CHECK: models.WAITING, jobs.LOAD: models.LOADING}


def staging() -> Path:
    """The staging folder of this workspace."""
    return folder_in(Path(settings.ENVIRONMENT.folder))


@transaction.atomic
def send(*, by: Scope, place: Place, arriving: Arriving, way: str) -> Submission:
    """Take a file that has arrived, and have it checked.

    Raises YourCommand where `by` may not send for that trust, UnsafeFile and UnreadableFile where it is no return, and
    SubmissionRefused where its header names another provider; nothing of it is kept then.
    """
    _check(by, "send", place.code)
    return take(place=place, arriving=arriving, way=way, person=by.person)


@transaction.atomic
def take(*, place: Place, arriving: Arriving, way: str, person: Person | None) -> Submission:
    """As `send`, for whom a door of its own has let in: the watched folder of that trust."""
    try:
        refuse_another_provider(arriving, place)
        kept = arriving.keep(place.code)
    except BaseException:
        arriving.discard()
        raise
    open_already = Submission.objects.filter(place=place, staged=kept, state__in=models.STAGED).first()
    if open_already is not None:
        return open_already
    with pghistory.context(why=f"sent by {way}"):
        made = Submission.objects.create(
            place=place, sent_by=person, way=way, name=arriving.name, size=arriving.size, staged=kept
        )
    jobs.defer(jobs.CHECK, made)
    return made


def refuse_another_provider(arriving: Arriving, place: Place) -> None:
    """Refuse what is no return, and a return whose header names somebody else. A header that cannot be read yet is the
    check's affair."""
    named = arriving.path.with_name(f"{arriving.path.name}{Path(arriving.name).suffix}")
    named.hardlink_to(arriving.path)  # what reads it goes by its ending
    try:
        header = peek(named)
    except Exception as fault:
        if hasattr(fault, "file"):
            fault.file = arriving.name
        raise
    finally:
        named.unlink()
    if header is not None and header.provider != place.code:
        raise SubmissionRefused(
            f"The header says that this is a return of {header.provider}, not of {place} ({place.code}).",
            file=arriving.name, row=1, column="OrgIDProv", remedy="Each provider sends its own returns.",
        )  # fmt: skip


@transaction.atomic
def submit(*, by: Scope, submission: Submission) -> Submission:
    """Have a submission that passed its check loaded. Raises YourCommand where there is nothing to load."""
    _check(by, "send", submission.place_id)
    found = _locked(submission)
    if found.state in (models.LOADING, models.LOADED):
        return found
    if found.state != models.READY:
        raise YourCommand(
            "Only a return that passed its check can be submitted.", remedy="Mend it and send it again."
        )
    return _move(found, models.LOADING, "submitted", jobs.LOAD)


@transaction.atomic
def withdraw(*, by: Scope, submission: Submission, reason: str) -> Submission:
    """Take a submission back: out of the desk at once, or out of the lake by a job. Raises YourCommand."""
    _check(by, "withdraw", submission.place_id)
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why it is withdrawn.")
    found = _locked(submission)
    found.reason = reason.strip()[:300]
    # A load that failed may have failed after its commit: the job looks in the lake.
    if found.state == models.LOADED or (found.state == models.FAILED and found.outcome):
        return _move(found, models.WITHDRAWING, found.reason, jobs.WITHDRAW)
    if found.state not in (models.READY, models.FAILED, models.WAITING):
        raise YourCommand(
            "There is nothing to withdraw now.",
            remedy="Where work is under way, wait until it has ended and look again.",
        )
    kept, found.staged = found.staged, ""
    _move(found, models.WITHDRAWN, found.reason)
    transaction.on_commit(lambda: remove(staging(), kept))
    return found


@transaction.atomic
def try_again(*, by: Scope, job: ProcrastinateJob, submission: Submission) -> None:
    """Let a failed job on a submission run again. Raises YourCommand where it did not fail."""
    _check(by, "send", submission.place_id)
    found = _locked(submission)
    state = _STATE_OF.get(job.task_name)
    if job.status != "failed" or found.state != models.FAILED or state is None:
        raise YourCommand("Only a job that failed can be tried again.", remedy="Look at the page of jobs.")
    found.message = ""
    _move(found, state, "tried again")
    jobs.retry(job)


def _move(found: Submission, state: str, why: str, task: str = "") -> Submission:
    found.state, found.step, found.steps = state, "", 0
    with pghistory.context(why=why):
        found.save()
    if task:
        jobs.defer(task, found)
    return found


def _locked(submission: Submission) -> Submission:
    return Submission.objects.select_for_update(of=("self",)).select_related("place").get(pk=submission.pk)


def _check(by: Scope, action: str, place: str) -> None:
    if by.person is None or not by.may_at(action, "submission", place):
        raise YourCommand(
            "Returns are sent and withdrawn by the service managers and analysts of that trust.",
            remedy="Ask the administrator of the trust for such a role.",
        )
