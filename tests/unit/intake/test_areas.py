"""The postcode look-up: forms of the directory, deciles, and answers for awkward postcodes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.errors import UnreadableFile
from joinedup.intake import import_postcodes
from joinedup.intake.areas import AreaLookup, decile, read_postcodes
from joinedup.lake import create_lake

ROWS = """ZX1 1AA,E09000001,E01900001,1
ZX11AB,E09000002,E01900002,32844
zx1  1ac,E09000003,E01900003,3285
W000001,W06000001,W01000001,1
ZX1 1AD,E09000004,E01900004,
ZX1 1AA,E09000009,E01900009,16422
"""


def write(path: Path, header: str, rows: str = ROWS) -> Path:
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "header",
    [
        "pcds,oslaua,lsoa11,imd",
        "PCD,LAUA,LSOA11CD,IMD",
        "pcd7,lad23cd,lsoa11cd,imd20ind",
        '"pcds","oslaua","lsoa11","imd"',
    ],
)
def test_every_edition_is_read(tmp_path: Path, header: str) -> None:
    areas = read_postcodes(write(tmp_path / "onspd.csv", header))
    assert areas.to_pydict() == {
        "postcode": ["W000001", "ZX11AA", "ZX11AB", "ZX11AC", "ZX11AD"],
        "LSOA": ["W01000001", "E01900009", "E01900002", "E01900003", "E01900004"],
        "LocalAuthority": ["W06000001", "E09000009", "E09000002", "E09000003", "E09000004"],
        "IndicesOfDeprivationDecile": [None, 5, 10, 2, None],
    }


@pytest.mark.parametrize("missing", ["pcds", "oslaua", "lsoa11", "imd"])
def test_a_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    header = "pcds,oslaua,lsoa11,imd".replace(missing, "other")
    with pytest.raises(UnreadableFile, match="No column for the"):
        read_postcodes(write(tmp_path / "onspd.csv", header))


def test_a_ragged_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_postcodes(write(tmp_path / "onspd.csv", "pcds,oslaua,lsoa11,imd", "ZX1 1AA,E09\n"))


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-5, 40_000)), max_size=50))
def test_deciles_cut_the_ranks_into_tenths(ranks: list[int | None]) -> None:
    from fractions import Fraction
    from math import ceil

    expected = [ceil(Fraction(r * 10, 32844)) if r is not None and 1 <= r <= 32844 else None for r in ranks]
    assert decile(pa.array(ranks, pa.int32())).to_pylist() == expected


def test_lookup_of_awkward_postcodes(tmp_path: Path) -> None:
    lookup = AreaLookup(read_postcodes(write(tmp_path / "onspd.csv", "pcds,oslaua,lsoa11,imd")))
    asked = [
        "zx1 1ab",
        "ZX11AB",
        " ZX1\t1AB ",
        "ZX1 1AZ",
        "",
        None,
        "ZX1 1AA ZX1 1AB",
        "ÉX1 1AB",
        "AAA",
        "ZZ99 3VZ",
    ]
    assert (
        lookup(pa.chunked_array([asked[:4], asked[4:]])).column("LSOA").to_pylist()
        == ["E01900002"] * 3 + [None] * 7
    )


def test_without_areas_everything_is_unknown() -> None:
    found = AreaLookup(None)(pa.array(["ZX1 1AB", None]))
    assert found.to_pydict() == {
        n: [None, None] for n in ("LSOA", "LocalAuthority", "IndicesOfDeprivationDecile")
    }


@settings(deadline=None)
@given(
    st.lists(st.text("ZX123AB ", max_size=8), max_size=12),
    st.lists(st.text("ZX123AB ", max_size=8), max_size=12),
)
def test_lookup_is_that_of_a_plain_dictionary(known: list[str], asked: list[str]) -> None:
    plain = {code.replace(" ", ""): f"E{number}" for number, code in enumerate(known) if code.strip()}
    areas = pa.table(
        {
            "postcode": pa.array(list(plain), pa.string()),
            "LSOA": pa.array(list(plain.values()), pa.string()),
            "LocalAuthority": pa.nulls(len(plain), pa.string()),
            "IndicesOfDeprivationDecile": pa.nulls(len(plain), pa.int8()),
        }
    )
    expected = [plain.get(code.replace(" ", "")) if code.strip() else None for code in asked]
    assert AreaLookup(areas)(pa.array(asked, pa.string())).column("LSOA").to_pylist() == expected


def test_importing_again_replaces_and_does_not_move_the_known_time(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    path = write(tmp_path / "onspd.csv", "pcds,oslaua,lsoa11,imd")
    first = import_postcodes(path, lake)
    second = import_postcodes(write(path, "pcds,oslaua,lsoa11,imd", "ZX1 1AA,E09000001,E01900001,1\n"), lake)
    assert first.known_at == second.known_at and second.number == 2
    assert lake.read("areas").num_rows == 1
