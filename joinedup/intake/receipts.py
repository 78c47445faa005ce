"""receipts.csv: when each submission was received and, where the sender announced them, whose it is and for which
month."""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from joinedup.errors import UnreadableFile

RECEIPTS = "receipts.csv"
_LARGEST = 10 * 1024**2
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Receipt:
    """When a submission came (UTC), and what was announced of it, by the names in `returns.EXPECTATIONS`."""

    received: datetime
    announced: Mapping[str, str] = field(default_factory=dict)


def read_receipts(path: Path) -> Mapping[str, Receipt]:
    """The receipts by file name; none where the file is absent.

    Columns file and received (ISO 8601, UTC where it names no zone), and where they are known provider, sender
    and period (2024-04). Raises UnreadableFile naming the row.
    """
    if not path.is_file():
        return {}
    if path.stat().st_size > _LARGEST:
        raise _bad("It is larger than 10 MB.", None)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        try:
            if not {"file", "received"} <= set(reader.fieldnames or ()):
                raise _bad("The first line does not name the columns file and received.", None)
            return dict(_receipt(row, number) for number, row in enumerate(reader, start=1))
        except (csv.Error, UnicodeDecodeError):
            raise _bad("It is not CSV in UTF-8.", None) from None


def received_at(moment: datetime) -> Receipt:
    """A receipt of which only the moment was declared."""
    # The header's clock is the sender's own and names no zone, so it is compared with the time in London.
    local = moment.astimezone(_LONDON).replace(tzinfo=None)
    return Receipt(moment, {"SubmittedTimestamp": local.isoformat(timespec="seconds")})


def in_utc(moment: date | datetime) -> datetime:
    """A day means its last moment; a time without a zone is UTC already."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.max)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _receipt(row: Mapping[str, str | None], number: int) -> tuple[str, Receipt]:
    try:
        declared = received_at(in_utc(datetime.fromisoformat(row["received"] or "")))
    except (ValueError, OverflowError):
        raise _bad("The time of receipt is not a date and time.", number) from None
    named = {"ProviderId": row.get("provider"), "SenderId": row.get("sender")}
    said = {name: text.strip() for name, text in named.items() if text and text.strip()}
    announced = {**declared.announced, **said, **_month((row.get("period") or "").strip(), number)}
    return row["file"] or "", Receipt(declared.received, announced)


def _month(text: str, number: int) -> Mapping[str, str]:
    if not text:
        return {}
    if not _MONTH.fullmatch(text):
        raise _bad("The period is not a month such as 2024-04.", number)
    last = monthrange(int(text[:4]), int(text[5:]))[1]
    return {"ReportingPeriodStart": f"{text}-01", "ReportingPeriodEnd": f"{text}-{last}"}


def _bad(message: str, row: int | None) -> UnreadableFile:
    return UnreadableFile(
        message, file=RECEIPTS, row=row, remedy="Write lines such as RV3.zip,2024-05-24T09:00:00Z"
    )
