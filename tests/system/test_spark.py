"""Journeys on Spark against journeys on DuckDB: every cell, in the same order. One Spark for all tests here."""

from __future__ import annotations

import gc
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from joinedup.cli.commands import application
from joinedup.definitions import Period
from joinedup.errors import MissingPart, YourCommand
from joinedup.intake import load
from joinedup.journeys import build_journeys, load_journeys
from joinedup.journeys.division import MADE, by_person, derive_part, in_order
from joinedup.lake import Lake, create_lake, open_lake, spark_session
from joinedup.linkage import make_demo_key
from joinedup.measures import calculate
from joinedup.reports import report_of_lake
from joinedup.reports.html import render_html
from joinedup.twin import write_twin
from tests.eighths import in_turn
from tests.property.test_division import lake_of, links_of, random_links, random_returns
from tests.property.test_journeys import PATHWAY
from tests.system.conftest import Demo

pytestmark = [
    # Spark's own Python side leaves its connections to be closed by whoever collects them.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed: the extra spark"),
    pytest.mark.skipif(not spark_session._has_java(), reason="Spark needs Java 17, and there is none"),
]
# Java compiles less: most of what Spark does in so small a job is to warm up.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="module")
def twin_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen hundred referrals over six months, each month sent twice."""
    folder = tmp_path_factory.mktemp("twin")
    write_twin(folder / "twin", scale=0.04, months=6, seed=7)
    key = make_demo_key(folder / "demo.key")
    lake = create_lake(folder / "lake", purpose="demo", key_fingerprint=key.fingerprint)
    load([folder / "twin" / "returns"], lake, key=key)
    return lake.path


@pytest.fixture(scope="module")
def spark() -> Iterator[None]:
    """Spark of this process, ended after the tests here."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("JAVA_TOOL_OPTIONS", QUICK)
        yield
    spark_session.close_sessions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, pa.Table]]:
    """Random histories in which everything moves, in a folder whose name Spark would take for a pattern."""
    returns = random_returns(11, 40)
    folder = tmp_path_factory.mktemp("messy") / "a [lake] {of} *, 100%"
    lake_of(folder, returns, random_links(11, 40))
    return open_lake(folder, engine="spark"), {**returns, "links": links_of(random_links(11, 40))}


@in_turn
def test_the_twin_is_the_same_cell_for_cell(
    twin_lake: Path, spark: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(twin_lake, tmp_path / "here")
    build_journeys(open_lake(tmp_path / "here"))
    answer = CliRunner().invoke(
        application(), ["journeys", "build", "--lake", str(twin_lake), "--engine", "spark", "--json"]
    )
    assert answer.exit_code == 0, answer.output
    here, there = open_lake(tmp_path / "here"), open_lake(twin_lake)
    assert here.snapshot is not None and there.snapshot is not None
    assert (here.snapshot.number, here.history()[-1].notes) == (
        there.snapshot.number,
        there.history()[-1].notes,
    )
    for name in MADE:
        assert there.read(name).equals(here.read(name)), name
        assert there.read(name).num_rows > (0 if name == "answers" else 1000), name
    assert _figures(twin_lake, "spark").equals(_figures(tmp_path / "here", "duckdb"))
    assert capfd.readouterr() == ("", ""), "Spark and Java say nothing"


def _figures(lake: Path, engine: str) -> pa.Table:
    journeys = load_journeys(open_lake(lake, engine=engine))
    year = Period.parse(f"12m-{journeys.last_day:%Y-%m}")
    return calculate(
        ["reliable_recovery", "access", "finished_course"], journeys, by="ethnic_group", periods=year
    ).table


@pytest.mark.full
def test_a_report_of_a_past_state_is_the_same_page(demo: Demo, spark: None) -> None:
    """Its journeys are not stored, so that the engine derives them."""
    loads = [entry for entry in open_lake(demo.lake).history() if entry.kind == "load"]
    here, there = (
        render_html(report_of_lake(demo.lake, as_known=loads[-2].known_at, engine=engine))
        for engine in ("duckdb", "spark")
    )
    assert there == here


def test_histories_in_which_everything_moves(messy: tuple[Lake, dict[str, pa.Table]], spark: None) -> None:
    lake, returns = messy
    derive = partial(derive_part, pathway=PATHWAY.id)
    divided = in_order(lake.map_partitions(derive, by_person(PATHWAY), MADE, parts=3))
    whole = derive_part(returns, pathway=PATHWAY.id)
    for name in MADE:
        assert getattr(divided, name).equals(whole[name]), name


def test_spark_writes_into_a_private_folder(messy: tuple[Lake, Any], spark: None) -> None:
    with spark_session.session_of(None, 2):
        pass
    [(context, _, folder, _)] = spark_session._started
    assert folder.stat().st_mode & 0o777 == 0o700
    assert Path(context._jvm.java.lang.System.getProperty("java.io.tmpdir")) == folder
    assert context.uiWebUrl is None
    assert context.getConf().get("spark.driver.bindAddress") == "127.0.0.1"


def test_work_that_fails_there_quotes_nobody(messy: tuple[Lake, Any], spark: None) -> None:
    def failing(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
        raise ValueError(tables["IDS101"]["person_id"][0].as_py())

    with pytest.raises(YourCommand, match="Spark could not do the work") as refused:
        messy[0].map_partitions(failing, by_person(PATHWAY), MADE, parts=1)
    assert "p1." not in str(refused.value)


def test_nothing_stays_behind(spark: None) -> None:
    with spark_session.session_of(None, 2):
        pass
    [(_, gateway, folder, _)] = spark_session._started
    spark_session.close_sessions()
    assert gateway.proc.poll() is not None
    assert not folder.exists()


def test_java_that_does_not_start_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    lake = lake_of(tmp_path / "lake", random_returns(3, 2))
    with pytest.raises(MissingPart, match="did not start"):
        open_lake(lake.path, engine="spark").map_partitions(
            partial(derive_part, pathway=PATHWAY.id), by_person(PATHWAY), MADE
        )
    assert not list(tmp_path.glob("joinedup-spark-*"))
    assert lake.snapshot == open_lake(lake.path, as_known=datetime.now(UTC)).snapshot
