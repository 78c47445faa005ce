"""Postcode to small area, borough and deprivation: the ONS directory, kept in the lake as the table `areas`.

The directory is public and says nothing of any person, so it may rest; people's postcodes meet it on the way
in and go no further. Deprivation is the English index of 2019 on the small areas of 2011 (LSOA).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from joinedup.errors import UnreadableFile
from joinedup.lake.staging import Change
from joinedup.returns.coded import coded

if TYPE_CHECKING:
    from joinedup.lake import Lake, Snapshot

AREAS = "areas"
SCHEMA = pa.schema(
    [
        ("postcode", pa.string()),
        ("LSOA", pa.string()),
        ("LocalAuthority", pa.string()),
        ("IndicesOfDeprivationDecile", pa.int8()),
    ]
)
ENGLISH_AREAS = 32844  # LSOAs of 2011 in England, ranked 1 (most deprived) to 32,844: English Indices 2019
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What the directory calls each column, over its editions.
_NAMES: Mapping[str, Sequence[str]] = {
    "postcode": (r"pcds?", r"pcd[278]", "postcode"),
    "lsoa": (r"lsoa11(cd)?",),
    "authority": (r"oslaua", r"laua", r"lad(\d\d)?(cd)?"),
    "rank": (r"imd(\d\d|\d{4})?(ind)?",),
}


def import_postcodes(path: str | Path, lake: Lake) -> Snapshot:
    """Read the ONS directory as CSV and put it in the lake, replacing what was there.

    Needed columns, by the names of any edition: postcode (pcds), lsoa11, oslaua, imd. Areas are looked up
    when a return is loaded, so load after importing. Raises UnreadableFile naming what is missing.
    """
    areas = read_postcodes(path)
    # Public reference data arrives at no particular time: it must not move the known time of returns.
    known_at = lake.snapshot.known_at if lake.snapshot else _BEGINNING
    return lake.commit([Change(AREAS, areas)], kind=AREAS, known_at=known_at, notes={"rows": len(areas)})


def read_postcodes(path: str | Path) -> pa.Table:
    """The directory as a table of SCHEMA, one row per postcode, sorted by postcode."""
    path = Path(path)
    chosen = _columns(path)
    try:
        raw = arrow_csv.read_csv(
            path,
            convert_options=arrow_csv.ConvertOptions(
                include_columns=list(chosen.values()),
                column_types={name: pa.string() for name in chosen.values()},
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except (pa.ArrowInvalid, OSError):
        raise _unreadable("It cannot be read as CSV in UTF-8.", path) from None
    columns = {meaning: raw.column(name).combine_chunks() for meaning, name in chosen.items()}
    return _unique(_areas(columns))


def _columns(path: Path) -> Mapping[str, str]:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            header = [name.strip().strip('"') for name in stream.readline(100_000).split(",")]
    except (OSError, UnicodeDecodeError):
        raise _unreadable("It cannot be read as CSV in UTF-8.", path) from None
    chosen = {}
    for meaning, patterns in _NAMES.items():
        match = next((n for p in patterns for n in header if re.fullmatch(p, n, re.IGNORECASE)), None)
        if match is None:
            raise _unreadable(f"No column for the {meaning}; looked for {', '.join(patterns)}.", path)
        chosen[meaning] = match
    return chosen


def _areas(columns: Mapping[str, pa.Array]) -> pa.Table:
    rank = pc.replace_substring_regex(columns["rank"], r"^\s*0*|\s*$|\.0$", "")
    numeric = pc.if_else(pc.match_substring_regex(rank, r"^[0-9]{1,5}$"), rank, None).cast(pa.int32())
    english = pc.starts_with(columns["lsoa"], "E")
    return pa.table(
        {
            "postcode": normalise_postcodes(columns["postcode"]),
            "LSOA": columns["lsoa"],
            "LocalAuthority": columns["authority"],
            "IndicesOfDeprivationDecile": pc.if_else(english, decile(numeric), pa.scalar(None, pa.int8())),
        },
        schema=SCHEMA,
    )


def _unique(areas: pa.Table) -> pa.Table:
    # A postcode used again after its end stands twice in the directory, the newer use last.
    known = areas.filter(pc.is_valid(areas.column("postcode")))
    ordered = known.append_column("_at", pa.array(np.arange(len(known)))).sort_by(
        [("postcode", "ascending"), ("_at", "ascending")]
    )
    codes = ordered.column("postcode").combine_chunks()
    if len(codes) > 1:
        last = pc.not_equal(codes.slice(0, len(codes) - 1), codes.slice(1))
        ordered = ordered.filter(pa.concat_arrays([last, pa.array([True])]))
    return ordered.drop_columns(["_at"])


def decile(rank: pa.Array) -> pa.Array:
    """Deprivation decile of an English rank, 1 the most deprived tenth: ceil(rank x 10 / 32,844), int8."""
    tenth = pc.divide(pc.add(pc.multiply(rank.cast(pa.int64()), 10), ENGLISH_AREAS - 1), ENGLISH_AREAS)
    inside = pc.and_(pc.greater_equal(tenth, 1), pc.less_equal(tenth, 10))
    return pc.if_else(inside, tenth, None).cast(pa.int8())


def normalise_postcodes(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Postcodes in capitals without white space, null where nothing is left."""
    plain = pc.utf8_upper(pc.replace_substring_regex(values, r"\s+", ""))
    return pc.if_else(pc.equal(plain, ""), None, plain)


class AreaLookup:
    """Answers postcodes from a table of SCHEMA by binary search, so that 2.7 million postcodes cost 20 MB."""

    def __init__(self, areas: pa.Table | None) -> None:
        areas = areas if areas is not None else SCHEMA.empty_table()
        self._areas = areas.sort_by("postcode").combine_chunks()
        self._codes = np.array(self._areas.column("postcode").to_pylist(), dtype="S8")

    def __call__(self, postcodes: pa.Array | pa.ChunkedArray) -> pa.Table:
        """LSOA, LocalAuthority and IndicesOfDeprivationDecile of each postcode; null where not known."""
        encoded = coded(postcodes)
        different = pc.fill_null(normalise_postcodes(encoded.dictionary), "")
        rows = pc.take(self._rows(different), encoded.indices)
        return self._areas.drop_columns(["postcode"]).take(rows)

    def _rows(self, different: pa.Array) -> pa.Array:
        # A postcode has seven characters at most; anything longer, or beyond ASCII, is none.
        plain = [v if len(v) <= 8 and v.isascii() else "" for v in different.to_pylist()]
        sought = np.array(plain, dtype="S8")
        if not len(self._codes):
            return pa.nulls(len(sought), pa.int64())
        places = np.minimum(np.searchsorted(self._codes, sought), len(self._codes) - 1)
        return pa.array(places, pa.int64(), mask=self._codes[places] != sought)


def _unreadable(message: str, path: Path) -> UnreadableFile:
    return UnreadableFile(
        message,
        file=path.name,
        remedy="Use the CSV of the ONS Postcode Directory with lsoa11, oslaua, imd and pcds.",
    )
