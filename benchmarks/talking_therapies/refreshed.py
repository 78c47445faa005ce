"""The last month has arrived: the referrals it touches are clustered and counted again, all others stay as they are.

python -m benchmarks.talking_therapies.refreshed DIR/before/MONTHS

Whatever the cube held of the touched referrals is taken off and what they are now is added; months of referral that
nothing touches keep their file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.talking_therapies.arriving import BEGINS, keep_cube, kept_cube
from benchmarks.talking_therapies.clustering import MADE_OF, PEOPLE, days, kinds, scores
from benchmarks.talking_therapies.generate import MONTHS
from benchmarks.talking_therapies.job import components
from benchmarks.talking_therapies.ours import SOURCE, frame
from benchmarks.talking_therapies.worker import run
from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys.clustered import Array, Clustered, Coder, Contacts, Scores, cluster, replaced, taken
from joinedup.journeys.clustered_files import read_record, write_record
from joinedup.journeys.kept_record import coder_of
from joinedup.journeys.one_pass import Reading, in_chunks
from joinedup.measures.counted import counted
from joinedup.measures.finest import Cube

THREADS = 2


def job(place: Path) -> dict[str, Any]:
    """`place` is the folder of the state before."""
    before = read_record(place / "record", MADE_OF)
    coder = coder_of(before)
    arrived = Arrived(place.parent.parent / "month", coder)
    touched = {month: places for month in before.months if len(places := arrived.touched(month))}
    gone: list[Clustered] = []
    come: list[Clustered] = []

    counting: list[Future[Cube]] = []

    def renewed(made: Iterable[tuple[Clustered, ...]]) -> Iterator[tuple[str, Clustered]]:
        for month, (old, new, whole) in zip(touched, made, strict=True):
            gone.append(old)
            come.append(new)
            yield month, whole
        come.append(arrived.new())
        # Counted while the last months are written.
        counting.extend(threads.submit(_counted, parts, coder) for parts in (gone, come))
        yield str(BEGINS), come[-1]

    kept = [month for month in before.months if month not in touched]
    with ThreadPoolExecutor(THREADS) as threads:
        made = threads.map(lambda month: arrived.month(before.part(month), touched[month], month), touched)
        after = write_record(place / "refreshed", renewed(made), coder, MADE_OF, kept, before)
    rolled, dated = kept_cube(place)
    for counted_again, sign in zip(counting, (-1, 1), strict=True):
        cube = counted_again.result()
        rolled += sign * cube.rolled[SOURCE]
        dated += sign * cube.dated[SOURCE]
    keep_cube(place / "refreshed", replace(cube, rolled={SOURCE: rolled}, dated={SOURCE: dated}))
    total = sum(file["referrals"] for file in after.files.values())
    return {
        "touched": sum(part.referrals for part in come),
        "referrals": total,
        "months_written": len(touched) + 1,
        "months": len(after.months),
    }


def _counted(parts: list[Clustered], coder: Coder) -> Cube:
    reading = Reading.of(coder.columns, Derivations.load(), Thresholds.load())
    return counted(in_chunks(parts, reading), frame(coder.columns), {SOURCE: components()})


class Arrived:
    """The rows of the month, found by month of referral."""

    def __init__(self, folder: Path, coder: Coder) -> None:
        self.coder = coder
        self.first: dict[str, int] = json.loads((folder / "first.json").read_text())
        self.contacts, self.referrals, self.ends = (
            pq.read_table(folder / f"{name}.parquet").sort_by("ref_id")
            for name in ("contacts", "referrals", "ends")
        )
        self.kinds = coder.kinds("kind", kinds(self.contacts))
        self.codes = {own: coder.codes(own, self.referrals[name]) for name, own in PEOPLE.items()}
        self.codes["EndCode"] = coder.codes("EndCode", self.referrals["end_code"])
        self.end_codes = coder.codes("EndCode", self.ends["end_code"])

    def touched(self, month: str) -> Array:
        """Places within their month of the referrals that have a contact or end in these rows."""
        touched = np.zeros(self._after(month) - self.first[month], np.bool_)
        for rows in (self.contacts, self.ends):
            touched[rows["ref_id"].to_numpy()[self._of(rows, month)] - self.first[month]] = True
        return np.flatnonzero(touched)

    def month(self, old: Clustered, places: Array, month: str) -> tuple[Clustered, Clustered, Clustered]:
        """The referrals touched as they were, the same with what came, and the whole month with these."""
        gone = taken(old, places)
        come = self.added_to(gone, places, month)
        return gone, come, replaced(old, places, come)

    def added_to(self, old: Clustered, places: Array, month: str) -> Clustered:
        """Referrals as they were, with what came."""
        own, ended = self._of(self.contacts, month), old.ended.copy()
        rows, code = self.contacts.slice(own.start, own.stop - own.start), old.codes["EndCode"].copy()
        referral = np.searchsorted(places, rows["ref_id"].to_numpy() - self.first[month])
        closing = self._of(self.ends, month)
        at = np.searchsorted(places, self.ends["ref_id"].to_numpy()[closing] - self.first[month])
        ended[at], code[at] = days(self.ends["closed"])[closing], self.end_codes[closing]
        came = Contacts(referral, days(rows["cdate"]), self.kinds[own])
        codes = {**old.codes, "EndCode": code}
        return cluster(
            old.received,
            ended,
            Contacts(*map(np.concatenate, zip(_contacts(old), _columns(came), strict=True))),
            Scores(*map(np.concatenate, zip(_scores(old), _columns(scores(rows, referral)), strict=True))),
            codes,
        )

    def new(self) -> Clustered:
        """The referrals that the month brought."""
        own = self._of(self.contacts, str(BEGINS))
        rows = self.contacts.slice(own.start, own.stop - own.start)
        referral = rows["ref_id"].to_numpy() - self.first[str(BEGINS)]
        return cluster(
            days(self.referrals["received"]),
            days(self.referrals["closed"]),
            Contacts(referral, days(rows["cdate"]), self.kinds[own]),
            scores(rows, referral),
            self.codes,
        )

    def _of(self, rows: pa.Table, month: str) -> slice:
        return slice(*np.searchsorted(rows["ref_id"].to_numpy(), [self.first[month], self._after(month)]))

    def _after(self, month: str) -> int:
        """The first referral after those of a month."""
        at = MONTHS.index(np.datetime64(month))
        return self.first[str(MONTHS[at + 1])] if at + 1 < len(MONTHS) else int(np.iinfo(np.int64).max)


def _columns(rows: Contacts | Scores) -> Iterator[Array]:
    return iter(vars(rows).values())


def _contacts(record: Clustered) -> tuple[Array, ...]:
    """The contacts of a record as `cluster` takes them."""
    referral = np.repeat(np.arange(record.referrals), np.diff(record.first_contact))
    return referral, record.contact_day + record.received[referral], record.contact_kind


def _scores(record: Clustered) -> tuple[Array, ...]:
    referral = np.repeat(np.arange(record.referrals), np.diff(record.first_score))
    return referral, record.score_day + record.received[referral], record.score_question, record.score


if __name__ == "__main__":
    run(job)
