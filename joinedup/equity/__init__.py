"""Where a gap between groups of people opens on the way to an outcome, and how many people that is."""

from __future__ import annotations

from joinedup.equity.adjusted import AdjustedComparison, adjusted_comparison
from joinedup.equity.attribution import GapAttribution
from joinedup.equity.bars import GapBar
from joinedup.equity.beside_others import beside_others
from joinedup.equity.by_group import ByGroup
from joinedup.equity.chain import Chain, Stage
from joinedup.equity.closing import GapClosing, close_the_gap
from joinedup.equity.finding_practice import best_practice
from joinedup.equity.flows import attribute_flows
from joinedup.equity.gap import attribute_gap
from joinedup.equity.outcomes import OUTCOMES, Outcome
from joinedup.equity.practice import BestPractice
from joinedup.equity.published import published_gaps
from joinedup.equity.scanning import GapScan, scan_gaps
from joinedup.equity.trend import InequalityTrend, Movement, inequality_trend
from joinedup.equity.variation import PlaceVariation, variation_between
from joinedup.equity.variation_trend import SpreadChange, VariationTrend, variation_trend
from joinedup.equity.waiting import Waits, waits

__all__ = [
    "OUTCOMES",
    "AdjustedComparison",
    "BestPractice",
    "ByGroup",
    "Chain",
    "GapAttribution",
    "GapBar",
    "GapClosing",
    "GapScan",
    "InequalityTrend",
    "Movement",
    "Outcome",
    "PlaceVariation",
    "SpreadChange",
    "Stage",
    "VariationTrend",
    "Waits",
    "adjusted_comparison",
    "attribute_flows",
    "attribute_gap",
    "beside_others",
    "best_practice",
    "close_the_gap",
    "inequality_trend",
    "published_gaps",
    "scan_gaps",
    "variation_between",
    "variation_trend",
    "waits",
]
