"""`joinedup collaborative`: new, end, undo, list. Found by the command through the group `joinedup.commands`.

It speaks to the database of a workspace, served or not: the one that DATABASE_URL names, or the workspace's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.errors import YourCommand

app = typer.Typer(help="Provider collaboratives of a workspace: made from a template, ended, undone.")
By = Annotated[str, typer.Option("--by", help="Address of the account that does it.", metavar="EMAIL")]
Folder = Annotated[Path, typer.Option("--folder", help="The workspace's own folder.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: it is kept in the audit.")]
HERE = Path("demo/workspace")


@app.command("new")
def new(
    template: Annotated[str, typer.Argument(help="A template, such as perinatal, or a file of one's own.")],
    by: By,
    reason: Reason = "made by the command",
    starts: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day; the template's if not said."),
    ] = None,
    code: Annotated[str, typer.Option("--code", help="Its code; the template's if not said.")] = "",
    members: Annotated[
        str,
        typer.Option(
            "--members", help="Its trusts, such as CNWL,WLT or RV3,RKL; the template's if not said."
        ),
    ] = "",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Make a collaborative from a template: a place of the register, with its members from that day.

    Example: joinedup collaborative new perinatal --by administrator-cnwl@demo.invalid --from 2024-04-01
    """
    from dataclasses import replace

    from joinedup.definitions.collaboratives import CollaborativeTemplate

    file = Path(template)
    found = CollaborativeTemplate.read(file) if file.suffix else CollaborativeTemplate.load(template)
    with _workspace(folder):
        from joinedup_web.collaboratives.actions import Plan, make_collaborative

        plan = Plan.of(found, starts.date() if starts else None)
        trusts = tuple(map(_trust, members.split(","))) if members else plan.members
        plan = replace(plan, code=code or plan.code, members=trusts)
        with _scope(by) as scope:
            made = make_collaborative(by=scope, plan=plan, reason=reason)
            _say(made, "is made", as_json)


@app.command("end")
def end(
    code: Annotated[str, typer.Argument(help="Code of the collaborative.")],
    by: By,
    reason: Reason,
    last_day: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Its last day.")],
    successor: Annotated[str, typer.Option("--successor", help="Code of what comes after it.")] = "",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """End a collaborative; its page stays, and points to the successor.

    Example: joinedup collaborative end NWL-PERI --by a@b.uk --on 2025-03-31 --reason "joins another"
    """
    with _workspace(folder):
        from joinedup_web.collaboratives.actions import end_collaborative

        with _scope(by) as scope:
            made = end_collaborative(
                by=scope,
                made=_made(scope, code),
                last_day=last_day.date(),
                successor=successor,
                reason=reason,
            )
            _say(made, "ends", as_json)


@app.command("undo")
def undo(
    code: Annotated[str, typer.Argument(help="Code of the collaborative.")],
    by: By,
    reason: Reason,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Take the last step back: an end, or the making while nobody else has a role there.

    Example: joinedup collaborative undo NWL-PERI --by a@b.uk --reason "a mistake"
    """
    with _workspace(folder):
        from joinedup_web.collaboratives import actions

        with _scope(by) as scope:
            made = _made(scope, code)
            stays = actions.undo(by=scope, made=made, reason=reason)
            _say(made, "goes on" if stays else "is taken back", as_json)


@app.command("list")
def list_all(by: By, folder: Folder = HERE, as_json: Json = False) -> None:
    """List the collaboratives of a workspace.

    Example: joinedup collaborative list --by a@b.uk --json
    """
    from joinedup.cli.output import print_json, print_table

    with _workspace(folder):
        from joinedup_web.collaboratives.asking import made

        with _scope(by):
            rows = [_told(one) for one in made()]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("Code", "Name", "Lead", "From", "Until"),
            [(row["code"], row["name"], row["lead"], row["valid_from"], row["valid_to"]) for row in rows],
        )


@contextmanager
def _workspace(folder: Path) -> Iterator[None]:
    """Django on the database of a workspace; our own PostgreSQL is started where it does not run."""
    from joinedup_web.config.postgres import APP, Postgres

    own = None
    if not os.environ.get("DATABASE_URL"):
        folder = folder.absolute()
        if not (folder / "database" / "data" / "PG_VERSION").exists():
            raise YourCommand(
                f"There is no workspace in {folder}.",
                remedy="Name its folder with --folder; `joinedup serve` makes one.",
            )
        own = Postgres(folder / "database")
        started = own.join()
        os.environ["DATABASE_URL"] = own.url(APP)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")
    try:
        import django

        django.setup()
        yield
    finally:
        from django.db import connections

        connections.close_all()
        if own is not None and started:
            own.stop()


@contextmanager
def _scope(by: str) -> Iterator[Any]:
    """What the account may do, in one transaction. Raises YourCommand where there is none."""
    import pghistory
    from django.db import transaction
    from django.utils import timezone

    from joinedup_web.organisations.asking import person_of
    from joinedup_web.organisations.scope import scope_of

    with transaction.atomic():
        person = person_of(by)
        if person is None:
            raise YourCommand(f"Nobody has an account with the address {by}.", remedy="Name one with --by.")
        with pghistory.context(person=str(person.pk), address="joinedup collaborative"):
            yield scope_of(person, timezone.localdate())


def _trust(words: str) -> str:
    """The code of a trust, from its code or its short name. Raises YourCommand."""
    from joinedup.definitions import Places

    trusts = [place for place in Places.load().places if place.level == "trust"]
    for place in trusts:
        if words.strip().upper() in (place.code, place.short_name.upper()):
            return place.code
    known = ", ".join(f"{place.code} ({place.label})" for place in trusts)
    raise YourCommand(f"There is no trust {words.strip()!r}.", remedy=f"There are {known}.")


def _made(scope: Any, code: str) -> Any:
    from joinedup_web.collaboratives.asking import one_of

    found = one_of(scope, "end", code)
    if found is None:
        raise YourCommand(
            f"There is no collaborative {code} that this account may change.",
            remedy="`joinedup collaborative list`.",
        )
    return found


def _told(made: Any) -> dict[str, str | date | None]:
    return {
        "code": made.code, "name": made.name, "lead": made.place_id, "template": made.template,
        "valid_from": made.valid_from, "valid_to": made.valid_to, "successor": made.successor,
    }  # fmt: skip


def _say(made: Any, words: str, as_json: bool) -> None:
    from joinedup.cli.output import print_json

    if as_json:
        print_json({**_told(made), "state": words})
    else:
        until = f" until {made.valid_to}" if made.valid_to else ""
        print(f"{made.name} ({made.code}) {words}: from {made.valid_from}{until}, page /places/{made.code}/")
