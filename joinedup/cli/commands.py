"""The tree of commands: nouns first, then verbs. Each command is one library call; see the files beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any

import typer

from joinedup.cli import (
    attacking,
    claims,
    definitions,
    framework,
    gaps,
    lakes,
    main_job,
    meetings,
    packs,
    persons,
    practice,
    process_maps,
    published,
    releases,
    returns,
    scrutiny,
    variation,
)
from joinedup.errors import MissingPart

HELP = """joinedup: read what trusts already report, and see where access, experience and outcome differ,
and at which step."""


GROUPS = (
    ("twin", main_job.twin, "A synthetic North West London, written as trusts send it."),
    ("keys", lakes.keys, "The key of the pseudonyms, which stays outside the lake."),
    ("returns", returns.app, "Check and load the monthly returns."),
    ("persons", persons.app, "Who is one person over several indexes: link, review, explain."),
    ("places", lakes.places, "Organisations, boroughs and boards, and their succession."),
    ("lake", lakes.app, "What the lake holds, and whether it is whole."),
    ("journeys", process_maps.app, "One row per pathway, with the national derivations."),
    ("measures", definitions.app, "The official measures: definitions and figures."),
    ("published", published.app, "Published statistics."),
    ("scrutiny", scrutiny.app, "The committee's tracker: recommendations that close on evidence alone."),
    (
        "meetings",
        meetings.app,
        "Council meetings: records made one, papers kept and quoted, topics proposed.",
    ),
    ("claims", claims.app, "Sentences with figures, checked against what is held."),
    (
        "framework",
        framework.app,
        "Maturity and competence: forms, levels that evidence allows, roles, neighbourhoods.",
    ),
)
"""Noun -> its commands, and what it is about."""

COMMANDS = (
    ("compare", definitions.compare),
    ("gap", gaps.gap),
    ("variation", variation.variation),
    ("practice", practice.practice),
    ("reconcile", published.reconcile),
    ("report", main_job.report),
    ("pack", packs.pack),
    ("release", releases.release),
    ("trace", main_job.trace),
    ("demo", main_job.demo),
    ("attack", attacking.attack),
)
"""Commands without a noun."""


def application() -> Any:
    """The command as click sees it."""
    app = typer.Typer(
        name="joinedup",
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for noun, group, text in GROUPS:
        group.info.help = text
        app.add_typer(group, name=noun, no_args_is_help=True)
    for name, function in COMMANDS:
        app.command(name)(function)
    for name, found in from_elsewhere():
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, no_args_is_help=True)
        else:
            app.command(name)(found)
    return typer.main.get_command(app)


WEB = {
    "accounts": "Accounts of the workspace: who may sign in, with which roles, and how.",
    "collaborative": "Provider collaboratives of a workspace: made from a template, ended, undone.",
    "serve": "Serve the workspace: figures, places and people in a browser.",
    "workspace": "Back up, check and restore a workspace: database, lake and released figures.",
}


def from_elsewhere() -> Iterator[tuple[str, Callable[..., None] | typer.Typer]]:
    """Commands, or groups of them, of the entry-point group `joinedup.commands`; absent ones say what to install."""
    found = {entry.name: entry for entry in entry_points(group="joinedup.commands")}
    for name in sorted(found.keys() | WEB.keys()):
        try:
            yield name, found[name].load()
        except (KeyError, ImportError):
            yield name, _absent(name)


def _absent(name: str) -> Callable[..., None]:
    def command() -> None:
        raise MissingPart(
            f"`joinedup {name}` needs the workspace, which is not installed.",
            remedy="Install joinedup[web].",
        )

    command.__doc__ = WEB.get(name, "Not installed.")
    return command
