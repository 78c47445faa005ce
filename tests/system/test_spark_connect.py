"""Journeys through a server of Spark Connect, as on a cluster: the answers are those of this process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from joinedup.errors import YourCommand
from joinedup.journeys.division import MADE, by_person, derive_part, in_order
from joinedup.lake import open_lake, spark_session
from tests.property.test_division import lake_of, links_of, random_links, random_returns
from tests.property.test_journeys import PATHWAY
from tests.system.web.conftest import free_port

pytestmark = [
    # The client of Spark Connect leaves its channel to be closed by whoever collects it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed: the extra spark"),
    pytest.mark.skipif(not spark_session._has_java(), reason="Spark needs Java 17, and there is none"),
]
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
PATIENCE = 600


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server of this machine, on loopback, ended after the test."""
    home, port = Path(str(find_spec("pyspark").submodule_search_locations[0])), free_port()  # type: ignore[union-attr,index]
    settings = {
        "spark.master": "local[2]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.local.dir": str(tmp_path),
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
    }
    conf = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    python = {"PYSPARK_PYTHON": sys.executable, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    python["JAVA_TOOL_OPTIONS"] = (
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # most of so small a job is to warm up
    )
    with subprocess.Popen(
        [str(home / "bin" / "spark-submit"), "--class", SERVER, *conf, "spark-internal"],
        env={**os.environ, **python}, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as started:  # fmt: skip
        try:
            _until_it_answers(port, started)
            yield f"sc://127.0.0.1:{port}"
        finally:
            started.terminate()


def _until_it_answers(port: int, started: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert started.poll() is None, "the server ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError("the server did not answer")


@pytest.mark.full
def test_journeys_through_a_server_are_those_of_this_process(tmp_path: Path, server: str) -> None:
    returns, links = random_returns(13, 40), random_links(13, 40)
    lake_of(tmp_path / "a lake", returns, links)
    lake = open_lake(tmp_path / "a lake", engine=server)
    derive = partial(derive_part, pathway=PATHWAY.id)
    divided = in_order(lake.map_partitions(derive, by_person(PATHWAY), MADE, parts=3))
    whole = derive_part({**returns, "links": links_of(links)}, pathway=PATHWAY.id)
    for name in MADE:
        assert getattr(divided, name).equals(whole[name]), name
        assert getattr(divided, name).num_rows > 0


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    lake_of(tmp_path / "lake", random_returns(13, 2), {})
    with pytest.raises(YourCommand, match="no Spark Connect server answers"):
        open_lake(tmp_path / "lake", engine=f"sc://127.0.0.1:{free_port()}")
