"""`joinedup measures` and `joinedup compare`: the official measures, defined and calculated."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson, AsKnown, LakeFolder, OptionalLake, PublishedFile, day
from joinedup.cli.output import print_json, print_table

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

app = typer.Typer()
Names = Annotated[
    list[str],
    typer.Argument(
        help="Measures by name or national id, such as reliable_recovery or M195.", metavar="MEASURE..."
    ),
]
By = Annotated[list[str] | None, typer.Option("--by", help="A breakdown; twice to cross two.")]
PlaceLevel = Annotated[
    str, typer.Option("--level", help="service, borough, partnership, trust, north_west_london or total.")
]
PeriodKeys = Annotated[
    list[str],
    typer.Option("--period", help="2026-03, 2025-26-Q4, 2025-26 or 12m-2026-03; repeat for several."),
]
MapDate = Annotated[
    str | None, typer.Option("--map", help="Places as on the map of this day.", metavar="YYYY-MM-DD")
]


@app.command("list")
def list_measures(as_json: AsJson = False) -> None:
    """List every measure with its national id.

    Example: joinedup measures list
    """
    from joinedup.definitions import Measure

    rows = [(m.id, m.slug, m.title, m.statistic, "" if m.official else "not national") for m in Measure.all()]
    if as_json:
        print_json(
            [dict(zip(("id", "name", "title", "statistic", "note"), row, strict=True)) for row in rows]
        )
    else:
        print_table(("Id", "Name", "Title", "Statistic", ""), rows)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A name or national id.")], as_json: AsJson = False
) -> None:
    """Show one definition: numerator, denominator, date, standard and source.

    Example: joinedup measures show M195
    """
    from joinedup.definitions import Measure

    values = Measure.load(name).model_dump(mode="json", exclude_none=True)
    if as_json:
        print_json(values)
    else:
        for field, value in values.items():
            print(textwrap.fill(f"{field.replace('_', ' ')}: {value}", 100, subsequent_indent="    "))


@app.command("calculate")
def calculate(
    names: Names,
    lake: LakeFolder,
    period: PeriodKeys,
    by: By = None,
    level: PlaceLevel = "service",
    map_date: MapDate = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Calculate measures by place and group, and release them.

    Example: joinedup measures calculate M195 M031 --lake demo/lake --period 2024-25 --by ethnic_group
    """
    from joinedup.disclosure import release

    result = _calculated(names, lake, period, by, level, day(map_date, "--map"), day(as_known, "--as-known"))
    _print_figures(release(result).value.table, as_json)


def compare(
    names: Names,
    period: PeriodKeys,
    lake: OptionalLake = None,
    published: PublishedFile = None,
    by: By = None,
    level: PlaceLevel = "service",
    reference: Annotated[str | None, typer.Option("--reference", help="The group compared with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare groups, or places, with a reference: difference, ratio, limits, funnel, slope index.

    Example: joinedup compare reliable_recovery --by ethnic_group --lake demo/lake --period 2024-25
    """
    from joinedup.disclosure import release
    from joinedup.measures import compare as compare_groups

    if (lake is None) == (published is None):
        raise typer.BadParameter(
            "name a lake or a published file, one of the two", param_hint="--lake / --published"
        )
    if lake is not None:
        result, profile = _calculated(names, lake, period, by, level, None, None), "nhs-england"
    else:
        result, profile = _published(names, published, period, by), "as-published"  # type: ignore[arg-type]  # one is there
    shown = release(compare_groups(result, reference), profile).value
    if as_json:
        print_json({"comparisons": shown.table.to_pylist(), "slopes": shown.slopes.to_pylist()})
    else:
        _print_table(shown.table)
        if shown.slopes.num_rows:
            _print_table(shown.slopes)


def _calculated(
    names: list[str],
    lake: Path,
    periods: list[str],
    by: list[str] | None,
    level: str,
    on: date | None,
    known: date | None,
) -> Any:
    from joinedup.definitions import Period
    from joinedup.journeys import load_journeys
    from joinedup.lake import open_lake
    from joinedup.measures import calculate as run

    journeys = load_journeys(open_lake(lake, as_known=known))
    return run(
        names,
        journeys,
        by=tuple(by or ()),
        place=level,
        on=on,
        periods=[Period.parse(key) for key in periods],
    )


def _published(names: list[str], file: Path, periods: list[str], by: list[str] | None) -> Any:
    from joinedup.definitions import Measure
    from joinedup.measures import from_published
    from joinedup.returns import read_published

    ids = [Measure.load(name).id for name in names]
    figures = read_published(file).select(periods=periods, breakdown=(by or ["total"])[0])
    return from_published(figures).only(measure_id=tuple(ids))


def _print_figures(table: Any, as_json: bool) -> None:
    if as_json:
        print_json(table.to_pylist())
    else:
        _print_table(table)


def _print_table(table: Any) -> None:
    """Columns that hold nothing are left out; hidden figures say so."""
    rows = table.to_pylist()
    names = [name for name in table.column_names if any(row[name] is not None for row in rows)]
    figures = {"numerator", "denominator", "value", "lower", "upper"}
    text = [[_figure(row[name], name in figures) for name in names] for row in rows]
    print_table(
        names, text, right=[i for i, name in enumerate(names) if isinstance(_first(rows, name), int | float)]
    )


def _first(rows: list[dict[str, Any]], name: str) -> Any:
    return next((row[name] for row in rows if row[name] is not None), None)


def _figure(value: Any, is_figure: bool) -> str:
    if value is None:
        return "hidden" if is_figure else ""
    return (
        f"{value:,.1f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
