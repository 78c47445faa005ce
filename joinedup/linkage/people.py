"""Who is who, one row per record, and which people a change of links touches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.linkage.fields import Codes

TWO_NUMBERS, IN_REVIEW = "holds two NHS numbers", "in review"
BY_DECISION = "reviewer"


def people_table(records: pa.Table, links: pa.Table, queue: pa.Table, person: Codes) -> pa.Table:
    """person_id, source, local_id, rule, probability, remark; sorted by source and local_id.

    A person's person_id is the lowest keyed identifier of their records, those of valid NHS numbers first. The rule
    is that of the record's strongest link within the person, empty for a record alone.
    """
    rule, probability = _strongest(links, person)
    rows = pa.table(
        {
            "person_id": joined_ids(records, person),
            "source": records["source"],
            "local_id": records["local_id"],
            "rule": rule,
            "probability": probability,
            "remark": _remarks(records, queue, person),
        }
    )
    return rows.sort_by([("source", "ascending"), ("local_id", "ascending")])


def joined_ids(records: pa.Table, person: Codes) -> pa.Array:
    """The person_id of each record's person: see `people_table`."""
    own = records["own_id"].combine_chunks()
    # Valid numbers first, then by identifier: the first record of each person in that order names them.
    order = pc.sort_indices(
        pa.table({"valid": pc.invert(records["number_valid"]).cast(pa.int8()), "own": own}),
        sort_keys=[("valid", "ascending"), ("own", "ascending")],
    ).to_numpy()
    first = np.full(len(person), -1)
    first[person[order[::-1]]] = order[::-1]  # of several assignments the last, the first in order, stays
    return own.take(pa.array(first[person]))


def touched(before: pa.Table, after: pa.Table) -> pa.Array:
    """Which own_ids belong to people whom a change of links alters: sorted, each once.

    Both tables have own_id (the person_id that a record has by itself, as the returns in the lake hold it) and
    person_id. Touched is every own_id of a person who gained or lost one, on either side of the change: journeys of
    those, and of nobody else, are to be derived again.
    """
    old, new = _by_own(before), _by_own(after)
    changed = {own for own in old.keys() | new.keys() if old.get(own) != new.get(own)}
    people = {new[own] for own in changed if own in new} | {old[own] for own in changed if own in old}
    inside = {own for side in (old, new) for own, person in side.items() if person in people}
    return pa.array(sorted(changed | inside), pa.string())


def _by_own(rows: pa.Table) -> dict[str, str]:
    return dict(zip(rows["own_id"].to_pylist(), rows["person_id"].to_pylist(), strict=True))


def _strongest(links: pa.Table, person: Codes) -> tuple[pa.Array, pa.Array]:
    """Rule and probability of the strongest link of each record, null where it has none."""
    left, right = (links[end].to_numpy() for end in ("left", "right"))
    inside = np.flatnonzero(person[left] == person[right])
    inside = inside[np.argsort(-links["rank"].to_numpy()[inside], kind="stable")]
    best = np.full(len(person), -1)
    # Ascending strength: of several assignments to a record the last, the strongest, stays.
    best[np.stack([left[inside], right[inside]], axis=1).ravel()] = np.repeat(inside, 2)
    taken = pa.array(best, mask=best < 0)
    several = np.bincount(person, minlength=len(person))[person] > 1
    decided = pc.and_(pc.is_null(taken), pa.array(several))
    rule = pc.if_else(decided, BY_DECISION, links["rule"].combine_chunks().take(taken))
    return rule, links["probability"].combine_chunks().take(taken)


def _remarks(records: pa.Table, queue: pa.Table, person: Codes) -> pa.Array:
    numbers = records.select(["own_id", "number_valid"]).append_column("person", pa.array(person))
    held = (
        numbers.filter(numbers["number_valid"]).group_by("person").aggregate([("own_id", "count_distinct")])
    )
    several = held.filter(pc.greater(held["own_id_count_distinct"], 1))["person"].to_numpy()
    asked = np.zeros(len(person), dtype=bool)
    for end in ("left", "right"):
        asked[queue[end].to_numpy()] = True
    said = np.where(np.isin(person, several), 2, asked.astype(int))
    return pa.array([None, IN_REVIEW, TWO_NUMBERS]).take(pa.array(said))
