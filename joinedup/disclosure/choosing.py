"""Which further cells to hide: a cover of what is exposed at least cost, fewest cells, then fewest people."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from joinedup.disclosure.knowing import Known, implied
from joinedup.disclosure.linked import Bools, Floats, Ints, Linked

SECONDS = 5.0
Cut = tuple[int, ...]
"""Shown cells of which one at least has to be hidden."""


def cuts_of(tables: Linked, hidden: Bools, exposed: Ints, known: Known, highest: int) -> list[Cut]:
    """For every exposed cell the shown cells of the sum that narrows it most, or of the next, where there are any."""
    lower, upper = implied(tables, known)
    tight = np.maximum(lower, highest - upper)
    cuts = dict[Cut, None]()
    for cell in exposed:
        entries = tables.entries_of(cell)
        rows = tables.row_of[entries[np.argsort(-tight[entries], kind="stable")]]
        near = (cut for row in rows if (cut := shown_near(tables, hidden, row)))
        cuts |= dict.fromkeys(islice(near, 1))
    return list(cuts)


def shown_near(tables: Linked, hidden: Bools, row: int) -> Cut:
    """Shown cells of a relation; where there are none, the nearest ones through relations."""
    rows, layer = {int(row)}, [int(cell) for cell in tables.entries(row)]
    while True:
        found = {cell for cell in layer if not hidden[cell]}
        wider = {int(other) for cell in layer for other in tables.rows_of(cell)} - rows
        if found or not wider:
            return tuple(sorted(found))
        rows |= wider
        layer = [int(cell) for one in wider for cell in tables.entries(one)]


def costs(tables: Linked, known: Known, highest: int) -> Floats:
    """What hiding each cell costs: itself, and a further cell for every sum that would give it away in turn."""
    lower, upper = implied(tables, known)
    exposing = (lower > 0) | (upper < highest)
    return np.asarray(
        tables.weights + np.bincount(tables.cells, weights=exposing, minlength=tables.size), float
    )


def cover(cuts: Sequence[Cut], cost: Floats, people: Ints) -> set[int]:
    """Cells that meet every cut at least cost, then with fewest people: an integer programme. Where it is not solved
    in time, always the cell that costs least for each cut it meets."""
    cells = np.unique(np.concatenate([np.array(cut) for cut in cuts]))
    among = people[cells] / (1 + people[cells].sum())
    found = _least_cover([np.searchsorted(cells, cut) for cut in cuts], cost[cells] + among)
    return _greedy_cover(cuts, cost, people) if found is None else {int(cell) for cell in cells[found]}


def _least_cover(cuts: Sequence[Ints], cost: Floats) -> Ints | None:
    import highspy

    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", SECONDS)):
        highs.setOptionValue(option, value)
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(cuts)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(len(cost)), np.ones(len(cost))
    model.row_lower_, model.row_upper_ = np.ones(len(cuts)), np.full(len(cuts), np.inf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(cut) for cut in cuts])])
    model.a_matrix_.index_ = np.concatenate(cuts)
    model.a_matrix_.value_ = np.ones(sum(len(cut) for cut in cuts))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.flatnonzero(np.array(highs.getSolution().col_value) > 0.5)


def _greedy_cover(cuts: Sequence[Cut], cost: Floats, people: Ints) -> set[int]:
    meets = defaultdict(set)
    for number, cut in enumerate(cuts):
        for cell in cut:
            meets[cell].add(number)
    left, chosen = set(range(len(cuts))), set[int]()
    queue = [(cost[cell] / len(met), int(people[cell]), cell) for cell, met in meets.items()]
    heapq.heapify(queue)
    while left:
        price, value, cell = heapq.heappop(queue)
        if met := meets[cell] & left:
            fresh = cost[cell] / len(met)
            if fresh > price:  # others have met some of its cuts since it was put in the queue
                heapq.heappush(queue, (fresh, value, cell))
                continue
            chosen.add(cell)
            left -= met
    return chosen
