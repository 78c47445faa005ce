"""`joinedup keys`, `places`, `lake` and `journeys`: what stands under the figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
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


@places.command("list")
def list_places(
    level: Annotated[
        str, typer.Option("--level", help="trust, service, borough, ccg, icb, collaborative ...")
    ] = "",
    members_of: Annotated[
        str,
        typer.Option(
            "--members-of", help="Members of this place, such as NWL-COMM, instead.", metavar="CODE"
        ),
    ] = "",
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As at this day (default: today).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the organisations and places of the register as at a day, and what those that have closed became.

    Example: joinedup places list --members-of NWL-COMM --on 2024-12-01
    """
    from joinedup.definitions import Places

    register, day = Places.load(), on.date() if on else date.today()
    if members_of:
        begun = (m for m in register.place(members_of).members if m.valid_from is None or m.valid_from <= day)
        shown = [register.place(member.code) for member in begun]
    else:
        wanted = register.check_level(level) if level else ""
        shown = [p for p in register.places if (not wanted or p.level == wanted) and p.holds(day)]
    rows = [
        {"code": p.code, "name": p.name, "level": p.level, "from": p.valid_from, "until": p.valid_to,
         "code on that day": register.successor_of(p.code, day)}
        for p in shown
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    header = ("Code", "Name", "Level", "From", "Until", "Code on that day")
    print_table(header, [tuple(row.values()) for row in rows])
    codes = {place.code for place in shown}
    for move in register.transfers:
        if move.day <= day and codes & {move.from_organisation, move.to_organisation}:
            print(f"{move.day}: {move.service} moved from {move.from_organisation} to {move.to_organisation}")


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
