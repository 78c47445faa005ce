"""Who is who, without saying who: keyed identifiers for persons and for a provider's own numbers.

person_id is the first 16 bytes of HMAC-SHA-256 of the valid NHS number, so that the same person is found
again at another provider. Without a valid number it is made from provider and local identifier, and then
holds within that provider only. Values are hashed once each: a column is dictionary-encoded first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.linkage.keys import Key
from joinedup.returns.letters import ten_digits

_WEIGHTS = np.arange(10, 1, -1)
_BYTES_KEPT = 16
_BLOCK = 64  # bytes that SHA-256 takes in at a time


@dataclass(frozen=True)
class _Hashed:
    """Texts and their hashes: first those of the last return, then what only the one before it held."""

    texts: pa.Array
    hashes: pa.Array
    latest: int

    def followed_by(self, texts: pa.Array, hashes: pa.Array, places: pa.Array) -> _Hashed:
        """The same after another return, whose texts were found here at `places`, null where they are new."""
        left = np.ones(self.latest + 1, dtype=bool)
        left[np.minimum(places.fill_null(self.latest).to_numpy(), self.latest)] = False
        older = pa.array(left[:-1])
        return _Hashed(
            pa.concat_arrays([texts, self.texts.slice(0, self.latest).filter(older)]),
            pa.concat_arrays([hashes, self.hashes.slice(0, self.latest).filter(older)]),
            len(texts),
        )


# (key, scope, provider) -> what was hashed last: primary and refresh submissions of a month are not sent one after the
# other, and two returns back nearly everybody is found again.
Known = dict[tuple[bytes, str, str], _Hashed]


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
    return identified(nhs_numbers, provider, local_ids, key, known=known)[0]


def identified(
    nhs_numbers: pa.ChunkedArray | pa.Array,
    provider: str,
    local_ids: pa.ChunkedArray | pa.Array,
    key: Key,
    *,
    known: Known | None = None,
) -> tuple[pa.Array, pa.Array]:
    """The `person_ids`, and which of them are of a valid NHS number, as `valid_nhs_numbers` has it."""
    numbers, locals_ = _encoded(nhs_numbers), _encoded(local_ids)
    memory = _Memory(known, provider)
    by_number = memory.hashed(numbers, key.person, "nhs:", _valid(numbers.dictionary))
    valid = pc.is_valid(by_number)
    if by_number.null_count == 0:
        return by_number, valid
    needed = np.zeros(len(locals_.dictionary), dtype=bool)
    needed[locals_.indices.filter(pc.invert(valid)).drop_null().to_numpy()] = True
    return pc.coalesce(by_number, memory.hashed(locals_, key.person, f"local:{provider}:", needed)), valid


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
        hashes = self._remembered(wanted, key, scope)
        numbered = pa.array(np.cumsum(chosen) - 1, mask=~chosen)
        return pc.take(hashes, pc.take(numbered, encoded.indices))

    def _remembered(self, texts: pa.Array, key: bytes, scope: str) -> pa.Array:
        """The hash of each text; only those not hashed before are."""
        if self.known is None:
            return _hmacs(texts, key, scope)
        place = (key, scope, self.provider)
        before = self.known.get(place)
        if before is None:
            hashes = _hmacs(texts, key, scope)
            self.known[place] = _Hashed(texts, hashes, len(texts))
            return hashes
        places = pc.index_in(texts, value_set=before.texts)
        new = pc.is_null(places)
        made = _hmacs(texts.filter(new), key, scope)
        hashes = pc.replace_with_mask(pc.take(before.hashes, places), new, made)
        self.known[place] = before.followed_by(texts, hashes, places)
        return hashes


def _hmacs(texts: pa.Array, key: bytes, scope: str) -> pa.Array:
    """HMAC-SHA-256 of scope and text, as RFC 2104 words it: what is the same for all texts is hashed once, where
    `hmac` would do it for each, which is more than half of the work."""
    inner, outer = (hashlib.sha256(pad) for pad in _pads(key))
    inner.update(scope.encode())
    made = []
    for text in texts.cast(pa.binary()).to_pylist():
        inside, outside = inner.copy(), outer.copy()
        inside.update(text)
        outside.update(inside.digest())
        made.append(outside.digest()[:_BYTES_KEPT])
    content = b"".join(made).hex().encode()
    edges = np.arange(len(made) + 1, dtype=np.int32) * (2 * _BYTES_KEPT)
    return pa.StringArray.from_buffers(len(made), pa.py_buffer(edges), pa.py_buffer(content))


def _pads(key: bytes) -> tuple[bytes, bytes]:
    """The key as SHA-256 takes it in before the message, and before the hash of that."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


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
