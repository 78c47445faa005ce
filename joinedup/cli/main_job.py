"""`joinedup twin`, `report`, `trace` and `demo`: the main job from end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.options import AsJson, AsKnown, Engine, OptionalLake, PublishedFile, day
from joinedup.cli.output import print_json, progress

twin = typer.Typer()

Scale = Annotated[
    float, typer.Option("--scale", help="1 has the published volumes: about 81,000 referrals a year.")
]
Months = Annotated[int, typer.Option("--months", help="Months of returns.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")]


@twin.callback()
def nouns() -> None:
    """A synthetic North West London, written as trusts send it."""


@twin.command("write")
def write(
    directory: Annotated[Path, typer.Argument(help="Where to write.", metavar="DIR")],
    scale: Scale = 1.0,
    months: Months = 36,
    seed: Seed = 7,
    as_json: AsJson = False,
) -> None:
    """Write a synthetic North West London: returns, receipts, postcodes, and the truth that tests compare with.

    Example: joinedup twin write twin/ --scale 0.1 --months 12
    """
    from joinedup.twin import write_twin

    with progress(as_json) as show:
        made = write_twin(
            directory,
            scale=scale,
            months=months,
            seed=seed,
            progress=lambda text, share: show("Writing the twin", round(100 * share), 100),
        )
    answer = {
        "people": made.people,
        "referrals": made.referrals,
        "contacts": made.contacts,
        "files": made.files,
        "megabytes": round(made.bytes / 1e6),
    }
    if as_json:
        print_json(answer)
    else:
        counts = (
            f"{made.people:,} invented people, {made.referrals:,} referrals and {made.contacts:,} contacts"
        )
        print(f"{made.files} files for {counts} in {directory}.")


def report(
    out: Annotated[
        Path,
        typer.Option(
            "--out", help="Where the page goes; PDF and workbook are written beside it.", metavar="FILE.html"
        ),
    ],
    lake: OptionalLake = None,
    published: PublishedFile = None,
    as_known: AsKnown = None,
    engine: Engine = "duckdb",
    as_json: AsJson = False,
) -> None:
    """Write the report on NHS Talking Therapies: page, PDF, workbook, and the registry that opens every number.

    Example: joinedup report --lake demo/lake --out report.html
    """
    if (lake is None) == (published is None):
        raise typer.BadParameter(
            "name a lake or a published file, one of the two", param_hint="--lake / --published"
        )
    from joinedup.reports import report_of_lake, report_of_published, write_report

    with progress(as_json) as show:
        known = day(as_known, "--as-known")
        made = (
            report_of_published(published, progress=show)
            if published
            else report_of_lake(lake, as_known=known, engine=engine, progress=show)
        )
        files = write_report(made, out, progress=show)
    if as_json:
        print_json(
            {
                "files": [str(file) for file in files],
                "headlines": [h.text for h in made.headlines],
                "numbers": len(made.registry),
            }
        )
        return
    for headline in made.headlines:
        print(f"- {headline.text}")
    print("Written: " + ", ".join(str(file) for file in files))


def trace(
    code: Annotated[str, typer.Argument(help="The ten characters beside a number.")],
    registry: Annotated[
        Path | None,
        typer.Option(
            "--registry",
            help="The registry beside the report (default: demo/report.registry.json, report.registry.json).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a number: its measure and version, the state of the lake, filters, and what went in and out.

    Example: joinedup trace MFRGGZDFMY --registry demo/report.registry.json
    """
    from joinedup.reports import trace_code

    found = trace_code(code, registry)
    if as_json:
        print_json(found.entry)
    else:
        print(found.as_text())


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where everything goes.", metavar="DIR")] = Path("demo"),
    scale: Scale = 1.0,
    months: Months = 36,
    seed: Seed = 7,
    as_json: AsJson = False,
) -> None:
    """Run the main job on a synthetic North West London: twin, load, journeys, report.

    Example: joinedup demo --scale 0.1 --months 24 --out demo/
    """
    from joinedup.reports import run_demo

    with progress(as_json) as show:
        done = run_demo(out, scale=scale, months=months, seed=seed, progress=show)
    if as_json:
        print_json(done.to_json())
    else:
        print(done.as_text())
