"""What pages of the returns desk ask: each question begins at a scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from joinedup_web.organisations.models import Person, Place
from joinedup_web.organisations.scope import Scope
from joinedup_web.returns import jobs
from joinedup_web.returns.models import Finding, Received, Submission
from joinedup_web.returns.receiving import trusts_of

PER_PAGE = 50
MOST_ROWS = 100_000
"""Findings in one download; a sheet of a workbook holds a million rows and a reader's patience fewer."""
__all__ = ["trusts_of"]


def submissions(scope: Scope) -> QuerySet[Submission]:
    """Submissions of the trusts where they may be seen, the newest first."""
    rows = Submission.objects.select_related("place", "sent_by")
    found: QuerySet[Submission] = scope.only(rows, "see", "submission").order_by("-sent_at")
    return found


def submission_of(scope: Scope, identity: UUID, action: str = "see") -> Submission | None:
    """A submission at a trust where this may be done; None for any other, as if it did not exist."""
    rows = Submission.objects.select_related("place", "sent_by")
    found: Submission | None = scope.only(rows, action, "submission").filter(pk=identity).first()
    return found


def findings(
    submission: Submission, *, rule: str = "", file: str = "", severity: str = ""
) -> QuerySet[Finding]:
    """Findings of a submission that was asked for through a scope, in their order, narrowed."""
    asked = {"rule": rule, "file": file, "severity": severity}
    return Finding.objects.filter(submission=submission, **{k: v for k, v in asked.items() if v}).order_by(
        "number"
    )


def by_file(submission: Submission) -> dict[str, int]:
    """How many findings each file has, the most first; those about the whole return under ''."""
    counted = Finding.objects.filter(submission=submission).values_list("file").annotate(n=Count("id"))
    return dict(counted.order_by("-n", "file"))


def first_of_each_rule(submission: Submission) -> list[Finding]:
    """The first finding of each rule."""
    rows = Finding.objects.filter(submission=submission).order_by("rule", "number").distinct("rule")
    return list(rows)


@dataclass(frozen=True)
class Moment:
    """One entry of what became of a submission."""

    when: datetime
    who: str
    state: str
    why: str


def history(submission: Submission) -> list[Moment]:
    """What became of a submission, from its audit, oldest first."""
    rows = list(
        apps.get_model("returns", "SubmissionEvent")
        .objects.filter(pgh_obj_id=submission.pk)
        .order_by("pgh_id")
    )
    named = {str((row.pgh_context or {}).get("person") or "") for row in rows} - {""}
    people = {str(one.pk): str(one) for one in Person.objects.filter(pk__in=named)}
    moments = [_moment(row, people) for row in rows]
    return [one for n, one in enumerate(moments) if n == 0 or one.state != moments[n - 1].state]


def _moment(row: Any, people: dict[str, str]) -> Moment:
    context = row.pgh_context or {}
    return Moment(
        row.pgh_created_at, people.get(context.get("person", ""), "joinedup itself"), row.state, row.reason
    )


@dataclass(frozen=True)
class Job:
    """A job as a person reads it. `submission` is None for jobs on the whole lake."""

    number: int
    task: str
    status: str
    attempts: int
    last: datetime | None
    submission: Submission | None


def jobs_of(scope: Scope, limit: int = 100) -> list[Job]:
    """Jobs on submissions that may be seen, and those on the whole lake, the newest first."""
    mine = {str(one.pk): one for one in submissions(scope)[:500]}
    wanted = Q(args__submission__in=list(mine)) | Q(task_name__in=[jobs.JOURNEYS, jobs.FIGURES_TASK])
    rows = list(ProcrastinateJob.objects.filter(wanted).order_by("-id")[:limit])
    last: dict[int, datetime] = {}
    for job, at in ProcrastinateEvent.objects.filter(job__in=rows).order_by("id").values_list("job_id", "at"):
        last[job] = at
    return [
        Job(
            row.pk,
            row.task_name,
            row.status,
            row.attempts,
            last.get(row.pk),
            mine.get(row.args.get("submission", "")),
        )
        for row in rows
    ]


def job_of(scope: Scope, number: int) -> tuple[ProcrastinateJob, Submission] | None:
    """A job on a submission for which this person may send; None for any other."""
    row = ProcrastinateJob.objects.filter(pk=number).first()
    identity = row.args.get("submission") if row is not None else None
    found = submission_of(scope, identity, "send") if identity else None
    return (row, found) if row is not None and found is not None else None


def received() -> list[Received]:
    """What the lake received of each month, in the order of receipt: of all trusts, for whoever has signed in."""
    return list(Received.objects.order_by("received", "id"))


def trusts_that_send(on: date) -> list[Place]:
    """Trusts that run a service on a day, or of which something was received: those of whom returns are due."""
    from joinedup.definitions import Places

    due = {service.trust for service in Places.load().services(on) if service.trust}
    codes = due | set(Received.objects.values_list("place_id", flat=True))
    return list(Place.objects.filter(code__in=codes).order_by("name"))
