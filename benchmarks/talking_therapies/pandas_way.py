"""pandas, as a careful analyst would write it: no Python function per group, categories for the groups."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.talking_therapies.job import CHECKED, MEASURES
from benchmarks.talking_therapies.worker import run

GROUPS = ("ethnic", "deprived", "age_band", "gender")
EPOCH = pd.Timestamp("1970-01-01")


def read(folder: Path, name: str, texts: tuple[str, ...] = ()) -> pd.DataFrame:
    table = pq.read_table(folder / f"{name}.parquet", read_dictionary=list(texts))
    return table.to_pandas(date_as_object=False)


def contacts(folder: Path) -> pd.DataFrame:
    """Per referral: dates, counts, first and last scores."""
    rows = read(folder, "contacts").sort_values(["ref_id", "cdate"], kind="stable")
    attended = rows.attend.isin([5, 6])
    treated = rows[attended & rows.apptype.isin([2, 3, 5])]
    place = treated.groupby("ref_id").cumcount()
    found = pd.DataFrame({"appointments": rows.groupby("ref_id").size()})
    found["missed"] = (rows.attend == 3).groupby(rows.ref_id).sum()
    found["assessed"] = rows[attended & rows.apptype.isin([1, 3])].groupby("ref_id").cdate.min()
    found["treatments"] = treated.groupby("ref_id").size()
    found["first_treated"] = treated[place == 0].set_index("ref_id").cdate
    found["second_treated"] = treated[place == 1].set_index("ref_id").cdate
    found["last_treated"] = treated.groupby("ref_id").cdate.last()
    for name in ("phq9", "gad7"):
        scored = rows.loc[rows[name].notna(), ["ref_id", "cdate", name]].sort_values(
            ["ref_id", "cdate", name]
        )
        first = scored.drop_duplicates("ref_id").set_index("ref_id")
        last = scored.drop_duplicates("ref_id", keep="last").set_index("ref_id")
        found[f"{name}_first"] = first[name]
        found[f"{name}_last"] = last[name].where(last.cdate > first.cdate)
    return found


def journeys(folder: Path) -> pd.DataFrame:
    made = read(folder, "referrals").merge(contacts(folder), how="left", left_on="ref_id", right_index=True)
    patients = read(folder, "patients", ("borough", "ethnic", "age_band", "gender"))
    made = made.merge(patients, how="left", on="person_id")
    made["month"] = made.received.dt.to_period("M").dt.to_timestamp()
    made["deprived"] = (made.imd + 1) // 2
    made["finished"] = made.closed.notna() & (made.treatments >= 2)
    return made


def measures(made: pd.DataFrame) -> pd.DataFrame:
    """One column per measure, to be added up."""
    phq9, gad7 = (made[f"{name}_first"] - made[f"{name}_last"] for name in ("phq9", "gad7"))
    finished, paired = made.finished, made.phq9_last.notna() & made.gad7_last.notna()
    caseness = finished & ((made.phq9_first >= 10) | (made.gad7_first >= 8))
    well = paired & (made.phq9_last < 10) & (made.gad7_last < 8)
    fell, rose = ((sign * phq9 >= 6) | (sign * gad7 >= 4) for sign in (1, -1))
    fell, rose = fell & finished & paired, rose & finished & paired
    wait = (made.first_treated - made.received).dt.days
    values = [
        1, made.assessed.notna(), made.first_treated.notna(), wait <= 42, wait <= 126, wait,
        (made.second_treated - made.first_treated).dt.days > 90, finished, made.missed, made.appointments,
        made.treatments.where(finished), caseness, caseness & well, fell & ~rose, rose & ~fell,
        caseness & well & fell & ~rose,
    ]  # fmt: skip
    keys = made[["month", "borough", *GROUPS]].astype(dict.fromkeys(("borough", *GROUPS), "category"))
    return keys.assign(**dict(zip(MEASURES, values, strict=True)))


def job(folder: Path) -> dict[str, Any]:
    made = journeys(folder)
    names, keys = list(MEASURES), ["month", "borough"]
    finest = measures(made).groupby([*keys, *GROUPS], observed=True)[names].sum().reset_index()
    cuts = [(), *((name,) for name in GROUPS), *combinations(GROUPS, 2)]
    cube = pd.concat(finest.groupby([*keys, *cut], observed=True)[names].sum() for cut in cuts)
    dates = [(made[name] - EPOCH).dt.days.sum() for name in _DATES]
    scores = [made[name].sum() for name in ("phq9_first", "phq9_last", "gad7_first", "gad7_last")]
    checks = {name: int(total) for name, total in zip(CHECKED, [*dates, *scores], strict=True)}
    sums = {f"cube {at}": int(cube[name].sum()) for at, name in enumerate(names)}
    return {**checks, "cells": len(cube), **sums}


_DATES = ("first_treated", "second_treated", "last_treated", "assessed")

if __name__ == "__main__":
    run(job)
