"""A synthetic North West London: returns written as trusts send them, calibrated to the published figures."""

from joinedup.twin.simulating import SimulatedTables, simulate_tables
from joinedup.twin.writing import TwinSummary, write_twin

__all__ = ["SimulatedTables", "TwinSummary", "simulate_tables", "write_twin"]
