"""Published statistics: NHS Talking Therapies figures, annual or monthly, in one shape whatever form they
came in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.breakdown import SEPARATOR, Breakdown
from joinedup.definitions.periods import Period
from joinedup.definitions.places import Places
from joinedup.errors import UnknownName, YourCommand
from joinedup.lake import Change, Lake, Snapshot
from joinedup.returns.published_forms import read_raw
from joinedup.returns.published_names import ALL, TOTAL, names
from joinedup.returns.published_reconcile import Difference, Reconciliation, reconcile_table
from joinedup.returns.published_shape import figures_table

__all__ = [
    "Difference",
    "FlowCounts",
    "PublishedFigures",
    "Reconciliation",
    "load_published",
    "read_published",
    "reconcile",
]


@dataclass(frozen=True)
class FlowCounts:
    """Published counts of one period that lie along the journey. They are flows of a year, not one cohort.

    A hidden count (0 to 4) is taken as its middle, 2, and named in `hidden`; `cells` counts what was added
    up.
    """

    referrals: int
    finished: int
    not_at_caseness: int
    reliable_recovery: int
    hidden: tuple[str, ...]
    cells: int


@dataclass(frozen=True)
class PublishedFigures:
    """Published figures, one row a cell. `table` has the columns of COLUMNS, text as dictionaries.

    `value` is null where a figure is hidden or does not apply; `hidden` says which. `rounded_to` is 1 for
    England and 5 elsewhere: counts there are to the nearest 5, percentages whole percents of unrounded
    counts.
    """

    table: pa.Table
    kind: str
    file: str
    left_out: int

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def select(
        self,
        *,
        org_codes: Collection[str] | None = None,
        breakdown: str | None = None,
        periods: Collection[str] | None = None,
        measures: Collection[str] | None = None,
        levels: Collection[str] | None = None,
        renamed: bool = False,
    ) -> PublishedFigures:
        """The rows that fit every filter given.

        `breakdown` is a slug of ours, a published name, or `total`. `measures` are ids. With `renamed`, an
        organisation brings the figures published under its earlier codes, shown under the code asked for.
        """
        figures = self._under_current_codes(org_codes) if renamed and org_codes is not None else self
        keep = np.ones(len(figures), bool)
        for column, wanted in (
            ("org_code", org_codes),
            ("period", periods),
            ("measure_id", measures),
            ("level", levels),
        ):
            if wanted is not None:
                keep &= _is_in(figures.table[column], wanted)
        if breakdown is not None:
            return figures._of_breakdown(breakdown, keep)
        return figures._kept(keep)

    def chain(
        self, org_codes: Collection[str], breakdown: str = TOTAL, group: str = ALL, period: str = ""
    ) -> FlowCounts:
        """Counts along the journey for one group and period, added over organisations.

        Raises UnknownName where one of the counts was not published for one of the organisations.
        """
        chosen = self.select(
            org_codes=org_codes, breakdown=breakdown, periods=[period] if period else None
        ).table
        chosen = chosen.filter(pa.array(_is_in(chosen["group"], [group])))
        rows = chosen.select(["org_code", "measure_id", "value", "hidden"]).to_pylist()
        found = {(row["org_code"], row["measure_id"]): row for row in rows}
        counts: dict[str, int] = {}
        hidden = []
        for name, measure in names().chain.items():
            cells = [found.get((code, measure)) for code in dict.fromkeys(org_codes)]
            if None in cells or any(cell["value"] is None and not cell["hidden"] for cell in cells if cell):
                raise UnknownName(
                    f"{self.file} lacks {name} ({measure}) of {group!r} for an organisation in {period}.",
                    remedy="Check the organisation codes, the group and the period.",
                )
            present = [cell for cell in cells if cell]
            counts[name] = sum(2 if cell["hidden"] else round(cell["value"]) for cell in present)
            hidden += [f"{name} {cell['org_code']}" for cell in present if cell["hidden"]]
        return FlowCounts(**counts, hidden=tuple(hidden), cells=len(counts) * len(set(org_codes)))

    def _under_current_codes(self, org_codes: Collection[str]) -> PublishedFigures:
        places = Places.load()
        current = {old: code for code in org_codes for old in places.earlier_codes(code)}
        column = self.table["org_code"].combine_chunks()
        values = [current.get(code, code) for code in column.dictionary.to_pylist()]
        plain = pa.array(values, pa.string()).take(column.indices).dictionary_encode()
        at = self.table.schema.get_field_index("org_code")
        return replace(self, table=self.table.set_column(at, "org_code", plain))

    def _of_breakdown(self, breakdown: str, keep: np.ndarray) -> PublishedFigures:
        own = self._kept(keep & _is_in(self.table["breakdown"], [breakdown]))
        known = {found.slug: found for found in Breakdown.published()}.get(breakdown)
        if known is None or not known.shared_labels:
            return own
        labels = {SEPARATOR.join(filter(None, label)): group for label, group in known.shared_labels.items()}
        shared = self._kept(keep & _is_in(self.table["published_label"], labels)).table
        groups = [labels[label] for label in shared["published_label"].to_pylist()]
        shared = _with_text(_with_text(shared, "breakdown", [breakdown] * len(groups)), "group", groups)
        return replace(own, table=pa.concat_tables([own.table, shared]).unify_dictionaries().combine_chunks())

    def _kept(self, keep: np.ndarray) -> PublishedFigures:
        return (
            self
            if bool(keep.all())
            else replace(self, table=self.table.filter(pa.array(keep)).combine_chunks())
        )


def read_published(path: str | Path) -> PublishedFigures:
    """Published figures from a file: tidy Parquet or CSV, annual or monthly, or NHS England's long CSV.

    Raises UnreadableFile, UnsafeFile or UnknownFigures, naming file, row and column.
    """
    where = Path(path)
    raw, columns = read_raw(where)
    table, left_out = figures_table(raw, columns, where.name)
    kinds = {Period.parse(key).kind for key in _distinct(table["period"])}
    return PublishedFigures(
        table, "annual" if kinds == {"financial_year"} else "monthly", where.name, left_out
    )


def reconcile(figures: PublishedFigures) -> Reconciliation:
    """Compute every percentage again from the counts published beside it: see `reconcile_table`."""
    return reconcile_table(figures.table)


def load_published(path: str | Path, lake: Lake, *, known_at: datetime | None = None) -> Snapshot:
    """Load a published file into the lake's `published/annual` or `published/monthly`.

    Periods in the file replace those in the lake. `known_at` is when the figures were received, now by
    default. Raises what `read_published` raises, and YourCommand for a file without a single figure.
    """
    figures = read_published(path)
    if not len(figures):
        raise YourCommand(f"{figures.file} holds no figures.", remedy="Check that the right file was given.")
    change = Change(
        f"published/{figures.kind}",
        figures.table,
        replace={"period": sorted(_distinct(figures.table["period"]))},
        partition_by=("period",),
    )
    notes = {"file": figures.file, "rows": len(figures), "left_out": figures.left_out}
    return lake.commit([change], kind="publish", known_at=known_at or datetime.now(UTC), notes=notes)


def _distinct(column: pa.ChunkedArray) -> list[str]:
    return [str(value) for value in pc.unique(column).to_pylist()]


def _is_in(column: pa.ChunkedArray, wanted: Collection[str]) -> np.ndarray:
    """Which rows of a dictionary column hold one of some values; each distinct value is looked at once."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        return np.zeros(0, bool)
    chosen = np.array([value in wanted for value in whole.dictionary.to_pylist()], bool)
    return chosen[whole.indices.to_numpy(zero_copy_only=False)] if chosen.size else np.zeros(len(whole), bool)


def _with_text(table: pa.Table, name: str, values: list[str]) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, name, pa.array(values, pa.string()).dictionary_encode())
