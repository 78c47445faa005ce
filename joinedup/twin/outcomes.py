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
DECILE = ("deprivation_decile",)


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


def levelled(
    probability: Floats, rate: float, ratio: Floats, columns: dict[str, Array], among: Array
) -> Floats:
    """Scale probabilities to the published means of those `among`: of each decile, then of each financial
    year.

    `rate` is the service's, `ratio` that of the person's decile to it.
    """
    result = np.clip(probability, 1e-4, 1.0)
    year = financial_year(columns["end"])
    cell = np.where(among, year * 16 + columns["decile"], -1)
    order = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[order], prepend=-2))
    for here in np.split(order, starts[1:]):
        if cell[here[0]] >= 0:
            result[here] = scaled_to(result[here], min(0.99, rate * ratio[here[0]]))
    for each in np.unique(year[among]):
        here = among & (year == each)
        result[here] = scaled_to(result[here], rate)
    return result


def conclude(
    service: Service, columns: dict[str, Array], chosen: tuple[Effect, ...], generator: np.random.Generator
) -> dict[str, Array]:
    """Stages in_scope, paired, reliably_improved, recovered, and the `outcome` class of every finished
    course."""
    finished = columns["second_treatment"]
    year = financial_year(columns["end"])
    result: dict[str, Array] = {}

    def draw(name: str, lean: Floats, rate: float, ratio: Floats, among: Array) -> Array:
        baseline = levelled(lean * rate, rate, ratio, columns, among)
        result.update(stage(service, name, baseline, columns, chosen, among, year, generator))
        return result[name]

    whole = scope_rate(service)
    below = 1 - whole
    lean = (1 - leaning(service, columns, "below_caseness", LEANS, 1.0) * below).clip(0.02) / whole
    deciles = leaning(service, columns, "below_caseness", DECILE, 1.0)
    scope = draw("in_scope", lean, whole, (1 - deciles * below) / whole, finished)
    flat = np.ones(len(scope))
    paired = draw("paired", flat, service.paired, flat, finished)
    improve_rate = service.total("improved_in_scope") / service.total("in_scope") / service.paired
    improving = leaning(service, columns, "improving", LEANS, 1.0)
    deciles = leaning(service, columns, "improving", DECILE, 1.0)
    improved = draw("reliably_improved", improving, improve_rate, deciles, scope & paired)
    recover_rate = service.total("reliable_recovery") / service.total("improved_in_scope")
    recovering = leaning(service, columns, "recovering", LEANS, 1.0)
    deciles = leaning(service, columns, "recovering", DECILE, 1.0)
    deciles *= made_up(
        result["reliably_improved_p"], scope & paired, improved, year * 16 + (columns["decile"] + 1) // 2
    )
    recovered = draw("recovered", recovering, recover_rate, deciles, improved)
    result["outcome"] = classes(service, scope, paired, improved, recovered, year, generator)
    return result


def made_up(probability: Floats, among: Array, passed: Array, cell: Array) -> Floats:
    """For each person, expected over drawn passes of the person's cell, so that the next stage makes up for
    rounding."""
    _, place = np.unique(cell, return_inverse=True)
    expected = np.bincount(place, probability * among)
    drawn = np.bincount(place, passed)
    return np.asarray(np.where(drawn > 0, expected / np.maximum(drawn, 1), 1.0)[place])


def scope_rate(service: Service) -> float:
    """Share of finished courses at caseness at the start, or of unknown caseness."""
    return service.total("in_scope") / service.total("finished")


def classes(
    service: Service, scope: Array, paired: Array, improved: Array, recovered: Array, year: Array,
    generator: np.random.Generator,
) -> Array:  # fmt: skip
    """Outcome class of each course; only the first score counts where there is no pair."""
    size, order = len(scope), np.argsort(year, kind="stable")
    result = np.where(scope, Outcome.CASE_UNCHANGED, Outcome.BELOW_UNCHANGED).astype(np.int8)
    result[improved] = Outcome.CASE_IMPROVED
    result[recovered] = Outcome.CASE_RELIABLY_RECOVERED
    below = ~scope & paired
    lucky = systematic(np.where(below, practice()["improved_below_caseness"], 0.0), order, year, generator)
    result[below & lucky] = Outcome.BELOW_IMPROVED
    rest = scope & paired & ~improved
    only = (service.total("recovery") - service.total("reliable_recovery")) / (
        service.total("in_scope") * service.paired - service.total("improved_in_scope")
    )
    slight = systematic(np.where(rest, only, 0.0), order, year, generator)
    result[rest & slight] = Outcome.CASE_RECOVERED_ONLY
    still = paired & ((rest & ~slight) | (below & ~lucky))
    base = service.total("finished") * service.paired - service.total("improvement")
    base -= service.total("recovery") - service.total("reliable_recovery")
    worse = systematic(np.where(still, service.total("deterioration") / base, 0.0), order, year, generator)
    result[still & worse & scope] = Outcome.CASE_DETERIORATED
    result[still & worse & ~scope] = Outcome.BELOW_DETERIORATED
    return np.asarray(result[:size])
