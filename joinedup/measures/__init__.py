"""Measures from journeys or from published figures, by place, group and period; and one group beside
another."""

from __future__ import annotations

from joinedup.measures.calculating import calculate
from joinedup.measures.comparing import Comparison, compare
from joinedup.measures.completeness import outcome_completeness
from joinedup.measures.publishing import from_published
from joinedup.measures.result import MeasureResult, Reckoning

__all__ = [
    "Comparison",
    "MeasureResult",
    "Reckoning",
    "calculate",
    "compare",
    "from_published",
    "outcome_completeness",
]
