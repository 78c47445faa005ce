"""Statistics that the platform needs, exact and vectorised: numbers in, numbers out, nothing about the NHS
inside."""

from __future__ import annotations

from joinedup.stats.control_charts import SpecialCause, XmrLimits, xmr_limits, xmr_rules
from joinedup.stats.funnel import Z_95, Z_998, Verdict, funnel_limits, funnel_verdict
from joinedup.stats.inequality import SlopeIndex, slope_index_of_inequality
from joinedup.stats.intervals import (
    difference_of_proportions,
    exact_interval,
    poisson_interval,
    proportion,
    ratio_of_proportions,
    wilson_interval,
)
from joinedup.stats.means import logarithmic_mean
from joinedup.stats.multiple import benjamini_hochberg, holm

__all__ = [
    "Z_95",
    "Z_998",
    "SlopeIndex",
    "SpecialCause",
    "Verdict",
    "XmrLimits",
    "benjamini_hochberg",
    "difference_of_proportions",
    "exact_interval",
    "funnel_limits",
    "funnel_verdict",
    "holm",
    "logarithmic_mean",
    "poisson_interval",
    "proportion",
    "ratio_of_proportions",
    "slope_index_of_inequality",
    "wilson_interval",
    "xmr_limits",
    "xmr_rules",
]
