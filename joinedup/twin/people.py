"""Persons behind the referrals: who comes back, who moves, who is also known to the other trust."""

from __future__ import annotations

import numpy as np

from joinedup.twin.drawing import Array
from joinedup.twin.figures import practice

GAP = 14
NO_END = np.int32(2**30)


def earlier(
    columns: dict[str, Array],
    keys: tuple[str, ...],
    share: float,
    taken: Array,
    generator: np.random.Generator,
) -> Array:
    """For a `share` of referrals, the position of an earlier one alike in `keys`, to be the same person;
    else -1."""
    size = len(columns["received"])
    order = np.lexsort((columns["received"], *(columns[key] for key in keys)))
    same = np.zeros(size, dtype=np.int64)
    for key in keys:
        ordered = columns[key][order]
        same += np.concatenate([[0], ordered[1:] != ordered[:-1]]).astype(np.int64)
    cell = np.cumsum(same > 0)
    start = np.searchsorted(cell, cell)
    room = np.arange(size) - start
    offset = np.minimum(1 + generator.integers(0, 200, size), room)
    wanted = (generator.random(size) < share) & (room > 0)
    found = np.full(size, -1, dtype=np.int64)
    found[order[wanted]] = order[(np.arange(size) - offset)[wanted]]
    candidates = np.flatnonzero((found >= 0) & ~taken)
    _, kept = np.unique(found[candidates], return_index=True)
    result = np.full(size, -1, dtype=np.int64)
    result[candidates[kept]] = found[candidates[kept]]
    return result


def roots(previous: Array) -> Array:
    """The first referral of each chain."""
    root = np.where(previous >= 0, previous, np.arange(len(previous)))
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return np.asarray(root)
        root = further


def link(columns: dict[str, Array], generator: np.random.Generator) -> tuple[Array, Array]:
    """Person of every referral (position of that person's first referral), and whether the home is a new one.

    No person has two referrals open at one trust at a time, nor a new one within 14 days of the last
    discharge: such referrals would be one pathway.
    """
    rules = practice()
    alike = ("sex", "ethnic", "age_band")
    previous = earlier(
        columns, ("service", *alike, "decile"), rules["same_service_again"], np.zeros(1, bool), generator
    )
    for keys, share in ((("service", *alike), rules["moved_home"]), (alike, rules["other_service"])):
        found = earlier(columns, keys, share, previous >= 0, generator)
        previous = np.where(previous >= 0, previous, found)
    while True:
        person = roots(previous)
        clash = clashes(columns, person)
        if not clash.any():
            break
        previous = np.where(clash, -1, previous)
    before = np.where(previous >= 0, previous, np.arange(len(previous)))
    moved = (columns["decile"][before] != columns["decile"]) | (
        columns["service"][before] != columns["service"]
    )
    return person, moved & (previous >= 0)


def clashes(columns: dict[str, Array], person: Array) -> Array:
    """Referrals that begin before another of the same person at the same trust has been closed for 14
    days."""
    order = np.lexsort((columns["received"], columns["trust"], person))
    who, trust = person[order], columns["trust"][order]
    together = (who[1:] == who[:-1]) & (trust[1:] == trust[:-1])
    early = columns["received"][order][1:] < columns["end"][order][:-1] + GAP
    result = np.zeros(len(person), dtype=bool)
    result[order[1:][together & early]] = True
    # The earlier of a pair may itself be the head of the chain; breaking the later one is enough.
    return np.asarray(result & (person != np.arange(len(person))))


def nhs_numbers(count: int, generator: np.random.Generator) -> Array:
    """Distinct ten-digit numbers that pass modulus 11, from the range that begins with 999 (set aside for
    tests).

    Beyond that range's 909,000 numbers (a scale of about 2.5) they go on with 998, 997 and so on.
    """
    bodies = np.arange(999_999_999, 999_999_999 - int(count * 1.15) - 1000, -1)
    digits = (bodies[:, None] // 10 ** np.arange(8, -1, -1)) % 10
    check = 11 - (digits @ np.arange(10, 1, -1)) % 11
    check = np.where(check == 11, 0, check)
    valid = (bodies * 10 + check)[check < 10][:count]
    return np.asarray(generator.permutation(valid))
