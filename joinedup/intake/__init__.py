"""The way in: find what was sent, read it, check it, and load what may rest."""

from joinedup.intake.areas import import_postcodes
from joinedup.intake.checking import check
from joinedup.intake.loading import load
from joinedup.intake.outcomes import FileOutcome, LoadReport

__all__ = ["FileOutcome", "LoadReport", "check", "import_postcodes", "load"]
