"""The watched folder: one folder per trust, named by its code, into which its systems drop returns.

A file is taken once it is whole: nobody has written to it for a minute. It then goes through the same doors as an
upload; a return that is not refused is submitted by itself, as nobody sits beside the folder. The report lies beside it
as `<name>.report.txt` and `.json`. Whoever may write into a trust's folder sends for that trust: who that is, is the
operator's to set.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from joinedup.errors import YourCommand, YourData
from joinedup.returns.reading import ENDINGS, is_table_file
from joinedup.returns.report import ValidationReport
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened
from joinedup_web.returns import jobs, models
from joinedup_web.returns.actions import FOLDER, staging, take
from joinedup_web.returns.models import Submission
from joinedup_web.returns.staging import Arriving, arrived, packed, plain_name

VARIABLE, STILL = "JOINEDUP_WATCHED", 60.0
"""Seconds without a write after which a file counts as whole."""
WORKER = "joinedup itself"


def watched() -> Path | None:
    """The folder that is watched, where one is named."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named and Path(named).is_dir() else None


def look(*, still: float = STILL) -> int:
    """Take what lies whole in the folders of trusts; how many were taken or refused."""
    root = watched()
    if root is None:
        return 0
    trusts = {place.code: place for place in Place.objects.filter(level="trust")}
    return sum(
        _take(path, trusts[folder.name])
        for folder in sorted(root.iterdir())
        if folder.name in trusts and folder.is_dir() and not folder.is_symlink()
        for path in sorted(folder.iterdir())
        if is_return(path) and is_still(path, still)
    )


def is_return(path: Path) -> bool:
    """Whether it looks like a return: a file of a kind that we read, or a folder of national tables."""
    if path.is_symlink() or path.name.startswith("."):
        return False
    if path.is_dir():
        return any(is_table_file(inside.name) for inside in path.iterdir())
    return path.suffix.lower() in ENDINGS


def is_still(path: Path, seconds: float) -> bool:
    """Whether nobody has written to it, or to anything in it, for some seconds."""
    parts = [path, *path.iterdir()] if path.is_dir() else [path]
    return all(part.lstat().st_mtime <= time.time() - seconds for part in parts)


def _take(path: Path, place: Place) -> int:
    try:
        arriving = _arriving(path)
        with opened(WORKER, [place.code]):
            take(place=place, arriving=arriving, way=FOLDER, person=None)
    except (YourData, YourCommand) as fault:
        write_beside(path, f"{path.name}: not taken. {fault}\n", None)
        path.rename(path.with_name(f"{path.name}.refused"))
        return 1
    _remove(path)
    return 1


def _arriving(path: Path) -> Arriving:
    if path.is_dir():
        members = [(plain_name(inside.name), inside) for inside in path.iterdir() if not inside.is_symlink()]
        return packed(staging(), f"{path.name}.zip", members)
    with path.open("rb") as stream:
        return arrived(staging(), path.name, stream)


def _remove(path: Path) -> None:
    if path.is_dir():
        for inside in path.iterdir():
            inside.unlink()
        path.rmdir()
    else:
        path.unlink()


def after_check(identity: object, place: str, report: ValidationReport) -> None:
    """Write the report beside where the file lay, and submit what was not refused."""
    root = watched()
    with opened(WORKER, [place]):
        found = Submission.objects.select_for_update().get(pk=identity)
        if root is not None and (root / place).is_dir():
            write_beside(root / place / found.name, told(report), report.to_json())
        if found.state == models.READY:
            found.state = models.LOADING
            found.save()
            jobs.defer(jobs.LOAD, found)


def told(report: ValidationReport) -> str:
    """The report in lines: the outcome, then each rule with how often and where first."""
    lines = [
        f"{report.name}: {report.outcome.replace('_', ' ')}. {report.rows:,} rows; "
        f"rules of IDS v{report.rules_version}."
    ]
    first: dict[str, str] = {}
    for one in report.findings:
        where = " ".join(str(part) for part in (one.file, one.row and f"row {one.row}", one.column) if part)
        first.setdefault(
            one.rule,
            f"{one.severity}, {report.counts.get(one.rule, 1):,} times, first {where}: {one.message}",
        )
    return "\n".join([*lines, *(f"  {rule}: {words}" for rule, words in first.items())]) + "\n"


def write_beside(path: Path, text: str, as_json: str | None) -> None:
    """The report beside a file, whole or not at all."""
    for ending, content in ((".report.txt", text), (".report.json", as_json)):
        if content is not None:
            staged = path.with_name(f".{path.name}{ending}")
            staged.write_text(content, encoding="utf-8")
            staged.replace(path.with_name(f"{path.name}{ending}"))
