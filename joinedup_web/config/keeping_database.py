"""The database of a workspace as a file and back, by PostgreSQL's own programs, whether it is served now or not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from joinedup.errors import YourCommand
from joinedup_web.config.postgres import KEEPER, Postgres

PATIENCE = 3600.0


@contextmanager
def reached(folder: Path, address: str) -> Iterator[str]:
    """The address of a role that sees every row: `address`, or in our own server, which is started unless it runs."""
    if address:
        yield address
        return
    own = Postgres(folder / "database")
    if own.attach():
        yield own.url(KEEPER)
        return
    own.start()
    try:
        yield own.url(KEEPER)
    finally:
        own.stop()


def dump(address: str, file: Path) -> None:
    """Write the database to `file` (PostgreSQL's own form), as it is at one moment."""
    with file.open("wb") as written:
        _run("pg_dump", address, "--format=custom", stdout=written)


def load(address: str, file: Path) -> None:
    """Read such a file into an empty database, all of it or nothing. YourCommand where tables are there already."""
    if _tables(address):
        raise YourCommand(
            "The database holds tables already.", remedy="Restore into a new folder or database."
        )
    _run(
        "pg_restore",
        address,
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={_said(address)['PGDATABASE']}",
        str(file),
    )


def _run(program: str, address: str, *arguments: str, stdout: object = None) -> None:
    """Addresses go by environment: arguments can be read by everyone on the machine."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [str(Postgres(Path()).binaries / program), *arguments],
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **_said(address)},
        stdout=stdout if stdout is not None else subprocess.PIPE,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        check=False,
        timeout=PATIENCE,
    )
    if done.returncode != 0:
        raise YourCommand(
            f"{program} failed: {done.stderr.decode(errors='replace').strip()[-600:]}",
            remedy="The role must see every row: name one in JOINEDUP_KEEPER_URL that passes row security.",
        )


def _said(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    said = {
        "PGHOST": host, "PGPORT": str(parts.port or ""), "PGDATABASE": parts.path.lstrip("/"),
        "PGUSER": unquote(parts.username or ""), "PGPASSWORD": unquote(parts.password or ""),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _tables(address: str) -> int:
    import psycopg

    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(found[0]) if found else 0
