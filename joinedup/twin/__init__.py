"""A synthetic North West London: returns written as trusts send them, calibrated to the published figures."""

from joinedup.twin.writing import TwinSummary, write_twin

__all__ = ["TwinSummary", "write_twin"]
