"""`joinedup serve`: database, preparation, figures, server; and a clean end to all of them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from joinedup.errors import OurFault, YourCommand
from joinedup.linkage.keys import VARIABLE as KEY_FILE
from joinedup_web.config.environment import Environment, kept_secret
from joinedup_web.config.postgres import APP, OWNER, Postgres
from joinedup_web.config.preparation import NEWER
from joinedup_web.organisations.identity.services import read_services
from joinedup_web.organisations.letters.server import mail_settings
from joinedup_web.returns.staging import forget_arriving

Progress = Callable[[str, int, int], None]
PATIENCE = 60.0
RESTARTED = 10.0


@dataclass
class Workspace:
    """A workspace that is served. `address` is where; `password` of the demo's sign-ins, where there are any."""

    address: str
    password: str
    server: subprocess.Popen[bytes]
    database: Postgres | None
    worker: Worker

    def watch(self) -> None:
        """Wait until the server ends. Our own PostgreSQL and the worker are started again should they die."""
        while self.server.poll() is None:
            if self.database is not None and not self.database.running:
                self.database.start()
            self.worker.keep()
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
        forget_arriving(given.folder)
        worker = Worker({**_variables(given), **_key(given)})
        ends.callback(worker.end)
        server = _begin(given, port)
        ends.callback(_end, server)
        _answers(server, port)
        worker.keep()
        yield Workspace(given.origin, password, server, database, worker)


def prepared_ahead(environment: Environment) -> None:
    """Make the database ready and leave it stopped, while what is to be served is still being made."""
    with ExitStack() as ends:
        given, _ = _database(environment, ends)
        _prepare(given, "", lambda step, done, total: None)


@dataclass
class Worker:
    """The process that does the jobs, started again when it has died, and not more often than every ten seconds."""

    variables: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default=float("-inf"), repr=False)

    def keep(self) -> None:
        """Start it where it does not run."""
        ended = self.process is None or self.process.poll() is not None
        if ended and time.monotonic() - self.started > RESTARTED:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "joinedup_web.config.working"],
                env=self.variables,
                start_new_session=True,
            )

    def end(self) -> None:
        """End it with what it has started. What it was doing is taken up again when it starts."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        _end(self.process)


def _key(environment: Environment) -> dict[str, str]:
    """The file of the pseudonym key, told to the worker alone: the one named, or the demo's beside its lake."""
    named = os.environ.get(KEY_FILE, "")
    beside = environment.lake.parent / "demo.key" if environment.lake and environment.demo else None
    if not named and beside is not None and beside.is_file():
        named = str(beside)
    return {KEY_FILE: named} if named else {}


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
    if done.returncode == NEWER:
        raise YourCommand(
            done.stderr.strip(),
            remedy="Install that version again, or restore the backup made before it: joinedup workspace restore",
        )
    if done.returncode != 0:
        raise OurFault(f"The database could not be prepared: {done.stderr.strip()[-2000:]}")
    show("Preparing the database", 1, 1)


def _begin(environment: Environment, port: int) -> subprocess.Popen[bytes]:
    """The server, in a process of its own that knows the app role alone."""
    arguments = [
        sys.executable, "-m", "gunicorn", "joinedup_web.config.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--worker-tmp-dir", _fast(),
        "--no-control-socket", "--umask", "0o77", "--log-level", "warning", "--graceful-timeout", "5",
    ]  # fmt: skip
    counts = environment.folder / "metrics"  # of all workers; those of the last run are void
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(mode=0o700)
    told = {**_variables(environment), "PROMETHEUS_MULTIPROC_DIR": str(counts)}
    return subprocess.Popen(arguments, env=told, start_new_session=True)  # noqa: S603 - our own program


def _fast() -> str:
    """Where workers say that they are alive: in memory where that is possible."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108 - gunicorn makes unnamed files there


def _variables(environment: Environment) -> dict[str, str]:
    withheld = ("JOINEDUP_OWNER_URL", KEY_FILE)
    kept = {name: value for name, value in os.environ.items() if name not in withheld}
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
