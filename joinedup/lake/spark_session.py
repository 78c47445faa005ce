"""A session of Spark: of this machine, started quietly and gone at the end, or of a Spark Connect server."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from joinedup.errors import MissingPart, YourCommand

_PREFIX, _LOCK = "joinedup-spark-", "lock"
_PORT = 15002  # of Spark Connect where the address names none
_WAIT = 3.0  # seconds until an address that does not answer is refused
# Nothing is logged: what Spark says of a task can quote values, and these are people's.
_NO_LOG = "status = off\nrootLogger.level = off\n"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.maxResultSize": "0",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "16",
}

_started: list[tuple[Any, Any, Path, TextIO]] = []


def require(address: str | None) -> None:
    """Whether Spark can be worked with: on this machine, or at `address`.

    MissingPart where pyspark, Java or what Spark Connect needs is absent; YourCommand where no server answers.
    """
    if address is not None:
        _answers(address)
    if find_spec("pyspark") is None:
        raise MissingPart("Spark is not installed", remedy='install it: pip install "joinedup[spark]"')
    if address is None and not _has_java():
        raise MissingPart(
            "Spark needs Java, and there is none", remedy="install Java 17 or 21, or set JAVA_HOME to it"
        )
    if address is not None and find_spec("grpc_status") is None:
        raise MissingPart(
            "what Spark Connect speaks with is not installed",
            remedy='install it: pip install "pyspark[connect]>=4.0,<4.1"',
        )


@contextmanager
def session_of(address: str | None, threads: int) -> Iterator[Any]:
    """A session of its own, whose settings and names of tables touch no other.

    Where the process already has Spark (a notebook on a cluster, spark-submit), that is used; else Spark is started on
    this machine with so many `threads`, once for the process, and ends with it.
    """
    from pyspark.sql import SparkSession

    if address is not None:
        session = SparkSession.builder.remote(address).create()
        try:
            yield session
        finally:
            session.stop()
        return
    active = SparkSession.getActiveSession()
    if (
        active is None and "PYSPARK_GATEWAY_PORT" in os.environ
    ):  # spark-submit has started Java, and says where
        active = SparkSession.builder.getOrCreate()
    yield (active or _start(threads)).newSession()


def _answers(address: str) -> None:
    server = address.partition(";")[0]  # what follows can hold a token
    try:
        parts = urlsplit(server)
        where = (parts.hostname or "", parts.port or _PORT)
        socket.create_connection(where, timeout=_WAIT).close()
    except (OSError, ValueError):
        raise YourCommand(
            f"no Spark Connect server answers at {server}",
            remedy="start it, or correct the address, such as sc://host:15002",
        ) from None


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None) is not None


def _start(threads: int) -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    sweep()
    folder, lock = _private_folder()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    conf = SparkConf(loadDefaults=False).setAll([*_SETTINGS.items(), *_in(folder, threads).items()])
    try:
        with _this_python():
            gateway = launch_gateway(conf, quiet)
            context = SparkContext(conf=conf, gateway=gateway)
    except PySparkException:
        _remove(folder, lock)
        raise MissingPart(
            "Spark did not start",
            remedy="see that `java -version` says 17 or 21, or set JAVA_HOME to one that does",
        ) from None
    if not _started:
        atexit.register(close_sessions)
    _started.append((context, gateway, folder, lock))
    return SparkSession(context)


def close_sessions() -> None:
    """Stop the Spark that was started here and Java with it, and only then remove what they wrote."""
    while _started:
        context, gateway, folder, lock = _started.pop()
        try:
            context.stop()
            gateway.shutdown()
            # Else the next start would talk to this one.
            type(context)._gateway = type(context)._jvm = None
            gateway.proc.stdin.close()
            gateway.proc.wait(timeout=30)
        finally:
            _remove(folder, lock)


def sweep() -> None:
    """Remove what a Spark of ours left that was killed: folders whose lock, which dies with its process, is free."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), left.open() as lock:  # another's folder, or one in use
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent)


def _private_folder() -> tuple[Path, TextIO]:
    """A folder of our own (0700) and the lock that says it is in use, held before the lock has its name."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = (folder / "locking").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "locking").rename(folder / _LOCK)
    return folder, lock


def _remove(folder: Path, lock: TextIO) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()


def _in(folder: Path, threads: int) -> dict[str, str]:
    """Settings that keep all that Spark writes inside one private folder."""
    log = folder / "log4j2.properties"
    log.write_text(_NO_LOG)
    options = f"-Dlog4j2.configurationFile=file:{log} -Djava.io.tmpdir={folder} -XX:-UsePerfData"
    return {
        "spark.master": f"local[{threads}]",
        "spark.app.name": "joinedup",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": options,
    }


@contextmanager
def _this_python() -> Iterator[None]:
    """Workers run the Python that runs now; Spark looks only here for which that is."""
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = before or sys.executable
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYSPARK_PYTHON"]
