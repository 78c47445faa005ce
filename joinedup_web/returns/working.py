"""What the jobs do. Each can be killed at any moment and run again: what was done stays done, once."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.db import transaction

from joinedup.errors import JoinedupError, KeyRefused, LakeBusy, OurFault, YourCommand
from joinedup.intake import FileOutcome, held_of, load, withdraw
from joinedup.intake.checking import check_submission
from joinedup.lake import Lake, SubmissionRecord, open_lake
from joinedup.linkage import read_key
from joinedup.returns.report import ValidationReport
from joinedup_web.organisations.row_security import opened
from joinedup_web.returns import jobs, models
from joinedup_web.returns.actions import staging
from joinedup_web.returns.mirroring import mirror
from joinedup_web.returns.models import Finding, Submission
from joinedup_web.returns.staging import remove

WORKER = "joinedup itself"
_BATCH = 2000
_NO_KEY = "Nothing can be loaded here now. Tell whoever runs joinedup:"
_TRIES, _PAUSE = 120, 5.0
_OURS = (
    "Something went wrong on our side and nothing was changed. Try again, then tell whoever runs joinedup."
)


@contextmanager
def at(place: str, why: str) -> Iterator[None]:
    """A transaction at one place: the worker sees and writes the rows of the trust whose job it does."""
    with opened(WORKER, [place]), pghistory.context(why=why):
        yield


def begin(identity: str, place: str, states: tuple[str, ...], state: str, step: str) -> Submission | None:
    """The submission, moved to `state`; None where another run of the job has done it already."""
    with at(place, step):
        found = Submission.objects.select_for_update().filter(pk=identity, state__in=states).first()
        if found is not None:
            found.state, found.step, found.steps, found.message = state, step, 1, ""
            found.save()
        return found


def tell(found: Submission, step: str, steps: int) -> None:
    """How far it is, for the page."""
    with at(found.place_id, step):
        Submission.objects.filter(pk=found.pk).update(step=step, steps=steps)


def end(found: Submission, state: str, why: str, **fields: Any) -> None:
    """How it ended. A file that is needed no more goes with it."""
    kept = found.staged
    if state not in models.STAGED:
        fields["staged"] = ""
    with at(found.place_id, why):
        Submission.objects.filter(pk=found.pk).update(state=state, step="", steps=0, **fields)
        if kept and "staged" in fields:
            transaction.on_commit(lambda: remove(staging(), kept))


def give_up(identity: str, place: str) -> None:
    """A job that stopped its worker again and again is not tried any more."""
    with at(place, "stopped the worker too often"):
        found = Submission.objects.filter(pk=identity, state__in=models.UNDER_WAY).first()
    if found is not None:
        end(found, models.FAILED, "stopped the worker too often", message=_OURS)


@contextmanager
def failing_plainly(found: Submission, state: str = models.FAILED) -> Iterator[None]:
    """A fault leaves the submission in `state`, with words for people; no value of the data reaches a log."""
    try:
        yield
    except LakeBusy:
        raise
    except KeyRefused as fault:
        end(found, state, "failed", message=f"{_NO_KEY} {fault.message}")
        raise
    except YourCommand as fault:
        end(found, state, "failed", message=f"{fault.message} {fault.remedy}".strip())
        raise
    except JoinedupError:
        end(found, state, "failed", message=_OURS)
        raise
    except Exception as fault:
        end(found, state, "failed", message=_OURS)
        raise OurFault(f"{type(fault).__name__} at {_where()}") from None


def _where() -> str:
    frame = traceback.extract_tb(sys.exc_info()[2])[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def check(identity: str, place: str) -> None:
    """Check a submission, and write the report down."""
    found = begin(
        identity,
        place,
        (models.WAITING, models.CHECKING),
        models.CHECKING,
        "Reading it and applying the rules",
    )
    if found is None:
        return
    with failing_plainly(found):
        path = staging() / found.staged
        if not found.staged or not path.is_file():
            end(
                found, models.FAILED, "the file is gone", message="The file is no longer here. Send it again."
            )
            return
        report = check_submission(path, received=found.sent_at, provider=place)
        tell(found, "Writing down what was found", 2)
        _write_report(found, report)
        if found.way == "folder":
            from joinedup_web.returns.watching import after_check

            after_check(found.pk, place, report)


def _write_report(found: Submission, report: ValidationReport) -> None:
    refused = report.refused or report.header is None or report.header.provider != found.place_id
    message = ""
    if report.header is not None and report.header.provider != found.place_id:
        message = (
            f"The header says that this is a return of {report.header.provider}, not of {found.place} "
            f"({found.place_id}). Each provider sends its own returns."
        )
    with at(found.place_id, "checked"):
        Finding.objects.filter(submission=found).delete()
        rows = (_finding(found, number, one) for number, one in enumerate(report.findings, start=1))
        while batch := list(islice(rows, _BATCH)):
            Finding.objects.bulk_create(batch)
        end(
            found,
            models.REFUSED if refused else models.READY,
            "checked",
            message=message,
            **_of_report(report),
        )


def _finding(found: Submission, number: int, one: Any) -> Finding:
    return Finding(
        submission=found, place_id=found.place_id, number=number, rule=one.rule, severity=one.severity,
        file=one.file or "", row=one.row, column=one.column or "", value=(one.value or "")[:120], message=one.message,
    )  # fmt: skip


def _of_report(report: ValidationReport) -> dict[str, Any]:
    from joinedup.intake.loading import submission_kind

    header = report.header
    return {
        "outcome": report.outcome,
        "period": header.period if header else "",
        "kind": submission_kind(header.period, header.created) if header else "",
        "made": header.created.replace(tzinfo=None).isoformat(timespec="seconds") if header else "",
        "rows": report.rows,
        "rows_accepted": sum(file.accepted for file in report.files),
        "rules_version": report.rules_version,
        "counts": dict(report.counts),
        "files": [vars(file) for file in report.files],
        "not_run": dict(report.not_run),
    }


def load_one(identity: str, place: str) -> None:
    """Load a submission into the lake: one commit, or none. Run again after a kill it finds what was committed."""
    found = begin(identity, place, (models.LOADING,), models.LOADING, "Loading it into the lake")
    if found is None:
        return
    with failing_plainly(found):
        path = staging() / found.staged
        if not found.staged or not path.is_file():
            end(
                found, models.FAILED, "the file is gone", message="The file is no longer here. Send it again."
            )
            return
        lake = the_lake()
        (file,) = load([path], lake, key=read_key(), received=found.sent_at, workers=1).files
        tell(found, "Telling the calendar", 2)
        _after_load(found, file, lake)


def _after_load(found: Submission, file: FileOutcome, lake: Lake) -> None:
    mirror(lake)
    told = {"content_hash": file.content_hash or "", "message": file.message}
    if file.outcome == "refused":
        end(found, models.REFUSED, "refused", **told)
        return
    if file.outcome == "older than what is held":
        end(found, models.KEPT_OUT, "a later one is held", **told)
        return
    state = next(
        (entry.number for entry in reversed(lake.history())
         if any(record.content_hash == file.content_hash for record in entry.submissions)), None,
    )  # fmt: skip
    held = _held_hash(lake, found.place_id, found.period)
    with at(found.place_id, "a later submission of the month was loaded"):
        for older in Submission.objects.filter(
            place_id=found.place_id, period=found.period, state=models.LOADED
        ).exclude(pk=found.pk):
            if older.content_hash != held:
                older.state = models.REPLACED
                older.save()
    end(
        found,
        models.LOADED if file.content_hash == held else models.REPLACED,
        "loaded",
        lake_state=state,
        **told,
    )
    after_change()


def _held_hash(lake: Lake, provider: str, period: str) -> str:
    held = held_of(lake, provider, period)
    return held.content_hash if held else ""


def withdraw_one(identity: str, place: str) -> None:
    """Take a loaded submission out of the lake. Done already, it stays done."""
    found = begin(identity, place, (models.WITHDRAWING,), models.WITHDRAWING, "Taking it out of the lake")
    if found is None:
        return
    with failing_plainly(found, models.LOADED if found.lake_state else models.FAILED):
        lake = the_lake()
        held = held_of(lake, place, found.period)
        if held is not None and _is(found, held):
            withdraw(held.content_hash, lake, reason=found.reason)
        mirror(lake)
        end(
            found,
            models.WITHDRAWN,
            found.reason,
            message="",
            lake_state=lake.snapshot and lake.snapshot.number,
        )
        after_change()


def _is(found: Submission, held: SubmissionRecord) -> bool:
    """Whether what the lake holds is this submission; one whose load was cut short does not know its hash yet."""
    if found.content_hash:
        return held.content_hash == found.content_hash
    made = held.created.replace(tzinfo=None).isoformat(timespec="seconds")
    return (held.file, made) == (found.name, found.made)


def after_change() -> None:
    """What follows from another state of the lake: journeys, then figures."""
    with transaction.atomic():
        jobs.defer_once(jobs.JOURNEYS)


def journeys() -> None:
    """Build the journeys of the lake's last state, where they are not built; then have the figures released."""
    # It waits here and not in the queue: a job that returns there while another of its kind waits has no place.
    for attempt in range(_TRIES):
        try:
            _build()
            break
        except LakeBusy:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE)
    with transaction.atomic():
        jobs.defer_once(jobs.FIGURES_TASK)


def _build() -> None:
    from joinedup.journeys import build_journeys

    lake = the_lake()
    history = lake.history()
    built = bool(history) and history[-1].kind == "derive"
    held = lake.has("returns/IDS000") and lake.partitions("returns/IDS000")
    if held and not built:
        build_journeys(lake)


def the_lake() -> Lake:
    """The workspace's lake at its last state. Raises YourCommand where it has none."""
    if settings.ENVIRONMENT.lake is None:
        raise YourCommand("This workspace has no lake.", remedy="Serve it with --lake.")
    return open_lake(settings.ENVIRONMENT.lake)
