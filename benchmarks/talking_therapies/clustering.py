"""From the three Parquet files to the clustered record: done once, on the way in, a month of referrals at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.talking_therapies.generate import MONTHS
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import MISSING, Array, Clustered, Coder, Contacts, Scores, cluster
from joinedup.journeys.clustered_files import ClusteredRecord, write_record
from joinedup.journeys.lookups import scored_columns
from joinedup.journeys.rules import NO_SUPPORT

PEOPLE = {
    "borough": "borough",
    "ethnic": "EthnicCategory",
    "imd": "IndicesOfDeprivationDecile",
    "age_band": "age_band",
    "gender": "Gender",
}
MADE_OF = {"benchmark": 1}


def write(folder: Path) -> ClusteredRecord:
    """The clustered record of the files in `folder`, beside them."""
    coder = Coder()
    return write_record(folder / "clustered", parts(folder, coder), coder, MADE_OF)


def parts(
    folder: Path, coder: Coder, until: np.datetime64 | None = None, since: int = 0
) -> Iterator[tuple[str, Clustered]]:
    """The record by month of referral, from month number `since`; with `until`, as it was known on the day before."""
    patients = pq.read_table(folder / "patients.parquet")
    people = {own: coder.codes(own, patients[name]) for name, own in PEOPLE.items()}
    referrals, contacts = (pq.ParquetFile(folder / f"{name}.parquet") for name in ("referrals", "contacts"))
    groups = [contacts.metadata.row_group(at).column(0).statistics for at in range(contacts.num_row_groups)]
    for at, month in list(enumerate(MONTHS))[since:]:
        if until is not None and month >= until:
            return
        rows = known(referrals.read_row_group(at), until)
        first, count = rows["ref_id"][0].as_py() if rows.num_rows else 0, rows.num_rows
        own = [number for number, found in enumerate(groups) if first <= found.min < first + count]
        seen = contacts.read_row_groups(own)
        if until is not None:
            seen = seen.filter(pc.less(seen["cdate"], until.astype("datetime64[D]").item()))
        codes = {name: values[rows["person_id"].to_numpy()] for name, values in people.items()}
        codes["EndCode"] = coder.codes("EndCode", rows["end_code"])
        referral = seen["ref_id"].to_numpy() - first
        yield (
            str(month),
            cluster(
                days(rows["received"]),
                days(rows["closed"]),
                Contacts(referral, days(seen["cdate"]), coder.kinds("kind", kinds(seen))),
                scores(seen, referral),
                codes,
            ),
        )


def known(referrals: pa.Table, until: np.datetime64 | None) -> pa.Table:
    """Referrals as known before a day: whatever closes later is open."""
    if until is None:
        return referrals
    closed = pc.fill_null(pc.less(referrals["closed"], until.astype("datetime64[D]").item()), False)
    nothing = {name: pa.scalar(None, referrals[name].type) for name in ("closed", "end_code")}
    for name, null in nothing.items():
        at = referrals.column_names.index(name)
        referrals = referrals.set_column(at, name, pc.if_else(closed, referrals[name], null))
    return referrals


def days(column: pa.ChunkedArray) -> Array:
    return pc.fill_null(column.cast(pa.int32()), MISSING).to_numpy()


def kinds(rows: pa.Table) -> pa.Table:
    """The columns that make the kind of a contact (as `Kind`), the codes as the national texts."""
    nothing = pa.nulls(rows.num_rows, pa.string())
    return pa.table(
        {
            "AttendOrDNACode": rows["attend"].cast(pa.string()),
            "AppType": pc.utf8_lpad(rows["apptype"].cast(pa.string()), 2, "0"),
            "PlannedCareContIndicator": nothing,
            "IAPTLTCServiceInd": nothing,
            "InterpreterPresentInd": nothing,
            "employment_support": pa.repeat(pa.scalar(NO_SUPPORT), rows.num_rows),
        }
    )


def scores(rows: pa.Table, referral: Array) -> Scores:
    columns = scored_columns(Derivations.load(), Thresholds.load())
    day, found = days(rows["cdate"]), []
    for name, column in (("phq9", "PHQ9"), ("gad7", "GAD")):
        there = pc.is_valid(rows[name]).to_numpy()
        score = pc.fill_null(rows[name], 0).to_numpy().astype(np.int32)[there] * 100
        found.append((referral[there], day[there], np.full(len(score), columns.index(column)), score))
    return Scores(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
