"""Where data rests: Delta tables pinned by a ledger, and DuckDB, locked down, to read them.

Names are loaded when first used: a process that reads a return needs few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.lake.csv_reading import read_csv
    from joinedup.lake.dividing import PART, Division, Source
    from joinedup.lake.encoding import Encoded, encode, joined
    from joinedup.lake.lake import Lake, Snapshot, view_name
    from joinedup.lake.ledger import DataFile, LedgerEntry, SubmissionRecord, TableChange
    from joinedup.lake.opening import create_lake, open_lake
    from joinedup.lake.session import Session, sql_session
    from joinedup.lake.sources import Differing
    from joinedup.lake.staging import Change

__all__ = [
    "PART",
    "Change",
    "DataFile",
    "Differing",
    "Division",
    "Encoded",
    "Lake",
    "LedgerEntry",
    "Session",
    "Snapshot",
    "Source",
    "SubmissionRecord",
    "TableChange",
    "create_lake",
    "encode",
    "joined",
    "open_lake",
    "read_csv",
    "sql_session",
    "view_name",
]

_HOMES = {
    "PART": "dividing",
    "Change": "staging",
    "DataFile": "ledger",
    "Differing": "sources",
    "Division": "dividing",
    "Encoded": "encoding",
    "Lake": "lake",
    "LedgerEntry": "ledger",
    "Session": "session",
    "Snapshot": "lake",
    "Source": "dividing",
    "SubmissionRecord": "ledger",
    "TableChange": "ledger",
    "create_lake": "opening",
    "encode": "encoding",
    "joined": "encoding",
    "open_lake": "opening",
    "read_csv": "csv_reading",
    "sql_session": "session",
    "view_name": "lake",
}


__getattr__ = on_demand(__name__, _HOMES)
