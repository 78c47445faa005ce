"""Our own PostgreSQL: who runs it, who may enter, what it refuses, and that it keeps what it acknowledged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from joinedup.errors import YourCommand

psycopg = pytest.importorskip("psycopg")

from joinedup_web.config.postgres import APP, OWNER, Postgres  # noqa: E402

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand PostgreSQL to another user")


def modes(folder: Path) -> dict[str, int]:
    return {str(parent): parent.stat().st_mode for parent in (folder, *folder.parents)}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="joinedup-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Postgres]:
    before = modes(place)
    made = Postgres(place / "database")
    made.start()
    yield made
    made.stop()
    assert modes(place) == before


def test_parents_keep_their_modes_and_nobody_else_may_enter(place: Path, server: Postgres) -> None:
    assert server.folder.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o077 == 0
    assert (place / "database.passwords.json").stat().st_mode & 0o777 == 0o600


def test_it_does_not_run_as_root(server: Postgres) -> None:
    owner = int(
        subprocess.run(
            ["ps", "-o", "uid=", "-p", str(_pid(server))], capture_output=True, text=True, check=True
        ).stdout
    )
    assert owner != 0


def test_it_listens_on_no_network(server: Postgres) -> None:
    with psycopg.connect(server.url(APP)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_a_wrong_password_and_no_password_are_refused(server: Postgres) -> None:
    right = server.passwords[APP]
    for wrong in (server.url(APP).replace(right, "wrong"), server.url(APP).replace(f":{right}", "")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)


def test_neither_role_is_a_superuser_or_passes_row_security(server: Postgres) -> None:
    with psycopg.connect(server.url(OWNER)) as connection:
        rows = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = ANY(%s)",
            [[APP, OWNER]],
        ).fetchall()
    assert rows == [(False, False, False, False)] * 2


def test_the_app_role_may_not_make_tables(server: Postgres) -> None:
    with psycopg.connect(server.url(APP)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (a int)")


def test_passwords_do_not_stand_in_the_process_list_or_the_log(server: Postgres) -> None:
    told = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    told += (server.folder / "server.log").read_text()
    assert not [name for name, password in server.passwords.items() if password in told]


def test_killed_at_any_moment_it_keeps_what_it_acknowledged(server: Postgres) -> None:
    with psycopg.connect(server.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int PRIMARY KEY)")
    acknowledged: list[int] = []
    writer = threading.Thread(target=_write, args=(server.url(OWNER), acknowledged))
    writer.start()
    while len(acknowledged) < 50:
        time.sleep(0.01)
    os.kill(_pid(server), signal.SIGKILL)
    writer.join(30)
    while server.running:
        time.sleep(0.05)
    server.start()
    with psycopg.connect(server.url(OWNER)) as connection:
        found = {n for (n,) in connection.execute("SELECT n FROM kept").fetchall()}
    assert set(acknowledged) <= found and len(found) <= len(acknowledged) + 1


def test_a_server_left_over_is_asked_to_stop_first(server: Postgres) -> None:
    again = Postgres(server.folder)
    again.start()
    try:
        with psycopg.connect(again.url(APP)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        again.stop()
        server.start()


@ROOT_ONLY
def test_it_refuses_a_folder_that_its_user_cannot_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    with pytest.raises(YourCommand, match="cannot enter") as refused:
        Postgres(closed / "database").start()
    assert "DATABASE_URL" in refused.value.remedy
    assert modes(closed) == before and not list(closed.iterdir())


def test_it_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(YourCommand):
        Postgres(tmp_path / "absent" / "database").start()


@ROOT_ONLY
def test_it_refuses_where_there_is_nobody_to_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup_web.config.postgres.UNPRIVILEGED", ())
    monkeypatch.delenv("JOINEDUP_DATABASE_USER", raising=False)
    with pytest.raises(YourCommand, match="no unprivileged user"):
        _ = Postgres(tmp_path / "database").user


def _pid(server: Postgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def _write(url: str, acknowledged: list[int]) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            for n in range(1_000_000):
                connection.execute("INSERT INTO kept VALUES (%s)", [n])
                acknowledged.append(n)
    except psycopg.Error:
        return
