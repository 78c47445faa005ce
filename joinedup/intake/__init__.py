"""The way in: find what was sent, read it, check it, load what may rest; and withdraw what should not."""

from joinedup.intake.areas import import_postcodes
from joinedup.intake.checking import check
from joinedup.intake.loading import load
from joinedup.intake.outcomes import FileOutcome, LoadReport
from joinedup.intake.withdrawing import held_of, not_withdrawn, withdraw

__all__ = [
    "FileOutcome",
    "LoadReport",
    "check",
    "held_of",
    "import_postcodes",
    "load",
    "not_withdrawn",
    "withdraw",
]
