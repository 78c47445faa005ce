"""What can leave: a result that says which counts it stands on, which add up to which, and how to start
again from them.

Results of lower layers need not import this: `Relation` is a plain tuple, and the protocol is structural.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from joinedup.disclosure.display import Display

Cell = tuple[int, str]
"""A count: row of `counts()` from 0, and the name of its count column."""


class Relation(NamedTuple):
    """Parts that add up to a total; with `rest`, together with further parts that are never shown."""

    total: Cell
    parts: tuple[Cell, ...]
    rest: bool = False


@runtime_checkable
class Releasable(Protocol):
    """A result that `release` can let out."""

    @property
    def count_columns(self) -> tuple[str, ...]:
        """Columns of `counts()` that hold counts of people or of what they did."""

    def counts(self) -> pa.Table:
        """Key columns and int64 count columns: every count the result is computed from."""

    def relations(self) -> tuple[Any, ...]:
        """Which counts add up to which, as `Relation` or as a tuple of the same shape."""

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same result, all of it computed again from these counts; null is hidden."""

    def identity(self) -> Mapping[str, Any]:
        """What the result is: measure id, version, snapshot, filters; no counts."""
