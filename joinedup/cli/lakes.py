"""`joinedup keys`, `places`, `lake` and `journeys`: what stands under the figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.cli.options import AsJson, Engine, KeyFile, LakeFolder
from joinedup.cli.output import print_json, print_table, progress

app, keys, places, journeys = typer.Typer(), typer.Typer(), typer.Typer(), typer.Typer()


@keys.callback()
def key_nouns() -> None:
    """The key of the pseudonyms, which stays outside the lake."""


@keys.command("make")
def make_key(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    purpose: Annotated[str, typer.Option(help="live or demo.")] = "live",
) -> None:
    """Make the key that pseudonyms are made with. Keep it, and outside the lake: without it no month can be added.

    Example: joinedup keys make ~/joinedup.key
    """
    from joinedup.linkage import make_demo_key, make_live_key

    if purpose not in ("live", "demo"):
        raise typer.BadParameter("write live or demo", param_hint="--purpose")
    key = (make_live_key if purpose == "live" else make_demo_key)(file)
    print(
        f"Wrote a {key.purpose} key with the fingerprint {key.fingerprint}. Name it with --key or JOINEDUP_KEY_FILE."
    )


@places.command("import-postcodes")
def import_postcodes(
    file: Annotated[Path, typer.Argument(help="The ONS postcode directory as CSV.")],
    lake: LakeFolder,
    key: KeyFile = None,
) -> None:
    """Bring in which area, borough and deprivation rank a postcode belongs to.

    Example: joinedup places import-postcodes ONSPD.csv --lake lake/
    """
    from joinedup.intake import import_postcodes as bring_in
    from joinedup.lake import create_lake
    from joinedup.linkage import read_key

    held = read_key(key)
    snapshot = bring_in(file, create_lake(lake, purpose=held.purpose, key_fingerprint=held.fingerprint))
    print(f"Postcodes are in the lake since state {snapshot.number}.")


@places.command("history")
def history_of_place(
    code: Annotated[str, typer.Argument(help="An organisation or area code, such as QRV.")],
    as_json: AsJson = False,
) -> None:
    """Show what an organisation came from and what it became.

    Example: joinedup places history W2U3Z
    """
    from joinedup.definitions import Places

    lines = Places.load().history(code).lines()
    if as_json:
        print_json({"code": code, "history": list(lines)})
    else:
        print("\n".join(lines))


@app.command("history")
def history(lake: LakeFolder, as_json: AsJson = False) -> None:
    """List the states of the lake, oldest first.

    Example: joinedup lake history --lake demo/lake
    """
    from joinedup.lake import open_lake

    entries = open_lake(lake).history()
    rows = [
        (e.number, e.kind, e.known_at, e.committed_at, len(e.submissions), len(e.versions)) for e in entries
    ]
    header = ("State", "Kind", "Known at", "Committed at", "Files", "Tables")
    if as_json:
        print_json(
            [
                dict(zip(("state", "kind", "known_at", "committed_at", "files", "tables"), row, strict=True))
                for row in rows
            ]
        )
    else:
        print_table(header, rows, right=(0, 4, 5))


@app.command("check")
def check(lake: LakeFolder, as_json: AsJson = False) -> None:
    """Compare every file of the lake with its ledger, byte for byte.

    Example: joinedup lake check --lake demo/lake
    """
    from joinedup.lake import open_lake

    place = open_lake(lake)
    place.check(deep=True)
    number = place.snapshot.number if place.snapshot else 0
    if as_json:
        print_json({"whole": True, "state": number, "tables": list(place.tables())})
    else:
        print(
            f"The lake is whole: state {number}, {len(place.tables())} tables, every file as the ledger has it."
        )


@journeys.callback()
def nouns() -> None:
    """One row per pathway, with the national derivations."""


@journeys.command("build")
def build(
    lake: LakeFolder,
    engine: Engine = "duckdb",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Derive all, whatever changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring journeys up to date with the returns in the lake: those that a change touches are derived again.

    Example: joinedup journeys build --lake lake/ --engine spark
    """
    from joinedup.journeys import build_journeys, load_journeys
    from joinedup.lake import open_lake

    place = open_lake(lake, engine=engine)
    with progress(as_json) as show:
        show("Building journeys", 0, 1)
        snapshot = build_journeys(place, rebuild=rebuild)
        show("Building journeys", 1, 1)
    built = load_journeys(place)
    notes = place.history()[-1].notes
    answer = {
        "journeys": built.journeys.num_rows,
        "contacts": built.contacts.num_rows,
        "rule": built.rule,
        "state": snapshot.number,
        **{name: notes[name] for name in ("done", "because", "people", "months") if name in notes},
    }
    if as_json:
        print_json(answer)
    else:
        print(
            f"{answer['journeys']:,} journeys from {answer['contacts']:,} contacts, by the rule {built.rule}. "
            + _done(notes)
        )


def _done(notes: Mapping[str, Any]) -> str:
    """What was derived, in words."""
    if notes["done"] == "rebuilt":
        return f"All were derived ({notes['because']})."
    people, months = notes["people"], notes["months"]
    return f"Those of {people:,} people were derived again, {months:,} months of referral written."
