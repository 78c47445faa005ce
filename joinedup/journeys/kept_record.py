"""Where a lake keeps its clustered record, and how that is brought up to date: untouched months keep their file."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import Clustered, Coder, same, taken, together
from joinedup.journeys.clustered_files import ClusteredRecord, records_in, write_record
from joinedup.journeys.lookups import scored_columns
from joinedup.journeys.made_with import made_with

if TYPE_CHECKING:
    from joinedup.journeys.from_returns import Record

MadeOf = Mapping[str, Any]
_NOBODY = pa.array([], pa.string())
_DAYS = ("first_day", "last_day")


def made_of(versions: Mapping[str, int], rules: Pathway, days: Mapping[str, Any]) -> dict[str, Any]:
    """What a clustered record of these versions of the returns is made of, and with."""
    return {
        "returns": dict(versions),
        "pathway": rules.id,
        "rule": rules.rule.name,
        "questions": list(scored_columns(Derivations.load(rules.id), Thresholds.load())),
        "made_with": made_with(),
        **{name: str(day) for name, day in days.items()},
    }


def place_of(lake: Path, made: MadeOf) -> Path:
    """The folder of a record; states of the past have their own."""
    name = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]
    return lake / ".clustered" / name


def keep(lake: Path, record: Record, made: MadeOf) -> ClusteredRecord:
    """Write a whole record."""
    return write_record(place_of(lake, made), record.by_month(), record.coder, made)


def forget_others(lake: Path, made: MadeOf) -> None:
    """Records of other states go, and what killed processes left."""
    kept = place_of(lake, made)
    for folder in kept.parent.iterdir() if kept.is_dir() else ():
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


def record_before(lake: Path, versions: Mapping[str, int], rules: Pathway) -> ClusteredRecord | None:
    """The record of an earlier state, where it is still there and made with what holds now."""
    wanted = made_of(versions, rules, {})
    for record in records_in(lake / ".clustered"):
        if {name: value for name, value in record.made_of.items() if name not in _DAYS} == wanted:
            return record
    return None


@dataclass(frozen=True)
class Months:
    """Pathways of the months that are touched, by month and in order: as stored, which of those go, and those derived
    instead."""

    stored: Mapping[str, pa.Array]
    going: Mapping[str, pa.Array]
    derived: Mapping[str, pa.Array]


def keep_refreshed(
    lake: Path, before: ClusteredRecord, record: Record, months: Months, made: MadeOf
) -> ClusteredRecord | None:
    """The record `before` with the pathways of `record` in place of those going; `record` goes on from its codes.

    Months in which nothing differs keep their file. None where the record and the journeys do not fit.
    """
    touched = sorted({*months.stored, *months.derived})
    if any(not _fits(before, month, months) for month in touched):
        return None
    derived = dict(record.by_month())
    written = dict(_renewed(before, derived, months, touched))
    renewed = ((month, part) for month, part in written.items() if part is not None and part.referrals)
    kept = [month for month in before.months if month not in written]
    return write_record(place_of(lake, made), renewed, record.coder, made, kept, before)


def coder_of(record: ClusteredRecord) -> Coder:
    """A coder that goes on from the codes of a record."""
    return Coder({name: list(values) for name, values in record.columns.items()})


def _fits(before: ClusteredRecord, month: str, months: Months) -> bool:
    stored = months.stored.get(month)
    if stored is None or not len(stored):
        return month not in before.files
    return month in before.files and before.whole(month) and before.files[month]["referrals"] == len(stored)


def _renewed(
    before: ClusteredRecord, derived: Mapping[str, Clustered], months: Months, touched: list[str]
) -> Iterator[tuple[str, Clustered | None]]:
    """The months that differ, with what they hold now."""
    for month in touched:
        new = derived.get(month)
        if month not in before.files:
            yield month, new
            continue
        old, stored = before.part(month), months.stored[month]
        going = pc.is_in(stored, value_set=months.going.get(month, _NOBODY)).to_numpy(zero_copy_only=False)
        left = taken(old, (~going).nonzero()[0])
        gone = taken(old, going.nonzero()[0])
        if new is None:
            if gone.referrals:
                yield month, left
            continue
        if _same_pathways(stored, going, months.derived[month]) and same(gone, new):
            continue
        ids = pa.concat_arrays([stored.filter(pa.array(~going)), months.derived[month]])
        yield month, taken(together(left, new), pc.sort_indices(ids).to_numpy())


def _same_pathways(stored: pa.Array, going: Any, derived: pa.Array) -> bool:
    return bool(stored.filter(pa.array(going)).equals(derived))
