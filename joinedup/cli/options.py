"""Options that several commands share, said once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LakeFolder = Annotated[Path, typer.Option("--lake", help="The folder of the lake.", metavar="DIR")]
OptionalLake = Annotated[Path | None, typer.Option("--lake", help="The folder of the lake.", metavar="DIR")]
PublishedFile = Annotated[
    Path | None, typer.Option("--published", help="A file of published statistics.", metavar="FILE")
]
AsKnown = Annotated[
    str | None,
    typer.Option("--as-known", help="The state as it was known on this day.", metavar="YYYY-MM-DD"),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="Where journeys are derived: duckdb (here), spark, or a Spark Connect server. The numbers are the same.",
        metavar="duckdb|spark|sc://HOST:PORT",
    ),
]
KeyFile = Annotated[
    Path | None, typer.Option("--key", help="The key file (default: JOINEDUP_KEY_FILE).", metavar="FILE")
]
Paths = Annotated[
    list[Path],
    typer.Argument(help="Folders or files: CSV folder, .zip, .xml, .mdb or .accdb.", metavar="PATH..."),
]


def day(text: str | None, option: str) -> date | None:
    """A day given as YYYY-MM-DD; another form is a mistake in the command."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise typer.BadParameter(
            f"{text} is not a day: write it as YYYY-MM-DD.", param_hint=option
        ) from error
