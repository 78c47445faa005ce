"""`joinedup variation`: how much of the spread between places is chance, case mix and real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson, AsKnown, LakeFolder, day
from joinedup.cli.output import print_json, print_table
from joinedup.errors import YourCommand

if TYPE_CHECKING:
    from joinedup.equity import PlaceVariation

Question = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[trend] MEASURE",
        help="reliable_recovery, recovery, reliable_improvement (or M195, M192, M186), or an outcome per referral. "
        "After the word trend: its spread by quarter.",
    ),
]
Between = Annotated[str, typer.Option("--by", help="borough (of residence) or service.")]
PeriodKey = Annotated[
    str | None, typer.Option("--period", help="2024-25, 2024-25-Q4, 12m-2026-03 or 2026-03.")
]


def variation(
    lake: LakeFolder,
    question: Question = None,
    by: Between = "borough",
    period: PeriodKey = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Say how much of the spread between places is chance, case mix and real, or whether it shrinks.

    Example: joinedup variation reliable_recovery --by borough --lake demo/lake

    Example: joinedup variation trend recovery --lake demo/lake
    """
    from joinedup.definitions import Period
    from joinedup.disclosure import release
    from joinedup.equity import VariationTrend, variation_between, variation_trend
    from joinedup.journeys import load_journeys
    from joinedup.lake import open_lake

    over_time, measure = _asked(question or [], period)
    records = load_journeys(open_lake(lake, as_known=day(as_known, "--as-known")))
    one = Period.parse(period) if period else None
    found: VariationTrend | PlaceVariation = (
        variation_trend(records, measure, by=by)
        if over_time
        else variation_between(records, measure, by=by, period=one)
    )
    answer = release(found).value.to_json()
    if as_json:
        print_json(answer)
    elif over_time:
        _tell_trend(answer)
    else:
        _tell(answer)


def _asked(question: list[str], period: str | None) -> tuple[bool, str]:
    """Whether a trend is wanted, and of which measure."""
    over_time = question[:1] == ["trend"]
    measures = question[1:] if over_time else question
    if len(measures) > 1:
        raise YourCommand(
            f"One measure at a time, not {', '.join(measures)}.", remedy="Ask for each by itself."
        )
    if over_time and period:
        raise YourCommand("A trend is of quarters, not of one period.", remedy="Leave out --period.")
    return over_time, measures[0] if measures else "reliable_recovery"


def _tell_trend(answer: dict[str, Any]) -> None:
    print(f"{answer['arrow']} {answer['sentence']}")
    print(f"\n{answer['title']} ({answer['measure_id']}) between {answer['by']}s, real standard deviation:")
    print_table(
        ("Quarter", "Points", "95% limits", "Places", "Verdict"),
        [
            (
                p["period"], _points(p["real_sd_points"]["value"]), _point_limits(p["real_sd_points"]),
                sum(place["percentage"] is not None for place in p["places"]), p["verdict"],
            )
            for p in answer["periods"]
        ],
        right=(1, 3),
    )  # fmt: skip
    for warning in answer["warnings"]:
        print(f"Note: {warning}")


def _points(value: float | None) -> str:
    return "cannot tell" if value is None else f"{value:.1f}"


def _point_limits(sd: dict[str, float | None]) -> str:
    return "" if sd["lower"] is None else f"{_points(sd['lower'])} to {_points(sd['upper'])}"


def _tell(answer: dict[str, Any]) -> None:
    print(answer["sentence"])
    print(f"\n{answer['title']} ({answer['measure_id']}), {answer['period']}. Parts of the spread:")
    shares = answer["shares"]
    print_table(
        ("Part", "Share", "95% limits"),
        [(name.replace("_", " "), _percent(part["value"]), _limits(part)) for name, part in shares.items()],
        right=(1,),
    )
    print("\nPlaces beyond the funnel around what is expected of their people:")
    print_table(
        ("Place", "Verdict", "Percentage", "Expected", "Difference"),
        [
            (o["name"], o["verdict"], _percent(o["percentage"]), _percent(o["expected_percentage"]),
             f"{o['difference_points']:+.1f}")
            for o in answer["outliers"]
        ],
        right=(2, 3, 4),
    )  # fmt: skip
    print("\nEvery place, its estimate drawn towards the whole, and its rank (1 is the highest):")
    print_table(
        ("Place", "People", "Percentage", "Estimate", "95% limits", "Rank", "Rank limits"),
        [
            (p["name"], _count(p["denominator"]), _percent(p["percentage"]), _percent(p["estimate"]), _limits(p),
             "hidden" if p["rank"] is None else p["rank"],
             "" if p["rank"] is None else f"{p['rank_lower']} to {p['rank_upper']}")
            for p in answer["places"]
        ],
        right=(1, 2, 3, 5),
    )  # fmt: skip
    for warning in answer["warnings"]:
        print(f"Note: {warning}")


def _limits(part: dict[str, Any]) -> str:
    return "" if part["lower"] is None else f"{_percent(part['lower'])} to {_percent(part['upper'])}"


def _percent(value: float | None) -> str:
    return "hidden" if value is None else f"{value:g}%"


def _count(value: int | None) -> str:
    return "hidden" if value is None else f"{value:,}"
