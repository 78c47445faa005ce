"""A linkage at rest: who is who by local and keyed identifiers, why, and what reviewers made of it. No identifiers.

    records.parquet     source, local_id, own_id (keyed, from the record alone), number_valid
    links.parquet       one row per link: places in records, rule, probability, per field whether it agrees and weight
    queue.parquet       the same for pairs put before a reviewer, with the reason and the item's code
    model.json          the model that scored, if any
    decisions/          the ledger of reviewers
    people.csv          the answer: person_id, source, local_id, rule, probability, remark
    people.json         how many decisions people.csv follows

Everything but decisions and people is written once. people.csv follows from the others and is written anew after
each decision, so that undoing one gives back the very bytes of before.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from joinedup.errors import LakeDamaged, UnknownName, YourCommand
from joinedup.lake.durable import fsync, fsync_all, sealed, unsealed
from joinedup.linkage.clusters import DECIDED, Edges, settle
from joinedup.linkage.decisions import (
    Decision,
    Pair,
    Verdict,
    decide,
    item_of,
    pair_of,
    read_decisions,
    standing,
)
from joinedup.linkage.fields import FIELDS, NUMBER, UNKNOWN, Codes, Pool
from joinedup.linkage.keys import Key
from joinedup.linkage.linking import Linked
from joinedup.linkage.people import people_table
from joinedup.linkage.person import person_ids

_TABLES = ("records", "links", "queue")
_MODEL, _DECISIONS, PEOPLE = "model.json", "decisions", "people.csv"
_FOLLOWS = "people.json"  # how many decisions people.csv follows


@dataclass(frozen=True)
class Held:
    """A linkage as it lies in its folder, and the decisions that count."""

    path: Path
    records: pa.Table
    links: pa.Table
    queue: pa.Table
    decisions: tuple[Decision, ...]

    def name(self, place: int) -> tuple[str, str]:
        """Source and local identifier of a record."""
        return self.records["source"][place].as_py(), self.records["local_id"][place].as_py()


def hold(linked: Linked, folder: str | Path, key: Key, *, decisions_of: str | Path | None = None) -> Held:
    """Write a linkage into a new folder, whole or not at all. `decisions_of` is an earlier linkage whose decisions
    go on counting. Raises YourCommand where the folder exists."""
    folder = Path(folder)
    if folder.exists():
        raise YourCommand(
            f"{folder.name} exists", remedy="name a new folder: an earlier linkage is never replaced"
        )
    making = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    try:
        _write(linked, making, key)
        if decisions_of is not None:
            read_decisions(Path(decisions_of) / _DECISIONS)
            if (Path(decisions_of) / _DECISIONS).is_dir():
                shutil.copytree(Path(decisions_of) / _DECISIONS, making / _DECISIONS)
        read_linkage(making)
        fsync_all(making.rglob("*"))
        fsync(making)
        making.rename(folder)
        fsync(folder.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return read_linkage(folder)


def read_linkage(folder: str | Path) -> Held:
    """The linkage in a folder. UnknownName where it holds none, LakeDamaged where what it holds was altered."""
    folder = Path(folder)
    if not all((folder / f"{table}.parquet").is_file() for table in _TABLES):
        raise UnknownName(
            f"{folder.name} holds no linkage", remedy="make one: joinedup persons link A.csv B.csv --out DIR"
        )
    try:
        records, links, queue = (pq.read_table(folder / f"{table}.parquet") for table in _TABLES)
    except (pa.ArrowException, OSError):
        raise LakeDamaged(f"the linkage in {folder.name} cannot be read", remedy="link anew") from None
    held = Held(folder, records, links, queue, read_decisions(folder / _DECISIONS))
    if not _follows(held):  # a kill came between a decision and what follows from it
        _write_people(held)
    return held


def _follows(held: Held) -> bool:
    try:
        return (held.path / PEOPLE).is_file() and unsealed((held.path / _FOLLOWS).read_bytes()) == len(
            held.decisions
        )
    except (OSError, ValueError):
        return False


def review(held: Held, item: str, verdict: Verdict, *, by: str, why: str = "") -> Held:
    """Decide on an item of the queue, or on a link, by its code; people.csv follows.

    Raises UnknownName for a code that is of neither, and YourCommand as `decide` does, or where an earlier
    decision could not hold beside this one.
    """
    pair = pair_with(held, item)
    if verdict != "undo" and not _all_hold(held, pair, verdict):
        raise YourCommand("another decision says otherwise of these people", remedy="undo that one first")
    decide(held.path / _DECISIONS, pair, verdict, by=by, why=why)
    after = replace(held, decisions=read_decisions(held.path / _DECISIONS))
    _write_people(after)
    return after


def pair_with(held: Held, item: str) -> Pair:
    """The pair that a code stands for."""
    for rows in (held.queue, held.links):
        place = pc.index(rows["item"], item).as_py()
        if place >= 0:
            return pair_of(*(held.name(rows[end][place].as_py()) for end in ("left", "right")))
    raise UnknownName(f"no pair has the code {item}", remedy="list them: joinedup persons review DIR")


def people_of(held: Held) -> Codes:
    """For each record the lowest record of the same person, decisions and all."""
    decided, place = standing(held.decisions), _places(held)
    known = {pair: verdict for pair, verdict in decided.items() if pair[0] in place and pair[1] in place}
    accepted = [(place[a], place[b]) for (a, b), verdict in known.items() if verdict == "accept"]
    refused = [(place[a], place[b]) for (a, b), verdict in known.items() if verdict == "refuse"]
    numbers = _numbers(held.records)
    edges = _edges(held.links, numbers, sorted(accepted), refused)
    source = held.records["source"].combine_chunks().dictionary_encode()
    sources = pa.chunked_array(source).combine_chunks() if isinstance(source, pa.ChunkedArray) else source
    return settle(sources.indices.to_numpy().astype(np.int64), numbers, edges, held.name, refused).person


def _places(held: Held) -> dict[tuple[str, str], int]:
    """Where in records each record lies that a decision names."""
    named = {name for decision in held.decisions for name in decision.pair}
    if not named:
        return {}
    rows = np.flatnonzero(
        pc.is_in(held.records["local_id"], value_set=pa.array(sorted({n[1] for n in named})))
    )
    return {name: int(row) for row in rows if (name := held.name(int(row))) in named}


def _numbers(records: pa.Table) -> Codes:
    """NHS numbers by code, from what was made of them with the key."""
    ids = pa.array(records["own_id"].combine_chunks()).dictionary_encode().indices.to_numpy().astype(np.int64)
    return np.where(records["number_valid"].to_numpy(), ids, UNKNOWN)


def _edges(
    links: pa.Table, numbers: Codes, accepted: list[tuple[int, int]], refused: list[tuple[int, int]]
) -> Edges:
    ends = np.stack([links["left"].to_numpy(), links["right"].to_numpy()], axis=1)
    held = ~np.isin(ends[:, 0] * len(numbers) + ends[:, 1], [min(p) * len(numbers) + max(p) for p in refused])
    ends, rank = ends[held], links["rank"].to_numpy()[held]
    differ = links["numbers_differ"].to_numpy()[held]
    agree = (numbers[ends[:, 0]] == numbers[ends[:, 1]]) & (numbers[ends[:, 0]] != UNKNOWN)
    more = np.array(accepted, dtype=np.int64).reshape(-1, 2)
    sure = np.ones(len(more), dtype=bool)
    ends = np.concatenate([more, ends])
    return Edges(
        ends[:, 0],
        ends[:, 1],
        np.concatenate([np.full(len(more), DECIDED), rank]),
        np.concatenate([sure, differ]),
        np.concatenate([sure, agree]),
    )


def _all_hold(held: Held, pair: Pair, verdict: Verdict) -> bool:
    """Whether every decision would still hold after this one: accepted pairs joined, refused ones apart."""
    trial = Decision(0, pair, verdict, "", datetime.now(UTC), "", None)
    after = replace(held, decisions=(*held.decisions, trial))
    places, person = _places(after), people_of(after)
    return all(
        (person[places[one]] == person[places[other]]) == (said == "accept")
        for (one, other), said in standing(after.decisions).items()
        if one in places and other in places
    )


def _write(linked: Linked, folder: Path, key: Key) -> None:
    pq.write_table(_records(linked.pool, key), folder / "records.parquet")
    for name, rows in (("links", linked.links), ("queue", linked.queue)):
        pq.write_table(_explained(linked.pool, rows), folder / f"{name}.parquet")
    if linked.model is not None:
        (folder / _MODEL).write_bytes(linked.model.to_bytes())


def _records(pool: Pool, key: Key) -> pa.Table:
    rows = np.arange(len(pool))
    numbers = pool.texts(NUMBER, rows)
    parts = [
        person_ids(numbers.filter(pa.array(mine)), source, pool.local_ids.filter(pa.array(mine)), key)
        for number, source in enumerate(pool.sources)
        if (mine := pool.source == number).any()
    ]
    return pa.table(
        {
            "source": pa.array(pool.sources).take(pa.array(pool.source)),
            "local_id": pool.local_ids,
            "own_id": pa.chunked_array(parts, pa.string()),
            "number_valid": pool.codes[NUMBER] != UNKNOWN,
        }
    )


def _explained(pool: Pool, rows: pa.Table) -> pa.Table:
    """Pairs with their code and, for each field, whether it is the same, differs, or is not known of both."""
    left, right = (rows[end].to_numpy() for end in ("left", "right"))
    items = [
        item_of(pair_of(pool.name(a), pool.name(b)))
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
    ]
    rows = rows.append_column("item", pa.array(items, pa.string()))
    for field in FIELDS:
        one, other = pool.codes[field][left], pool.codes[field][right]
        known = (one != UNKNOWN) & (other != UNKNOWN)
        said = np.where(known, np.where(one == other, 1, 2), 0)
        rows = rows.append_column(field, pa.array(["not known", "same", "differs"]).take(pa.array(said)))
    return rows


def _write_people(held: Held) -> None:
    """people.csv anew, under another name until it is whole and on the disk; then how many decisions it follows."""
    table = people_table(held.records, held.links, held.queue, people_of(held))
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink, arrow_csv.WriteOptions(quoting_style="needed"))
    for name, content in ((PEOPLE, sink.getvalue()), (_FOLLOWS, sealed(len(held.decisions)))):
        making = held.path / f".{name}.{os.getpid()}.part"
        making.write_bytes(content)
        fsync(making)
        making.replace(held.path / name)
        fsync(held.path)
