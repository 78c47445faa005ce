"""The lake: Delta tables whose contents a ledger states, read at one snapshot and never at the latest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from joinedup.errors import LakeBusy, UnknownName, YourCommand
from joinedup.lake.checking import check_contents, check_files, orphan_ahead, refuse_lost_entries, roll_back
from joinedup.lake.committing import Writer
from joinedup.lake.contents import TableState, add_entry, contents_of, next_entry, tables_folder
from joinedup.lake.dividing import Division, Engine, Room, Source, Work
from joinedup.lake.folder import Identity, Purpose, only_writer, spill_folder
from joinedup.lake.in_turn import InTurn
from joinedup.lake.ledger import Ledger, LedgerEntry, Load, SubmissionRecord, in_utc, latest_known
from joinedup.lake.session import Session, add_view, ask, connect, name, plain_errors
from joinedup.lake.sources import Differing, differing, session_over
from joinedup.lake.staging import Change

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Snapshot:
    """A state that can be opened again: the number of its ledger entry, and every table's Delta version."""

    number: int
    versions: Mapping[str, int]
    known_at: datetime
    committed_at: datetime


class Lake:
    """A lake opened at one snapshot. Made by `create_lake` and `open_lake`.

    `path`, `purpose` ("demo" or "live") and `key_fingerprint` never change; `snapshot` is None while the
    lake is empty, and moves on with each commit made through this object. `memory_limit` (DuckDB's words)
    and `threads` bound each question.
    """

    def __init__(
        self,
        path: Path,
        identity: Identity,
        *,
        as_known: datetime | None,
        memory_limit: str,
        threads: int,
        engine: Engine | None = None,
    ) -> None:
        self.path = path
        self._engine = engine or InTurn()
        self.memory_limit = memory_limit
        self.threads = threads
        self.purpose: Purpose = identity.purpose
        self.key_fingerprint = identity.key_fingerprint
        self._as_known = as_known
        self._ledger = Ledger(path / "ledger").refreshed()
        self._entries = self._ledger.entries
        if as_known is not None:
            self._entries = self._entries[: latest_known(self._entries, as_known)]
        self._contents = contents_of(self._entries)
        self._writer = Writer(path)
        self._swept = False
        self._locked = False

    @property
    def snapshot(self) -> Snapshot | None:
        """The state this object reads."""
        if not self._entries:
            return None
        last = self._entries[-1]
        return Snapshot(last.number, last.versions, last.known_at, last.committed_at)

    def tables(self) -> tuple[str, ...]:
        """Names of the tables, sorted."""
        return tuple(sorted(self._contents))

    def has(self, table: str) -> bool:
        """Whether there is such a table, empty or not."""
        return table in self._contents

    def schema(self, table: str) -> pa.Schema:
        """Column names and types. UnknownName when there is no such table."""
        return self._state(table).schema

    def partitions(self, table: str) -> tuple[tuple[str | None, ...], ...]:
        """The partitions that hold rows, sorted, each as its values. UnknownName for no such table."""
        found = {file.partition for file in self._state(table).files.values()}
        return tuple(sorted(found, key=lambda values: [value or "" for value in values]))

    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """Every file ever accepted up to this snapshot, in the order of loading."""
        return tuple(record for entry in self._entries for record in entry.submissions)

    def history(self) -> tuple[LedgerEntry, ...]:
        """The entries of the ledger up to this snapshot, oldest first."""
        return self._entries

    def read(self, table: str, columns: Sequence[str] | None = None, where: str | None = None) -> pa.Table:
        """Rows of a table, all or those for which the SQL text `where` holds, in the column types of the
        lake.

        A condition on the partition columns leaves files of other partitions unopened. UnknownName for a
        table or column that is not there; YourCommand when `where` is not SQL.
        """
        schema = self._state(table).schema
        wanted = list(schema.names if columns is None else columns)
        unknown = [column for column in wanted if column not in schema.names]
        if unknown:
            raise UnknownName(
                f"{table} has no column {', '.join(unknown)}", remedy=f"it has {', '.join(schema.names)}"
            )
        condition = f" WHERE ({where})" if where else ""
        sql = (
            f"SELECT {', '.join(name(column) for column in wanted)} FROM {name(view_name(table))}{condition}"
        )
        return self._ask(sql, [table], {}).cast(pa.schema([schema.field(column) for column in wanted]))

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """The answer to one SELECT over the snapshot's tables ("/" in a name becomes "__") and the given
        Arrow tables.

        Whole-number sums come back as int64, other decimals as float64. YourCommand for anything but one
        SELECT, for SQL that does not hold together, or when it needs more than `memory_limit`.
        """
        lower = sql.lower()
        # Only the tables named can matter, and each view costs the opening of a file.
        named = [table for table in self._contents if view_name(table).lower() in lower]
        return self._ask(sql, named, relations)

    def parts(self, division: Division) -> int:
        """Into how many parts work so divided is best cut here; 1 where it is best done in one piece."""
        return self._engine.parts(self._sources(division))

    def map_partitions(
        self, work: Work, division: Division, results: Mapping[str, pa.Schema], parts: int | None = None
    ) -> dict[str, pa.Table]:
        """What `work` makes of the tables of each part, put together part by part: the tables of `results`.

        Where the parts are worked on, one after the other here or at once on a cluster, is the engine's affair; `work`
        is therefore a function that can be pickled. The rows of a part come in any order. YourCommand when the engine
        cannot do it.
        """
        sources = self._sources(division)
        with spill_folder(self.path) as spill:
            room = Room(self.memory_limit, self.threads, spill)
            wanted = parts or self._engine.parts(sources)
            return self._engine.run(work, division, sources, results, wanted, room)

    def differing(self, reads: Mapping[str, pa.Schema], since: int) -> dict[str, Differing]:
        """The files of tables (by their names in SQL, with the columns wanted) beside those that entry `since` of the
        ledger had: what came, what went, what stayed."""
        before = contents_of(self._entries[:since])
        tables = {view_name(table): table for table in {**before, **self._contents}}
        return {
            view: differing(self._source(view, columns), before.get(tables.get(view, "")))
            for view, columns in reads.items()
        }

    @contextmanager
    def working_over(self, sources: Mapping[str, Source]) -> Iterator[Session]:
        """A session over tables of this lake, or some of their files, for work of several statements."""
        with (
            spill_folder(self.path) as spill,
            session_over(sources, Room(self.memory_limit, self.threads, spill)) as session,
        ):
            yield session

    def source(self, table: str, columns: pa.Schema) -> Source:
        """A table to work over, with the columns wanted; one that is not there is empty."""
        return self._source(view_name(table), columns)

    def partitioned_by(self, table: str) -> tuple[str, ...]:
        """The partition columns of a table. UnknownName when there is no such table."""
        return self._state(table).partition_by

    def commit(
        self,
        changes: Sequence[Change],
        *,
        kind: str,
        known_at: datetime,
        submissions: Sequence[SubmissionRecord] = (),
        notes: Mapping[str, Any] = _NOTHING,
    ) -> Snapshot:
        """Make `changes` final, all or none, and move this object to the new snapshot. On return they
        survive a power cut.

        `known_at` is when the content was received (UTC); an earlier time than the last entry's is raised
        to that, since a state cannot have been known before the one it stands on. `notes` must be JSON.
        YourCommand when another process is writing, or has written since this object was opened, or when
        this is a state of the past.
        """
        with self.writing(refresh=False):
            try:
                return self._commit(changes, Load(kind, in_utc(known_at), tuple(submissions), notes))
            except BaseException:
                self._swept = False  # whatever was written of this load is rolled back before the next
                raise

    @contextmanager
    def writing(self, *, refresh: bool = True) -> Iterator[Lake]:
        """Hold the writer's lock, so that what is read inside stays true until the commit; brings the
        snapshot up to date.

        YourCommand at once when another process holds it. Released on exit, and by the system if the
        process dies.
        """
        if self._locked:
            yield self
            return
        if self._as_known is not None:
            raise YourCommand("a past state cannot be written to", remedy="open the lake without --as-known")
        with only_writer(self.path):
            self._locked = True
            try:
                if refresh:
                    self._refresh()
                yield self
            finally:
                self._locked = False

    def check(self, *, deep: bool = False) -> int:
        """Compare the lake with its ledger; answers how many files were looked at. LakeDamaged names what
        is wrong.

        Quick: existence and size of this snapshot's files and of all log entries. Deep: the sha256 of every
        file of every snapshot up to this one, and Delta's own list of files.
        """
        looked_at = check_contents(self.path, self._contents, self._entries, deep=deep)
        if self._as_known is None:
            refuse_lost_entries(self.path, self._contents, self._contents, len(self._entries))
        return looked_at

    def _state(self, table: str) -> TableState:
        try:
            return self._contents[table]
        except KeyError:
            known = ", ".join(self.tables()) or "none yet"
            raise UnknownName(f"the lake has no table {table}", remedy=f"it has: {known}") from None

    def _sources(self, division: Division) -> dict[str, Source]:
        """The tables that a division reads, by their names in SQL."""
        return {view: self._source(view, columns) for view, columns in division.reads.items()}

    def _source(self, view: str, columns: pa.Schema) -> Source:
        """A table by its name in SQL; one that is not there has no state."""
        root = tables_folder(self.path)
        found = [table for table in self._contents if view_name(table) == view]
        return (
            Source(self._contents[found[0]], root / found[0], columns)
            if found
            else Source(None, root, columns)
        )

    def _ask(self, sql: str, tables: Sequence[str], relations: Mapping[str, pa.Table]) -> pa.Table:
        root = tables_folder(self.path)
        files = [f"{root}/{table}/{path}" for table in tables for path in self._contents[table].files]
        suspect = partial(check_files, self.path, {table: self._contents[table] for table in tables})
        with spill_folder(self.path) as spill:
            connection = connect(memory_limit=self.memory_limit, threads=self.threads, spill=spill)
            try:
                with plain_errors(suspect):
                    for table in tables:
                        add_view(connection, view_name(table), self._contents[table], root / table)
                return ask(connection, sql, relations, files, suspect)
            finally:
                connection.close()

    def _refresh(self) -> None:
        ledger = self._ledger.refreshed()
        for entry in ledger.entries[len(self._ledger.entries) :]:
            self._contents = add_entry(self._contents, entry)
        self._ledger, self._entries = ledger, ledger.entries

    def _commit(self, changes: Sequence[Change], load: Load) -> Snapshot:
        if len(self._ledger.refreshed().entries) != len(self._entries):
            raise LakeBusy(
                "another process has written to the lake since it was opened", remedy="run the command again"
            )
        tables = [change.table for change in changes]
        _check_names(tables, self._contents)
        self._sweep(tables)
        done = self._writer.write(changes, self._contents, len(self._entries) + 1)
        entry = next_entry(self._ledger, self._contents, load, done)
        self._ledger = self._ledger.append(entry)
        self._entries, self._contents = self._ledger.entries, add_entry(self._contents, entry)
        return Snapshot(entry.number, entry.versions, entry.known_at, entry.committed_at)

    def _sweep(self, tables: Sequence[str]) -> None:
        """Roll back what a crash left: at the first commit, after a failure, when a version is in the way."""
        if self._swept and not orphan_ahead(self.path, tables, self._contents):
            return
        roll_back(self.path, self._contents, len(self._entries))
        self._swept = True


def view_name(table: str) -> str:
    """The name of a lake table in SQL: "returns/IDS101" is returns__IDS101."""
    return table.replace("/", "__")


def _check_names(tables: Sequence[str], contents: Mapping[str, TableState]) -> None:
    if len(set(tables)) != len(tables):
        raise YourCommand("one commit changes each table once", remedy="put the partitions into one change")
    known = {*contents, *tables}
    for table in tables:
        # A table inside another's folder would be taken for part of it.
        if any(other != table and f"{other}/".startswith(f"{table}/") for other in known):
            raise YourCommand(f"{table} is a folder of tables already", remedy="choose another name")
