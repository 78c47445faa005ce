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
    return write_record(folder / "clustered", _parts(folder, coder), coder, MADE_OF)


def _parts(folder: Path, coder: Coder) -> Iterator[tuple[str, Clustered]]:
    patients = pq.read_table(folder / "patients.parquet")
    people = {own: coder.codes(own, patients[name]) for name, own in PEOPLE.items()}
    referrals, contacts = (pq.ParquetFile(folder / f"{name}.parquet") for name in ("referrals", "contacts"))
    groups = [contacts.metadata.row_group(at).column(0).statistics for at in range(contacts.num_row_groups)]
    for at, month in enumerate(MONTHS):
        rows = referrals.read_row_group(at)
        first, count = rows["ref_id"][0].as_py() if rows.num_rows else 0, rows.num_rows
        own = [number for number, found in enumerate(groups) if first <= found.min < first + count]
        seen = contacts.read_row_groups(own)
        codes = {name: values[rows["person_id"].to_numpy()] for name, values in people.items()}
        codes["EndCode"] = coder.codes("EndCode", rows["end_code"])
        referral = seen["ref_id"].to_numpy() - first
        yield (
            str(month),
            cluster(
                _days(rows["received"]),
                _days(rows["closed"]),
                Contacts(referral, _days(seen["cdate"]), coder.kinds("kind", _kinds(seen))),
                _scores(seen, referral),
                codes,
            ),
        )


def _days(column: pa.ChunkedArray) -> Array:
    return pc.fill_null(column.cast(pa.int32()), MISSING).to_numpy()


def _kinds(rows: pa.Table) -> pa.Table:
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


def _scores(rows: pa.Table, referral: Array) -> Scores:
    columns = scored_columns(Derivations.load(), Thresholds.load())
    days, parts = _days(rows["cdate"]), []
    for name, column in (("phq9", "PHQ9"), ("gad7", "GAD")):
        known = pc.is_valid(rows[name]).to_numpy()
        score = pc.fill_null(rows[name], 0).to_numpy().astype(np.int32)[known] * 100
        parts.append((referral[known], days[known], np.full(len(score), columns.index(column)), score))
    return Scores(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
