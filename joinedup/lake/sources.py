"""Tables of a lake, whole or some of their files, shown to a session that works over several of them in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb

from joinedup.lake.contents import TableState
from joinedup.lake.dividing import Room, Source, column_list
from joinedup.lake.session import Session, add_view, connect, lock, name, plain_errors


@dataclass(frozen=True)
class Differing:
    """The files of a table in two states of the lake: those only the earlier has, only the later, and both."""

    gone: Source
    come: Source
    kept: Source

    @property
    def before(self) -> Source:
        """The table as it was."""
        return _both(self.gone, self.kept)

    @property
    def now(self) -> Source:
        """The table as it is."""
        return _both(self.come, self.kept)

    @property
    def either(self) -> Source:
        """Every file of both."""
        return _both(_both(self.gone, self.come), self.kept)


def differing(source: Source, before: TableState | None) -> Differing:
    """`source`, the table as it is, beside the state it was in. Files are named by content and never change."""
    old, new = (state.files if state else {} for state in (before, source.state))
    state = source.state or before

    def having(files: Mapping[str, object]) -> Source:
        if state is None:
            return source
        every = {**old, **new}
        return replace(source, state=replace(state, files={path: every[path] for path in files}))

    return Differing(
        gone=having({path: None for path in old if path not in new}),
        come=having({path: None for path in new if path not in old}),
        kept=having({path: None for path in new if path in old}),
    )


def _both(one: Source, other: Source) -> Source:
    if one.state is None or other.state is None:
        return one
    return replace(one, state=replace(one.state, files={**one.state.files, **other.state.files}))


def show(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source]) -> None:
    """Make the sources known as views with the columns wanted; from then on only their files can be read."""
    for view, source in sources.items():
        if source.state is None or not source.state.files:
            connection.register(view, source.columns.empty_table())
        else:
            whole = f"{view}__whole"
            add_view(connection, whole, source.state, source.folder)
            connection.execute(
                f"CREATE VIEW {name(view)} AS SELECT {column_list(source.columns)} FROM {name(whole)}"
            )
    lock(connection, [path for source in sources.values() for path in source.files])


@contextmanager
def session_over(sources: Mapping[str, Source], room: Room) -> Iterator[Session]:
    """A session over some sources in which tables can be made on the way; nothing is written to the lake."""
    connection = connect(memory_limit=room.memory_limit, threads=room.threads, spill=room.spill)
    try:
        with plain_errors():
            show(connection, sources)
        yield Session(connection)
    finally:
        connection.close()
