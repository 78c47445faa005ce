"""Each place beside people like its own elsewhere: dots with limits, and who is really better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings_side_by_side import beside
from joinedup.charts.grammar import Rows, Spec, layer, names, number
from joinedup.charts.picture import Picture, Table
from joinedup.charts.theme import INK, ONE, PALE, QUIET
from joinedup.charts.words import interval, listed, percent, span, whole
from joinedup.equity.practice_codes import coded

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import BestPractice

HOW = (
    "Each point is how many more in 100 reach the outcome in a place than people like them elsewhere; the pale bar holds it 95 times in "
    "100, for each place by itself. The line at nought is people like them elsewhere. A diamond is a place that is really better: beyond "
    "chance among all places, large enough, and lasting. Its order says nothing else."
)


def practice(released: Released[BestPractice], *, slug: str, caption: str) -> Picture:
    """Differences of places with limits. Raises YourCommand for what was not released.

    Hidden places stand in the table alone.
    """
    only_released(released)
    answer = coded(released)
    shown = [place for place in answer["places"] if place.get("difference_points") is not None]
    shown.sort(key=lambda place: place["name"])
    rows = [
        {"name": place["name"], "value": place["difference_points"], "lower": place["difference_lower"],
         "upper": place["difference_upper"], "named": place["named"]}
        for place in shown
    ]  # fmt: skip
    better = [place["name"] for place in shown if place["named"]]
    verb = "does" if len(better) == 1 else "do"
    finding = f"{listed(better)} really {verb} better" if better else "nobody is really better"
    return Picture(
        slug=slug,
        title=f"{answer['title']}: {finding}",
        subtitle=f"{answer['title']}, percentage points beside people like them in the other {answer['by']}s, "
        f"{span(answer['period'])}",
        sentence=answer["sentence"],
        how_to_read=HOW,
        caption=caption,
        table=_table(answer),
        draw=lambda size, width: _drawn(rows, size=size, width=width),
        notes=tuple(answer["warnings"]),
    )


def _drawn(rows: Rows, *, size: str, width: int) -> Spec:
    phone = size == "phone"
    order = [str(row["name"]) for row in rows]
    room = 118 if phone else max(70, min(8 * max((len(name) for name in order), default=8), 180))
    x, y = number("value", axis={"tickCount": 5}, nice=True, padding=8), names("name", order, room=room)
    layers = [
        layer("rule", {"x": {"datum": 0}}, color=QUIET, strokeDash=[4, 3]),
        layer("rule", {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y}, color=PALE, strokeWidth=9, strokeCap="round"),
        layer("point", {"x": x, "y": y}, "!datum.named", filled=True, size=46, color=ONE, opacity=1),
        layer("point", {"x": x, "y": y}, "datum.named", filled=True, shape="diamond", size=90, color=INK, opacity=1),
    ]  # fmt: skip
    title = "Percentage points beside people like them elsewhere"
    return beside(rows, [(title, layers, width - room - 40)], size=size, height={"step": 30 if phone else 27})


def _table(answer: dict[str, Any]) -> Table:
    """Every place, those too small to show too, and why each is or is not named."""
    header = (
        "Place", "People", "As it is", "Of people like them", "Elsewhere", "Difference, points", "95% limits",
        "Quarters above", "Found",
    )  # fmt: skip
    places = answer["places"]
    return Table(
        header, tuple(_row(place) for place in places), frozenset({1, 2, 3, 4, 5}), tuple(place["code"] for place in places)
    )  # fmt: skip


def _row(place: dict[str, Any]) -> tuple[str, ...]:
    found = "really better" if place["named"] else "; ".join(place["reasons"])
    if "people" not in place:
        return place["name"], "hidden", "", "", "", "", "", "", found
    points = place["difference_points"]
    return (
        place["name"], whole(place["people"]), percent(place["percentage"]), percent(place["adjusted"]),
        percent(place["others"]), "" if points is None else f"{points:+.1f}",
        interval(place["difference_lower"], place["difference_upper"]),
        f"{place['quarters_above']} of {place['quarters']}" if points is not None else "", found,
    )  # fmt: skip
