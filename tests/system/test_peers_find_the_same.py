"""The engines of the benchmark of journeys, on a few thousand referrals: three ways to the same journeys and cube."""

from __future__ import annotations

from pathlib import Path

from benchmarks.talking_therapies import clustering, duckdb_sql, ours, pandas_way
from benchmarks.talking_therapies.generate import generate


def test_all_engines_find_the_same(tmp_path: Path) -> None:
    generate(3_000, tmp_path, seed=5)
    clustering.write(tmp_path)
    found = ours.job(tmp_path)
    assert found["cube 0"] == 11 * 3_000 and found["cube 15"] > 0
    assert duckdb_sql.job(tmp_path) == found
    assert pandas_way.job(tmp_path) == found


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        generate(200, tmp_path / name, seed=7)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()
