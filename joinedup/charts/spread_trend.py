"""Is the spread between places shrinking, once chance is taken out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joinedup.charts.cells import only_released
from joinedup.charts.drawings_over_time import lines
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import interval

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import VariationTrend

HOW = (
    "Each point is the standard deviation between places in a quarter, in percentage points, after what chance and the case mix of places "
    "would make is taken out; the pale band holds it 95 times in 100. Nought would be no real difference between places."
)
WORDS = {
    "shrinking": "is shrinking",
    "growing": "is growing",
    "no evidence of change": "shows no evidence of change",
    "cannot tell": "cannot be followed: too few places or periods",
}


def spread_trend(released: Released[VariationTrend], *, slug: str, caption: str) -> Picture:
    """The real spread between places by period. Raises YourCommand for what was not released."""
    only_released(released)
    answer = released.value.to_json()
    rows = [_row(period) for period in answer["periods"]]
    ends = [period["period"] for period in answer["periods"]]
    return Picture(
        slug=slug,
        title=f"{answer['title']}: the spread between {answer['by']}s {WORDS[answer['verdict']]}",
        subtitle=f"{answer['title']}, real standard deviation between {answer['by']}s in points, {ends[0]} to {ends[-1]}",
        sentence=answer["sentence"],
        how_to_read=HOW,
        caption=caption,
        table=_table(released, answer),
        draw=lambda size, width: lines(
            rows,
            size=size,
            width=width,
            title=f"Between {answer['by']}s, points",
            order=[rows[0]["series"]],
        ),
        notes=tuple(answer["warnings"]),
    )


def _row(period: dict[str, Any]) -> dict[str, Any]:
    sd = period["real_sd_points"]
    return {"series": "Real spread", "year": period["period"], **sd}


def _table(released: Released[VariationTrend], answer: dict[str, Any]) -> Table:
    """A row a period; the codes of the counts of each of its places stand with their percentages."""
    places = list(dict.fromkeys(p["name"] for period in answer["periods"] for p in period["places"]))
    codes = {(e["cell"]["period"], e["cell"]["place"]): code for code, e in released.registry.items()}
    rows, opened = [], []
    for period in answer["periods"]:
        by_name = {place["name"]: place for place in period["places"]}
        sd = period["real_sd_points"]
        shown = [by_name.get(name) for name in places]
        rows.append(
            (
                period["period"], "" if sd["value"] is None else f"{sd['value']:.1f}", interval(sd["lower"], sd["upper"]),
                *("" if p is None or p["percentage"] is None else f"{p['percentage']:g}%" for p in shown),
            )
        )  # fmt: skip
        opened.append(
            ("", "", "", *("" if p is None else codes[period["period"], p["place"]] for p in shown))
        )
    header = ("Quarter", "Real spread, points", "95% limits", *places)
    return Table(header, tuple(rows), frozenset({1, *range(3, len(header))}), cell_codes=tuple(opened))
