"""How many people would close the gap: by hand, by the three targets, and as it leaves."""

from __future__ import annotations

import pytest

from joinedup.disclosure import Releasable, release
from joinedup.equity import close_the_gap
from joinedup.errors import UnknownName, YourCommand
from joinedup.stats import difference_of_proportions
from tests.unit.equity.by_group_tables import table_of

NAMES = ("White", "Mixed", "Asian or Asian British", "Black or Black British")
DRAWN = {
    "White": (500, 1_000),
    "Mixed": (11, 15),
    "Asian or Asian British": (160, 400),
    "Black or Black British": (90, 200),
}


def closing(to="best", drawn=DRAWN, **keys):
    return close_the_gap(table_of({("2025-26", name): c for name, c in drawn.items()}, **keys), to=to)


def by_name(found):
    return {one.group: one for one in found.groups}


def test_the_best_group_has_twenty_people_or_more():
    found = closing()
    assert found.target_group == "White"
    assert found.target_rate == 0.5
    groups = by_name(found)
    assert groups["Asian or Asian British"].people == pytest.approx(40)
    assert groups["Black or Black British"].people == pytest.approx(10)
    assert groups["Mixed"].people == 0
    assert groups["White"].people == 0
    assert groups["White"].certain
    assert found.people == pytest.approx(50)
    assert found.complete
    assert found.headline() == "50 more people would bring every group to the rate of White"
    assert found.sentence() == (
        "50 more people would bring every group to the rate of White (50%). "
        "Asian or Asian British 40; Black or Black British 10 (may be chance)."
    )


def test_twenty_people_are_enough():
    assert closing(drawn={**DRAWN, "Mixed": (19, 20)}).target_group == "Mixed"
    assert closing(drawn={**DRAWN, "Mixed": (19, 19)}).target_group == "White"


def test_limits_are_those_of_the_difference_times_the_people():
    one = by_name(closing())["Asian or Asian British"]
    _, lower, upper = difference_of_proportions(500, 1_000, 160, 400)
    assert (one.lower, one.upper) == pytest.approx((400 * lower, 400 * upper))
    assert one.certain
    chance = by_name(closing())["Black or Black British"]
    assert chance.lower == 0
    assert not chance.certain


def test_to_the_overall_rate_and_to_a_group():
    found = closing("overall")
    assert found.target_group is None
    overall = 761 / 1_615
    assert found.target_rate == pytest.approx(overall)
    one = by_name(found)["Asian or Asian British"]
    assert one.people == pytest.approx(400 * overall - 160)
    _, lower, _ = difference_of_proportions(601, 1_215, 160, 400)
    assert one.lower == pytest.approx(400 * lower * 1_215 / 1_615)
    assert "the overall rate" in found.headline()
    to_mixed = closing("Mixed")
    assert by_name(to_mixed)["White"].people == pytest.approx(1_000 * 11 / 15 - 500)


def test_one_group_is_the_whole():
    found = closing("overall", {"White": (5, 50)})
    assert found.people == 0
    assert found.sentence() == "0 more people would bring every group to the overall rate (10%)."


def test_fewer_where_lower_is_better():
    found = closing(measure="M078")
    assert found.figures.sign == -1
    assert found.target_group == "Asian or Asian British"
    assert by_name(found)["White"].people == pytest.approx(100)
    assert by_name(found)["White"].lower < 100 < by_name(found)["White"].upper
    assert "fewer people" in found.headline()


def test_hidden_and_empty_groups_are_not_counted_and_it_says_so():
    found = closing(drawn={**DRAWN, "Mixed": (None, 15), "Black or Black British": (0, 0)})
    assert not found.complete
    assert by_name(found)["Mixed"].people is None
    assert found.people == pytest.approx(40)
    assert found.sentence().endswith("Groups that are hidden or empty are not counted.")
    nothing = closing(drawn={"White": (None, None), "Mixed": (0, 0)})
    assert nothing.people is None
    assert nothing.headline().startswith("Too few people")
    assert nothing.sentence().startswith("Hidden")
    assert nothing.to_json()["target_rate"] is None


def test_what_leaves_is_computed_from_released_counts():
    found = closing(drawn={**DRAWN, "White": (502, 1_003), "Mixed": (3, 15)})
    assert isinstance(found, Releasable)
    released = release(found)
    shown = released.value.to_json()
    assert shown["target_rate"] == 500 / 1_005
    one = shown["groups"][2]
    assert one["people"] == round(400 * 500 / 1_005 - 160)
    assert shown["groups"][1]["rate"] is None
    assert not shown["complete"]
    assert "about" not in shown["headline"]
    assert shown["headline"].startswith("50 more")
    assert release(released.value).value.to_json() == shown
    assert {entry["filters"]["target"] for entry in released.registry.values()} == {"best"}
    assert release(found, "as-published").value.to_json()["groups"][2]["people"] == pytest.approx(
        400 * 502 / 1_003 - 160
    )


def test_the_last_period_unless_another_is_asked_for():
    table = table_of(
        {(period, name): (10 + (period > "2025"), 40) for period in ("2024-25", "2025-26") for name in NAMES}
    )
    assert close_the_gap(table).figures.periods == ("2025-26",)
    assert close_the_gap(table, period="2024-25").target_rate == 0.25
    with pytest.raises(YourCommand, match="no period"):
        close_the_gap(table, period="2020-21")
    with pytest.raises(UnknownName):
        close_the_gap(table, to="Nobody")


def test_a_measure_without_a_better_side_has_no_gap_to_close():
    with pytest.raises(YourCommand, match="no better side"):
        closing(measure="M180")
