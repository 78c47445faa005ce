"""`withdraw`: what a trust sent by mistake leaves the lake; the ledger keeps that it was there, and why it went."""

from __future__ import annotations

from datetime import UTC, date, datetime

from joinedup.errors import UnknownName, YourCommand
from joinedup.intake.receipts import in_utc
from joinedup.lake import Change, Lake, Snapshot, SubmissionRecord

WITHDRAW = "withdraw"
PARTITIONS = ("provider", "period")
RETURNS = "returns/"


def withdraw(
    content_hash: str, lake: Lake, *, reason: str, withdrawn: date | datetime | None = None
) -> Snapshot:
    """Take the rows of one held submission out of every table of the lake, in one commit; the new state.

    The month is then empty until it is sent again: what the withdrawn submission had replaced does not come back by
    itself, but may be loaded again, and so may the withdrawn content. States of before stay open to `--as-known`.
    Journeys are those of before until they are built again. Raises UnknownName where the lake does not hold the
    content, YourCommand without a reason or while another process is writing.
    """
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why it is withdrawn.")
    with lake.writing():
        record = _held(lake, content_hash)
        month = (record.provider, record.period)
        notes = {
            "content_hash": content_hash,
            "provider": record.provider,
            "period": record.period,
            "reason": reason,
        }
        moment = in_utc(withdrawn) if withdrawn is not None else datetime.now(UTC)
        return lake.commit(_removals(lake, month), kind=WITHDRAW, known_at=moment, notes=notes)


def not_withdrawn(lake: Lake) -> tuple[SubmissionRecord, ...]:
    """Every submission ever accepted up to this state, in the order of loading, less those of months withdrawn since.

    Of a month that was withdrawn nothing is held, so nothing that was loaded before counts as older or as loaded.
    """
    records: list[SubmissionRecord] = []
    for entry in lake.history():
        if entry.kind == WITHDRAW:
            month = (entry.notes["provider"], entry.notes["period"])
            records = [record for record in records if (record.provider, record.period) != month]
        records.extend(entry.submissions)
    return tuple(records)


def held_of(lake: Lake, provider: str, period: str) -> SubmissionRecord | None:
    """The submission that is held of a provider's month (2026-03): the last loaded is; None where none is."""
    return _by_month(lake).get((provider, period))


def _by_month(lake: Lake) -> dict[tuple[str, str], SubmissionRecord]:
    return {(record.provider, record.period): record for record in not_withdrawn(lake)}


def _held(lake: Lake, content_hash: str) -> SubmissionRecord:
    for record in _by_month(lake).values():
        if record.content_hash == content_hash:
            return record
    raise UnknownName(
        "The lake does not hold this submission.",
        remedy="It was replaced by a later one, withdrawn before, or never loaded: see `joinedup lake history`.",
    )


def _removals(lake: Lake, month: tuple[str, str]) -> list[Change]:
    """For each table with rows of the month, a change that leaves none."""
    return [
        Change(
            table,
            lake.schema(table).empty_table(),
            partition_by=PARTITIONS,
            replace_partitions=(month,),
        )
        for table in lake.tables()
        if table.startswith(RETURNS) and month in lake.partitions(table)
    ]
