"""The rules of release: counts shown to the nearest base, and what each shown count could be."""

from __future__ import annotations

import pytest

from joinedup.disclosure.display import Display
from joinedup.disclosure.profiles import PROFILES, Profile, profile_of
from joinedup.errors import UnknownName

NHS = PROFILES["nhs-england"]
TENS = Profile("tens", Display("tens", base=10))


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (2, 0), (3, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_002, 1_000)]
)
def test_counts_are_shown_to_the_nearest_five(count, shown):
    assert NHS.shown(count) == shown


@pytest.mark.parametrize(("count", "shown"), [(4, 0), (5, 10), (14, 10), (15, 20), (25, 30)])
def test_halves_go_upwards(count, shown):
    assert TENS.shown(count) == shown


def test_without_a_base_a_count_is_shown_as_it_is():
    naive = PROFILES["naive"]
    assert [naive.shown(count) for count in (0, 1, 5, 7, 101)] == [0, 1, 5, 7, 101]
    assert naive.could_be(7) == (7, 7)


@pytest.mark.parametrize(
    ("profile", "shown", "between"),
    [
        (NHS, 5, (5, 7)),
        (NHS, 10, (8, 12)),
        (NHS, 100, (98, 102)),
        (PROFILES["opensafely"], 10, (8, 12)),
        (PROFILES["opensafely"], 5, (8, 7)),
        (TENS, 10, (5, 14)),
        (TENS, 0, (0, 4)),
        (PROFILES["as-published"], 3, (3, 3)),
    ],
)
def test_what_a_shown_count_could_be(profile, shown, between):
    assert profile.could_be(shown) == between


def test_a_count_lies_between_what_its_shown_count_could_be_and_no_other():
    for profile in (NHS, PROFILES["opensafely"], TENS):
        for count in range(profile.hide_below, 200):
            lowest, highest = profile.could_be(profile.shown(count))
            assert lowest <= count <= highest
            assert [profile.shown(each) for each in range(lowest, highest + 1)] == [profile.shown(count)] * (
                highest + 1 - lowest
            )


def test_the_profiles_by_name():
    drawn = {
        name: (p.hide_below, p.display.base, p.publishes, p.protects, p.display.small, p.display.exact)
        for name, p in PROFILES.items()
    }
    assert drawn == {
        "nhs-england": (5, 5, True, True, True, False),
        "opensafely": (8, 5, True, True, True, False),
        "naive": (5, 1, False, True, False, False),
        "as-published": (0, 1, False, False, True, True),
        "model": (0, 1, False, False, False, False),
    }
    assert (
        [p.name for p in PROFILES.values()]
        == [p.display.profile for p in PROFILES.values()]
        == list(PROFILES)
    )
    assert [name for name, p in PROFILES.items() if p.display.plain] == ["naive"]


def test_rounding_alone_protects_and_so_does_hiding_alone():
    assert TENS.protects and not TENS.publishes
    assert Profile("one", Display("one"), hide_below=1).protects
    assert Profile("two", Display("two", base=2)).protects
    bare = Profile("bare", Display("bare"))
    assert not bare.protects and not bare.publishes and bare.hide_below == 0
    assert Profile("closed", Display("closed"), complementary=True).publishes


def test_a_profile_is_found_by_its_name_or_is_itself():
    assert profile_of("opensafely") is PROFILES["opensafely"]
    assert profile_of(TENS) is TENS
    with pytest.raises(UnknownName, match="'private'") as refused:
        profile_of("private")
    assert "nhs-england, opensafely, naive, as-published, model" in str(refused.value.remedy)
