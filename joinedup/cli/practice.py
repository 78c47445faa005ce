"""`joinedup practice`: which place is really better, and at which stage of the journey."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from joinedup.cli.options import AsJson, AsKnown, LakeFolder, day
from joinedup.cli.output import print_json, print_table

MeasureName = Annotated[
    str,
    typer.Argument(
        help="reliable_recovery, recovery, reliable_improvement (or M195, M192, M186).", metavar="MEASURE"
    ),
]
Between = Annotated[str, typer.Option("--by", help="borough (of residence) or service.")]
PeriodKey = Annotated[str | None, typer.Option("--period", help="2024-25, 2024-25-Q4 or 12m-2026-03.")]


def practice(
    lake: LakeFolder,
    measure: MeasureName = "reliable_recovery",
    by: Between = "borough",
    period: PeriodKey = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Say whether people in one place really do better, and at which stage their journey differs.

    Case mix and chance are allowed for, and the difference must last; “nobody” is an answer, and the usual one.

    Example: joinedup practice reliable_recovery --by borough --lake demo/lake
    """
    from joinedup.definitions import Period
    from joinedup.disclosure import release
    from joinedup.equity import best_practice
    from joinedup.equity.practice_codes import coded
    from joinedup.journeys import load_journeys
    from joinedup.lake import open_lake

    records = load_journeys(open_lake(lake, as_known=day(as_known, "--as-known")))
    one = Period.parse(period) if period else None
    answer = coded(release(best_practice(records, measure, by=by, period=one)))
    if as_json:
        print_json(answer)
    else:
        _tell(answer)


def _tell(answer: dict[str, Any]) -> None:
    print(answer["sentence"])
    print(f"\n{answer['title']} ({answer['measure_id']}), {answer['period']}. Every {answer['by']} and why:")
    print_table(
        ("Place", "People", "Of people like them", "Elsewhere", "Difference", "95% limits", "Quarters above", "Found",
         "Code"),
        [_row(place) for place in answer["places"]],
        right=(1, 2, 3, 4),
    )  # fmt: skip
    for code, steps in answer["journeys"].items():
        name = next(place["name"] for place in answer["places"] if place["place"] == code)
        print(f"\nThe journey of people in {name}, beside people like them elsewhere:")
        print_table(
            ("Stage", "Reached it", "Went on", "Elsewhere", "Difference", "95% limits", "Differs", "Code"),
            [
                (
                    step["title"], _count(step["reached"]), _percent(step["adjusted"]), _percent(step["others"]),
                    _points(step), _limits(step), step["differs"], step["code"],
                )
                for step in steps
            ],
            right=(1, 2, 3, 4),
        )  # fmt: skip
    print("\nA place is named only if it is:")
    for rule in answer["rules"]:
        print(f"- {rule}")
    for warning in answer["warnings"]:
        print(f"Note: {warning}")


def _row(place: dict[str, Any]) -> tuple[str, ...]:
    found = "really better" if place["named"] else "; ".join(place["reasons"])
    if "people" not in place:
        return place["name"], "hidden", "", "", "", "", "", found, ""
    return (
        place["name"], _count(place["people"]), _percent(place["adjusted"]), _percent(place["others"]), _points(place),
        _limits(place), f"{place['quarters_above']} of {place['quarters']}", found, place["code"],
    )  # fmt: skip


def _points(row: dict[str, Any]) -> str:
    return "" if row["difference_points"] is None else f"{row['difference_points']:+.1f}"


def _limits(row: dict[str, Any]) -> str:
    lower, upper = row["difference_lower"], row["difference_upper"]
    return "" if lower is None or upper is None else f"{lower:+.1f} to {upper:+.1f}"


def _percent(value: float | None) -> str:
    return "hidden" if value is None else f"{value:g}%"


def _count(value: int | None) -> str:
    return "hidden" if value is None else f"{value:,}"
