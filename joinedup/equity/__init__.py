"""Where a gap between groups of people opens on the way to an outcome, and how many people that is."""

from __future__ import annotations

from joinedup.equity.attribution import GapAttribution
from joinedup.equity.bars import GapBar
from joinedup.equity.chain import Chain, Stage
from joinedup.equity.flows import attribute_flows
from joinedup.equity.gap import attribute_gap
from joinedup.equity.outcomes import OUTCOMES, Outcome
from joinedup.equity.published import published_gaps
from joinedup.equity.scanning import GapScan, scan_gaps

__all__ = [
    "OUTCOMES",
    "Chain",
    "GapAttribution",
    "GapBar",
    "GapScan",
    "Outcome",
    "Stage",
    "attribute_flows",
    "attribute_gap",
    "published_gaps",
    "scan_gaps",
]
