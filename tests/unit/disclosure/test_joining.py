"""A release beside those before it: what was shown, what was hidden, and what the two tell on each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from joinedup.disclosure import PROFILES
from joinedup.disclosure.joining import join
from joinedup.disclosure.publishing import publish
from joinedup.errors import YourCommand
from tests.property.disclosure_pairs import (
    ALL,
    BOROUGHS,
    BUT,
    EIGHT,
    GROUPS,
    LARGE,
    MONTHS,
    QUARTER,
    cube,
    entry,
    narrow,
    together,
)

NHS = PROFILES["nhs-england"]
EIGHT_KEYS = [key for key in BOROUGHS if key.place in EIGHT]


def released(counts, keys, earlier=(), *, snapshot=1, profile="nhs-england"):
    return entry(publish(cube(counts, keys, snapshot), profile, earlier), len(earlier) + 1)


def masked(joint, mask, keys):
    return {keys[i] for i in np.flatnonzero(mask)}


def test_without_earlier_releases_a_cube_is_itself():
    own = cube({ALL: 40, LARGE: 60}, [ALL, LARGE])
    joint = join(own, NHS, ())
    assert (joint.values, joint.sums, joint.bounds) == ([40, 60], own.sums, {})
    assert not any(mask.any() for mask in (joint.start, joint.locked, joint.stars, joint.small_stars))


def test_what_was_shown_is_known_and_what_was_hidden_stays_hidden():
    counts = {ALL: 60, BUT: 57, GROUPS[0]: 3}
    keys = list(counts)
    before = released(counts, keys)
    assert before.further == {BUT}
    joint = join(cube(counts, keys), NHS, [before])
    assert masked(joint, joint.start, keys) == {BUT, GROUPS[0]}
    assert masked(joint, joint.locked, keys) == {ALL}
    later = join(cube(counts, keys, snapshot=2), NHS, [before])
    assert masked(later, later.start, keys) == {BUT}


def test_a_count_that_was_shown_as_the_same_figure_is_another_where_it_could_not_be():
    before = released({ALL: 6}, [ALL])
    joint = join(cube({ALL: 4}, [ALL], snapshot=2), NHS, [before])
    assert before.cells == {ALL: 5}
    assert not joint.locked.any()


def test_one_snapshot_is_shown_in_one_way():
    before = released({ALL: 43}, [ALL])
    with pytest.raises(
        YourCommand, match=r"Release 1 showed 45 for finished_course, .*, All of this snapshot"
    ):
        join(cube({ALL: 48}, [ALL]), NHS, [before])
    assert not join(cube({ALL: 48}, [ALL], snapshot=2), NHS, [before]).locked.any()


def test_cells_of_earlier_releases_are_told_as_they_were_shown():
    counts = {MONTHS[0]: 3, MONTHS[1]: 21, MONTHS[2]: 52, QUARTER: 76}
    before = released(counts, MONTHS)
    joint = join(cube(counts, [QUARTER]), NHS, [before])
    assert joint.values == [76, None, None, None]
    assert joint.bounds == {1: (0, 4), 2: (18, 22), 3: (48, 52)}
    assert joint.stars.tolist() == joint.small_stars.tolist() == [False, True, False, False]
    assert joint.sums == ((0, (1, 2, 3), False),)


def test_two_releases_together_tell_the_narrower_of_what_each_tells():
    first = replace(released({LARGE: 43}, [LARGE]), base=10)
    second = released({LARGE: 43}, [LARGE])
    assert join(cube({ALL: 20}, [ALL]), NHS, [first, second]).bounds == {1: (43, 47)}
    resubmitted = replace(second, cells={LARGE: 70})
    assert join(cube({ALL: 20}, [ALL]), NHS, [second, resubmitted]).bounds == {1: (68, 72)}
    star = replace(second, cells={LARGE: None})
    joint = join(cube({ALL: 3}, [ALL]), NHS, [star, second])
    assert (joint.bounds, joint.stars.any()) == ({1: (43, 47)}, False)


def test_a_figure_that_a_resubmission_has_changed_is_no_longer_known():
    before = released({**dict.fromkeys(MONTHS, 30)}, MONTHS)
    changed = join(cube({QUARTER: 200}, [QUARTER], snapshot=2), NHS, [before])
    assert set(changed.bounds.values()) == {(0, float("inf"))}
    unchanged = join(cube({QUARTER: 91}, [QUARTER], snapshot=2), NHS, [before])
    assert set(unchanged.bounds.values()) == {(28, 32)}


def caught(counts, relations, first, second):
    """Both releases, where apart each holds and the second alone, unchecked, would open a star of the first."""
    before = released(counts, first)
    alone = released(counts, second)
    assert not narrow(before.cells, counts, relations)
    assert narrow(together(before.cells, alone.cells), counts, relations)
    try:
        after = released(counts, second, [before])
    except YourCommand as refusal:
        assert "could be narrowed beside release 1: nothing was written" in str(refusal)
        return None
    assert not narrow(together(before.cells, after.cells), counts, relations)
    return after.cells


def test_everyone_but_one_group_beside_everyone():
    counts = {ALL: 53, GROUPS[0]: 1, BUT: 52}
    relations = [(ALL, [GROUPS[0]], True), (ALL, [BUT, GROUPS[0]], False)]
    assert caught(counts, relations, [ALL, GROUPS[0]], [BUT]) == {BUT: None}


def test_13_boroughs_beside_8():
    """The area of 8 and four of the five other boroughs leave the fifth, which is hidden, no room."""
    five = [key for key in BOROUGHS if key not in EIGHT_KEYS]
    counts = {**dict.fromkeys(BOROUGHS, 0), **dict.fromkeys([EIGHT_KEYS[0], *five[1:], ALL], 52)}
    counts |= {five[0]: 4, LARGE: 264}
    relations = [(LARGE, BOROUGHS, False), (ALL, EIGHT_KEYS, False)]
    assert caught(counts, relations, [LARGE, *five], [ALL]) == {ALL: None}


def test_all_boroughs_but_one_beside_all():
    counts = {**dict.fromkeys(BOROUGHS, 52), EIGHT_KEYS[0]: 4, ALL: 368, LARGE: 628}
    relations = [(LARGE, BOROUGHS, False), (ALL, EIGHT_KEYS, False)]
    first, second = [ALL, EIGHT_KEYS[0]], EIGHT_KEYS[1:]
    assert list(caught(counts, relations, first, second).values()).count(None) == 1


def test_a_quarter_beside_its_months():
    counts = {MONTHS[0]: 4, MONTHS[1]: 52, MONTHS[2]: 52, QUARTER: 108}
    assert caught(counts, [(QUARTER, MONTHS, False)], MONTHS, [QUARTER]) == {QUARTER: None}


def test_months_beside_the_same_quarter_of_another_release_leave_no_way():
    """The quarter and two months were shown before; the third, shown first by a release that knew of neither, is
    hidden in between: nothing is left that could be hidden.
    """
    counts = {MONTHS[0]: 4, MONTHS[1]: 52, MONTHS[2]: 52, QUARTER: 108}
    first, second = released(counts, MONTHS[1:]), released(counts, [QUARTER])
    with pytest.raises(YourCommand, match="1 hidden counts could be narrowed beside release 1, 2: nothing"):
        released(counts, [MONTHS[0]], [first, replace(second, number=2)])


def test_a_profile_that_hides_more_does_not_hide_what_was_shown():
    before = released({ALL: 6}, [ALL])
    with pytest.raises(YourCommand, match="1 counts that this profile hides were shown by release 1"):
        released({ALL: 6}, [ALL], [before], profile="opensafely")


def test_a_profile_that_hides_less_does_not_show_what_was_hidden():
    before = released({ALL: 6}, [ALL], profile="opensafely")
    assert released({ALL: 6}, [ALL], [before]).cells == {ALL: None}
