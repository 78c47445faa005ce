"""Joins: days within a chart's time on which organisations behind its figures merged, followed each other, or took over
a service. A chart marks them, so that a step is not taken for a change of care.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from joinedup.definitions import Places
from joinedup.definitions.maps import ChangeOfMap, joins

if TYPE_CHECKING:
    from joinedup.charts.cells import Figure


def joins_of(found: Sequence[Figure]) -> tuple[ChangeOfMap, ...]:
    """The joins that touch the places of these figures, from the first of them to the last."""
    register = Places.load()
    known = {place.code for place in register.places}
    places = tuple(sorted({figure.place for figure in found} & known))
    if not places:
        return ()
    first, last = min(figure.start for figure in found), max(figure.period.end for figure in found)
    return joins(register, places, first, last, register.home.sector)


def notes_of(found: Sequence[ChangeOfMap], mark: str = "") -> tuple[str, ...]:
    """One sentence for each join; `mark` is how the drawing shows it."""
    return tuple(
        f"{one.day:%-d %B %Y}{mark}: {one.words}{' (the day is assumed)' if one.assumed else ''}."
        for one in found
    )
