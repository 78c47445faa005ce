"""Event logs, ours or imported, and what follows what in them."""

from joinedup.journeys.event_logs.csv_log import CsvForm, read_csv_log
from joinedup.journeys.event_logs.discovery import Activity, Discovery, Transition, common_variants, discover
from joinedup.journeys.event_logs.log import Attribute, EventLog, event_log
from joinedup.journeys.event_logs.xes import read_xes

__all__ = [
    "Activity",
    "Attribute",
    "CsvForm",
    "Discovery",
    "EventLog",
    "Transition",
    "common_variants",
    "discover",
    "event_log",
    "read_csv_log",
    "read_xes",
]
