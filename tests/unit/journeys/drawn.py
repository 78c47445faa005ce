"""Returns as a test draws them: a table in text, its columns under their national names, `-` for nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys import JourneyTables, derive
from joinedup.journeys.tables import READ

REFERRAL = """
ServiceRequestId person_id LocalPatientId ReferralRequestReceivedDate ServDischDate EndCode
R1               P1        L1             2025-01-06                  2025-06-30    46
"""
COMMON = {"provider": "RV3", "period": "2025-06"}


def table(name: str, drawn: str) -> pa.Table:
    """One returns table; provider is RV3 and the period June 2025 where the drawing has no such column."""
    header, *lines = [line.split() for line in drawn.strip().splitlines()]
    rows = []
    for place, cells in enumerate(lines, start=1):
        row = dict(zip(header, cells, strict=True))
        known = COMMON | row
        values = {field.name: _value(field.type, known.get(field.name, "-")) for field in READ[name]}
        rows.append({**values, "_row": place})
    assert set(header) <= set(READ[name].names), f"{name} has no {set(header) - set(READ[name].names)}"
    return pa.Table.from_pylist(rows, schema=READ[name])


def _value(kind: pa.DataType, cell: str) -> Any:
    if cell == "-":
        return None
    if pa.types.is_date(kind):
        return date.fromisoformat(cell)
    return int(cell) if pa.types.is_integer(kind) else cell


def made(thresholds: Thresholds | None = None, **drawn: str) -> JourneyTables:
    """The journeys of the drawn tables: one referral, 6 January to 30 June 2025, unless IDS101 is drawn."""
    tables = {name: table(name, text) for name, text in ({"IDS101": REFERRAL} | drawn).items()}
    return derive(
        tables,
        places=Places.load(),
        pathway=Pathway.load("talking_therapies"),
        thresholds=thresholds or Thresholds.load(),
    )


def journey(thresholds: Thresholds | None = None, **drawn: str) -> dict[str, Any]:
    """The one journey of the drawn tables."""
    rows = made(thresholds, **drawn).journeys.to_pylist()
    assert len(rows) == 1
    return rows[0]


def course(scores: dict[str, tuple[str, str]], problem: str = "-", *, sessions: int = 2) -> dict[str, str]:
    """A course of treatment: sessions a month apart and, per SNOMED CT code, the first and last scores."""
    days = ["2025-02-03", "2025-03-03", "2025-04-07"][:sessions]
    contacts = [f"C{place} R1 {day} 5 02" for place, day in enumerate(days)]
    answers = [
        f"R1 {code} {score} {day}"
        for code, pair in scores.items()
        for score, day in zip(pair, ("2025-02-03", "2025-06-02"), strict=True)
        if score != "-"
    ]
    return {
        "IDS201": "\n".join(
            ["CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType", *contacts]
        ),
        "IDS606": "\n".join(["ServiceRequestId CodedAssToolType PersScore AssToolCompDate", *answers]),
        "IDS603": f"ServiceRequestId FindSchemeInUse PresComp PresCompCodSig\nR1 01 {problem} 1",
    }
