"""How much of an outcome can be seen: the scores that are there, beside the outcome that rests on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from joinedup.definitions.measure import Measure
from joinedup.measures.calculating import calculate
from joinedup.measures.cubes import Held
from joinedup.measures.figures import percentages
from joinedup.measures.result import KEYS, SCHEMA, MeasureResult

FINISHED = "M076"
SCORES = ("M201", "M202", "M199", "M200")
"""Both PHQ-9 scores; both pairs; a first PHQ-9 only; none at all. Each out of those who finished a course."""


def outcome_completeness(journeys: Held, **asked: Any) -> MeasureResult:
    """Share of finished courses with paired scores (M201, M202), a first score only (M199) or none (M200).

    `asked` is what `calculate` takes (by, place, on, periods, confidence, method), so that the rows stand
    beside those of an outcome. People without paired scores count nationally as not recovered: a group whose
    questionnaires are missing looks like a group that does not recover. Raises as `calculate` does.
    """
    counted = calculate([*SCORES, FINISHED], journeys, **asked)
    finished = counted.only(measure_id=FINISHED).table
    blocks = [_share(counted.only(measure_id=score), finished) for score in SCORES]
    shares = tuple(_as_share(Measure.load(score)) for score in SCORES)
    return replace(counted, table=pa.concat_tables(blocks).combine_chunks(), measures=shares)


def _as_share(measure: Measure) -> Measure:
    """The national count as a share of finished courses; ours, so not official."""
    return measure.model_copy(
        update={
            "statistic": "percentage",
            "numerator": measure.id,
            "denominator": FINISHED,
            "official": False,
        }
    )


def _share(scores: MeasureResult, finished: pa.Table) -> pa.Table:
    """Rows of one count divided by the rows of finished courses, which `calculate` gives in the same
    order."""
    table = scores.table
    counts = [np.asarray(part["numerator"].to_numpy(), dtype=np.float64) for part in (table, finished)]
    figures = percentages(counts[0], counts[1], scores.confidence, scores.method)
    columns = {name: table[name] for name in KEYS}
    columns["statistic"] = pa.repeat(pa.scalar("percentage"), table.num_rows)
    columns["numerator"], columns["denominator"] = table["numerator"], finished["numerator"]
    for name in ("value", "lower", "upper"):
        columns[name] = pa.array(getattr(figures, name), from_pandas=True)
    return pa.table(columns, schema=SCHEMA)
