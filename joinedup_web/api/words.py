"""What kinds of thing are called where people choose them for a token."""

from __future__ import annotations

WORDS = {
    "figure": "Released figures, definitions, and what a number is",
    "register": "Organisations and places",
    "note": "Notes beside numbers: read them, and write, share and end them where you may",
    "submission": "Returns of your trust: send, submit and withdraw them, and read what was found",
}


def words_of(kind: str) -> str:
    """A kind of thing of the policy table, in words."""
    return WORDS.get(kind, kind.capitalize())
