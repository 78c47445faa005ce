"""The floor: DuckDB decodes the columns that the job needs and adds each up, nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.talking_therapies.worker import run

_COLUMNS = {
    "contacts": "sum(ref_id), sum(cdate - DATE '1970-01-01'), sum(attend), sum(apptype), sum(phq9), sum(gad7)",
    "referrals": "sum(ref_id), sum(person_id), sum(received - DATE '1970-01-01'), sum(closed - DATE '1970-01-01')",
    "patients": "sum(person_id), count(borough), count(ethnic), sum(imd), count(age_band), count(gender)",
}


def job(folder: Path) -> dict[str, Any]:
    with duckdb.connect(config={"threads": 2}) as session:
        for name, sums in _COLUMNS.items():
            session.execute(f"SELECT {sums} FROM read_parquet('{folder}/{name}.parquet')").fetchone()
    return {}


if __name__ == "__main__":
    run(job)
