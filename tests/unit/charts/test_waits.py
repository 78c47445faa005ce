"""Curves of waits: only by the rules for figures that do not come from counts, and in words that fit."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from joinedup.charts import WaitCurve, WaitEnds, release_curves, release_ends, wait_curve, wait_ends
from joinedup.charts.released_waits import ANOTHER
from joinedup.errors import YourCommand
from joinedup.stats.competing import cumulative_incidence
from joinedup.stats.survival import survival_curve

PEOPLE = "People referred April 2024 to March 2025"


def waits(n: int, scale: float, seed: int = 1):
    days = np.random.default_rng(seed).exponential(scale, n).round() + 1
    return np.minimum(days, 200), (days < 200).astype(int)


def curves(**groups: tuple[int, float]) -> tuple[WaitCurve, ...]:
    days, seen, labels = [], [], []
    for name, (n, scale) in groups.items():
        time, event = waits(n, scale)
        days.append(time), seen.append(event), labels.extend([name] * n)
    return release_curves(survival_curve(np.concatenate(days), np.concatenate(seen), groups=np.array(labels)))


def drawn(found, **more):
    return wait_curve(found, slug="w", caption="x", what="First treatment", people=PEOPLE, **more)


def ends(counts: dict[str, int], waiting: int = 0) -> tuple[WaitEnds, ...]:
    how = [name for name, n in counts.items() for _ in range(n)] + ["still waiting"] * waiting
    days = np.random.default_rng(2).integers(1, 150, len(how))
    return release_ends(cumulative_incidence(days, how, ends=list(counts)))


def test_a_curve_steps_on_whole_weeks_that_hold_five_and_ends_where_twenty_are_followed() -> None:
    days, event = waits(300, 60)
    (curve,) = release_curves(survival_curve(days, event))
    week = np.ceil(days / 7)
    for before, step in zip((0, *curve.weeks), curve.weeks, strict=False):
        assert ((week > before) & (week <= step) & (event == 1)).sum() >= 5
    # the last day of the last step has 20 people still followed; what lies beyond is not drawn
    last = days[week == curve.weeks[-1]].max()
    assert (days >= last).sum() >= 20
    assert list(curve.waiting) == sorted(curve.waiting, reverse=True)
    assert curve.people == 300 and isinstance(curve.median, int)


def test_shares_are_rounded_to_a_fifth_of_their_error() -> None:
    days, event = waits(300, 60)
    exact = survival_curve(days, event)
    (curve,) = release_curves(exact)
    for step, share in zip(curve.weeks, curve.waiting, strict=True):
        row = np.flatnonzero(np.ceil(exact.time / 7) == step)[-1]
        unit = 100 * exact.survival[row] * exact.std_error[row] / 5
        assert abs(share / unit - round(share / unit)) * unit <= 0.051  # then shown with one decimal
        assert abs(share - 100 * exact.survival[row]) <= unit


@pytest.mark.parametrize("n", [0, 3, 19])
def test_few_people_are_hidden(n) -> None:
    days, event = waits(max(n, 1), 40)
    (curve,) = release_curves(survival_curve(days[:n], event[:n])) or (WaitCurve("", None),)
    assert curve.weeks == () and curve.people is None and curve.median is None
    picture = drawn([curve])
    assert picture.title.endswith("too few people to show a curve")
    assert "Hidden to protect people" in picture.sentence
    assert picture.table.rows[0][1:3] == ("hidden", "hidden")
    assert len(picture.svg) == 3


def test_few_events_are_hidden() -> None:
    (curve,) = release_curves(survival_curve(np.arange(1, 101), np.arange(100) < 9))
    assert curve.weeks == ()


def test_one_group_and_a_standard() -> None:
    found = curves(All=(800, 60))
    picture = drawn(found, standard=6)
    assert picture.title == f"First treatment: half wait {found[0].median} weeks or less"
    assert picture.sentence.startswith("Still waiting after 6 weeks: ") and "6 weeks." in picture.how_to_read
    assert "6 weeks" in "".join(ET.fromstring(picture.svg["phone"]).itertext())


def test_groups_have_a_range_and_a_row_each_and_a_hidden_one_is_not_drawn() -> None:
    found = curves(Brent=(600, 40), Ealing=(600, 90), Harrow=(12, 40))
    picture = drawn(found)
    medians = [curve.median for curve in found[:2]]
    assert picture.title == f"First treatment: half wait {medians[0]} to {medians[1]} weeks, by group"
    assert [row[0] for row in picture.table.rows] == ["Brent", "Ealing", "Harrow"]
    assert set(picture.table.rows[2][1:]) == {"hidden"}
    for size in ("phone", "page", "a4"):
        text = "".join(ET.fromstring(picture.svg[size]).itertext())
        assert "Brent" in text and "Harrow" not in text
    assert "Harrow" not in picture.sentence and ": Brent " in picture.sentence


def test_titles_where_half_were_not_seen_and_where_groups_are_alike() -> None:
    long, short = WaitCurve("A", 100, (4, 8), (90, 80), (85, 70), (95, 90)), curves(B=(600, 40))[0]
    assert drawn([long]).title == "First treatment: not half were seen in the weeks shown"
    assert drawn([long, short]).title == "First treatment: not half in every group were seen"
    assert drawn([long]).table.rows[0][2] == "more than 8"
    assert drawn([short, short]).title.endswith("weeks or less in every group")


def test_a_value_between_before_and_beyond_the_steps() -> None:
    curve = WaitCurve("A", 100, (4, 8), (90.0, 80.0), (85.0, 70.0), (95.0, 90.0))
    assert [curve.at(week) for week in (3, 4, 7, 9)] == [
        (100.0, 100.0, 100.0),
        (90.0, 85.0, 95.0),
        (90.0, 85.0, 95.0),
        None,
    ]


def test_only_released_curves_and_no_more_than_can_be_told_apart() -> None:
    raw = survival_curve([1, 2], [1, 1])
    with pytest.raises(YourCommand, match="released"):
        drawn([raw])
    with pytest.raises(YourCommand, match="released"):
        wait_ends(raw, slug="w", caption="x", people=PEOPLE)  # type: ignore[arg-type]
    with pytest.raises(YourCommand, match="More than 4"):
        drawn([WaitCurve("A", None)] * 5)
    with pytest.raises(YourCommand, match="More than 4 ends"):
        wait_ends(WaitEnds("", 100, tuple("abcde")), slug="w", caption="x", people=PEOPLE)


def test_ends_add_up_and_rare_ones_are_put_together() -> None:
    (found,) = ends({"Started": 200, "Declined": 60, "Moved": 4, "Died": 3}, waiting=100)
    assert found.ends == ("Started", ANOTHER)  # 7 are too few, so the next smallest joins them
    assert all(list(share) == sorted(share) for share in found.shares)
    for at, still in zip(zip(*found.shares, strict=True), found.still, strict=True):
        assert sum(at) + still == pytest.approx(100)
    picture = wait_ends(found, slug="e", caption="x", people=PEOPLE, standard=6)
    assert picture.title.startswith("6 weeks on: ") and "in 100 started" in picture.title
    for column in range(1, len(picture.table.header)):
        assert sum(int(row[column].rstrip("%")) for row in picture.table.rows) == 100
    text = "".join(ET.fromstring(picture.svg["page"]).itertext())
    assert "Still waiting" in text and "Declined" not in text


def test_ends_that_are_rare_but_enough_together_leave_the_others_alone() -> None:
    (found,) = ends({"Started": 200, "Declined": 60, "Moved": 8, "Died": 7})
    assert found.ends == ("Started", "Declined", ANOTHER)


def test_one_way_of_ending_and_too_few() -> None:
    (one,) = ends({"Started": 200, "Moved": 0}, waiting=50)
    assert one.ends == ("Started",)
    alone = wait_ends(one, slug="e", caption="x", people=PEOPLE)
    assert "otherwise" not in alone.title and len(alone.svg) == 3
    (few,) = ends({"Started": 4, "Moved": 3}, waiting=60)
    assert few.weeks == () and few.people is None
    (together,) = ends({"Started": 9, "Moved": 9}, waiting=60)
    assert together.ends == (ANOTHER,)
    picture = wait_ends(WaitEnds("", None), slug="e", caption="x", people=PEOPLE, standard=6)
    assert "too few" in picture.title and "Hidden" in picture.sentence
    assert picture.table.rows == (("hidden",),) and len(picture.svg) == 3


def test_labels_do_not_cover_each_other_nor_leave_the_drawing() -> None:
    from joinedup.charts.drawings_waits import HEIGHT, LINE, _ends

    rows = [
        {"series": name, "week": 9, "waiting": value}
        for name, value in zip("abcd", (99, 98, 97, 2), strict=True)
    ]
    places = sorted(row["place"] for row in _ends(rows, "waiting", list("abcd"), HEIGHT["page"]))
    gap = LINE / HEIGHT["page"] * 100
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(places))
    assert places[-1] <= 100
