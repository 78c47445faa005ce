"""Who is who, without saying who: keyed identifiers for persons and for a provider's own numbers.

person_id is the first 16 bytes of HMAC-SHA-256 of the valid NHS number, so that the same person is found
again at another provider. Without a valid number it is made from provider and local identifier, and then
holds within that provider only. Values are hashed once each: a column is dictionary-encoded first.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.linkage.keys import Key
from joinedup.returns.digits import ten_digits

_WEIGHTS = np.arange(10, 1, -1)
_BYTES_KEPT = 16

# (key, scope, provider) -> the texts hashed last and their hashes: a month repeats most people of the one before.
Known = dict[tuple[bytes, str, str], tuple[pa.Array, pa.Array]]


def valid_nhs_numbers(numbers: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Which values are valid NHS numbers: bool, never null, one per value.

    Ten digits, the tenth being the modulus 11 check of the others (NHS Data Dictionary, NHS NUMBER). Ten
    equal digits are refused: several pass the check, and all of them are fillers.
    """
    encoded = _encoded(numbers)
    valid = _valid(encoded.dictionary)
    taken = pc.take(pa.array(valid), encoded.indices)
    return pc.fill_null(taken, False)


def person_ids(
    nhs_numbers: pa.ChunkedArray | pa.Array,
    provider: str,
    local_ids: pa.ChunkedArray | pa.Array,
    key: Key,
    *,
    known: Known | None = None,
) -> pa.Array:
    """One person_id (32 hex) per row, from the valid NHS number, else from provider and local identifier.

    Null only where both are unusable. `known` keeps what was hashed last of each provider; keep it in memory alone,
    since it holds the numbers themselves.
    """
    numbers, locals_ = _encoded(nhs_numbers), _encoded(local_ids)
    memory = _Memory(known, provider)
    by_number = memory.hashed(numbers, key.person, "nhs:", _valid(numbers.dictionary))
    if by_number.null_count == 0:
        return by_number
    needed = np.zeros(len(locals_.dictionary), dtype=bool)
    needed[locals_.indices.filter(pc.is_null(by_number)).drop_null().to_numpy()] = True
    return pc.coalesce(by_number, memory.hashed(locals_, key.person, f"local:{provider}:", needed))


def keyed_local_id(
    provider: str, local_ids: pa.ChunkedArray | pa.Array, key: Key, *, known: Known | None = None
) -> pa.Array:
    """A provider's own identifiers as keyed hashes (32 hex), null where null; scoped to the provider."""
    encoded = _encoded(local_ids)
    every = np.ones(len(encoded.dictionary), dtype=bool)
    return _Memory(known, provider).hashed(encoded, key.local, f"{provider}:", every)


@dataclass(frozen=True)
class _Memory:
    """What was hashed last of a provider."""

    known: Known | None
    provider: str

    def hashed(self, encoded: pa.DictionaryArray, key: bytes, scope: str, chosen: np.ndarray) -> pa.Array:
        """The hash of each chosen text, null for the others, spread over the rows."""
        wanted = encoded.dictionary.filter(pa.array(chosen))
        place = (key, scope, self.provider)
        hashes = _remembered(wanted, key, scope, self.known.get(place) if self.known is not None else None)
        if self.known is not None:
            self.known[place] = wanted, hashes
        numbered = pa.array(np.cumsum(chosen) - 1, mask=~chosen)
        return pc.take(hashes, pc.take(numbered, encoded.indices))


def _remembered(
    texts: pa.Array, key: bytes, scope: str, before: tuple[pa.Array, pa.Array] | None
) -> pa.Array:
    """The hash of each text; only those not hashed before are."""
    if before is None:
        return _hmacs(texts, key, scope)
    hashes = pc.take(before[1], pc.index_in(texts, value_set=before[0]))
    new = pc.is_null(hashes)
    return pc.replace_with_mask(hashes, new, _hmacs(texts.filter(new), key, scope))


def _hmacs(texts: pa.Array, key: bytes, scope: str) -> pa.Array:
    prefix = scope.encode()
    made = [
        hmac.digest(key, prefix + text, "sha256")[:_BYTES_KEPT]
        for text in texts.cast(pa.binary()).to_pylist()
    ]
    content = b"".join(made).hex().encode()
    edges = np.arange(len(made) + 1, dtype=np.int32) * (2 * _BYTES_KEPT)
    return pa.StringArray.from_buffers(len(made), pa.py_buffer(edges), pa.py_buffer(content))


def _encoded(values: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    return whole if pa.types.is_dictionary(whole.type) else whole.cast(pa.string()).dictionary_encode()


def _valid(numbers: pa.Array) -> np.ndarray:
    """Modulus 11 over the different values, as one matrix of digits."""
    valid, digits = ten_digits(numbers)
    check = (11 - digits[:, :9] @ _WEIGHTS % 11) % 11
    different = (digits != digits[:, :1]).any(axis=1)
    valid[valid] = (check == digits[:, 9]) & different
    return valid
