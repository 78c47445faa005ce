"""Rows of a return that carry no valid NHS number, linked on the way in: the IDS has no names, so two rules serve.

Birth date and postcode are compared encrypted, under a secret drawn for one load, never written down and forgotten
with it: what is compared here cannot be compared again later, and nothing of it rests. What rests is the answer: this
person_id stands for the same person as that one, by this rule.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from joinedup.linkage.fields import BORN, GENDER, POSTCODE, coded_texts
from joinedup.returns.letters import letters_of

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
number, and birth date, postcode and gender encrypted under the secret of the load (null where one is not known)."""
LINKS = pa.schema([(name, pa.string()) for name in ("person_id", "joined_id", "rule")])
"""One row per person_id that stands for another: that of a valid number, and by which rule."""

# Which bytes of an encrypted block say what: YYYYMMDD, a postcode without its space, the gender's code.
_PLACES = (("PersonBirthDate", BORN, 0, 8), ("Postcode", POSTCODE, 8, 15), ("Gender", GENDER, 15, 16))
_BLOCK = 16


def new_secret() -> bytes:
    """The secret of one load: never write it down."""
    return secrets.token_bytes(32)


def compared(sent: pa.Table, keyed: pa.Table, secret: bytes) -> pa.Table:
    """Rows of IDS001 as COMPARED: `sent` as they came (PersonBirthDate, Postcode, Gender), `keyed` the same rows as the
    lake will hold them (provider, LocalPatientId, person_id, nhs_number_valid)."""
    names = ("provider", "LocalPatientId", "person_id", "nhs_number_valid")
    return (
        keyed.select(names)
        .rename_columns(COMPARED.names[:-1])
        .append_column("details", _details(sent, secret))
        .cast(COMPARED)
    )


def _details(sent: pa.Table, secret: bytes) -> pa.Array:
    """Birth date, postcode and gender of each row, encrypted as one block; null where one is not known.

    A block cipher gives each block one other, so that two are equal where, and only where, what they hide is.
    """
    blocks = np.zeros((len(sent), _BLOCK), dtype=np.uint8)
    known = np.ones(len(sent), dtype=bool)
    for name, field, start, end in _PLACES:
        codes, words = coded_texts(sent[name], field)
        written, fits = _padded(pc.replace_substring(words, "-", ""), end - start)
        blocks[:, start:end] = written[codes]
        known &= fits[codes]
    # Each block stands alone on purpose: chained, equal ones would differ.
    encryptor = Cipher(AES(secret), ECB()).encryptor()  # noqa: S305
    hidden = encryptor.update(blocks.tobytes()) + encryptor.finalize()
    every = pa.FixedSizeBinaryArray.from_buffers(pa.binary(_BLOCK), len(sent), [None, pa.py_buffer(hidden)])
    return pc.if_else(pa.array(known), every.cast(pa.binary()), None)


def _padded(texts: pa.Array, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of each text in `width` places, and whether they have room there; last, for code -1, none."""
    letters, edges = letters_of(texts)
    lengths = np.diff(edges)
    at = edges[:-1, None] + np.arange(width)
    inside = np.arange(width) < lengths[:, None]
    written = np.zeros((len(texts) + 1, width), dtype=np.uint8)
    written[:-1][inside] = letters[at[inside]]
    return written, np.append(lengths <= width, False)


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
