"""The gap in published counts: referrals, courses finished, people in scope and outcomes of one period.

They are flows: people who finish in a year are not those referred in it. The parts still add up to the gap in
outcomes per referral, but a stage stands for its year, not for what became of the people who entered it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from joinedup.equity.attribution import HIDDEN, GapAttribution
from joinedup.equity.chain import Chain
from joinedup.equity.outcomes import Outcome, outcome_of
from joinedup.errors import UnknownName, YourData

if TYPE_CHECKING:
    from collections.abc import Iterable

    from joinedup.returns.published import FlowCounts

WARNING = (
    "Published counts are flows, not one cohort: people who finish in a period are not those referred in it. "
    "Details are recorded late, so people who leave early are more often not stated."
)
HIDDEN_WARNING = "Some published counts are hidden; each stands at 2, the middle of 0 to 4, in these figures."
REFERRALS, FINISHED, BELOW_CASENESS = "referrals", "finished", "not_at_caseness"


def attribute_flows(
    counts: Mapping[str, Mapping[str, float | None] | FlowCounts],
    outcome: str | Outcome = "reliable_recoveries_per_referral",
    *,
    by: str,
    between: tuple[str, str],
    period: str,
    months: int = 12,
    not_stated: str | None = None,
    residents: tuple[float | None, float | None] = (None, None),
    filters: Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> GapAttribution:
    """Split the gap between two groups over finished per referral, scope, and outcome per finished in
    scope.

    `counts`: group -> published counts: referrals, finished, not_at_caseness (not for improvement) and the
    outcome (reliable_recovery, recovery or reliable_improvement); None is hidden. Raises UnknownName for a
    group that is not there, YourData for a count that is missing.
    """
    chain = outcome_of(outcome)
    for name in between:
        if name not in counts:
            raise UnknownName(
                f"There are no counts for '{name}'.", remedy=f"Choose from {', '.join(counts)}."
            )
    unknown = _chain(counts[not_stated], chain) if not_stated is not None and not_stated in counts else None
    return GapAttribution(
        outcome=chain,
        basis="flows",
        by=by,
        between=between,
        chains=(_chain(counts[between[0]], chain), _chain(counts[between[1]], chain)),
        not_stated=None if unknown is None else (unknown.referred, unknown.passed[-1]),
        residents=residents,
        period=period,
        months=months,
        rule="published counts",
        filters=dict(filters or {}),
        warnings=_warnings(counts.values()),
        confidence=confidence,
        alpha=alpha,
    )


def _chain(counts: Mapping[str, float | None] | FlowCounts, outcome: Outcome) -> Chain:
    finished = _count(counts, FINISHED)
    scope = [finished - _count(counts, BELOW_CASENESS)] if outcome.in_scope else []
    passed = [finished, *scope, _count(counts, outcome.flow)]
    return Chain.of_counts(outcome.chain("flows"), _count(counts, REFERRALS), passed)


def _count(counts: Mapping[str, float | None] | FlowCounts, name: str) -> float:
    named = counts if isinstance(counts, Mapping) else _named(counts)
    if name not in named:
        raise YourData(f"The published figures have no '{name}'.", remedy="Load a file that has the count.")
    value = named[name]
    return HIDDEN if value is None else float(value)


def _named(flow: FlowCounts) -> dict[str, float | None]:
    """Counts by name. Of several organisations, each hidden count stands at 2; one that stood alone stays
    hidden."""
    names = (REFERRALS, FINISHED, BELOW_CASENESS, "reliable_recovery")
    hidden = {text.split(" ")[0] for text in flow.hidden} if flow.cells <= len(names) else set()
    return {name: None if name in hidden else float(getattr(flow, name)) for name in names}


def _warnings(counts: Iterable[Mapping[str, float | None] | FlowCounts]) -> tuple[str, ...]:
    stand_in = any(not isinstance(one, Mapping) and one.hidden for one in counts)
    return (WARNING, HIDDEN_WARNING) if stand_in else (WARNING,)
