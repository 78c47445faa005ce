"""`joinedup workspace`: prepare, back up, check and restore a workspace, found by the group `joinedup.commands`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Prepare, back up, check and restore a workspace: database, lake and released figures."
)

Lake = Annotated[Path, typer.Option("--lake", help="The folder of the lake.", metavar="DIR")]
Folder = Annotated[Path | None, typer.Option("--folder", help="The workspace's own folder.", metavar="DIR")]
Store = Annotated[Path, typer.Argument(help="The folder that holds the backups.", metavar="STORE")]
At = Annotated[str, typer.Option("--at", help="This backup instead of the newest.", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


def _address() -> str:
    """A database of the user's own is reached by a role that sees every row."""
    return os.environ.get("JOINEDUP_KEEPER_URL", "")


@app.command("prepare")
def prepare(lake: Lake = Path("demo/lake"), folder: Folder = None) -> None:
    """Make a workspace's database ready before its lake is made, so that serving begins sooner.

    Example: joinedup workspace prepare --lake lake/
    """
    from dataclasses import replace

    from joinedup_web.config.environment import Environment
    from joinedup_web.config.serving import prepared_ahead

    own = (folder or lake.parent / "workspace").absolute()
    own.mkdir(mode=0o755, parents=True, exist_ok=True)
    prepared_ahead(replace(Environment.read(), folder=own, lake=None))


@app.command("backup")
def backup(
    store: Store, lake: Lake = Path("demo/lake"), folder: Folder = None, as_json: AsJson = False
) -> None:
    """Add a backup to a store, while people work or not. A second one writes only what is new.

    Example: joinedup workspace backup /backups --lake lake/ --folder workspace/
    """
    from joinedup.cli.output import print_json, progress
    from joinedup_web.config.keeping import back_up
    from joinedup_web.config.keeping_database import dump, reached

    own = folder or lake.parent / "workspace"
    with reached(own, _address()) as address, progress(as_json) as show:
        made = back_up(lake, own, lambda file: dump(address, file), store, show)
    if as_json:
        print_json({"backup": made.name, "snapshot": made.snapshot, "files": len(made.files)})
        return
    print(f"Backup {made.name}: {len(made.files):,} files, state {made.snapshot} of the lake.")
    print(
        "It holds second factors and the workspace's secret: keep it where you would keep those. The key of the"
    )
    print("pseudonyms is not part of it: keep that elsewhere.")


@app.command("backups")
def listed(store: Store, as_json: AsJson = False) -> None:
    """The backups of a store, oldest first, each read through and compared with its hashes.

    Example: joinedup workspace backups /backups
    """
    from joinedup.cli.output import print_json, print_table
    from joinedup_web.config.keeping import backups, faults, read_backup

    found = [(name, read_backup(store, name)) for name in backups(store)]
    told = [
        {
            "backup": name,
            "snapshot": one.snapshot,
            "files": len(one.files),
            "faults": list(faults(store, one)),
        }
        for name, one in found
    ]
    if as_json:
        print_json(told)
    else:
        rows = [(one["backup"], one["snapshot"], one["files"], _in_words(one["faults"])) for one in told]
        print_table(("backup", "state", "files", "found"), rows, right=(1, 2))
    if any(one["faults"] for one in told):
        raise typer.Exit(1)


def _in_words(faults: object) -> str:
    found = faults if isinstance(faults, list) else []
    return "whole" if not found else f"{len(found)} damaged, first {found[0]}"


@app.command("restore")
def restore(
    store: Store, lake: Lake = Path("demo/lake"), folder: Folder = None, at: At = "", as_json: AsJson = False
) -> None:
    """Put a backup back where nothing lies yet, then check it: files, ledger, audit.

    Example: joinedup workspace restore /backups --lake lake/ --folder workspace/
    """
    from joinedup.cli.output import print_json, progress
    from joinedup_web.config.keeping import bring_back, read_backup
    from joinedup_web.config.keeping_database import load, reached

    own, found = folder or lake.parent / "workspace", read_backup(store, at)
    own.mkdir(mode=0o755, parents=True, exist_ok=True)
    with reached(own, _address()) as address, progress(as_json) as show:
        bring_back(store, found, lake, own, lambda file: load(address, file), show)
    if as_json:
        print_json({"backup": found.name, "snapshot": found.snapshot, "files": len(found.files)})
        return
    print(
        f"Restored {found.name}: {len(found.files):,} files, all as they were; the lake agrees with its ledger."
    )
    print(f"Serve it: joinedup serve --lake {lake} --folder {own}")
