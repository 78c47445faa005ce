"""The only way out: what is hidden, what is rounded, and the code each released number carries."""

from __future__ import annotations

from joinedup.disclosure.codes import code_of
from joinedup.disclosure.display import Display
from joinedup.disclosure.profiles import PROFILES, Profile
from joinedup.disclosure.protecting import Protection, protect
from joinedup.disclosure.releasable import Cell, Relation, Releasable
from joinedup.disclosure.releasing import Released, entries_of, release

__all__ = [
    "PROFILES",
    "Cell",
    "Display",
    "Profile",
    "Protection",
    "Relation",
    "Releasable",
    "Released",
    "code_of",
    "entries_of",
    "protect",
    "release",
]
