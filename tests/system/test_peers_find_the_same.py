"""The engines of the benchmark of journeys, on a few thousand referrals: four ways to the same journeys and cube."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.journeys import python
from benchmarks.talking_therapies import clustering, duckdb_sql, ours, pandas_way
from benchmarks.talking_therapies.generate import generate


def test_all_engines_find_the_same(tmp_path: Path) -> None:
    generate(3_000, tmp_path, seed=5)
    clustering.write(tmp_path)
    found = ours.job(tmp_path)
    assert found["cube 0"] == 11 * 3_000 and found["cube 15"] > 0
    assert duckdb_sql.job(tmp_path) == found
    assert pandas_way.job(tmp_path) == found


@pytest.mark.full
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17, and there is none")
def test_spark_finds_the_same(tmp_path: Path) -> None:
    generate(1_000, tmp_path, seed=5)
    clustering.write(tmp_path)
    # A process of its own: the one of these tests may hold another Spark.
    ran = subprocess.run(
        python("benchmarks.talking_therapies.spark_sql", str(tmp_path)),
        env={**os.environ, "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout.splitlines()[-1])["found"] == ours.job(tmp_path)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        generate(200, tmp_path / name, seed=7)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()
