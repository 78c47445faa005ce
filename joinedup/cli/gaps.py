"""`joinedup gap`: how much of the gap between two groups opens at each stage of the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson, AsKnown, OptionalLake, PublishedFile, day
from joinedup.cli.output import print_json, print_table

if TYPE_CHECKING:
    from pathlib import Path

Outcome = Annotated[
    str,
    typer.Argument(
        help="reliable_recoveries_per_referral, recoveries_per_referral or reliable_improvements_per_referral."
    ),
]
By = Annotated[str, typer.Option("--by", help="A breakdown, such as ethnic_group.")]
Between = Annotated[
    tuple[str, str] | None,
    typer.Option("--between", help="The group and its reference.", metavar="GROUP REFERENCE"),
]
PeriodKey = Annotated[
    str | None, typer.Option("--period", help="2024-25, 2024-25-Q4, 12m-2026-03 or 2026-03.")
]
Basis = Annotated[
    str, typer.Option("--basis", help="cohort (referrals followed), discharged (as official measures count).")
]
Level = Annotated[str, typer.Option("--level", help="service or borough.")]
PlaceCodes = Annotated[
    list[str] | None, typer.Option("--place", help="Codes of the level; repeat for several.")
]


def gap(
    outcome: Outcome = "reliable_recoveries_per_referral",
    by: By = "ethnic_group",
    between: Between = None,
    lake: OptionalLake = None,
    published: PublishedFile = None,
    period: PeriodKey = None,
    basis: Basis = "cohort",
    level: Level = "service",
    place: PlaceCodes = None,
    follow_up: Annotated[
        int | None, typer.Option("--follow-up", help="Months followed (12, or 18 while many are open).")
    ] = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Split the gap between two groups over the stages of the journey.

    Example: joinedup gap --by ethnic_group --between "Other Ethnic Groups" "White" --lake demo/lake
    """
    if (lake is None) == (published is None):
        raise typer.BadParameter(
            "name a lake or a published file, one of the two", param_hint="--lake / --published"
        )
    if published is not None:
        _from_published(published, by, period, between, as_json)
        return
    if between is None:
        raise typer.BadParameter('name two groups: --between "GROUP" "REFERENCE"', param_hint="--between")
    from joinedup.definitions import Period
    from joinedup.disclosure import release
    from joinedup.equity import attribute_gap
    from joinedup.journeys import load_journeys
    from joinedup.lake import open_lake

    records = load_journeys(open_lake(lake, as_known=day(as_known, "--as-known")))  # type: ignore[arg-type]  # checked above
    found = attribute_gap(
        records, outcome, by=by, between=between, basis=_basis(basis), level=level, places=place, follow_up=follow_up,
        period=Period.parse(period) if period else None,
    )  # fmt: skip
    shown = release(found).value
    if as_json:
        print_json(shown.to_json())
    else:
        _tell(shown)


def _basis(text: str) -> Any:
    if text not in ("cohort", "discharged"):
        raise typer.BadParameter("cohort or discharged; flows come from --published", param_hint="--basis")
    return text


def _from_published(
    file: Path, by: str, period: str | None, between: tuple[str, str] | None, as_json: bool
) -> None:
    from joinedup.disclosure import release
    from joinedup.equity.published import published_gaps
    from joinedup.returns import read_published

    if period is None:
        raise typer.BadParameter("name the financial year, such as 2024-25", param_hint="--period")
    gaps = published_gaps(read_published(file), by=by, period=period, between=between)
    shown = [(name, release(found, "as-published").value) for name, found in gaps]
    if as_json:
        print_json([{"place": name, **found.to_json()} for name, found in shown])
        return
    for name, found in shown:
        print(f"\n{name}: {found.group} beside {found.reference}")
        _tell(found)


def _tell(found: Any) -> None:
    print(found.sentence())
    answer = found.to_json()
    rows = [
        (
            s["stage"],
            s["kind"],
            _points(s["contribution"]),
            f"{_points(s['lower'])} to {_points(s['upper'])}",
            "yes" if s["claimed"] else "",
            _people(s["fewer_recoveries"]),
            _people(s["extra_leavers"]),
        )
        for s in answer["stages"]
    ]
    print_table(
        ("Stage", "Kind", "Per 100 referred", "95% limits", "Claimed", "Fewer recoveries", "Extra leavers"),
        rows,
        right=(2, 3, 5, 6),
    )
    for warning in answer.get("warnings", []):
        print(f"Note: {warning}")


def _points(value: float | None) -> str:
    return "hidden" if value is None else f"{100 * value:+.1f}"


def _people(value: float | None) -> str:
    return "" if value is None else f"{round(value):,}"
