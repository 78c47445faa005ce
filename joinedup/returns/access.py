"""A return as a Microsoft Access database (.mdb, .accdb), read through the mdbtools programs.

mdbtools is a separate program: it gets the file name as an argument, a bare environment, a limit on memory,
time and output, and its output passes the CSV reader of every file. Proved on databases that our tests write (72).
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer

import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.return_spec import ReturnSpec, Table
from joinedup.errors import MissingPart, UnreadableFile, UnsafeFile
from joinedup.returns.containers import MAX_BYTES_UNPACKED, MAX_MEMBERS
from joinedup.returns.csv_tables import read_csv_table
from joinedup.returns.submission import RawTable, TableRead

_SECONDS = 300
_MEMORY = 2 * 1024**3
_BLOCK = 1 << 20
_FORMATS = ("-D", "%Y-%m-%d", "-T", "%Y-%m-%dT%H:%M:%S")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MDBICONV": "UTF-8", "MDB_JET3_CHARSET": "CP1252"}
# Access keeps a day as midnight, and a time as a moment on its first day.
_MIDNIGHT = re.compile("T00:00:00$").pattern
_FIRST_DAY = re.compile("^1899-12-30T").pattern


def read_access(path: Path, spec: ReturnSpec) -> tuple[Mapping[str, TableRead], tuple[str, ...]]:
    """The tables of an Access return by table id, and the names of tables that are not the return's.

    Raises MissingPart where mdbtools is not installed, UnreadableFile, UnsafeFile.
    """
    names = _run("mdb-tables", ["-1", str(path.resolve())], path.name).decode("utf-8", "replace").splitlines()
    by_name = {table.name.casefold(): table for table in spec.tables}
    known = {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}
    if len(names) > MAX_MEMBERS:
        raise UnsafeFile(
            f"The database has {len(names)} tables.", file=path.name, remedy="Send the return alone."
        )
    if not known:
        raise UnreadableFile(
            f"No table of {spec.id} is in the database.",
            file=path.name,
            remedy="Tables carry the national names.",
        )
    reads = {table.id: _export(path, name, table) for name, table in known.items()}
    return reads, tuple(name for name in names if name and name not in known)


def _export(path: Path, name: str, table: Table) -> TableRead:
    exported = _run("mdb-export", [*_FORMATS, str(path.resolve()), name], path.name)
    return in_national_form(read_csv_table(exported, table, f"{path.name}/{name}"), table)


def in_national_form(read: TableRead, table: Table) -> TableRead:
    """Dates and times, which Access holds as moments, in the national forms."""
    rows = read.table.rows
    for position, column in enumerate(table.columns):
        pattern = _pattern(column.type, column.format)
        if pattern:
            changed = pc.replace_substring_regex(rows.column(column.name), pattern, "")
            rows = rows.set_column(position, column.name, changed.cast(pa.string()))
    raw = read.table
    return TableRead(
        RawTable(raw.table, raw.file_name, rows, raw.missing_columns, raw.unknown_columns),
        read.digest,
        read.problems,
    )


def _pattern(kind: str, form: str | None) -> str | None:
    if kind == "date":
        return _MIDNIGHT
    is_time = kind == "time" or (kind == "datetime" and "an8" in (form or ""))
    return _FIRST_DAY if is_time else None


def _run(program: str, arguments: Sequence[str], file: str) -> bytes:
    found = shutil.which(program)
    if found is None:
        raise MissingPart(
            f"Access files are read by {program}, which is not installed.",
            remedy="Install the Debian package mdbtools (apt-get install mdbtools), or export to CSV.",
        )
    process = subprocess.Popen(  # noqa: S603  a fixed program, arguments as a list, no shell
        [found, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_ENVIRONMENT
    )
    resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    timer = Timer(_SECONDS, process.kill)
    timer.start()
    try:
        return _output(process, file)
    finally:
        timer.cancel()
        process.kill()
        process.wait()


def _output(process: subprocess.Popen[bytes], file: str) -> bytes:
    blocks, size = [], 0
    if process.stdout is not None:
        with process.stdout as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > MAX_BYTES_UNPACKED:
                    raise UnsafeFile(
                        "The database unpacks to more than 2 GB.", file=file, remedy="Check the export."
                    )
                blocks.append(block)
    if process.wait() != 0:
        raise UnreadableFile(
            "It cannot be read as an Access database; it may have been cut short or have a password.",
            file=file,
            remedy="Compact and repair it in Access, or export the tables as CSV.",
        )
    return b"".join(blocks)
