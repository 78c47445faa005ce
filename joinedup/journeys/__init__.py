"""One row per pathway, from referral to discharge, with the national derivations by their national names."""

from joinedup.journeys.building import build_journeys, clustered_record, load_journeys
from joinedup.journeys.deriving import derive
from joinedup.journeys.tables import Journeys, JourneyTables

__all__ = ["JourneyTables", "Journeys", "build_journeys", "clustered_record", "derive", "load_journeys"]
