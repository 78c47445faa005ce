"""Event logs, ours or imported, and what follows what in them."""

from joinedup.journeys.event_logs.discovery import Activity, Discovery, Transition, common_variants, discover
from joinedup.journeys.event_logs.log import Attribute, EventLog, event_log

__all__ = [
    "Activity",
    "Attribute",
    "Discovery",
    "EventLog",
    "Transition",
    "common_variants",
    "discover",
    "event_log",
]
