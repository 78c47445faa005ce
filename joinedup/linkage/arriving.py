"""Rows of a return that carry no valid NHS number, linked on the way in: the IDS has no names, so two rules serve.

Birth date and postcode are compared as hashes under a secret drawn for one load, never written down and forgotten
with it: what is compared here cannot be compared again later, and nothing of it rests. What rests is the answer: this
person_id stands for the same person as that one, by this rule.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.linkage.fields import BORN, GENDER, NUMBER, POSTCODE, UNKNOWN, Pool, pool_of
from joinedup.linkage.keys import Key
from joinedup.linkage.person import Known, keyed_local_id, person_ids

OWN_IDENTIFIER = "provider's own identifier"
BY_DETAILS = "birth date, postcode and gender"
COMPARED = pa.schema(
    [
        *((name, pa.string()) for name in ("provider", "local", "person_id")),
        ("number_valid", pa.bool_()),
        ("details", pa.binary()),
    ]
)
"""One row per row of IDS001: the keyed local identifier, the person_id of the row itself, whether it is of a valid
number, and birth date, postcode and gender as one hash under the secret of the load (null where one is not known)."""
LINKS = pa.schema([(name, pa.string()) for name in ("person_id", "joined_id", "rule")])
"""One row per person_id that stands for another: that of a valid number, and by which rule."""

_COLUMNS = {"NHSNumber": NUMBER, "PersonBirthDate": BORN, "Postcode": POSTCODE, "Gender": GENDER}


def new_secret() -> bytes:
    """The secret of one load: never write it down."""
    return secrets.token_bytes(32)


def compared(
    people: pa.Table, provider: str, key: Key, secret: bytes, *, known: Known | None = None
) -> pa.Table:
    """Rows of IDS001 (LocalPatientId and what there is of NHSNumber, PersonBirthDate, Postcode, Gender) as COMPARED.

    `known` keeps hashes between calls as in `person_ids`.
    """
    local = people["LocalPatientId"].cast(pa.string())
    names = [name for name in _COLUMNS if name in people.column_names]
    index = (
        people.select(names)
        .rename_columns([_COLUMNS[name] for name in names])
        .append_column("local_id", local)
    )
    pool = pool_of({provider: index})
    numbers = people["NHSNumber"] if "NHSNumber" in names else pa.nulls(len(people), pa.string())
    return pa.table(
        {
            "provider": pa.repeat(provider, len(people)),
            "local": keyed_local_id(provider, local, key, known=known),
            "person_id": person_ids(numbers, provider, local, key, known=known),
            "number_valid": pool.codes[NUMBER] != UNKNOWN,
            "details": _details(pool, secret),
        },
        schema=COMPARED,
    )


def _details(pool: Pool, secret: bytes) -> pa.Array:
    """One hash of birth date, postcode and gender per row, null where one is not known."""
    rows = np.arange(len(pool))
    parts = [pool.texts(field, rows) for field in (BORN, POSTCODE, GENDER)]
    joined = pc.binary_join_element_wise(*parts, "|", null_handling="emit_null").dictionary_encode()
    hashed = [hmac.digest(secret, text.encode(), "sha256")[:16] for text in joined.dictionary.to_pylist()]
    return pa.array(hashed, pa.binary()).take(joined.indices)


def links_on_arrival(rows: pa.Table, before: pa.Table | None = None) -> pa.Table:
    """LINKS of rows in COMPARED, and of `before` those that nothing here speaks against. Sorted by person_id.

    A person_id without a valid number stands for that of a valid number which its provider gave the same local
    identifier in another row. Failing that, for the one which alone shares its birth date, postcode and gender, where
    nobody else at that provider does so too (twins, and two records at one trust, are not told apart by these). Two
    valid numbers are never joined, and where two speak for one person_id, neither is taken.
    """
    others = rows.filter(pc.and_not(pc.is_valid(rows["person_id"]), rows["number_valid"]))
    # Nearly everybody has a number: only those who share something with somebody who has none can matter.
    near = pc.or_(*(_shares(rows, others, name) for name in ("local", "details")))
    met = rows.filter(near).group_by(rows.column_names, use_threads=False).aggregate([]).to_pylist()
    numbered = [row for row in met if row["number_valid"]]
    by_local = _only(((row["provider"], row["local"]), row["person_id"]) for row in numbered)
    by_details = _only((row["details"], row["person_id"]) for row in numbered)
    bearer = _only(((row["provider"], row["details"]), row["local"]) for row in met)
    kept = [] if before is None else before.to_pylist()
    found: dict[str, tuple[str | None, str]] = {
        row["person_id"]: (row["joined_id"], row["rule"]) for row in kept
    }
    detailed: dict[str, set[str]] = {}
    for row in met:
        person = row["person_id"]
        if row["number_valid"] or person is None:
            continue
        if (own := by_local.get((row["provider"], row["local"]), "")) != "":
            found[person] = (own, OWN_IDENTIFIER)
        elif bearer.get((row["provider"], row["details"])) and (one := by_details.get(row["details"])):
            detailed.setdefault(person, set()).add(one)
    for person, said in detailed.items():
        if found.get(person, ("", BY_DETAILS))[1] == OWN_IDENTIFIER:
            continue  # what the provider says of its own identifier is stronger, whenever it said so
        found[person] = (said.pop() if len(said) == 1 else None, BY_DETAILS)
    return _table(found)


def _shares(rows: pa.Table, others: pa.Table, name: str) -> pa.ChunkedArray:
    known = pc.drop_null(others[name].combine_chunks())
    return pc.is_in(rows[name], value_set=known)


def _only(pairs: Iterable[tuple[object, str]]) -> Mapping[object, str | None]:
    """The one value of each key; None where there are several. Keys that are not known are left out."""
    held: dict[object, str | None] = {}
    for key, value in pairs:
        unknown = key is None or (isinstance(key, tuple) and None in key)
        if not unknown:
            held[key] = value if held.get(key, value) == value else None
    return held


def _table(found: Mapping[str, tuple[str | None, str]]) -> pa.Table:
    rows = [
        {"person_id": one, "joined_id": joined, "rule": rule}
        for one, (joined, rule) in sorted(found.items())
        if joined is not None
    ]
    return pa.Table.from_pylist(rows, schema=LINKS)
