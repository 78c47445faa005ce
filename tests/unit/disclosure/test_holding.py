"""What earlier releases hid stays hidden: the last look before anything is written."""

from __future__ import annotations

import numpy as np
import pytest

from joinedup.disclosure import PROFILES, holding
from joinedup.disclosure.attacking_solving import Range
from joinedup.disclosure.joining import join
from joinedup.disclosure.linked import linked
from joinedup.disclosure.publishing import publish
from joinedup.errors import YourCommand
from tests.property.disclosure_pairs import ALL, BUT, GROUPS, MONTHS, QUARTER, cube, entry

COUNTS = {MONTHS[0]: 4, MONTHS[1]: 52, MONTHS[2]: 52, QUARTER: 108}


def before(keys=MONTHS):
    return entry(publish(cube(COUNTS, keys), "nhs-england"))


def test_what_the_solver_excludes_is_refused_where_intervals_see_nothing(monkeypatch):
    """Intervals use one sum at a time: the solver of the attack has the last word."""
    narrow = Range(1, 4, (1, 2, 3, 4))
    monkeypatch.setattr(holding, "_solved", lambda tables, known, wanted: iter([narrow, narrow]))
    with pytest.raises(YourCommand, match="2 hidden counts could be narrowed beside release 1"):
        publish(cube(COUNTS, [QUARTER]), "nhs-england", [before()])


def test_what_was_not_settled_in_time_is_refused(monkeypatch):
    undecided = Range(0, 4, (0, 1, 2, 3, 4), decided=False)
    monkeypatch.setattr(holding, "_solved", lambda tables, known, wanted: iter([undecided]))
    with pytest.raises(YourCommand, match="could be narrowed"):
        publish(cube(COUNTS, [QUARTER]), "nhs-england", [before()])


def test_a_star_that_cannot_be_small_tells_of_nobody(monkeypatch):
    large = Range(7, 90, ())
    whole = Range(0, 4, (0, 1, 2, 3, 4))
    monkeypatch.setattr(holding, "_solved", lambda tables, known, wanted: iter([large, whole]))
    assert publish(cube(COUNTS, [QUARTER]), "nhs-england", [before()]).shown == (None,)


def test_a_release_without_earlier_ones_is_not_solved_again(monkeypatch):
    monkeypatch.setattr(holding, "_solved", lambda *_: pytest.fail("solved"))
    publish(cube(COUNTS, COUNTS), "nhs-england")
    publish(cube(COUNTS, COUNTS), "nhs-england", [before(list(COUNTS))])


def test_the_same_figure_after_a_resubmission_opens_nothing():
    counts = {ALL: 60, BUT: 57, GROUPS[0]: 3}
    first = entry(publish(cube(counts, counts), "nhs-england"))
    assert first.cells == {ALL: 60, BUT: None, GROUPS[0]: None}
    everyone = cube(counts, [ALL], snapshot=2)
    assert publish(everyone, "nhs-england", [first]).shown == (60,)


def test_cells_that_hang_together_are_solved():
    """A table of two by two over two releases: whatever comes out, the solver is asked about every star."""
    groups = [(QUARTER, group) for group in GROUPS[:2]]
    keys = [
        month._replace(breakdown="ethnic_group", group=group.group) for month in MONTHS for _, group in groups
    ]
    counts = dict(zip(keys, [3, 52, 52, 2, 1, 61], strict=True))
    for month in MONTHS:
        counts[month] = sum(counts[key] for key in keys if key.period == month.period) + 9
    for quarter, group in groups:
        key = quarter._replace(breakdown="ethnic_group", group=group.group)
        counts[key] = sum(counts[one] for one in keys if one.group == group.group)
    later = [key for key in counts if key not in keys]
    first = entry(publish(cube(counts, keys), "nhs-england"))
    made = publish(cube(counts, later), "nhs-england", [first])
    assert len(made.shown) == len(later)


def test_masks_are_put_on_linked_cells():
    """Two keys that are one count by definition share what is known of either."""
    rule = PROFILES["nhs-england"]
    joint = join(cube(COUNTS, [QUARTER]), rule, [before()])
    tables, at = linked(joint.values, joint.sums, joint.bounds)
    held = holding.Held.of(joint, tables, at, rule)
    assert np.flatnonzero(held.small_stars[at]).tolist() == [1]
    assert held.highest == 4
