"""Which submissions a path stands for, and when each was received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from joinedup.errors import UnreadableFile
from joinedup.intake.receipts import RECEIPTS, Receipt, in_utc, read_receipts, received_at
from joinedup.returns.reading import ENDINGS, is_table_file

RETURNS = "returns"


@dataclass(frozen=True)
class Arrival:
    """One submission as it came: a file or a folder of CSV files, when it was received (UTC), and what was
    announced of it (see `receipts`)."""

    path: Path
    received: datetime
    announced: Mapping[str, str] = field(default_factory=dict)


def find_arrivals(paths: Iterable[str | Path], received: date | datetime | None) -> tuple[Arrival, ...]:
    """Every submission in `paths`, in order of receipt, then of name.

    A path is a submission (zip, XML, Access, folder of CSV files), a folder of submissions, or a folder with
    such a folder named `returns` in it. The time of receipt is the one in receipts.csv beside the submission or
    its folder, else `received`, else now.
    Raises UnreadableFile where a path does not exist or holds no submission.
    """
    otherwise = received_at(in_utc(received)) if received is not None else Receipt(datetime.now(UTC))
    receipts: dict[Path, Mapping[str, Receipt]] = {}
    found: dict[Path, Arrival] = {}
    for path in paths:
        for submission in _submissions(Path(path)):
            receipt = _declared(submission, receipts) or otherwise
            arrival = Arrival(submission, receipt.received, receipt.announced)
            found.setdefault(submission.absolute(), arrival)
    return tuple(sorted(found.values(), key=lambda arrival: (arrival.received, arrival.path.name)))


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


def _declared(submission: Path, receipts: dict[Path, Mapping[str, Receipt]]) -> Receipt | None:
    folder = submission.absolute().parent
    for beside in (folder, folder.parent):
        if beside not in receipts:
            receipts[beside] = read_receipts(beside / RECEIPTS)
        if submission.name in receipts[beside]:
            return receipts[beside][submission.name]
    return None


def windows(arrivals: Sequence[Arrival]) -> tuple[tuple[Arrival, ...], ...]:
    """The arrivals grouped by the moment of receipt, oldest first."""
    moments = sorted({arrival.received for arrival in arrivals})
    return tuple(tuple(a for a in arrivals if a.received == moment) for moment in moments)
