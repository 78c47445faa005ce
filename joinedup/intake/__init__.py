"""The way in: find what was sent, read it, check it, load what may rest; and withdraw what should not.

Names are loaded when first used: a process that reads a return needs few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.lean import on_demand

if TYPE_CHECKING:
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

_HOMES = {
    "FileOutcome": "outcomes",
    "LoadReport": "outcomes",
    "check": "checking",
    "held_of": "withdrawing",
    "import_postcodes": "areas",
    "load": "loading",
    "not_withdrawn": "withdrawing",
    "withdraw": "withdrawing",
}


__getattr__ = on_demand(__name__, _HOMES)
