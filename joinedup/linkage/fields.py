"""The records of all indexes in one pool, each field as whole numbers that are equal where the values are.

Rules compare codes, never texts, so that a million records cost tenths of a second. A value that says nothing of
who somebody is (a filler, ZZ99 for no fixed abode) is unknown, -1: it agrees with nothing and contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.returns.coded import coded, days_of_texts

Codes = npt.NDArray[np.int64]

UNKNOWN = -1
THREADS = 2
"""Fields are coded, and rules asked, so many at a time: numpy and Arrow leave the interpreter to others."""
NUMBER, FIRST, SURNAME, BORN = "nhs_number", "first_name", "surname", "birth_date"
POSTCODE, GENDER = "postcode", "gender"
FIRST_START, SURNAME_START = "first_name_start", "surname_start"
FIELDS = (NUMBER, FIRST, SURNAME, BORN, POSTCODE, GENDER)
# By how many different values there are, so that no thread waits for another's last field.
_LONGEST_FIRST = (POSTCODE, SURNAME, FIRST, BORN, NUMBER, GENDER)
_START = 3
_FILLER_NAMES = ("UNKNOWN", "NOTKNOWN", "NOTSTATED", "BABY", "BABYBOY", "BABYGIRL", "TEST", "NK", "NA")
_FILLER_DAYS = ("1900-01-01", "1901-01-01", "1800-01-01", "2999-12-31")
_GENDERS = {"1": "1", "M": "1", "MALE": "1", "2": "2", "F": "2", "FEMALE": "2"}


@dataclass(frozen=True)
class Pool:
    """Records of all sources: `source` is the place in `sources`; `codes` holds one array per field, -1 unknown;
    `words` the canonical text of each code (numbers are their own code)."""

    sources: tuple[str, ...]
    source: Codes
    local_ids: pa.Array
    codes: Mapping[str, Codes]
    words: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.source)

    def name(self, row: int) -> tuple[str, str]:
        """Source and local identifier of a record."""
        return self.sources[int(self.source[row])], self.local_ids[row].as_py()

    def texts(self, field: str, rows: Codes) -> pa.Array:
        """Canonical text of a field in these rows, null where unknown."""
        codes = self.codes[field][rows]
        taken = pa.array(codes, mask=codes == UNKNOWN)
        return taken.cast(pa.string()) if field == NUMBER else pc.take(self.words[field], taken)


def pool_of(indexes: Mapping[str, pa.Table]) -> Pool:
    """Pool the indexes, keyed by source: columns local_id and any of FIELDS; an absent one is unknown throughout."""
    source = np.repeat(np.arange(len(indexes)), [len(rows) for rows in indexes.values()])
    with ThreadPoolExecutor(THREADS) as threads:
        read = dict(
            zip(_LONGEST_FIRST, threads.map(lambda field: _read(indexes, field), _LONGEST_FIRST), strict=True)
        )
    codes = {field: read[field][0] for field in FIELDS}
    words = {field: read[field][1] for field in FIELDS if field != NUMBER}
    for name, start in ((FIRST, FIRST_START), (SURNAME, SURNAME_START)):
        codes[start] = _starts(codes[name], words[name])
    return Pool(tuple(indexes), source, _column(indexes, "local_id").combine_chunks(), codes, words)


def _column(indexes: Mapping[str, pa.Table], field: str) -> pa.ChunkedArray:
    chunks = [
        chunk
        for rows in indexes.values()
        for chunk in (
            rows[field].cast(pa.string()).chunks
            if field in rows.column_names
            else [pa.nulls(len(rows), pa.string())]
        )
    ]
    return pa.chunked_array(chunks, pa.string())


def _read(indexes: Mapping[str, pa.Table], field: str) -> tuple[Codes, pa.Array]:
    # Both bring numba, 0.3 s.
    from joinedup.linkage.different import different
    from joinedup.linkage.nhs_numbers import valid_numbers

    texts = _column(indexes, field)
    return (valid_numbers(texts, UNKNOWN), None) if field == NUMBER else _canonical(*different(texts), field)


def coded_texts(texts: pa.ChunkedArray, field: str) -> tuple[Codes, pa.Array]:
    """For each text the code of what it says, -1 where it says nothing, and the canonical text of each code."""
    encoded = coded(texts)
    places = pc.fill_null(encoded.indices, UNKNOWN).to_numpy(zero_copy_only=False)
    return _canonical(encoded.dictionary, places, field)


def _canonical(read: pa.Array, places: npt.NDArray[np.int32], field: str) -> tuple[Codes, pa.Array]:
    """The same, of the different texts and for each row the place of its own, -1 where there is none."""
    canonical = _CANONICAL[field](read).dictionary_encode()
    final = pc.fill_null(canonical.indices, UNKNOWN).to_numpy(zero_copy_only=False)
    return np.append(final, UNKNOWN).astype(np.int64)[places], canonical.dictionary


def _name(texts: pa.Array) -> pa.Array:
    plain = pc.utf8_upper(pc.utf8_normalize(texts, form="NFKD"))
    letters = pc.replace_substring_regex(plain, r"[^\p{L}]", "")
    nothing = pc.or_(pc.equal(letters, ""), pc.is_in(letters, value_set=pa.array(_FILLER_NAMES)))
    return pc.if_else(nothing, None, letters)


def _birth_date(texts: pa.Array) -> pa.Array:
    """ISO or day/month/year, as ISO; null for what is no date, and for fillers."""
    texts = pc.utf8_trim_whitespace(texts)
    days = days_of_texts(texts)
    if days.null_count > texts.null_count:
        days = pc.coalesce(days, _days_first(texts))
    written = days.cast(pa.string())
    return pc.if_else(pc.is_in(written, value_set=pa.array(_FILLER_DAYS)), None, written)


def _days_first(texts: pa.Array) -> pa.Array:
    form = "%d/%m/%Y"
    read = pc.strptime(texts, format=form, unit="s", error_is_null=True)
    # The reader takes 31 February for 2 March, so what it read must be what was written.
    return pc.if_else(pc.equal(pc.strftime(read, format=form), texts), read, None).cast(pa.date32())


def _postcode(texts: pa.Array) -> pa.Array:
    codes = pc.utf8_upper(pc.replace_substring(pc.utf8_trim_whitespace(texts), " ", ""))
    nothing = pc.or_(pc.equal(codes, ""), pc.starts_with(codes, "ZZ99"))
    return pc.if_else(nothing, None, codes)


def _gender(texts: pa.Array) -> pa.Array:
    plain = [text if text is None else text.strip().upper() for text in texts.to_pylist()]
    return pa.array([_GENDERS.get(text or "") for text in plain], pa.string())


_CANONICAL = {FIRST: _name, SURNAME: _name, BORN: _birth_date, POSTCODE: _postcode, GENDER: _gender}


def _starts(codes: Codes, words: pa.Array) -> Codes:
    """Codes of the first letters of names."""
    starts = (
        pc.utf8_slice_codeunits(words, 0, _START).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    )
    taken: Codes = np.append(starts, UNKNOWN).astype(np.int64)[codes]
    return taken
