"""Tables of released figures: a row a place, a column a measure, and the code of every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from joinedup.charts import Figure, Table, figures
from joinedup.charts.words import HIDDEN, percent, whole
from joinedup.definitions import Measure, Places
from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

NOT_KNOWN, TOTAL = "not_known", "total"
LAST = {NOT_KNOWN: 1, TOTAL: 2}


def grid(
    released: Released[MeasureResult], measures: Mapping[str, str], *, first: str, levels: Sequence[str] = ()
) -> Table:
    """Places in the order of their names, then elsewhere, then everyone. `measures`: id -> head of the column."""
    wanted = {"level": levels} if levels else {}
    found = {(f.measure, f.place): f for f in figures(released, measure_id=measures, **wanted)}
    names = {place: figure.place_name for (_, place), figure in found.items()}
    places = sorted(names, key=lambda place: (LAST.get(place, 0), names[place]))
    rows, codes = [], []
    for place in places:
        cells = [found.get((measure, place)) for measure in measures]
        rows.append(
            (names[place], *(shown(figure, measure) for figure, measure in zip(cells, measures, strict=True)))
        )
        codes.append(("", *(figure.code if figure else "" for figure in cells)))
    return Table(
        (first, *measures.values()),
        tuple(rows),
        frozenset(range(1, len(measures) + 1)),
        cell_codes=tuple(codes),
    )


def shown(figure: Figure | None, measure: str) -> str:
    """A percentage as a percentage, anything else as a whole number."""
    if figure is None:
        return HIDDEN
    return _writer(measure, figure)(figure.value if figure.value is not None else _count(figure, measure))


def _count(figure: Figure, measure: str) -> float | None:
    return figure.numerator if not _is_share(measure, figure) else None


def _writer(measure: str, figure: Figure) -> Callable[[float | None], str]:
    return percent if _is_share(measure, figure) else whole


def _is_share(measure: str, figure: Figure) -> bool:
    # a count shown as a share of others has a denominator though its definition is a count
    try:
        return figure.denominator is not None or Measure.load(measure).statistic == "percentage"
    except UnknownName:
        return figure.denominator is not None


def place_name(code: str) -> str:
    """Short name of a place, or its code where we do not know it."""
    try:
        return Places.load().name(code, short=True)
    except UnknownName:
        return code
