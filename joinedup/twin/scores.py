"""First and last scores that realise a wanted outcome: drawn from pools sorted by outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.twin.drawing import Array, Floats
from joinedup.twin.flags import Questionnaire, flags, questionnaires
from joinedup.twin.outcomes import Outcome

POOL = 60_000
SMALL_POOL = 25_000


@dataclass(frozen=True)
class Pool:
    """Candidate score sets of one anxiety measure: rows of (PHQ-9 first, last, anxiety first, last) per
    outcome."""

    rows: tuple[Floats, ...]

    def draw(self, outcome: Array, generator: np.random.Generator) -> Floats:
        """One row of four scores for each outcome asked for; shape (n, 4)."""
        result = np.empty((len(outcome), 4), dtype=np.float32)
        for each in Outcome:
            here = np.flatnonzero(outcome == each)
            if len(here):
                result[here] = self.rows[each][generator.integers(0, len(self.rows[each]), len(here))]
        return result.astype(float)


def on_grid(values: Floats, measure: Questionnaire) -> Floats:
    """Scores a questionnaire can have: in range and on its step."""
    return np.asarray(np.round(np.clip(values, measure.low, measure.high) / measure.step) * measure.step)


def candidates(measure: Questionnaire, size: int, generator: np.random.Generator) -> Floats:
    """Score sets of people of mixed severity and response: correlated first scores, correlated falls."""
    phq = questionnaires()[0]
    severity, response = generator.normal(size=size), generator.normal(size=size)
    columns = []
    for each in (phq, measure):
        first = each.mean + each.sd * (0.75 * severity + 0.66 * generator.normal(size=size))
        fall = each.sd * (0.95 + 0.85 * response + 0.5 * generator.normal(size=size))
        columns += [on_grid(first, each), on_grid(on_grid(first, each) - fall, each)]
    return np.stack(columns, axis=1)


def sort_into(rows: Floats, measure: Questionnaire) -> list[Array]:
    """Positions of `rows` for each outcome, by the flags themselves."""
    found = flags((rows[:, 0], rows[:, 1]), (rows[:, 2], rows[:, 3]), measure)
    plain = ~found.improved & ~found.deteriorated
    masks = {
        Outcome.CASE_RELIABLY_RECOVERED: found.recovered & found.improved,
        Outcome.CASE_RECOVERED_ONLY: found.recovered & plain,
        Outcome.CASE_IMPROVED: found.case & found.improved & ~found.recovered,
        Outcome.CASE_DETERIORATED: found.case & found.deteriorated & ~found.recovered,
        Outcome.CASE_UNCHANGED: found.case & plain & ~found.recovered,
        Outcome.BELOW_IMPROVED: ~found.case & found.improved,
        Outcome.BELOW_DETERIORATED: ~found.case & found.deteriorated,
        Outcome.BELOW_UNCHANGED: ~found.case & plain,
    }
    return [np.flatnonzero(masks[each]) for each in Outcome]


def pool_of(measure: Questionnaire, generator: np.random.Generator, size: int = SMALL_POOL) -> Pool:
    """A pool with at least 20 score sets for every outcome; a third of the candidates are mild, to fill
    rare ones."""
    while True:
        rows = candidates(measure, size, generator)
        mild = rows[: size // 3]
        mild[:, 0:2] = np.floor(mild[:, 0:2] * 0.55)
        mild[:, 2:4] = on_grid(mild[:, 2:4] * 0.55, measure)
        if measure.avoid is not None:
            # Readings differ on whether a change of exactly this size is reliable: no person hangs on it.
            rows = rows[np.abs(rows[:, 2] - rows[:, 3]) != measure.avoid]
        found = sort_into(rows, measure)
        if min(len(each) for each in found) >= 20:
            return Pool(tuple(rows[each].astype(np.float32) for each in found))
        size *= 2


def pools(generator: np.random.Generator) -> dict[str, Pool]:
    """A pool for each anxiety measure, by its code."""
    anxiety = questionnaires()[1:]
    return {
        each.code: pool_of(each, generator, POOL if each.code == "GAD7" else SMALL_POOL) for each in anxiety
    }
