"""What the NHS and the collaboratives have agreed, as data: loaded once, checked strictly, frozen."""

from __future__ import annotations

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.measure import Measure
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.periods import Period, financial_years, months, quarters, rolling_years
from joinedup.definitions.places import Places
from joinedup.definitions.return_spec import ReturnSpec

__all__ = [
    "Breakdown",
    "Measure",
    "Pathway",
    "Period",
    "Places",
    "ReturnSpec",
    "financial_years",
    "months",
    "quarters",
    "rolling_years",
]
