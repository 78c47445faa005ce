"""Synthetic referrals and contacts with the sizes and mixes of NHS Talking Therapies, as three Parquet files.

    patients   person_id, borough, ethnic (national code), imd (tenth), age_band, gender (national code)
    referrals  ref_id, person_id, received, closed, end_code
    contacts   ref_id, contact_id, cdate, attend, apptype (national codes as numbers), phq9, gad7

Five years from April 2021; a row group holds the referrals of one month, its contacts in the order in which they
happened, as monthly returns bring them. Every contact lies between referral and discharge.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

Array = NDArray[Any]

MONTHS = [np.datetime64("2021-04") + month for month in range(60)]
LAST_DAY = np.datetime64("2026-03-31")
BOROUGHS = [
    "Brent", "Ealing", "Hammersmith and Fulham", "Harrow", "Hillingdon", "Hounslow", "Kensington and Chelsea",
    "Westminster",
]  # fmt: skip
ETHNIC = list("ABCDEFGHJKLMNPRSZ")
AGE_BANDS = ["Under 18", "18 to 25", "26 to 35", "36 to 50", "51 to 64", "65 to 74", "75 and over"]
GENDERS = ["2", "1", "X"]
END_CODES = ["46", "47", "48", "10", "12", "13", "50", "95"]
ROWS = 500_000  # of a row group at most

_SHARES = {
    "borough": [16, 17, 9, 12, 14, 13, 8, 11],
    "ethnic": [34, 4, 12, 1.5, 1, 1, 2, 12, 5, 2, 7, 6, 7, 2, 1.5, 5, 7],
    "age_band": [1, 19, 29, 26, 16, 6, 3],
    "gender": [66, 33, 1],
    "end_code": [42, 25, 7, 6, 5, 5, 5, 5],
    "attend": [72, 5, 6, 11, 3, 3],
    "apptype": [89, 4, 3, 4],
}
_ATTEND, _LATER_TYPES = np.array([5, 6, 3, 7, 4, 2], np.int8), np.array([2, 5, 3, 6], np.int8)


def generate(referrals: int, folder: Path, seed: int = 20261122) -> None:
    """Write the three files; the same seed gives the same bytes."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    people = _patients(random, max(referrals * 4 // 5, 1))
    pq.write_table(pa.table(people), folder / "patients.parquet", compression="zstd", row_group_size=ROWS)
    arriving = random.multinomial(referrals, np.full(len(MONTHS), 1 / len(MONTHS)))
    writers: dict[str, pq.ParquetWriter] = {}
    made = contacts = 0
    for month, count in zip(MONTHS, arriving, strict=True):
        received = np.sort(_days_of(month, random, count))
        rows = _month(random, people, received, made, contacts)
        for name, table in rows.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table, row_group_size=ROWS)
        made, contacts = made + count, contacts + rows["contacts"].num_rows
    for writer in writers.values():
        writer.close()


def _drawn(random: np.random.Generator, name: str, count: int) -> Array:
    share = np.array(_SHARES[name], float)
    return random.choice(len(share), count, p=share / share.sum())


def _named(places: Array, names: list[str], mask: Array | None = None) -> pa.Array:
    indices = pa.array(places.astype(np.int8), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names)).dictionary_decode()


def _patients(random: np.random.Generator, count: int) -> dict[str, Any]:
    ethnic = _drawn(random, "ethnic", count)
    deprived = np.clip(np.round(random.normal(5 - 0.5 * (ethnic > 3), 2.4, count)), 1, 10)
    return {
        "person_id": np.arange(count, dtype=np.int64),
        "borough": _named(_drawn(random, "borough", count), BOROUGHS),
        "ethnic": _named(ethnic, ETHNIC),
        "imd": deprived.astype(np.int8),
        "age_band": _named(_drawn(random, "age_band", count), AGE_BANDS),
        "gender": _named(_drawn(random, "gender", count), GENDERS),
    }


def _days_of(month: np.datetime64, random: np.random.Generator, count: int) -> Array:
    first, after = (day.astype("datetime64[D]").astype(int) for day in (month, month + 1))
    return random.integers(first, after, count)


def _month(
    random: np.random.Generator, people: dict[str, Any], received: Array, first: int, contacts: int
) -> dict[str, pa.Table]:
    """The referrals received in one month, and all of their contacts."""
    count = len(received)
    person = random.integers(0, len(people["person_id"]), count)
    appointments = np.where(
        random.random(count) < 0.17, 0, 1 + random.poisson(random.gamma(1.6, 3.5, count))
    ).clip(max=40)
    of = np.repeat(np.arange(count), appointments)
    starts = np.cumsum(appointments) - appointments
    place = np.arange(len(of)) - starts[of]
    days = received[of] + _since_referral(random, of, place, starts)
    last = received.copy()
    np.maximum.at(last, of, days)
    closed = last + random.integers(1, 60, count)
    is_open = (closed > LAST_DAY.astype(int)) | (random.random(count) < 0.02)
    ids = np.arange(first, first + count, dtype=np.int64)
    referrals = {
        "ref_id": ids,
        "person_id": person,
        "received": pa.array(received.astype(np.int32), pa.int32()).cast(pa.date32()),
        "closed": pa.array(closed.astype(np.int32), pa.int32(), mask=is_open).cast(pa.date32()),
        "end_code": _named(_drawn(random, "end_code", count), END_CODES, is_open),
    }
    rows = pa.table({"ref_id": ids[of], **_contacts(random, of, place, days, contacts)})
    by_day = np.argsort(days, kind="stable")
    return {"referrals": pa.table(referrals), "contacts": rows.take(pa.array(by_day))}


def _since_referral(random: np.random.Generator, of: Array, place: Array, starts: Array) -> Array:
    """Days from referral to each contact: a wait for the first, a longer gap before the third."""
    gap = 3 + random.gamma(3, 6, len(of)).astype(int)
    gap = np.where(place == 0, 1 + random.gamma(2, 13, len(of)).astype(int), gap)
    gap += np.where(place == 2, random.gamma(2, 14, len(of)).astype(int), 0)
    together = np.cumsum(gap)
    first = np.minimum(starts, max(len(of) - 1, 0))[of]
    return together - together[first] + gap[first] if len(of) else gap


def _contacts(
    random: np.random.Generator, of: Array, place: Array, days: Array, first: int
) -> dict[str, Any]:
    rows = len(of)
    attend = _ATTEND[_drawn(random, "attend", rows)]
    missing = ((attend != 5) & (attend != 6)) | (random.random(rows) < 0.04)
    people = int(of.max()) + 1 if rows else 0
    low_mood = random.normal(14.5, 5.2, people)
    anxiety = 0.75 * low_mood + random.normal(2, 3, people)
    slope = random.normal(0.75, 0.5, people)
    phq9 = np.round(low_mood[of] - slope[of] * place + random.normal(0, 1.8, rows)).clip(0, 27)
    gad7 = np.round(anxiety[of] - 0.8 * slope[of] * place + random.normal(0, 1.6, rows)).clip(0, 21)
    return {
        "contact_id": np.arange(first, first + rows, dtype=np.int64),
        "cdate": pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()),
        "attend": attend,
        "apptype": np.where(place == 0, np.int8(1), _LATER_TYPES[_drawn(random, "apptype", rows)]),
        "phq9": pa.array(phq9.astype(np.int8), mask=missing),
        "gad7": pa.array(gad7.astype(np.int8), mask=missing | (random.random(rows) < 0.01)),
    }


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
