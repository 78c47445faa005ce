from __future__ import annotations

import numpy as np
import pytest

from joinedup.twin.areas import INWARD, invent
from joinedup.twin.people import GAP, nhs_numbers
from joinedup.twin.population import populate


@pytest.fixture(scope="module")
def population():
    return populate(0.06, 12, 7, "2025-03")


def test_nhs_numbers_pass_modulus_11_and_begin_with_the_range_for_tests():
    numbers = nhs_numbers(5000, np.random.default_rng(2)).tolist()
    assert len(set(numbers)) == 5000
    for number in numbers:
        digits = [int(digit) for digit in str(number)]
        assert sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
        assert str(number).startswith("999")


def test_nobody_has_two_pathways_at_one_trust_at_a_time(population):
    rows = population.referrals
    order = np.lexsort((rows["received"], rows["trust"], rows["person"]))
    who, trust = rows["person"][order], rows["trust"][order]
    together = (who[1:] == who[:-1]) & (trust[1:] == trust[:-1])
    assert together.sum() > 20
    assert (rows["received"][order][1:] >= rows["end"][order][:-1] + GAP)[together].all()


def test_some_people_move_and_some_are_known_to_both_trusts(population):
    rows = population.referrals
    trusts = {person: set() for person in rows["person"].tolist()}
    places = {person: set() for person in rows["person"].tolist()}
    for person, trust, home in zip(
        rows["person"].tolist(), rows["trust"].tolist(), rows["home"].tolist(), strict=True
    ):
        trusts[person].add(trust)
        places[person].add(home)
    assert sum(len(found) == 2 for found in trusts.values()) > 5
    assert sum(len(found) > 1 for found in places.values()) > 10


def test_areas_are_invented_and_rank_as_their_decile():
    areas = invent(("E09000009", "E09000013"), np.random.default_rng(1))
    assert len(set(areas.postcode.tolist())) == len(areas.postcode) == 2 * 10 * 12 * 6
    assert all(code.startswith("ZX") and set(code[-2:]) <= set(INWARD) for code in areas.postcode.tolist())
    decile = np.ceil(areas.rank / 3284.4).astype(int)
    assert decile.tolist() == (np.repeat(np.arange(1, 11), 72).tolist()) * 2
    assert all(code.startswith("E019") and len(code) == 9 for code in areas.lsoa.tolist())
