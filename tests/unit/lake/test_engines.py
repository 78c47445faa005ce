"""Which engines there are, and what is said where one is not to be had. No Spark runs here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from joinedup.errors import MissingPart, OurFault, UnknownName, YourCommand
from joinedup.lake import Change, Division, Lake, create_lake, open_lake, spark_session

DIVISION = Division(
    by="person",
    reads={
        "returns__seen": pa.schema([("person", pa.string()), ("visits", pa.int32())]),
        "returns__absent": pa.schema([("person", pa.string())]),
    },
    keys={"people": "SELECT DISTINCT person, $part AS part FROM returns__seen"},
    tables={
        "seen": "SELECT seen.*, part FROM returns__seen AS seen JOIN people USING (person)",
        "absent": "SELECT absent.*, part FROM returns__absent AS absent JOIN people USING (person)",
    },
)
TOTAL = {"total": pa.schema([("people", pa.int64()), ("visits", pa.int64()), ("absent", pa.int64())])}


def count(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    seen = tables["seen"]
    row = {
        "people": len(set(seen["person"].to_pylist())),
        "visits": sum(seen["visits"].to_pylist()),
        "absent": tables["absent"].num_rows,
    }
    return {"total": pa.Table.from_pylist([row], schema=TOTAL["total"])}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    people = [f"p{number}" for number in range(200)]
    rows = pa.table({"person": people * 2, "visits": pa.array(range(400), pa.int32())})
    lake.commit([Change("returns/seen", rows)], kind="load", known_at=datetime(2025, 1, 1, tzinfo=UTC))
    return lake


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_every_row_is_in_one_part_with_all_of_its_kind(lake: Lake) -> None:
    made = lake.map_partitions(count, DIVISION, TOTAL, parts=5)["total"].to_pylist()
    assert len(made) == 5
    assert all(row["people"] > 20 for row in made), "the parts are about equal"
    assert sum(row["people"] for row in made) == 200
    assert sum(row["visits"] for row in made) == sum(range(400))
    assert {row["absent"] for row in made} == {0}


def test_this_machine_works_in_one_piece_unless_told(lake: Lake) -> None:
    assert lake.parts(DIVISION) == 1
    assert lake.map_partitions(count, DIVISION, TOTAL)["total"].num_rows == 1


def test_work_that_makes_something_else_is_a_fault(lake: Lake) -> None:
    with pytest.raises(OurFault, match="total"):
        lake.map_partitions(lambda tables: {"total": tables["seen"]}, DIVISION, TOTAL)


def test_what_a_killed_spark_left_is_swept_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    in_use, lock = spark_session._private_folder()
    left, gone = spark_session._private_folder()
    gone.close()  # as when its process dies
    (left / "shuffled").write_text("rows")
    spark_session.sweep()
    assert (in_use.exists(), left.exists()) == (True, False)
    assert in_use.stat().st_mode & 0o777 == 0o700
    spark_session._remove(in_use, lock)
    assert not list(tmp_path.iterdir())


def test_an_engine_misspelt_is_named_with_those_there_are(lake: Lake) -> None:
    with pytest.raises(UnknownName, match="sparc") as refused:
        open_lake(lake.path, engine="sparc")
    assert "duckdb, spark" in refused.value.remedy


def test_without_pyspark_the_extra_is_named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None)
    with pytest.raises(MissingPart, match="not installed") as refused:
        open_lake(lake.path, engine="spark")
    assert "joinedup[spark]" in refused.value.remedy


def test_without_java_it_says_which(lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: name)
    for variable, value in (("PATH", str(tmp_path)), ("JAVA_HOME", str(tmp_path))):
        with monkeypatch.context() as changed:
            changed.delenv("JAVA_HOME", raising=False)
            changed.setenv(variable, value)
            with pytest.raises(MissingPart, match="Java") as refused:
                open_lake(lake.path, engine="spark")
        assert "17 or 21" in refused.value.remedy


@pytest.mark.parametrize("rest", ["", "/;token=secret"])
def test_a_server_that_does_not_answer_is_refused(lake: Lake, rest: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(
        YourCommand, match=f"no Spark Connect server answers at sc://127.0.0.1:{port}"
    ) as refused:
        open_lake(lake.path, engine=f"sc://127.0.0.1:{port}{rest}")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["sc://", "sc://:x", "sc://[", "sc://127.0.0.1:99999"])
def test_an_address_that_is_none_is_refused(lake: Lake, address: str) -> None:
    with pytest.raises(YourCommand, match="no Spark Connect server"):
        open_lake(lake.path, engine=address)


def test_a_server_needs_what_spark_connect_speaks_with(
    lake: Lake, listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None if name == "grpc_status" else name)
    with pytest.raises(MissingPart, match="Spark Connect") as refused:
        open_lake(lake.path, engine=f"sc://127.0.0.1:{listening}")
    assert "pyspark[connect]" in refused.value.remedy
