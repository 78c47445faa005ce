"""Many gaps at once: every group against the reference, in every service, false discoveries held down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pyarrow as pa

from joinedup.disclosure import Relation
from joinedup.equity.gap import STANDARDISE, attribute_cohort
from joinedup.equity.outcomes import Outcome, outcome_of
from joinedup.equity.selecting import breakdown_of, groups_of, select
from joinedup.errors import YourCommand
from joinedup.stats import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from joinedup.definitions import Breakdown, Period
    from joinedup.disclosure import Display
    from joinedup.equity.attribution import GapAttribution
    from joinedup.equity.bars import GapBar
    from joinedup.equity.outcomes import Basis
    from joinedup.equity.selecting import Cohort, JourneyRecords

Dependence = Literal["positive", "any"]
SMALLEST = 20
"""Referrals of a group in a place below which nothing could be shown, so nothing is tested."""


@dataclass(frozen=True)
class Finding:
    """A leak in one place for one group; `adjusted` is its p value among all leaks of the scan."""

    place: str
    group: str
    bar: GapBar
    adjusted: float
    claimed: bool


@dataclass(frozen=True)
class GapScan:
    """Gaps of several places and groups. Claims hold the share of false ones among them to `alpha`.

    `dependence`: "positive" is Benjamini and Hochberg (1995), right for comparisons that share a reference
    group; "any" is Benjamini and Yekutieli (2001), which holds whatever the dependence and finds less.
    """

    gaps: tuple[tuple[str, GapAttribution], ...]
    dependence: Dependence = "positive"
    alpha: float = 0.05

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every leak that was tested, the smallest adjusted p value first."""
        tested = list(self._tested())
        if not tested:
            return ()
        m = len(tested)
        factor = float((1 / np.arange(1, m + 1)).sum()) if self.dependence == "any" else 1.0
        adjusted = np.minimum(
            benjamini_hochberg(np.array([bar.p_value for _, _, bar in tested])) * factor, 1.0
        )
        found = [
            Finding(place, group, bar, float(p), bool(p < self.alpha and (bar.contribution or 0.0) < 0))
            for (place, group, bar), p in zip(tested, adjusted, strict=True)
        ]
        return tuple(sorted(found, key=lambda finding: finding.adjusted))

    @property
    def claims(self) -> tuple[Finding, ...]:
        """Leaks that can be named after the whole scan."""
        return tuple(finding for finding in self.findings if finding.claimed)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The one column of counts."""
        return ("count",)

    def counts(self) -> pa.Table:
        """Counts of every gap, with the number of the gap before the columns of GapAttribution.counts."""
        tables = [
            gap.counts()
            .add_column(0, "gap", pa.array([str(k)] * gap.counts().num_rows))
            .add_column(1, "place", pa.array([place] * gap.counts().num_rows))
            for k, (place, gap) in enumerate(self.gaps)
        ]
        return pa.concat_tables(tables)

    def relations(self) -> tuple[Relation, ...]:
        """Relations within each gap. One reference stands in several gaps of a place and is rounded alike
        in all.
        """
        found, before = list[Relation](), 0
        for _, gap in self.gaps:
            for total, parts, rest in gap.relations():
                moved = tuple((row + before, name) for row, name in parts)
                found.append(Relation((total[0] + before, total[1]), moved, rest))
            before += gap.counts().num_rows
        return tuple(found)

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same scan, every gap and every claim computed again."""
        fresh, before = [], 0
        for place, gap in self.gaps:
            n = gap.counts().num_rows
            fresh.append(
                (place, gap.with_counts(counts.slice(before, n).drop_columns(["gap", "place"]), display))
            )
            before += n
        return replace(self, gaps=tuple(fresh))

    def identity(self) -> dict[str, Any]:
        """What the scan is of."""
        groups = sorted({gap.group for _, gap in self.gaps})
        first = self.gaps[0][1].identity() if self.gaps else {}
        filters = {
            **first.get("filters", {}),
            "group": groups,
            "places": sorted({place for place, _ in self.gaps}),
        }
        return {**first, "filters": filters}

    def _tested(self) -> Iterator[tuple[str, str, GapBar]]:
        for place, gap in self.gaps:
            for bar in gap.bars:
                if bar.kind == "leak" and bar.p_value is not None:
                    yield place, gap.group, bar


def scan_gaps(
    records: JourneyRecords,
    outcome: str | Outcome = "reliable_recoveries_per_referral",
    *,
    by: Breakdown | str,
    reference: str | None = None,
    groups: Sequence[str] | None = None,
    level: str = "service",
    places: Sequence[str] | None = None,
    basis: Basis = "cohort",
    period: Period | None = None,
    follow_up: int | None = None,
    standardise: Sequence[str] = STANDARDISE,
    dependence: Dependence = "positive",
    alpha: float = 0.05,
) -> GapScan:
    """Gaps of every group against the reference in every service or borough (`level`), with one set of
    claims.

    `places`: codes, all by default. Groups of fewer than 20 referrals in a place are left out. Each place
    is standardised within itself. Other arguments as in attribute_gap. Raises YourCommand for another
    level.
    """
    if level not in ("service", "borough"):
        raise YourCommand(
            f"Gaps are scanned by service or borough, not by {level}.", remedy="Choose one of the two."
        )
    chain, breakdown = outcome_of(outcome), breakdown_of(by)
    if isinstance(breakdown, str):
        raise YourCommand(
            "A scan compares groups of people within places.", remedy="Choose a breakdown of people."
        )
    against = reference or breakdown.reference
    whole = select(records, chain, basis, period=period, follow_up=follow_up, level=level, places=places)
    gaps = []
    for place, cohort in _by_place(whole, level):
        labels = groups_of(cohort.table, breakdown)
        for group in groups or [name for name in breakdown.stated_names if name != against]:
            if min(int((labels == name).sum()) for name in (group, against)) < SMALLEST:
                continue
            described = {"rule": records.rule, "snapshot": records.snapshot, "alpha": alpha}
            described["filters"] = {"level": level, "places": [place]}
            between, on = (group, against), tuple(standardise)
            gap = attribute_cohort(
                cohort, chain, breakdown, between, basis=basis, standardise=on, **described
            )
            gaps.append((place, gap))
    return GapScan(tuple(gaps), dependence, alpha)


def _by_place(cohort: Cohort, level: str) -> Iterator[tuple[str, Cohort]]:
    units = groups_of(cohort.table, level)
    for place in sorted(set(units.tolist()) - {""}):
        here = units == place
        yield (
            place,
            replace(cohort, table=cohort.table.filter(pa.array(here)), steps=cohort.steps.where(here)),
        )
