"""Which submissions a path stands for, and when each was received."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from joinedup.errors import UnreadableFile
from joinedup.returns.reading import ENDINGS, is_table_file

RECEIPTS = "receipts.csv"
RETURNS = "returns"
_LARGEST_RECEIPTS = 10 * 1024**2


@dataclass(frozen=True)
class Arrival:
    """One submission as it came: a file, or a folder of CSV files, and when it was received (UTC)."""

    path: Path
    received: datetime


def find_arrivals(paths: Iterable[str | Path], received: date | datetime | None) -> tuple[Arrival, ...]:
    """Every submission in `paths`, in order of receipt, then of name.

    A path is a submission (zip, XML, Access, folder of CSV files), a folder of submissions, or a folder with
    such a folder named `returns` in it. The time of receipt is the one in receipts.csv (columns file and
    received: ISO 8601, UTC where it names no zone) beside the submission or its folder, else `received`, else
    now.
    Raises UnreadableFile where a path does not exist or holds no submission.
    """
    otherwise = in_utc(received) if received is not None else datetime.now(UTC)
    receipts: dict[Path, Mapping[str, datetime]] = {}
    found: dict[Path, Arrival] = {}
    for path in paths:
        for submission in _submissions(Path(path)):
            declared = _declared(submission, receipts)
            found.setdefault(submission.absolute(), Arrival(submission, declared or otherwise))
    return tuple(sorted(found.values(), key=lambda arrival: (arrival.received, arrival.path.name)))


def in_utc(moment: date | datetime) -> datetime:
    """A day means its last moment; a time without a zone is UTC already."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.max)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _submissions(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise UnreadableFile("There is no such file or folder.", file=path.name, remedy="Check the path.")
    if not path.is_dir() or _is_csv_folder(path):
        yield path
        return
    inside = path / RETURNS
    within = inside if inside.is_dir() and not _is_csv_folder(inside) else path
    found = [entry for entry in sorted(within.iterdir()) if _is_submission(entry)]
    if not found:
        raise UnreadableFile(
            "There is no submission in this folder.",
            file=path.name,
            remedy="Name a zip, XML document, Access database, folder of CSV files, or a folder of those.",
        )
    yield from found


def _is_submission(path: Path) -> bool:
    return _is_csv_folder(path) if path.is_dir() else path.suffix.lower() in ENDINGS


def _is_csv_folder(path: Path) -> bool:
    return path.is_dir() and any(is_table_file(entry.name) for entry in path.iterdir())


def _declared(submission: Path, receipts: dict[Path, Mapping[str, datetime]]) -> datetime | None:
    folder = submission.absolute().parent
    for beside in (folder, folder.parent):
        if beside not in receipts:
            receipts[beside] = _read_receipts(beside / RECEIPTS)
        if submission.name in receipts[beside]:
            return receipts[beside][submission.name]
    return None


def _read_receipts(path: Path) -> Mapping[str, datetime]:
    if not path.is_file():
        return {}
    if path.stat().st_size > _LARGEST_RECEIPTS:
        raise _bad_receipts("It is larger than 10 MB.", None)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            if not {"file", "received"} <= set(reader.fieldnames or ()):
                raise _bad_receipts("The first line does not name the columns file and received.", None)
            return dict(_receipt(row, number) for number, row in enumerate(reader, start=1))
        except (csv.Error, UnicodeDecodeError):
            raise _bad_receipts("It is not CSV in UTF-8.", None) from None


def _receipt(row: Mapping[str, str], number: int) -> tuple[str, datetime]:
    try:
        return row["file"], in_utc(datetime.fromisoformat(row["received"]))
    except (ValueError, TypeError):
        raise _bad_receipts("The time of receipt is not a date and time.", number) from None


def _bad_receipts(message: str, row: int | None) -> UnreadableFile:
    return UnreadableFile(
        message, file=RECEIPTS, row=row, remedy="Write lines such as RV3.zip,2024-05-24T09:00:00Z"
    )


def windows(arrivals: Sequence[Arrival]) -> tuple[tuple[Arrival, ...], ...]:
    """The arrivals grouped by the moment of receipt, oldest first."""
    moments = sorted({arrival.received for arrival in arrivals})
    return tuple(tuple(a for a in arrivals if a.received == moment) for moment in moments)
