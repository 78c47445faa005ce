"""`joinedup attack`: what an outsider can work out of published releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson
from joinedup.cli.output import print_json, print_table

if TYPE_CHECKING:
    from joinedup.disclosure.attacking_cells import Attack, Finding
    from joinedup.reports.reading_publications import Publication

Releases = Annotated[list[Path], typer.Argument(help="Folders of releases.", metavar="RELEASE...")]
SameData = Annotated[
    bool, typer.Option("--same-data", help="Take releases of different snapshots for the same figures.")
]
Seconds = Annotated[int, typer.Option("--seconds", min=1, help="Stop after so long; the rest is undecided.")]
MOST_TOLD = 40


def attack(
    releases: Releases, same_data: SameData = False, seconds: Seconds = 600, as_json: AsJson = False
) -> None:
    """Try to work hidden counts out of everything that was published. Exit code 1 where anything was found.

    Example: joinedup attack RELEASE --json
    """
    from joinedup.disclosure.attacking import attack as run
    from joinedup.reports.reading_publications import read_publications

    read = read_publications(releases, same_data=same_data)
    sightings = [sighting for publication in read for sighting in publication.sightings]
    found = run(sightings, {one.rules.name: one.rules for one in read}, seconds=seconds)
    if as_json:
        print_json(_as_json(found, read))
    else:
        _tell(found)
    if not found.held:
        raise typer.Exit(1)


def _as_json(found: Attack, read: tuple[Publication, ...]) -> dict[str, Any]:
    return {
        "hidden": found.hidden,
        "recovered": found.recovered,
        "narrowed": found.narrowed,
        "inconsistent": len(found.inconsistent),
        "undecided": len(found.undecided),
        "not_small": found.large,
        "not_proved_by_whole_tables": found.unproved,
        "cells": [_finding(one) for one in found.findings],
        "contradictions": [
            {**_cell(one.cell), "shown": list(one.shown), "where": list(one.where)}
            for one in found.inconsistent
        ],
        "relations_disproved": list(found.given_up),
        "releases": [one.to_json() for one in read],
    }


def _cell(cell: Any) -> dict[str, str]:
    names = ("measure", "count", "place_level", "place", "period", "breakdown", "group")
    return dict(zip(names, cell, strict=False))


def _finding(one: Finding) -> dict[str, Any]:
    return {
        **_cell(one.cell), "found": one.kind, "smallest": one.smallest, "largest": one.largest,
        "possible_of_0_to_4": list(one.possible),
    }  # fmt: skip


def _tell(found: Attack) -> None:
    if found.findings:
        rows = [(*one.cell[:7], one.kind, one.smallest, one.largest) for one in found.findings[:MOST_TOLD]]
        heads = ("Measure", "Count", "Level", "Place", "Period", "Breakdown", "Group", "Found", "From", "To")
        print_table(heads, rows, right=(8, 9))
        if len(found.findings) > MOST_TOLD:
            print(f"... and {len(found.findings) - MOST_TOLD:,} more: --json lists all.")
    for one in found.inconsistent[:MOST_TOLD]:
        print(f"{' '.join(one.cell[:7])}: shown as {' and '.join(one.shown)} ({', '.join(one.where)})")
    for why in found.given_up:
        print(f"Note: shown figures do not add up ({why}); nothing was built on that.")
    print(
        f"{found.hidden:,} hidden counts: {found.recovered:,} recovered, {found.narrowed:,} narrowed, "
        f"{len(found.inconsistent):,} shown in two ways, {len(found.undecided):,} undecided."
    )
    print("Nothing could be worked backwards." if found.held else "This must not be published as it is.")
