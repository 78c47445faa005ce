"""`joinedup serve`, found by the command through the entry-point group `joinedup.commands`."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="The workspace's own folder (default: beside the lake).", metavar="DIR"),
]


def serve(
    lake: Annotated[Path, typer.Option("--lake", help="The folder of the lake.", metavar="DIR")] = Path(
        "demo/lake"
    ),
    folder: Folder = None,
    port: Annotated[int, typer.Option("--port", help="Where it listens, on this machine only.")] = 8000,
    production: Annotated[
        bool,
        typer.Option(
            "--production", help="For people: refuses sample keys, DEBUG and an origin without TLS."
        ),
    ] = False,
    origin: Annotated[
        str, typer.Option("--origin", help="The address that people type.", metavar="URL")
    ] = "",
) -> None:
    """Serve the workspace on a lake until Ctrl-C. A demo lake gets a sign-in for each role.

    Example: joinedup serve --lake demo/lake
    """
    from joinedup.cli.output import progress
    from joinedup.lake import open_lake
    from joinedup_web.config.environment import Environment
    from joinedup_web.config.serving import served

    told = Environment.read()
    environment = replace(
        told,
        lake=lake.absolute(),
        folder=(folder or lake.parent / "workspace").absolute(),
        origin=(origin or (told.origin if production else f"http://127.0.0.1:{port}")).rstrip("/"),
        production=production or told.production,
        demo=not production and open_lake(lake).purpose == "demo",
    )
    for ending in (signal.SIGTERM, signal.SIGHUP):  # a terminal that is closed ends it as cleanly as Ctrl-C
        signal.signal(ending, _interrupt)
    with progress(False) as show:
        serving = served(environment, port=port, progress=show)
        workspace = serving.__enter__()
    try:
        print(said(workspace.address, workspace.password), flush=True)
        workspace.watch()
    except KeyboardInterrupt:
        print("\nStopping. Nothing is lost; `make serve` starts it again.", flush=True)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        serving.__exit__(None, None, None)


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def said(address: str, password: str) -> str:
    """What a person reads once it is served."""
    if not password:
        return f"\nThe workspace is at {address} - Ctrl-C stops it."
    from joinedup_web.organisations.demo_words import lines

    return "\n".join(
        ["", f"The workspace is at {address}", "", f"Demo sign-ins, all with the password {password}", "",
         *(f"  {line}" for line in lines()), "", "  (no sign-in)  Public", "",
         "Ctrl-C stops it; `make serve` starts it again."]
    )  # fmt: skip
