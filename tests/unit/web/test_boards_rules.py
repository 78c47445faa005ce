"""Boards without a database: when a body meets, whether enough seats are filled, and reporting lines as a picture."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup_web.governance.boards import cadence, drawing
from joinedup_web.governance.boards.drawing import Node
from joinedup_web.governance.boards.quorum import Chair, check

CODES = list(cadence.DAYS)
EVERY = [key for key in cadence.EVERY if key]
SVG = "{http://www.w3.org/2000/svg}"


def plainly(week: str, day: str, month: date) -> date:
    """The first, second, third, fourth or last weekday of a month, counted out day by day."""
    last = calendar.monthrange(month.year, month.month)[1]
    fitting = [
        month.replace(day=one)
        for one in range(1, last + 1)
        if month.replace(day=one).weekday() == CODES.index(day)
    ]
    return fitting[-1] if week == "-1" else fitting[int(week) - 1]


@given(
    st.sampled_from(EVERY), st.sampled_from(list(cadence.WEEKS)), st.sampled_from(CODES),
    st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(0, 400),
)  # fmt: skip
def test_days_are_those_counted_out_by_hand(every: str, week: str, day: str, start: date, later: int) -> None:
    rule, after = cadence.rule_of(every, week, day), start + timedelta(days=later)
    wanted: list[date] = []
    month = start.replace(day=1)
    while len(wanted) < 3:
        found = plainly(week, day, month)
        if found >= after and found >= start:
            wanted.append(found)
        ahead = month.month - 1 + int(every)
        month = date(month.year + ahead // 12, ahead % 12 + 1, 1)
    assert cadence.next_days(rule, start, after, 3) == wanted
    assert cadence.parts_of(rule) == (every, week, day)
    assert cadence.last_day(rule, start, wanted[1]) == wanted[0]


def test_a_rule_is_said_in_words() -> None:
    assert cadence.words_of("FREQ=MONTHLY;BYDAY=2TU") == "monthly, on the second Tuesday"
    assert cadence.words_of("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR") == "quarterly, on the last Friday"
    assert cadence.words_of("") == "when it is called"
    assert cadence.rule_of("", "2", "TU") == ""
    assert cadence.next_days("", None, date(2026, 1, 1), 3) == []


@pytest.mark.parametrize("wrong", [("9", "2", "TU"), ("1", "5", "TU"), ("1", "2", "SU")])
def test_a_rule_is_made_of_what_the_form_offers(wrong: tuple[str, str, str]) -> None:
    with pytest.raises(KeyError):
        cadence.rule_of(*wrong)


SEATS = [
    Chair("a", "Trust A", needed=True), Chair("b", "Trust B", needed=True), Chair("c", "Trust A"), Chair("d", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filled", "away", "met", "words"),
    [
        ("abc", "", True, "Quorate: 3 of 4 seats are filled; the quorum is 3."),
        ("ab", "", False, "Not quorate: 2 of 4 seats"),
        ("acd", "", False, "Trust B must be present and is not."),
        ("d", "", False, "Trust A and Trust B must be present and are not."),
        ("abcd", "b", False, "Trust B must be present and is not."),
        ("abcd", "d", True, "3 of 4"),
        ("bcd", "", True, "Quorate"),
        ("", "", False, "Not quorate: 0 of 4"),
    ],
)
def test_quorum(filled: str, away: str, met: bool, words: str) -> None:
    found = check(SEATS, set(filled), 3, set(away))
    assert found.met is met and words in found.words


def test_nobody_is_never_a_quorum() -> None:
    assert not check([], set(), 0).met and check([Chair("a", "")], {"a"}, 0).met


@given(st.sets(st.sampled_from("abcd")), st.sampled_from("abcd"), st.integers(0, 4))
def test_one_more_who_comes_never_undoes_a_quorum(filled: set[str], another: str, wanted: int) -> None:
    before, after = check(SEATS, filled, wanted), check(SEATS, filled | {another}, wanted)
    assert after.met or not before.met


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    names = draw(st.lists(st.text("ab <&\"'é", min_size=1, max_size=60), min_size=1, max_size=12))
    above = [draw(st.sampled_from(["", *map(str, range(number))])) for number in range(len(names))]
    return [
        Node(str(n), name, up, n % 2 == 0, n % 3 == 0)
        for n, (name, up) in enumerate(zip(names, above, strict=True))
    ]


@given(trees())
def test_every_body_has_a_box_and_no_two_overlap(nodes: list[Node]) -> None:
    for made in (drawing.page(nodes, "lines"), drawing.phone(nodes, "lines")):
        svg = Tree.fromstring(made)
        boxes = [
            [float(one.get(k, "0")) for k in ("x", "y", "width", "height")] for one in svg.iter(f"{SVG}rect")
        ]
        lines = len(list(svg.iter(f"{SVG}path")))
        assert len(boxes) == len(nodes) and lines == sum(bool(node.above) for node in nodes)
        wide, high = float(svg.get("width", "0")), float(svg.get("height", "0"))
        for n, (x, y, w, h) in enumerate(boxes):
            assert x >= 0 and y >= 0 and x + w <= wide and y + h <= high
            for left, top, w2, h2 in boxes[:n]:
                assert x >= left + w2 or left >= x + w or y >= top + h2 or top >= y + h


def test_the_lines_are_said_in_a_sentence() -> None:
    nodes = [Node("1", "Board"), Node("2", "Group", "1"), Node("3", "Stream", "2"), Node("4", "Other")]
    assert drawing.sentence(nodes) == (
        "Group reports to Board. Stream reports to Group. Other stands alongside, without a line."
    )
    assert drawing.sentence([*nodes, Node("5", "Second", "2")]).startswith(
        "Group reports to Board. Stream and Second report to Group."
    )
    assert drawing.sentence([]) == ""
