"""The lake's ledger as rows: what was received of each month, and what is still held. The lake stays the truth."""

from __future__ import annotations

from joinedup.intake.withdrawing import WITHDRAW
from joinedup.lake import Lake, SubmissionRecord
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened
from joinedup_web.returns.models import Received


def mirror(lake: Lake) -> int:
    """Write what the ledger says and the rows do not say yet; how many rows there are. Rows of another lake go."""
    known = set(Place.objects.filter(level="trust").values_list("code", flat=True))
    rows = [row for row in _rows(lake) if row.place_id in known]
    with opened("joinedup itself", known):
        Received.objects.exclude(content_hash__in={row.content_hash for row in rows}).delete()
        Received.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["content_hash", "lake_state"],
            update_fields=["withdrawn_in", "received", "rows_in", "rows_kept", "tables_filled"],
        )  # fmt: skip
    return len(rows)


def _rows(lake: Lake) -> list[Received]:
    found: list[Received] = []
    for entry in lake.history():
        if entry.kind == WITHDRAW:
            month = (entry.notes["provider"], entry.notes["period"])
            for row in found:
                if (row.place_id, row.period) == month and row.withdrawn_in is None:
                    row.withdrawn_in = entry.number
        found.extend(_row(record, entry.number) for record in entry.submissions)
    return found


def _row(record: SubmissionRecord, state: int) -> Received:
    return Received(
        place_id=record.provider, period=record.period, kind=record.kind, received=record.received,
        content_hash=record.content_hash, lake_state=state, rows_in=record.rows_in,
        rows_kept=sum(record.rows.values()), tables_filled=sum(1 for n in record.rows.values() if n),
    )  # fmt: skip
