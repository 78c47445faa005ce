"""`joinedup claims`: sentences with figures, checked against what is held."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joinedup.cli.options import AsJson, AsKnown, OptionalLake, day
from joinedup.cli.output import print_json

app = typer.Typer()
Text = Annotated[Path, typer.Argument(help="A text (.txt, .md) or a saved page (.html).", metavar="FILE")]
Ties = Annotated[
    Path | None,
    typer.Option("--ties", help="Which claim is about which measure and period.", metavar="FILE.yaml"),
]


@app.callback()
def nouns() -> None:
    """Sentences with figures, checked against what is held."""


@app.command("check")
def check(
    file: Text,
    lake: OptionalLake = None,
    ties: Ties = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Find the claims of a text and say which of them the lake bears out.

    Example: joinedup claims check page.html --lake demo/lake --ties ties.yaml
    """
    from joinedup.improvement import (
        JourneysHeld,
        NothingHeld,
        check_claims,
        find_claims,
        read_paragraphs,
        read_ties,
    )

    claims = find_claims(read_paragraphs(file))
    wanted = read_ties(ties) if ties else ()
    known = day(as_known, "--as-known")
    if lake is None:
        checked = check_claims(claims, wanted, NothingHeld())
    else:
        from joinedup.journeys import load_journeys
        from joinedup.lake import open_lake

        checked = check_claims(claims, wanted, JourneysHeld(load_journeys(open_lake(lake, as_known=known))))
    if as_json:
        print_json({"claims": [each.to_json() for each in checked]})
        return
    print(f"{len(checked)} claims in {file.name}." if len(checked) != 1 else f"1 claim in {file.name}.")
    for number, each in enumerate(checked, 1):
        print(f"\n{number}. {each.claim.quantity.figure}: {each.verdict} ({each.claim.place})")
        print(f"   “{each.claim.sentence}”")
        print(f"   Claimed: {each.claim.quantity.words}")
        if each.found:
            print(f"   Found: {each.found}")
