"""What a publication shows of a cube: counts, stars, and percentages of what is shown."""

from __future__ import annotations

import pytest

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.publishing import publish
from joinedup.disclosure.sums import Key
from joinedup.errors import UnknownName
from tests.property.disclosure_pairs import ALL, BUT, GROUPS, cube

BELOW = Key("reliable_recovery", "denominator", *ALL[2:])
RECOVERED = Key("recovery", "numerator", *ALL[2:])


def percentages(above, below, profile="nhs-england"):
    made = publish(cube({RECOVERED: above, BELOW: below}, [RECOVERED, BELOW]), profile)
    return {key.measure: value for key, value in made.percentages()}


def test_counts_are_rounded_and_small_ones_are_stars():
    counts = {ALL: 60, BUT: 57, GROUPS[0]: 3}
    made = publish(cube(counts, counts, snapshot=4), "nhs-england")
    assert list(made.rows()) == [(ALL, "60"), (BUT, "*"), (GROUPS[0], "*")]
    assert (made.small, made.further, made.further_at, made.snapshot) == (1, 1, frozenset({1}), 4)
    assert (made.profile.name, made.lattice) == ("nhs-england", Lattice.load())


def test_a_naive_publication_hides_what_is_small_and_nothing_else():
    counts = {ALL: 60, BUT: 57, GROUPS[0]: 3}
    made = publish(cube(counts, counts), "naive", earlier=["never looked at"])
    assert made.shown == (60, 57, None)
    assert (made.small, made.further) == (1, 0)


def test_percentages_are_of_shown_counts_with_as_many_decimals_as_people_allow():
    assert percentages(613, 1_203) == {"recovery": "51.0", "reliable_recovery": "*"}
    assert percentages(21, 40)["recovery"] == "50"
    assert percentages(7, 12)["recovery"] == "*"  # of fewer than 20
    assert percentages(3, 40)["recovery"] == "*"
    assert percentages(4, 4)["recovery"] == "*"
    assert percentages(1_003, 1_002)["recovery"] == "100.0"  # rounding takes nothing above its whole
    assert percentages(613, 1_203, "naive")["recovery"] == f"{100 * 613 / 1_203:.10f}"


def test_every_count_of_another_measure_or_group_is_left_alone():
    referrals = ALL._replace(measure="referrals")
    assert list(publish(cube({referrals: 30}, [referrals]), "nhs-england").percentages()) == []
    made = publish(cube({BELOW: 30}, [BELOW]), "nhs-england")
    assert set(dict(made.percentages()).values()) == {"*"}


def test_an_unknown_profile_is_refused():
    with pytest.raises(UnknownName, match="nhs-england"):
        publish(cube({ALL: 30}, [ALL]), "none")
