"""`joinedup serve`: database, preparation, figures, server; and a clean end to all of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from joinedup.errors import OurFault, YourCommand
from joinedup_web.config.environment import Environment, kept_secret
from joinedup_web.config.postgres import APP, OWNER, Postgres
from joinedup_web.organisations.identity.services import read_services
from joinedup_web.organisations.letters.server import mail_settings

Progress = Callable[[str, int, int], None]
PATIENCE = 60.0


@dataclass
class Workspace:
    """A workspace that is served. `address` is where; `password` of the demo's sign-ins, where there are any."""

    address: str
    password: str
    server: subprocess.Popen[bytes]
    database: Postgres | None

    def watch(self) -> None:
        """Wait until the server ends. Our own PostgreSQL is started again should it die: nothing is lost."""
        while self.server.poll() is None:
            if self.database is not None and not self.database.running:
                self.database.start()
            time.sleep(0.5)


@contextmanager
def served(environment: Environment, *, port: int, progress: Progress | None = None) -> Iterator[Workspace]:
    """Serve a workspace for as long as the block runs. Raises YourCommand where it may not or cannot be served."""
    show = progress or (lambda step, done, total: None)
    _check(environment, port)
    environment.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with ExitStack() as ends:
        show("Starting the database", 0, 1)
        given, database = _database(environment, ends)
        show("Starting the database", 1, 1)
        password = kept_secret(environment.folder / "demo-password")[:16] if environment.demo else ""
        _prepare(given, password, show)
        _figures(given, show)
        server = _begin(given, port)
        ends.callback(_end, _publish(given))
        ends.callback(_end, server)
        _answers(server, port)
        yield Workspace(given.origin, password, server, database)


def _check(environment: Environment, port: int) -> None:
    read_services(os.environ.get("JOINEDUP_IDENTITY", ""))  # said here, where whoever runs it reads it
    mail_settings(os.environ, "")
    purpose = "live"
    if environment.lake is not None:
        from joinedup.lake import open_lake

        purpose = open_lake(environment.lake).purpose
    refused = environment.refusals(purpose)
    if refused:
        raise YourCommand(
            "\n".join(("This may not be served:", *refused)), remedy="docs/how-to/run-it.md says how."
        )
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            raise YourCommand(
                f"Port {port} is taken: perhaps the workspace is served already.",
                remedy="Choose another with --port.",
            ) from error


def _database(environment: Environment, ends: ExitStack) -> tuple[Environment, Postgres | None]:
    """The environment with its database: the one named, or our own."""
    key = environment.secret_key or kept_secret(environment.folder / "secret.key")
    if environment.database:
        if not environment.owner:
            raise YourCommand(
                "DATABASE_URL names the role that serves; the role that migrates is not named.",
                remedy="Set JOINEDUP_OWNER_URL to the address of the role that owns the tables.",
            )
        return replace(environment, secret_key=key), None
    own = Postgres(environment.folder / "database")
    own.start()
    ends.callback(own.stop)
    return replace(environment, secret_key=key, database=own.url(APP), owner=own.url(OWNER)), own


def _prepare(environment: Environment, password: str, show: Progress) -> None:
    """Migrate and grant, in a process that alone is told the owner's password."""
    show("Preparing the database", 0, 1)
    role = unquote(urlsplit(environment.database).username or "")
    told = {**_variables(environment), "DATABASE_URL": environment.owner, "JOINEDUP_DEMO_PASSWORD": password}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "joinedup_web.config.preparation", role],
        env=told,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise OurFault(f"The database could not be prepared: {done.stderr.strip()[-2000:]}")
    show("Preparing the database", 1, 1)


def _figures(environment: Environment, show: Progress) -> None:
    if environment.lake is None:
        return
    from joinedup_web.equity.preparing import prepare

    prepare(environment.lake, environment.folder / "figures", show)


def _publish(environment: Environment) -> subprocess.Popen[bytes] | None:
    """The publication of the cube, beside the server: it takes minutes and pages say so."""
    if environment.lake is None:
        return None
    arguments = [
        sys.executable, "-m", "joinedup_web.equity.publishing",
        str(environment.lake), str(environment.folder / "figures"),
    ]  # fmt: skip
    return subprocess.Popen(arguments, env=_variables(environment), start_new_session=True)  # noqa: S603 - our own program


def _begin(environment: Environment, port: int) -> subprocess.Popen[bytes]:
    """The server, in a process of its own that knows the app role alone."""
    arguments = [
        sys.executable, "-m", "gunicorn", "joinedup_web.config.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--worker-tmp-dir", _fast(),
        "--no-control-socket", "--umask", "0o77", "--log-level", "warning", "--graceful-timeout", "5",
    ]  # fmt: skip
    return subprocess.Popen(arguments, env=_variables(environment), start_new_session=True)  # noqa: S603 - our own program


def _fast() -> str:
    """Where workers say that they are alive: in memory where that is possible."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108 - gunicorn makes unnamed files there


def _variables(environment: Environment) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOINEDUP_OWNER")}
    return {**kept, **environment.as_variables(), "DJANGO_SETTINGS_MODULE": "joinedup_web.config.settings"}


def _answers(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise OurFault("The server did not start; what it said stands above.")


def _end(server: subprocess.Popen[bytes] | None) -> None:
    if server is not None and server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(15)
