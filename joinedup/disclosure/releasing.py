"""The only way out: hide, round, then compute everything again from what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa

from joinedup.disclosure.codes import registry_of
from joinedup.disclosure.profiles import Profile, profile_of
from joinedup.disclosure.protecting import protect
from joinedup.disclosure.releasable import Cell, Relation, Releasable

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound=Releasable)


@dataclass(frozen=True)
class Released(Generic[T]):
    """A result that may be shown. `hidden` of its `cells` counts were hidden, now or before; `registry` opens the
    codes. A missing count that nothing adds up to, such as a denominator of a count, is none.
    """

    value: T
    profile: str
    hidden: int
    cells: int
    registry: Mapping[str, Mapping[str, Any]]


def release(result: T, profile: str | Profile = "nhs-england") -> Released[T]:
    """Release a result under a profile: nhs-england, as-published or model.

    Under nhs-england counts of 0 to 4 are hidden, others rounded to the nearest 5, totals alike, and
    further counts hidden where sums would give a hidden one away. Rates, limits and parts are computed
    again from those counts. Releasing twice changes nothing. Raises UnknownName for an unknown profile.
    """
    rule = profile_of(profile)
    return released_with(result, rule, hidden_in(result, rule))


def hidden_in(
    result: Releasable, rule: Profile, before: Mapping[Cell, bool] | None = None
) -> frozenset[Cell]:
    """The counts of a result that are hidden: small ones, and further ones that keep those hidden.

    `before`: whether a count that stands elsewhere already is hidden there; it stays as it is.
    """
    cells = _cells(result.counts(), result.count_columns)
    relations = [Relation(*relation) for relation in result.relations()] if rule.complementary else []
    return protect(cells, relations, rule, before).hidden


def released_with(result: T, rule: Profile, hidden: frozenset[Cell]) -> Released[T]:
    """A result as it leaves with these counts hidden."""
    counts, columns = result.counts(), result.count_columns
    cells = _cells(counts, columns)
    unknown = {cell for cell, value in cells.items() if value is None}
    relations = [Relation(*relation) for relation in result.relations()] if unknown else []
    counted = {cell for relation in relations for cell in (relation.total, *relation.parts)}
    released = _released(counts, columns, cells, hidden, rule)
    return Released(
        value=result.with_counts(released, rule.display),
        profile=rule.name,
        hidden=len(hidden) + len(unknown & counted),
        cells=len(cells) - len(unknown - counted),
        registry=registry_of(result.identity(), released, columns, rule.name),
    )


def entries_of(released: Released[Any]) -> dict[str, dict[str, Any]]:
    """What opens the codes of a released result of measures, with the rows that went in and out of it: those are
    counts of people's records too, and shown as its profile shows counts.
    """
    rule = profile_of(released.profile)
    rows = {one.words: rule.told(one.number) for one in released.value.excluded}
    return {code: {**entry, "in and out": rows} for code, entry in released.registry.items()}


def _cells(counts: pa.Table, columns: tuple[str, ...]) -> dict[Cell, int | None]:
    return {(row, name): value for name in columns for row, value in enumerate(counts[name].to_pylist())}


def _released(
    counts: pa.Table,
    columns: tuple[str, ...],
    cells: Mapping[Cell, int | None],
    hidden: frozenset[Cell],
    rule: Profile,
) -> pa.Table:
    """The table of counts with hidden ones null and the rest as they are shown."""
    table = counts
    for name in columns:
        values = [
            None if value is None or (row, name) in hidden else rule.shown(value)
            for row, value in ((row, cells[row, name]) for row in range(counts.num_rows))
        ]
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, pa.int64()))
    return table
