"""Released results to pictures: each with its finding as title, a sentence, a table, and three sizes of drawing."""

from __future__ import annotations

from joinedup.charts.cells import Figure, figures
from joinedup.charts.control import control
from joinedup.charts.funnels import funnel
from joinedup.charts.gaps import gap_table, gap_waterfall, journey_steps
from joinedup.charts.groups import Lens, by_group
from joinedup.charts.picture import Picture, Table

__all__ = [
    "Figure",
    "Lens",
    "Picture",
    "Table",
    "by_group",
    "control",
    "figures",
    "funnel",
    "gap_table",
    "gap_waterfall",
    "journey_steps",
]
