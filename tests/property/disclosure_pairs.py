"""Pairs of releases that tell on each other: everyone and everyone but one group, 8 and 13 boroughs, months and
their quarter, before and after a resubmission.

Half of them as they are named, half with the counts dealt out to the two releases at random.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.lattice import Lattice
from joinedup.definitions.places import Places
from joinedup.disclosure.cube import Cube
from joinedup.disclosure.ledger import ReleaseEntry
from joinedup.disclosure.publishing import publish
from joinedup.disclosure.sums import Key
from joinedup.errors import YourCommand
from tests.reference.disclosure import possible

LATTICE = Lattice.load()
ALL = Key("finished_course", "numerator", "area", "NWL", "2025-26", "total", "All")
GROUPS = [
    ALL._replace(breakdown="ethnic_group", group=g) for g in Breakdown.load("ethnic_group").stated_names
]
BUT = ALL._replace(breakdown="ethnic_group", group="All but White")
EIGHT, THIRTEEN = ([m.code for m in Places.load().place(code).members] for code in ("NWL", "Z9B2Z"))
LARGE = ALL._replace(place="Z9B2Z")
BOROUGHS = [ALL._replace(place_level="borough", place=code) for code in THIRTEEN]
QUARTER = ALL._replace(period="2025-26-Q1")
MONTHS = [ALL._replace(period=f"2025-0{month}") for month in (4, 5, 6)]


def entry(publication, number=1):
    """A publication as the ledger gives it back."""
    rule = publication.profile
    return ReleaseEntry(
        number=number,
        released_at=datetime(2026, 1, 1, tzinfo=UTC),
        profile=rule.name,
        base=rule.display.base,
        hide_below=rule.hide_below,
        snapshot=publication.snapshot,
        lattice=publication.lattice.slug,
        lattice_version=publication.lattice.version,
        cells=dict(zip(publication.keys, publication.shown, strict=True)),
        further=frozenset(publication.keys[at] for at in publication.further_at),
    )


def cube(counts, keys, snapshot=1):
    """A cube of these keys, with their counts by key."""
    return Cube(LATTICE, snapshot, tuple(keys), np.array([counts[key] for key in keys], dtype=np.int64))


def dealt(rng, first, second):
    """What each of two releases holds: as named, or every count in one or the other or both."""
    if rng.random() < 0.5:
        return first, second
    every = list(dict.fromkeys([*first, *second]))
    which = rng.integers(0, 3, len(every))
    return ([key for key, w in zip(every, which, strict=True) if w != chosen] for chosen in (0, 1))


def groups(rng):
    """Everyone and each group; everyone but one group."""
    counts = dict(zip(GROUPS, rng.poisson(rng.exponential(12, 5)).tolist(), strict=True))
    counts[ALL] = sum(counts.values()) + int(rng.poisson(2))
    counts[BUT] = counts[ALL] - counts[GROUPS[0]]
    relations = [(ALL, GROUPS, True), (ALL, [BUT, GROUPS[0]], False)]
    return counts, relations, dealt(rng, [ALL, *GROUPS], [BUT])


def places(rng):
    """Boroughs and the area of 13; the area of 8."""
    counts = dict(zip(BOROUGHS, rng.poisson(rng.exponential(rng.choice([1, 6]), 13)).tolist(), strict=True))
    eight = [key for key in BOROUGHS if key.place in EIGHT]
    counts |= {LARGE: sum(counts.values()), ALL: sum(counts[key] for key in eight)}
    relations = [(LARGE, BOROUGHS, False), (ALL, eight, False)]
    return counts, relations, dealt(rng, [*BOROUGHS, LARGE], [ALL])


def periods(rng):
    """Months; their quarter."""
    counts = dict(zip(MONTHS, rng.poisson(rng.exponential(8, 3)).tolist(), strict=True))
    counts[QUARTER] = sum(counts.values())
    return counts, [(QUARTER, MONTHS, False)], dealt(rng, MONTHS, [QUARTER])


def narrow(shown, counts, relations):
    """Hidden counts of which something is known. `shown`: figure or None (a star) by published key."""
    keys = list(counts)
    at = {key: i for i, key in enumerate(keys)}
    numbered = [(at[total], tuple(at[part] for part in parts), rest) for total, parts, rest in relations]
    small = {at[key] for key, figure in shown.items() if figure is None and counts[key] < 5}
    found = possible([shown.get(key) for key in keys], numbered, small)
    return [keys[cell] for cell, values in found.items() if values != set(range(5))]


def together(*releases):
    """What several releases show: a figure wherever one of them has it."""
    shown = {}
    for release in releases:
        for key, figure in release.items():
            shown[key] = figure if shown.get(key) is None else shown[key]
    return shown


def pair(seed, ledger=True):
    """(hidden counts that two releases isolate together, whether the second was refused). Without the `ledger` the
    second is not checked against the first.
    """
    rng = np.random.default_rng(seed)
    if seed % 4 == 3:
        return resubmitted(rng, ledger)
    counts, relations, (first, second) = (groups, places, periods)[seed % 4](rng)
    before = entry(publish(cube(counts, first), "nhs-england"))
    try:
        after = entry(publish(cube(counts, second), "nhs-england", [before] if ledger else ()), 2)
    except YourCommand:
        return len(narrow(before.cells, counts, relations)), True
    return len(narrow(together(before.cells, after.cells), counts, relations)), False


def resubmitted(rng, ledger):
    """One publication before and after some counts changed; the reader knows which did not."""
    counts, relations, _ = (places, periods)[int(rng.integers(2))](rng)
    keys, totals = list(counts), [total for total, *_ in relations]
    changed = {
        key: max(0, count + int(rng.integers(-3, 4) * (rng.random() < 0.3)))
        for key, count in counts.items()
        if key not in totals
    }
    changed |= {total: sum(changed[part] for part in parts) for total, parts, _ in relations}
    before = entry(publish(cube(counts, keys), "nhs-england"))
    try:
        after = entry(publish(cube(changed, keys, snapshot=2), "nhs-england", [before] if ledger else ()), 2)
    except YourCommand:
        return len(narrow(before.cells, counts, relations)), True
    same = {key for key in counts if counts[key] == changed[key]}
    found = 0
    for own, other, true in ((before, after, counts), (after, before, changed)):
        known = {key: figure for key, figure in other.cells.items() if key in same}
        found += len(narrow(together(own.cells, known), true, relations))
    return found, False
