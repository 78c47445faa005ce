"""One workspace for all tests of the web: a real server on a real PostgreSQL, with the demo's released figures."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from joinedup_web.config.environment import Environment
from joinedup_web.config.serving import served
from joinedup_web.equity.preparing import prepare
from joinedup_web.equity.publishing import publish_cube

AS_DJANGO = {"HTTP_HOST": "127.0.0.1", "SERVER_NAME": "127.0.0.1"}


@dataclass(frozen=True)
class Served:
    address: str
    password: str
    folder: Path
    app: str
    owner: str


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def until_released(folder: Path, seconds: float = 600.0) -> None:
    """Wait until the figures that are made beside the server are there; the cube may still be in the making."""
    until = time.monotonic() + seconds
    while not list((folder / "figures").glob("[0-9]*/state.json")):
        assert time.monotonic() < until, (folder / "figures" / "progress.json").read_text()
        time.sleep(0.5)


@pytest.fixture(scope="session")
def web_lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the system tests' lake, for what is released here is entered in it; or one made before."""
    made = os.environ.get("JOINEDUP_TEST_LAKE")
    if made:
        return Path(made)
    copied = tmp_path_factory.mktemp("web") / "lake"
    shutil.copytree(request.getfixturevalue("demo").lake, copied)
    return copied


@pytest.fixture(scope="session")
def released(web_lake: Path, shared_folder: Path) -> Path:
    """Figures and published cube of the lake, made once for all processes of the run; or made before."""
    made = os.environ.get("JOINEDUP_TEST_FIGURES")
    if made:
        return Path(made)
    folder = shared_folder / "figures"
    with FileLock(str(folder) + ".lock"):
        if not folder.exists():
            making = folder.with_name("figures-making")
            shutil.rmtree(making, ignore_errors=True)
            prepare(web_lake, making)
            publish_cube(web_lake, making)
            making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def workspace(web_lake: Path, released: Path) -> Iterator[Served]:
    """Served for the whole run; its folder is one that PostgreSQL's user can reach (pytest's own are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="joinedup-web-"))
    folder.chmod(0o755)
    shutil.copytree(released, folder / "figures")
    port = free_port()
    told = Environment(
        folder=folder, lake=web_lake, origin=f"http://127.0.0.1:{port}", database="", demo=True
    )
    with served(told, port=port) as made:
        assert made.database is not None
        until_released(folder)
        yield Served(
            made.address,
            made.password,
            folder,
            made.database.url("joinedup_app"),
            made.database.url("joinedup_owner"),
        )
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_here(workspace: Served) -> Iterator[Any]:
    """Django in this process, on the workspace's database as the app role."""
    told = Environment(
        folder=workspace.folder,
        lake=None,
        origin=workspace.address,
        database=workspace.app,
        secret_key="x" * 60,
        demo=True,
    )
    before = dict(os.environ)
    os.environ.update({**told.as_variables(), "DJANGO_SETTINGS_MODULE": "joinedup_web.config.settings"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.test.utils import setup_test_environment

    assert (
        settings.DATABASES
    )  # settings are read now: other tests start servers with an environment of their own
    for name in told.as_variables():
        os.environ.pop(name, None)
    os.environ.update({name: value for name, value in before.items() if name in told.as_variables()})
    setup_test_environment(debug=False)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    yield settings
    connections.close_all()


@pytest.fixture
def boards_cleared(django_here: Any, workspace: Served) -> Iterator[None]:
    """Nothing that a test before has made of boards, and nothing left of this one."""
    from tests.system.web.board_people import clear

    clear(workspace)
    yield
    clear(workspace)
