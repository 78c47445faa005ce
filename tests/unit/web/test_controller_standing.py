"""Whether figures may be seen as their controller changes: by hand, by the register, and on random registers."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from joinedup.definitions import Places
from joinedup_web.controllers.standing import Holding, reach, standing

REGISTER = Places.load()
HOUNSLOW = "E09000018"
HRCH = Holding("community_services", HOUNSLOW, "RY9", date(2018, 5, 25))
WEST_LONDON = Holding("community_services", HOUNSLOW, "RKL", date(2024, 7, 1))
MOVED = date(2024, 7, 1)


def test_before_the_move_hounslow_and_richmond_answers() -> None:
    found = standing([HRCH], REGISTER, date(2024, 6, 30))
    assert found is not None and found.open and found.controller == "RY9"


def test_hounslows_community_services_moved_and_access_waits_for_west_london() -> None:
    found = standing([HRCH], REGISTER, MOVED)
    assert found is not None and not found.open
    assert (found.since, found.before, found.controller) == (MOVED, "RY9", "RKL")
    assert "moved to West London NHS Trust" in found.why
    found = standing([HRCH, WEST_LONDON], REGISTER, date(2024, 9, 1))
    assert found is not None and not found.open and found.since == MOVED
    approved = Holding("community_services", HOUNSLOW, "RKL", MOVED, None, approved=True)
    found = standing([HRCH, approved], REGISTER, date(2024, 9, 1))
    assert found is not None and found.open and found.before == "RY9"


def test_the_rest_of_hounslow_and_richmond_goes_with_the_merger() -> None:
    whole = Holding("community_services", "RY9", "RY9", date(2018, 5, 25))
    assert (before := standing([whole], REGISTER, date(2024, 10, 31))) is not None and before.open
    found = standing([whole], REGISTER, date(2024, 11, 1))
    assert found is not None and not found.open
    assert (found.since, found.controller) == (date(2024, 11, 1), "RAX")


def test_a_move_of_community_services_leaves_talking_therapies_alone() -> None:
    other = Holding("talking_therapies", HOUNSLOW, "RY9", date(2018, 5, 25))
    found = standing([other], REGISTER, date(2024, 9, 1))
    assert found is not None and found.open


def test_an_end_without_a_beginning_leaves_nobody_to_approve() -> None:
    ended = Holding("talking_therapies", "RKL", "RKL", date(2018, 5, 25), date(2026, 1, 31))
    found = standing([ended], REGISTER, date(2026, 2, 1))
    assert found is not None and not found.open and found.approver == "" and found.since == date(2026, 2, 1)
    again = Holding("talking_therapies", "RKL", "RKL", date(2026, 3, 1))
    found = standing([ended, again], REGISTER, date(2026, 3, 2))
    assert found is not None and found.open, "the same controller again is no change"


def test_a_trust_reaches_its_services_and_a_borough_its_service() -> None:
    assert reach("RKL", "talking_therapies", REGISTER, date(2026, 1, 1)) == {"RKL", "RKL07", "RKL14", "RKL42"}
    assert reach(HOUNSLOW, "talking_therapies", REGISTER, date(2026, 1, 1)) == {HOUNSLOW, "RKL42"}
    assert reach(HOUNSLOW, "community_services", REGISTER, date(2026, 1, 1)) == {HOUNSLOW}


TRUSTS = st.sampled_from(["RV3", "RKL", "RYX"])
DAYS = st.dates(date(2019, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(TRUSTS, DAYS, st.booleans()), max_size=6, unique_by=lambda row: row[1]), DAYS)
def test_only_an_approved_change_or_no_change_is_open(rows: list[tuple[str, date, bool]], on: date) -> None:
    held = [Holding("talking_therapies", "RKL", trust, day, None, approved) for trust, day, approved in rows]
    found = standing(held, REGISTER, on)
    begun = sorted((row for row in held if row.valid_from <= on), key=lambda row: row.valid_from)
    assert (found is None) == (not begun)
    if found is not None:
        changed = {row.controller for row in begun} != {begun[-1].controller}
        assert found.controller == begun[-1].controller
        assert found.open == (not changed or begun[-1].approved)
        assert found.since <= on


@given(DAYS, st.integers(0, 400))
def test_a_gap_between_two_controllers_is_suspended_on_each_of_its_days(day: date, gap: int) -> None:
    first = Holding("talking_therapies", "RKL", "RV3", date(2018, 1, 1), day)
    second = Holding("talking_therapies", "RKL", "RKL", day + timedelta(days=1 + gap), None, approved=True)
    for offset in {0, gap // 2, gap}:
        on = day + timedelta(days=1 + offset)
        found = standing([first, second], REGISTER, on)
        assert found is not None and found.open == (offset >= gap)
