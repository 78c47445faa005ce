"""`joinedup published` and `joinedup reconcile`: figures that NHS England has published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.options import AsJson, LakeFolder
from joinedup.cli.output import print_json, print_table

app = typer.Typer()
Files = Annotated[
    list[Path],
    typer.Argument(
        help="Published files: tidy Parquet or CSV, or NHS England's long CSV.", metavar="FILE..."
    ),
]


@app.callback()
def nouns() -> None:
    """Published statistics."""


@app.command("load")
def load(files: Files, lake: LakeFolder, as_json: AsJson = False) -> None:
    """Load published statistics into the lake, beside the returns.

    Example: joinedup published load annual.parquet --lake lake/
    """
    from joinedup.lake import open_lake
    from joinedup.returns.published import load_published

    place = open_lake(lake)
    states = [(file.name, load_published(file, place).number) for file in files]
    if as_json:
        print_json([{"file": name, "state": state} for name, state in states])
    else:
        print_table(("File", "In the lake since state"), states, right=(1,))


def reconcile(
    file: Annotated[Path, typer.Argument(help="A published file.")], as_json: AsJson = False
) -> None:
    """Compute published percentages again from published counts, and list every difference.

    Example: joinedup reconcile annual.parquet
    """
    from joinedup.returns import read_published
    from joinedup.returns import reconcile as check_figures

    found = check_figures(read_published(file))
    if as_json:
        print_json(json.loads(found.to_json()))
    else:
        differ = f"{len(found.differences):,} differ, {found.unexplained:,} of them unexplained"
        print(f"{found.checked:,} percentages checked; {differ}.")
        rows = [
            (
                d.period,
                d.org_code,
                d.group,
                d.measure_id,
                d.published,
                f"{d.lowest:.2f} to {d.highest:.2f}",
                d.why or "no",
            )
            for d in found.differences[:50]
        ]
        if rows:
            print_table(
                ("Period", "Organisation", "Group", "Measure", "Published", "From counts", "Explained"),
                rows,
                right=(4,),
            )
    if found.unexplained:
        raise typer.Exit(1)
