"""`check`: what the national rules say of each file, without a lake and without a key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.intake.discovering import Arrival, find_arrivals
from joinedup.intake.loading import WORKERS, Progress
from joinedup.intake.preparing import RETURN, Checker, lost_report
from joinedup.intake.receipts import in_utc, received_at
from joinedup.intake.working import in_order
from joinedup.returns.report import ValidationReport


def check(
    paths: Iterable[str | Path],
    *,
    received: date | datetime | None = None,
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> tuple[ValidationReport, ...]:
    """The report on every submission in `paths` (see `find_arrivals`), in order of receipt; nothing is kept.

    The rules on what was announced run where receipts.csv announces it; `received` is as in `load`.

    A file that cannot be read, or breaks a limit, is refused in its report and does not stop the others.
    Raises UnreadableFile where a path does not exist or holds no submission.
    """
    found = find_arrivals(paths, received)
    reports = []
    for report in in_order(Checker, _given, found, workers=min(workers, len(found)), lost=lost_report):
        reports.append(report)
        if progress:
            progress(len(reports), len(found), report.name)
    return tuple(reports)


def check_submission(path: Path, *, received: datetime, provider: str) -> ValidationReport:
    """The report on one submission that `provider` sent at `received`, made in a process of its own: a file that ends
    the process which reads it is refused, and whoever asked lives on."""
    declared = received_at(in_utc(received))
    arrival = Arrival(path, declared.received, {**declared.announced, "ProviderId": provider})
    (report,) = in_order(Checker, _given, [arrival], workers=WORKERS, lost=lost_report)
    return report


def _given() -> tuple[ReturnSpec]:
    return (ReturnSpec.load(RETURN),)
