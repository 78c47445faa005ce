"""`joinedup serve` as a person runs it: what it prints, and that it ends cleanly."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest

from joinedup_web.config.postgres import OWNER, Postgres
from tests.system.web.conftest import Served, free_port

JOINEDUP = [sys.executable, "-c", "from joinedup.cli import main; main()"]
COMMAND = [*JOINEDUP, "serve"]


@pytest.mark.parametrize("ending", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.full)])
def test_it_prints_address_and_sign_ins_and_ends_cleanly(
    ending: signal.Signals, web_lake: Path, workspace: Served
) -> None:
    folder, port = Path(tempfile.mkdtemp(prefix="joinedup-serve-")), free_port()
    folder.chmod(0o755)
    shutil.copytree(workspace.folder / "figures", folder / "figures")
    if ending == signal.SIGINT:
        prepared_ahead(folder)
    started = subprocess.Popen(
        [*COMMAND, "--lake", str(web_lake), "--folder", str(folder), "--port", str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert started.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = started.stdout.readline()
            assert line or started.poll() is None, started.stderr and started.stderr.read()
            said += line
        assert f"http://127.0.0.1:{port}" in said
        assert len(re.findall(r"\S+@demo\.invalid", said)) == 18 and "Public" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=60) as answer:
            assert answer.status == 200
        pid = int((folder / "database" / "data" / "postmaster.pid").read_text().split()[0])
        started.send_signal(ending)
        assert started.wait(60) == 0
        assert "Stopping" in started.stdout.read()
        assert not (folder / "database" / "data" / "postmaster.pid").exists()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    finally:
        if started.poll() is None:
            started.kill()  # what it started holds its output open: that is not waited for
            started.wait(60)
        for stream in (started.stdout, started.stderr):
            assert stream is not None
            stream.close()
        shutil.rmtree(folder, ignore_errors=True)


def prepared_ahead(folder: Path) -> None:
    """As `make demo` does beside the main job: a database with all its tables, stopped, to be served as it is."""
    subprocess.run([*JOINEDUP, "workspace", "prepare", "--folder", str(folder)], check=True)
    assert not (folder / "database" / "data" / "postmaster.pid").exists()
    own = Postgres(folder / "database")
    own.start()
    try:
        with psycopg.connect(own.url(OWNER)) as connection:
            (made,) = connection.execute("SELECT count(*) FROM django_migrations").fetchone() or (0,)
    finally:
        own.stop()
    assert made > 50


def test_a_taken_port_is_said(web_lake: Path, workspace: Served) -> None:
    port = workspace.address.rpartition(":")[2]
    done = subprocess.run(
        [*COMMAND, "--lake", str(web_lake), "--port", port], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "--port" in done.stderr


def test_production_refuses_a_demo(web_lake: Path) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [*COMMAND, "--lake", str(web_lake), "--production", "--origin", "http://plain.example"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and time.monotonic() - began < 60
    for words in ("https://", "secret key", "key of a demo"):
        assert words in done.stderr


def test_a_named_database_needs_its_owner_named(web_lake: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--lake", str(web_lake), "--folder", str(tmp_path), "--port", str(free_port())],
        capture_output=True, text=True, check=False, env={**os.environ, "DATABASE_URL": "postgresql://app@/x"},
    )  # fmt: skip
    assert done.returncode == 2 and "JOINEDUP_OWNER_URL" in done.stderr
