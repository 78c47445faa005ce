"""How courses end: in scope, paired, reliably improved, recovered, each to the published rates."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from joinedup.twin.calendar import financial_year
from joinedup.twin.courses import leaning, stage
from joinedup.twin.drawing import Array, Floats, scaled_to, systematic
from joinedup.twin.figures import Service, practice
from joinedup.twin.planted import Effect
from joinedup.twin.referrals import MIXED

LEANS = (*MIXED, "presenting_problem")


class Outcome(IntEnum):
    """Where first and last scores must lie. CASE and BELOW: at caseness at the start or not."""

    CASE_RELIABLY_RECOVERED = 0
    CASE_RECOVERED_ONLY = 1
    CASE_IMPROVED = 2
    CASE_DETERIORATED = 3
    CASE_UNCHANGED = 4
    BELOW_IMPROVED = 5
    BELOW_DETERIORATED = 6
    BELOW_UNCHANGED = 7


def levelled(probability: Floats, rate: float, year: Array, among: Array) -> Floats:
    """Scale probabilities so that within each financial year those `among` have the mean `rate`."""
    result = np.clip(probability, 1e-4, 1.0)
    for each in np.unique(year[among]):
        here = among & (year == each)
        result[here] = scaled_to(probability[here], rate)
    return result


def conclude(
    service: Service, columns: dict[str, Array], chosen: tuple[Effect, ...], generator: np.random.Generator
) -> dict[str, Array]:
    """Stages in_scope, paired, reliably_improved, recovered, and the `outcome` class of every finished course."""
    finished = columns["second_treatment"]
    year = financial_year(columns["end"])
    result: dict[str, Array] = {}

    def draw(name: str, lean: Floats, rate: float, among: Array) -> Array:
        baseline = levelled(lean * rate, rate, year, among)
        result.update(stage(service, name, baseline, columns, chosen, among, year, generator))
        return result[name]

    lean_scope = 1 - leaning(service, columns, "below_caseness", LEANS, 1.0) * (1 - scope_rate(service))
    scope = draw("in_scope", lean_scope.clip(0.02) / scope_rate(service), scope_rate(service), finished)
    paired = draw("paired", np.ones(len(scope)), service.paired, finished)
    improve_rate = service.total("improved_in_scope") / service.total("in_scope") / service.paired
    improving = leaning(service, columns, "improving", LEANS, 1.0)
    improved = draw("reliably_improved", improving, improve_rate, scope & paired)
    recover_rate = service.total("reliable_recovery") / service.total("improved_in_scope")
    recovered = draw("recovered", leaning(service, columns, "recovering", LEANS, 1.0), recover_rate, improved)
    result["outcome"] = classes(service, scope, paired, improved, recovered, year, generator)
    return result


def scope_rate(service: Service) -> float:
    """Share of finished courses at caseness at the start, or of unknown caseness."""
    return service.total("in_scope") / service.total("finished")


def classes(  # noqa: PLR0917
    service: Service, scope: Array, paired: Array, improved: Array, recovered: Array, year: Array,
    generator: np.random.Generator,
) -> Array:  # fmt: skip
    """Outcome class of each course; only the first score counts where there is no pair."""
    size, order = len(scope), np.argsort(year, kind="stable")
    result = np.where(scope, Outcome.CASE_UNCHANGED, Outcome.BELOW_UNCHANGED).astype(np.int8)
    result[improved] = Outcome.CASE_IMPROVED
    result[recovered] = Outcome.CASE_RELIABLY_RECOVERED
    below = ~scope & paired
    lucky = systematic(np.where(below, practice()["improved_below_caseness"], 0.0), order, generator)
    result[below & lucky] = Outcome.BELOW_IMPROVED
    rest = scope & paired & ~improved
    only = (service.total("recovery") - service.total("reliable_recovery")) / (
        service.total("in_scope") * service.paired - service.total("improved_in_scope")
    )
    slight = systematic(np.where(rest, only, 0.0), order, generator)
    result[rest & slight] = Outcome.CASE_RECOVERED_ONLY
    still = paired & ((rest & ~slight) | (below & ~lucky))
    base = service.total("finished") * service.paired - service.total("improvement")
    base -= service.total("recovery") - service.total("reliable_recovery")
    worse = systematic(np.where(still, service.total("deterioration") / base, 0.0), order, generator)
    result[still & worse & scope] = Outcome.CASE_DETERIORATED
    result[still & worse & ~scope] = Outcome.BELOW_DETERIORATED
    return np.asarray(result[:size])
