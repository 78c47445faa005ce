"""Why a record is linked, and what waits for a reviewer: in words of fields and weights, never of values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.errors import UnknownName
from joinedup.linkage.decisions import item_of, pair_of, standing
from joinedup.linkage.fields import FIELDS
from joinedup.linkage.holding import Held, people_of
from joinedup.linkage.people import joined_ids

LINKED, NOT_LINKED = "linked", "not linked"


def queue_of(held: Held) -> list[dict[str, Any]]:
    """The pairs put before a reviewer, the likeliest first, each as `explained` gives it with both names."""
    order = pc.sort_indices(held.queue, sort_keys=[("probability", "descending"), ("item", "ascending")])
    decided = standing(held.decisions)
    rows = []
    for row in held.queue.take(order).to_pylist():
        one, other = held.name(row["left"]), held.name(row["right"])
        rows.append({**_told(row), "one": one, "other": other, "decision": decided.get(pair_of(one, other))})
    return rows


def explained(held: Held, source: str, local_id: str) -> dict[str, Any]:
    """The person of a record: person_id, all records, every link and queued pair of this record with rule, weights
    and whether it holds, and the decisions on those. Raises UnknownName where there is no such record."""
    place = _place(held, source, local_id)
    person = people_of(held)
    pairs = {row["item"]: row for rows in (held.queue, held.links) for row in _of(rows, place)}
    told = [_pair(held, person, place, row) for row in pairs.values()]
    mine = [decision for decision in held.decisions if (source, local_id) in decision.pair]
    return {
        "person_id": joined_ids(held.records, person)[place].as_py(),
        "records": [held.name(int(row)) for row in np.flatnonzero(person == person[place])],
        "pairs": sorted(told, key=lambda pair: (pair["state"], pair["item"])),
        "decisions": [
            {
                "number": decision.number,
                "item": item_of(decision.pair),
                "verdict": decision.verdict,
                "by": decision.by,
                "at": decision.at.isoformat(),
                "why": decision.why,
            }
            for decision in mine
        ],
    }


def _place(held: Held, source: str, local_id: str) -> int:
    match = pc.and_(pc.equal(held.records["source"], source), pc.equal(held.records["local_id"], local_id))
    place: int = pc.index(match, True).as_py()
    if place < 0:
        raise UnknownName(f"{source} has no record of that identifier", remedy="use the names in people.csv")
    return place


def _of(rows: pa.Table, place: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows.filter(
        pc.or_(pc.equal(rows["left"], place), pc.equal(rows["right"], place))
    ).to_pylist()
    return found


def _pair(held: Held, person: np.ndarray, place: int, row: dict[str, Any]) -> dict[str, Any]:
    other = row["right"] if row["left"] == place else row["left"]
    state = LINKED if person[place] == person[other] else NOT_LINKED
    return {**_told(row), "other": held.name(other), "state": state}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": row["item"],
        "rule": row["rule"],
        "probability": row["probability"],
        "reason": row.get("reason"),
        "fields": {
            field: {"agreement": row[field], "weight": row.get(f"weight_{field}")} for field in FIELDS
        },
    }
