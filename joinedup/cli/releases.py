"""`joinedup release`: the publication of a lake, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.options import AsJson, AsKnown, LakeFolder, day
from joinedup.cli.output import print_json, progress


def release(
    lake: LakeFolder,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.", metavar="DIR")],
    profile: Annotated[
        str, typer.Option("--profile", help="nhs-england, opensafely, or naive (demo lakes only).")
    ] = "nhs-england",
    lattice: Annotated[
        str, typer.Option("--lattice", help="The lattice to publish.", metavar="NAME")
    ] = "talking_therapies",
    as_known: AsKnown = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a release in that folder.")] = False,
    as_json: AsJson = False,
) -> None:
    """Publish every cell of a lattice: hidden where small, rounded, checked against all earlier releases.

    Example: joinedup release --lake demo/lake --profile nhs-england --out release/
    """
    from joinedup.reports.publication import release_lake

    with progress(as_json) as show:
        about = release_lake(
            lake,
            out,
            profile=profile,
            lattice=lattice,
            as_known=day(as_known, "--as-known"),
            replace=replace,
            progress=show,
        )
    if as_json:
        print_json(about)
        return
    print(f"{about['cells']:,} cells, of which {about['hidden']:,} are hidden.")
    print(f"Written: {out}")
