"""The control chart of an initiative: its places, from released figures, with the start marked."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from joinedup.charts import control
from joinedup.charts.points import Points
from joinedup.definitions.lattice import BOROUGH
from joinedup.reports.material import target
from joinedup_web.equity.drawing import of_boroughs
from joinedup_web.equity.figures import Figures, Shown, slugged
from joinedup_web.improvement.released import State, known_measure

if TYPE_CHECKING:
    from pathlib import Path

    from joinedup_web.improvement.models import Plan

DRAWING = threading.Lock()
"""One thread makes a picture, the others wait and find it kept."""


def charts_of(plan: Plan, state: State | None) -> tuple[Shown, ...]:
    """A picture for each measure of a plan, as far as figures of it were released."""
    if state is None or plan.story:
        return ()
    places, began = tuple(plan.places), date.fromisoformat(f"{plan.start}-01")
    with DRAWING:
        made = (
            _chart(state.figures.folder, one, plan.level, places, began, plan.predicted.get(one))
            for one in plan.measures
        )
        return tuple(one for one in made if one is not None)


@lru_cache(maxsize=128)
def _chart(
    folder: Path, measure: str, level: str, places: tuple[str, ...], began: date, predicted: float | None
) -> Shown | None:
    state = State(Figures.open(folder))
    wanted, released = known_measure(measure), state.released(level)
    if wanted is None or released is None:
        return None
    own = replace(released, value=released.value.only(measure_id=wanted.id, place=places))
    if not len(own.value):
        return None
    picture = control(
        own, wanted, slug=slugged(f"{wanted.id}-since-{began:%Y-%m}"), caption=state.caption, first=places[0],
        points=Points(linked=True), began=began, target=target(wanted, began),
        predicted=None if predicted is None else 100 * predicted,
    )  # fmt: skip
    notes = [f"{began:%-d %B %Y} (dotted line): it began."]
    if predicted is not None:
        notes.append(f"Predicted from then on (long dashes): {100 * predicted:.1f}%.")
    picture = replace(picture, notes=(*notes, *picture.notes))
    return Shown.of(of_boroughs(picture) if level == BOROUGH else picture)
