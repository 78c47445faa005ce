"""Of which measures figures were published, of which state, up to which period: that they were, and no number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from joinedup.definitions import Period
from joinedup.definitions.measure import Measure
from joinedup.governance.published import CUBE, Published
from joinedup_web.governance.scrutiny.asking import published


@dataclass(frozen=True)
class FiguresPublished:
    """A measure of which figures were published on a day: of which state of the records, and up to which period."""

    measure: Measure
    state: int
    on: date
    last: str


def figures_published() -> list[FiguresPublished]:
    """The measures of the newest state whose figures are published; none where nothing is."""
    newest = published()
    return list(_of_state(_State(newest.state, newest))) if newest is not None else []


@dataclass(frozen=True)
class _State:
    """A published state, known by its number."""

    number: int
    published: Published = field(compare=False, hash=False)


@lru_cache(maxsize=2)
def _of_state(state: _State) -> tuple[FiguresPublished, ...]:
    table, on = state.published.released.value.table, _published_on(state.number)
    found = []
    for name in sorted(set(table["measure_id"].to_pylist())):
        held = table.filter(pc.equal(table["measure_id"], name))["period"].unique().to_pylist()
        months = sorted((Period.parse(one) for one in held), key=lambda one: (one.end, one.start))
        found.append(FiguresPublished(Measure.load(name), state.number, on, months[-1].key))
    return tuple(found)


def _published_on(state: int) -> date:
    """The day on which the cube was written; today where it is not on this disk."""
    file = Path(settings.ENVIRONMENT.folder) / "figures" / str(state) / CUBE
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, timezone.get_current_timezone()).date()
    except OSError:
        return timezone.localdate()
