"""The header of a return: whose it is, for which month, and what the rows of the other tables are held to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.returns.report import Header
from joinedup.returns.rules_sql import Scene
from joinedup.returns.submission import Submission

HEADER = "IDS000"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


def scene_of(submission: Submission, spec: ReturnSpec, told: Mapping[str, str]) -> Scene:
    """What rows are judged against. A header value that cannot be read is None: no row fails by it."""
    texts = _first_row(submission)
    days = {column.name: _day(texts.get(column.name)) for column in spec.table(HEADER).columns}
    return Scene(spec, texts, {name: days[name] for name in days}, told)


def read_header(submission: Submission) -> Header | None:
    """The header, or None where a value that it needs is missing or cannot be read."""
    texts = _first_row(submission)
    start, end = (_day(texts.get(f"ReportingPeriod{edge}Date")) for edge in ("Start", "End"))
    created = _instant(texts.get("DateTimeDatSetCreate"))
    provider = texts.get("OrgIDProv")
    if not provider or start is None or end is None or created is None:
        return None
    return Header(
        provider=provider,
        submitter=texts.get("OrgIDSubmit") or "",
        period_start=start,
        period_end=end,
        period=f"{start:%Y-%m}",
        created=created,
        version=texts.get("DatSetVer") or "",
    )


def _first_row(submission: Submission) -> Mapping[str, str | None]:
    file = submission.files.get(HEADER)
    if file is None or not len(file.rows):
        return {}
    row = file.rows.slice(0, 1).to_pylist()[0]
    return {name: value for name, value in row.items() if name != "_row"}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text and _INSTANT.fullmatch(text) else None
    except ValueError:
        return None
