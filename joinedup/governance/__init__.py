"""Scrutiny's tracker: recommendations and requests that close on evidence alone.

A workbook comes in cell for cell, each row gets a history of events, and the workbook goes out again. Names are
imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
    from joinedup.governance.evidence import DocumentTest, Figures, MeasureTest, Point, Series
    from joinedup.governance.exporting import export_tracker, source_workbook
    from joinedup.governance.figures import evidence_of, topic_figures
    from joinedup.governance.history import History, Status
    from joinedup.governance.importing import import_tracker
    from joinedup.governance.merging import Difference, Merge, merged, reckon
    from joinedup.governance.tracker import Item, Tracker

__all__ = [
    "Difference",
    "DocumentTest",
    "Figures",
    "History",
    "Item",
    "MeasureTest",
    "Merge",
    "Point",
    "Series",
    "Status",
    "Tracker",
    "evidence_of",
    "export_tracker",
    "import_tracker",
    "merged",
    "reckon",
    "source_workbook",
    "topic_figures",
]

_HOMES = {
    "Difference": "merging",
    "DocumentTest": "evidence",
    "Figures": "evidence",
    "History": "history",
    "Item": "tracker",
    "MeasureTest": "evidence",
    "Merge": "merging",
    "Point": "evidence",
    "Series": "evidence",
    "Status": "history",
    "Tracker": "tracker",
    "evidence_of": "figures",
    "export_tracker": "exporting",
    "import_tracker": "importing",
    "merged": "merging",
    "reckon": "merging",
    "source_workbook": "exporting",
    "topic_figures": "figures",
}


__getattr__ = on_demand(__name__, _HOMES)
