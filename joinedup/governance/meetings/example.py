"""The meeting of 18 November 2025 in two councils' versions, written by joinedup from the facts, to try things out on.

Both are in our own words. The version of Kensington and Chelsea tells facts of Open Council Network's page (source
document 004 of the project): committee, day, time, place, what was discussed, who came, numbers and dates. Of the page
that follows Harrow one thing is known to us beside the meeting itself: it lists an item on the commissioning of
dentists, which the other does not (features, row S4.05). What it says of place, people and papers is not known.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "examples"


def example_pages() -> tuple[Path, Path]:
    """The two pages: of Kensington and Chelsea, and of Harrow."""
    return FOLDER / "kensington_and_chelsea.html", FOLDER / "harrow.html"
