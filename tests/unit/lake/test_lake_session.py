"""DuckDB reads the files it was given and does nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from lake_rows import referrals, sorted_rows

from joinedup.errors import LakeDamaged, UnknownName, YourCommand
from joinedup.lake import Lake, open_lake, sql_session
from joinedup.lake.session import connect, lock

ESCAPES = [
    "COPY (SELECT 1) TO '{out}'",
    "COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "EXPORT DATABASE '{out}'",
    "ATTACH '{out}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 8",
    "RESET enable_external_access",
    "PRAGMA enable_external_access = true",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'",
    "PREPARE p AS COPY (SELECT 1) TO '{out}'",
    "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "SELECT * FROM read_text('{outside}')",
    "SELECT * FROM read_csv('{outside}')",
    "SELECT * FROM '{outside}'",
    "SELECT * FROM glob('{parent}/*')",
    "SELECT * FROM outsider",
    "",
]


@pytest.mark.parametrize("sql", ESCAPES)
def test_nothing_escapes(filled: Lake, tmp_path: Path, sql: str) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    outsider = pa.table({"n": [1]})  # a Python variable that DuckDB would find by itself if it were let
    (file, *_) = filled.history()[1].changes["returns/IDS101"].added
    path = filled.path / "tables" / "returns" / "IDS101" / file.path
    before = path.read_bytes()
    full = sql.format(out=tmp_path / "out", file=path, outside=outside, parent=tmp_path)
    for ask in (filled.query, lambda text: filled.query(f"{text} -- returns__IDS101")):
        with pytest.raises(YourCommand):
            ask(full)
    with sql_session() as session:
        for run in (session.execute, session.fetch):
            with pytest.raises(YourCommand):
                run(full)
    assert (path.read_bytes(), (tmp_path / "out").exists(), outsider.num_rows) == (before, False, 1)


def test_the_lock_on_paths_alone_would_not_hold(filled: Lake, tmp_path: Path) -> None:
    """Why statements are checked too: with DuckDB 1.5 an allowed path is allowed for writing."""
    allowed = tmp_path / "allowed.parquet"
    allowed.write_bytes(b"precious")
    connection = connect(memory_limit="100MB", threads=1, spill=None)
    lock(connection, [str(allowed)])
    connection.execute(f"COPY (SELECT 1 AS n) TO '{allowed}' (FORMAT parquet, USE_TMP_FILE false)")
    connection.close()
    assert allowed.read_bytes() != b"precious"


def test_a_condition_on_the_partition_leaves_other_files_unopened(filled: Lake) -> None:
    """A file turned to rubbish goes unnoticed as long as its partition is not asked for."""
    (file,) = filled.history()[1].changes["returns/IDS101"].added
    (filled.path / "tables/returns/IDS101" / file.path).write_bytes(b"rubbish")
    rkl = filled.read("returns/IDS101", ["number"], "provider = 'RKL' AND period = '2024-04'")
    assert rkl.column_names == ["number"]
    assert rkl["number"].to_pylist() == list(range(7))
    with pytest.raises(LakeDamaged):
        filled.read("returns/IDS101")


def test_query_sees_tables_and_given_relations(filled: Lake) -> None:
    names = pa.table({"provider": ["RV3", "RKL"], "title": ["Central", "West"]})
    found = filled.query(
        "SELECT title, count(*) AS n, sum(number) AS total, avg(score) AS mean, max(seen_at) AS last "
        "FROM Returns__ids101 JOIN names USING (provider) GROUP BY ALL ORDER BY title",
        names=names,
    )
    assert found.schema.types[:4] == [pa.string(), pa.int64(), pa.int64(), pa.float64()]
    assert found.schema.field("last").type == pa.timestamp("us", tz="UTC")
    assert [row["total"] for row in found.to_pylist()] == [303, 21]


def test_lists_come_back_as_arrow_writes_them(filled: Lake) -> None:
    rows = filled.query("SELECT * FROM returns__IDS101 WHERE provider = 'RKL'")
    assert rows.schema == referrals(("RKL", "2024-04"), []).schema
    assert sorted_rows(rows) == sorted_rows(referrals(("RKL", "2024-04"), range(7)))


def test_mistakes_are_the_asker_s_and_say_so(filled: Lake) -> None:
    with pytest.raises(UnknownName, match="no table journeys"):
        filled.read("journeys")
    with pytest.raises(UnknownName, match="no column NHSNumber"):
        filled.read("returns/IDS101", ["NHSNumber"])
    for where in ("nonsense(", "1=1) UNION SELECT * FROM (SELECT 1", "no_such_column = 1"):
        with pytest.raises(YourCommand):
            filled.read("returns/IDS101", where=where)


def test_a_value_from_the_data_is_not_in_the_message() -> None:
    with sql_session() as session:
        session.register("people", pa.table({"number": ["9434765919"]}))
        with pytest.raises(YourCommand) as raised:
            session.fetch("SELECT CAST(number || 'x' AS INTEGER) FROM people")
    assert "9434765919" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_memory_is_bounded_and_the_spill_folder_private_and_gone(filled: Lake) -> None:
    small = open_lake(filled.path, memory_limit="60MB", threads=1)
    big = "SELECT count(*) AS n FROM (SELECT DISTINCT hash(range) || repeat('x', 40) FROM range({rows}))"
    assert small.query(big.format(rows=1_000_000)).to_pylist() == [{"n": 1_000_000}]
    assert not [path for path in filled.path.iterdir() if path.name.startswith(".spill")]
    with sql_session("30MB") as session, pytest.raises(YourCommand, match="more memory"):
        session.fetch(big.format(rows=3_000_000))


def test_the_engine_never_draws_on_standard_output() -> None:
    ask = "from joinedup.lake import sql_session\nwith sql_session() as s: print(s.fetch(\"{}\")['on'][0])"
    setting = "SELECT current_setting('enable_progress_bar') AS \\\"on\\\""
    done = subprocess.run(
        [sys.executable, "-c", ask.format(setting)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().lower() == "false", done.stderr


def test_a_session_makes_and_changes_tables_of_its_own() -> None:
    with sql_session() as session:
        session.register("given", pa.table({"n": [1, 2, 3]}))
        session.execute("CREATE TABLE kept AS SELECT n FROM given WHERE n > 1")
        session.execute("INSERT INTO kept VALUES (9)")
        session.execute("DELETE FROM kept WHERE n = 2")
        assert session.fetch("SELECT n FROM kept ORDER BY n")["n"].to_pylist() == [3, 9]
        session.register("given", pa.table({"n": [7]}))
        assert session.fetch("SELECT n FROM given")["n"].to_pylist() == [7]
        session.unregister("given")
        with pytest.raises(YourCommand, match="cannot be asked"):
            session.fetch("SELECT n FROM given")
