"""Places in order, with what their order is worth: an estimate with limits, and the ranks each could hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings_side_by_side import ranked
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, interval, listed, percent, span, whole

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity.variation import PlaceVariation

HOW = (
    "Left: the percentage allowing for who each place sees, drawn towards the others where it rests on few people; the pale bar holds it "
    "95 times in 100. Right: the grey bar is every rank a place could hold, 1 the highest; a diamond is its rank on average. Where grey "
    "bars overlap, the order is not known."
)


def league(released: Released[PlaceVariation], *, slug: str, caption: str) -> Picture:
    """Places in order of their estimates, with rank intervals. Raises YourCommand for what was not released.

    Hidden places stand last in the table, without a rank.
    """
    only_released(released)
    answer = released.value.to_json()
    # a place whose percentage is not shown has no estimate either: neither is it ranked
    placed = [
        place for place in answer["places"] if place["rank"] is not None and place["estimate"] is not None
    ]
    shown = sorted(placed, key=lambda place: (place["rank"], place["name"]))
    hidden = [place for place in answer["places"] if place not in shown]
    rows = [
        {name: place[name] for name in ("name", "estimate", "lower", "upper", "rank", "rank_lower", "rank_upper")}
        | {"ranks": _ranks(place)}
        for place in shown
    ]  # fmt: skip
    allowing = (
        f", allowing for {listed([name.replace('_', ' ') for name in answer['standardised_on']])}"
        if answer["standardised_on"]
        else ""
    )
    when = f", {span(answer['period'])}" if answer["period"] else ""
    return Picture(
        slug=slug,
        title=_finding(answer, shown),
        subtitle=f"{answer['title']}, % by {answer['by']}{allowing}{when}",
        sentence=_sentence(answer, shown),
        how_to_read=HOW,
        caption=caption,
        table=_table(released, [*shown, *hidden]),
        draw=lambda size, width: ranked(rows, size=size, width=width, title=f"{answer['title']}, %"),
        notes=tuple(answer["warnings"]),
    )  # fmt: skip


def _ranks(place: dict[str, Any]) -> str:
    low, high = place["rank_lower"], place["rank_upper"]
    return f"{low}" if low == high else f"{low} to {high}"


def _sure(shown: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Names of the places that are in the upper, and in the lower half, whatever their rank may be."""
    middle = len(shown) / 2
    return (
        [place["name"] for place in shown if place["rank_upper"] <= middle],
        [place["name"] for place in shown if place["rank_lower"] > (len(shown) + 1) // 2],
    )


def _finding(answer: dict[str, Any], shown: list[dict[str, Any]]) -> str:
    if len(shown) < 2:
        return f"{answer['title']}: too few places to compare"
    upper, lower = _sure(shown)
    many = f"{answer['by']}s"
    halves = [
        f"{listed(names) if len(names) <= 2 else f'{len(names)} {many}'} in {half} half"
        for names, half in ((upper, "upper"), (lower, "lower"))
        if names
    ]
    if not halves:
        return f"{answer['title']}: the order of the {answer['by']}s is not known"
    rest = ", rest uncertain" if len(upper) + len(lower) < len(shown) else ""
    return f"{answer['title']}: {', '.join(halves)}{rest}"


def _sentence(answer: dict[str, Any], shown: list[dict[str, Any]]) -> str:
    if len(shown) < 2:
        return "Too few places can be shown to put them in order."
    first, last = shown[0], shown[-1]
    upper, lower = _sure(shown)
    unsure = len(shown) - len(upper) - len(lower)
    many = f"Every {answer['by']}" if unsure == len(shown) else f"{unsure} of {len(shown)} {answer['by']}s"
    told = f"{many} could be in either half." if unsure else ""
    ends = " and ".join(
        f"{place['name']} ({percent(place['estimate'])}) stands {end} and could hold rank {_ranks(place)}"
        if place["rank_lower"] != place["rank_upper"]
        else f"{place['name']} ({percent(place['estimate'])}) stands {end}"
        for place, end in ((first, "first"), (last, "last"))
    )
    return f"Ranks are uncertain: {ends}. {told} A rank says nothing of how far apart places are, nor why.".replace(
        "  ", " "
    )


def _table(released: Released[PlaceVariation], places: list[dict[str, Any]]) -> Table:
    header = (
        "Place",
        "Reached it",
        "Out of",
        "Percentage",
        "Allowing for its people",
        "95% limits",
        "Ranks it could hold",
    )
    codes = {entry["cell"]["place"]: code for code, entry in released.registry.items()}
    rows = tuple(
        (
            place["name"], whole(place["numerator"]), whole(place["denominator"]), percent(place["percentage"]),
            percent(place["estimate"]), interval(place["lower"], place["upper"]), HIDDEN if place["rank"] is None else _ranks(place),
        )
        for place in places
    )  # fmt: skip
    return Table(header, rows, frozenset({1, 2, 3, 4}), tuple(codes[place["place"]] for place in places))
