"""What the NHS and the collaboratives have agreed, as data: loaded once, checked strictly, frozen.

Names are imported when first used: whoever checks a return needs no measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
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

_HOMES = {
    "Breakdown": "breakdown",
    "Measure": "measure",
    "Pathway": "pathway",
    "Period": "periods",
    "Places": "places",
    "ReturnSpec": "return_spec",
    "financial_years": "periods",
    "months": "periods",
    "quarters": "periods",
    "rolling_years": "periods",
}


__getattr__ = on_demand(__name__, _HOMES)
