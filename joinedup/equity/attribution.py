"""Where a gap opens: the two groups' chains, and everything that follows from them.

    gap = stages (group against the reference reweighted to the group's mix)
        + case mix (reference reweighted to the group's mix, less reweighted to its services only)
        + share between services (reference reweighted to the group's services, less as it is).

The parts add up to the gap exactly. Nothing but counts is stored, so the same code runs on true and
released ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from joinedup.disclosure import Relation
from joinedup.equity.bars import GapBar, claim, gap_with_limits, mix_bar, stage_bars
from joinedup.equity.chain import Chain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joinedup.disclosure import Display
    from joinedup.equity.outcomes import Basis, Outcome

HIDDEN = math.nan
VERSION = "1"
OPEN_LIMIT = 0.05
"""Share still open above which 12 months of follow-up are too short."""


@dataclass(frozen=True)
class GapAttribution:
    """A gap between a group and a reference group, and its parts. Rates are outcomes per referral (0 to 1).

    `standardised` is the reference reweighted to the group's mix, None where nothing was reweighted;
    `by_service` is it reweighted to the group's services only, where that is a step between. `mixes` names
    the bars that follow: case_mix, services or both; `mix_sizes` are how many independent people each is
    worth. `not_stated` holds referrals and outcomes of people whose group is not stated. `display` is set
    once released.
    """

    outcome: Outcome
    basis: Basis
    by: str
    between: tuple[str, str]
    chains: tuple[Chain, Chain]
    standardised: Chain | None = None
    by_service: Chain | None = None
    mixes: tuple[str, ...] = ()
    mix_sizes: tuple[float, ...] = ()
    not_stated: tuple[float, float] | None = None
    residents: tuple[float | None, float | None] = (None, None)
    period: str = ""
    months: int = 12
    follow_up: int | None = None
    standardised_on: tuple[str, ...] = ()
    rule: str = ""
    snapshot: int | str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    confidence: float = 0.95
    alpha: float = 0.05
    display: Display | None = None

    @property
    def group(self) -> str:
        """Name of the group."""
        return self.between[0]

    @property
    def reference(self) -> str:
        """Name of the group it is compared with."""
        return self.between[1]

    @property
    def referrals(self) -> tuple[float, float]:
        """Referrals of group and reference; NaN where hidden."""
        return self.chains[0].referred, self.chains[1].referred

    @property
    def rates(self) -> tuple[float | None, float | None]:
        """Outcomes per referral of group and reference; None where hidden or of no one."""
        return _known(self.chains[0].rate), _known(self.chains[1].rate)

    @property
    def standardised_rate(self) -> float | None:
        """Rate of the reference at the group's mix; None where nothing was reweighted, or hidden."""
        return _known(self.standardised.rate) if self.standardised else None

    @property
    def hidden(self) -> bool:
        """Whether the gap cannot be shown: a count it hangs on is hidden, or too few people stand behind
        it.
        """
        chains = [*self.chains, *(chain for chain in (self.standardised, self.by_service) if chain)]
        if any(chain.hidden or not chain.referred for chain in chains):
            return True
        return self.display is not None and any(
            self.display.percentage(0.0, chain.referred) is None for chain in self.chains
        )

    @cached_property
    def gap_limits(self) -> tuple[float | None, float | None, float | None]:
        """Gap, lower and upper limit: rate of the group less that of the reference."""
        if self.hidden:
            return None, None, None
        return gap_with_limits(*self.chains, self.confidence, self._rounding)

    @property
    def gap(self) -> float | None:
        """Rate of the group less that of the reference; below zero is fewer."""
        return self.gap_limits[0]

    @cached_property
    def bars(self) -> tuple[GapBar, ...]:
        """Parts of the gap in the order of the journey, then case mix and services; they add up to it
        exactly.
        """
        group, reference = self.chains
        if self.hidden:
            named = [GapBar(bar.stage.name, bar.title, bar.kind, note="hidden") for bar in _bars_of(group)]
            return tuple(named + [GapBar(kind, title, kind, note="hidden") for kind, title in self._mixes()])
        against = self.standardised or reference
        stages = stage_bars(group, against, confidence=self.confidence, rounding=self._rounding)
        return claim([*stages, *self._mix_bars()], self.alpha)

    @property
    def claims(self) -> tuple[GapBar, ...]:
        """Leaks that can be named, the largest first."""
        return tuple(
            sorted((bar for bar in self.bars if bar.claimed), key=lambda bar: bar.contribution or 0.0)
        )

    @cached_property
    def not_stated_bound(self) -> tuple[float, float] | None:
        """Smallest and largest gap if all whose group is not stated were in one of the two: a bound, not a
        finding.
        """
        if self.not_stated is None or self.hidden or any(math.isnan(count) for count in self.not_stated):
            return None
        (n_a, n_b), (n, x) = self.referrals, self.not_stated
        a, b = self.chains[0].passed[-1], self.chains[1].passed[-1]
        gaps = [self.gap or 0.0, (a + x) / (n_a + n) - b / n_b, a / n_a - (b + x) / (n_b + n)]
        return min(gaps), max(gaps)

    @property
    def per_thousand(self) -> tuple[float | None, float | None]:
        """Referrals a year for every 1,000 residents of group and reference, where residents are known."""
        yearly = 12 / self.months
        return tuple(  # type: ignore[return-value]  # two in, two out
            _known(1_000 * referred * yearly / people) if people else None
            for referred, people in zip(self.referrals, self.residents, strict=True)
        )

    @property
    def open_shares(self) -> tuple[float | None, float | None]:
        """Shares of group and reference still open when follow-up ends; None where hidden."""
        return _open_share(self.chains[0]), _open_share(self.chains[1])

    def to_json(self) -> dict[str, Any]:
        """Figures as plain values; after a release, as they may be shown."""
        from joinedup.equity.telling import as_json

        return as_json(self)

    def headline(self) -> str:
        """The finding in a few words."""
        from joinedup.equity.telling import headline

        return headline(self)

    def sentence(self) -> str:
        """The gap in plain English."""
        from joinedup.equity.telling import sentence

        return sentence(self)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The one column of counts."""
        return ("count",)

    def counts(self) -> pa.Table:
        """Every count behind the gap: columns series, stage, part, count."""
        rows = [row for series, chain in self._series() for row in _rows_of(series, chain)]
        if self.standardised is not None:
            sizes = zip(self.standardised.stages, self.standardised.sizes, strict=True)
            rows += [("standardised", stage.name, "effective", size) for stage, size in sizes]
            rows += [(kind, "", "effective", n) for kind, n in zip(self.mixes, self.mix_sizes, strict=True)]
        if self.not_stated is not None:
            rows += [
                ("not_stated", "", part, n)
                for part, n in zip(("referred", "outcome"), self.not_stated, strict=True)
            ]
        counts = [None if math.isnan(row[3]) else round(row[3]) for row in rows]
        columns = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(_KEYS)}
        return pa.table({**columns, "count": pa.array(counts, pa.int64())})

    def relations(self) -> tuple[Relation, ...]:
        """Those who passed a stage, those still open there and those who left are all who reached it."""
        place = {
            tuple(row[name] for name in _KEYS): (i, "count")
            for i, row in enumerate(self.counts().to_pylist())
        }
        found = []
        for series, chain in self._series():
            total = place[series, "", "referred"]
            for stage in chain.stages:
                parts = [
                    place[key] for part in ("passed", "open") if (key := (series, stage.name, part)) in place
                ]
                found.append(Relation(total, tuple(parts), rest=True))
                total = place[series, stage.name, "passed"]
        return tuple(found)

    def with_counts(self, counts: pa.Table, display: Display) -> Self:
        """The same gap, computed again from other counts of the same shape; null is hidden."""
        found = {
            tuple(row[name] for name in _KEYS): HIDDEN if row["count"] is None else float(row["count"])
            for row in counts.to_pylist()
        }
        fresh = {series: _chain_from(series, chain, found) for series, chain in self._series()}
        stated = (
            None if self.not_stated is None else [found["not_stated", "", p] for p in ("referred", "outcome")]
        )
        return replace(
            self,
            chains=(fresh["group"], fresh["reference"]),
            standardised=fresh.get("standardised"),
            by_service=fresh.get("by_service"),
            mix_sizes=tuple(found[kind, "", "effective"] for kind in self.mixes),
            not_stated=None if stated is None else (stated[0], stated[1]),
            display=display,
        )

    def identity(self) -> dict[str, Any]:
        """What the figures are, for their codes: outcome, version, lake snapshot, rule and filters."""
        return {
            "measure_id": self.outcome.name,
            "version": VERSION,
            "snapshot": self.snapshot,
            "rule": self.rule,
            "filters": {
                "basis": self.basis,
                "by": self.by,
                "group": self.group,
                "reference": self.reference,
                "period": self.period,
                "follow_up_months": self.follow_up,
                "standardised_on": list(self.standardised_on),
                **self.filters,
            },
        }

    @property
    def _rounding(self) -> float:
        return self.display.rounding if self.display else 0.0

    def _series(self) -> list[tuple[str, Chain]]:
        named = zip(
            ("group", "reference", "standardised", "by_service"),
            (*self.chains, self.standardised, self.by_service),
            strict=True,
        )
        return [(name, chain) for name, chain in named if chain is not None]

    def _mixes(self) -> list[tuple[str, str]]:
        people = " and ".join(", ".join(self.standardised_on).rsplit(", ", 1)) or "mix of people"
        titles = {"case_mix": people, "services": "share between services"}
        return [(kind, titles[kind]) for kind in self.mixes]

    def _mix_bars(self) -> list[GapBar]:
        """Case mix and services, from the rates of the reference under its three sets of weights."""
        if self.standardised is None:
            return []
        plain = self.chains[1]
        steps = [self.standardised, *([self.by_service] if self.by_service else []), plain]
        noise = 4 * self._rounding / plain.referred**2
        return [
            mix_bar(
                kind,
                title,
                part=steps[k].rate - steps[k + 1].rate,
                rate=plain.rate,
                size=self.mix_sizes[k],
                referrals=self.referrals[0],
                confidence=self.confidence,
                noise=noise,
            )
            for k, (kind, title) in enumerate(self._mixes())
        ]


_KEYS = ("series", "stage", "part")


def _rows_of(series: str, chain: Chain) -> list[tuple[str, str, str, float]]:
    """Counts that a chain cannot do without; those who left are what remains, and are not released by
    themselves.
    """
    rows = [(series, "", "referred", chain.referred)]
    for k, stage in enumerate(chain.stages):
        rows.append((series, stage.name, "passed", chain.passed[k]))
        if stage.splits:
            rows.append((series, stage.name, "open", chain.open[k]))
    return rows


def _chain_from(series: str, chain: Chain, found: Mapping[tuple[str, ...], float]) -> Chain:
    passed = [found[series, stage.name, "passed"] for stage in chain.stages]
    referred = found[series, "", "referred"]
    reached = [referred, *passed[:-1]]
    still_open = [
        found[series, stage.name, "open"] if stage.splits else (n - p if stage.kind == "open" else 0.0)
        for stage, n, p in zip(chain.stages, reached, passed, strict=True)
    ]
    sizes = [
        found.get((series, stage.name, "effective"), n)
        for stage, n in zip(chain.stages, reached, strict=True)
    ]
    return Chain.of_counts(chain.stages, referred, passed, still_open, sizes)


def _bars_of(chain: Chain) -> tuple[Any, ...]:
    """Names of the bars of a chain, whatever is hidden in it."""
    return Chain.of_counts(chain.stages, 1.0, [1.0] * len(chain.stages)).factors().bars


def _open_share(chain: Chain) -> float | None:
    counted = [2.0 if math.isnan(count) else count for count in chain.open]
    return None if math.isnan(chain.referred) or not chain.referred else sum(counted) / chain.referred


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
