"""`joinedup accounts`, found by the command through the entry-point group `joinedup.commands`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from joinedup.errors import UnknownName, YourCommand

app = typer.Typer(help="Accounts of the workspace: who may sign in, with which roles, and how.")
Folder = Annotated[
    Path,
    typer.Option(
        "--folder", help="The workspace's own folder, where DATABASE_URL names none.", metavar="DIR"
    ),
]
HERE = Path("demo/workspace")
Email = Annotated[str, typer.Argument(help="The address of the account.")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept in the audit.", metavar="TEXT")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
RoleName = Annotated[str, typer.Argument(help="The role, as in docs/reference/policy.md.")]
PlaceCode = Annotated[str, typer.Argument(help="The code of the organisation or place.")]


@contextmanager
def workspace(folder: Path) -> Iterator[None]:
    """Django on the workspace's database: the one that is named, the one that runs, or our own for a moment."""
    from joinedup_web.config.postgres import APP, Postgres

    own = None
    if not os.environ.get("DATABASE_URL"):
        own = Postgres(folder.absolute() / "database")
        if not (own.data / "PG_VERSION").exists():
            raise YourCommand(
                f"There is no workspace in {folder}.",
                remedy="Name its folder with --folder, or set DATABASE_URL.",
            )
        began = not own.attach()
        if began:
            own.start()
        os.environ["DATABASE_URL"] = own.url(APP)
    try:
        _django()
        yield
    finally:
        if own is not None:
            os.environ.pop("DATABASE_URL", None)
            if began:
                own.stop()


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")
    import django
    from django.db import DatabaseError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise YourCommand(
            "The database of the workspace does not answer.",
            remedy="Check DATABASE_URL, or start PostgreSQL.",
        ) from error


@app.command("list")
def list_accounts(
    place: Annotated[str, typer.Option("--place", help="Only those with a role there.", metavar="CODE")] = "",
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """List accounts: whether they are open, the roles they hold, and how they sign in.

    Example: joinedup accounts list --place RKL
    """
    from joinedup.cli.output import print_json, print_table

    with workspace(folder):
        from joinedup_web.organisations.accounts import accounts

        found = accounts(place)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    rows = [
        (one.email, "open" if one.active else "ended", ", ".join(f"{role} at {at}" for role, at, _, _ in one.roles),
         ", ".join(one.ways))
        for one in found
    ]  # fmt: skip
    print_table(("account", "is", "roles", "signs in with"), rows)


def _plain(account: Any) -> dict[str, Any]:
    roles = [
        {"role": role, "place": at, "from": since, "until": until} for role, at, since, until in account.roles
    ]
    return {"email": account.email, "name": account.name, "active": account.active, "roles": roles,
            "signs_in_with": list(account.ways)}  # fmt: skip


@app.command("add")
def add_account(
    email: Email,
    why: Why,
    name: Annotated[str, typer.Option("--name", help="The person's name.")] = "",
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="A file with a first password (default: none).", metavar="FILE"),
    ] = None,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Make an account, or open an ended one again. Without a password it opens through an identity service alone.

    Example: joinedup accounts add sam@trust.example --why "analyst from May"
    """
    password = _password(password_file)
    with workspace(folder):
        from joinedup_web.organisations import accounts, actions

        person = accounts.add(by=actions.Operator(), email=email, name=name, password=password, reason=why)
    _said(as_json, f"{person.email} has an account.", email=person.email)


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        password = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise YourCommand(f"{file}: {error.strerror}.", remedy="Name a file that can be read.") from None
    if not password:
        raise YourCommand(f"{file} is empty.", remedy="Write the password into it, or leave the option out.")
    return password


@app.command("end")
def end_account(email: Email, why: Why, folder: Folder = HERE, as_json: AsJson = False) -> None:
    """End an account and every role it holds. What it did stays in the audit.

    Example: joinedup accounts end sam@trust.example --why "left in June"
    """
    with workspace(folder):
        from joinedup_web.organisations import accounts, actions

        ended = accounts.end(by=actions.Operator(), person=accounts.person_of(email), reason=why)
    _said(as_json, f"{email} has ended, with {ended} roles.", email=email, roles_ended=ended)


@app.command("give")
def give_role(
    email: Email,
    role: RoleName,
    place: PlaceCode,
    why: Why,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Default: today.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Default: open.")
    ] = None,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Give a role at an organisation or place for a period.

    Example: joinedup accounts give sam@trust.example analyst RKL --why "analyst from May" --until 2027-03-31
    """
    with workspace(folder):
        from django.utils import timezone

        from joinedup_web.organisations import accounts, actions

        at = _place(place)
        with accounts.everywhere(why):
            actions.give_role(
                by=actions.Operator(), person=accounts.person_of(email), role=role, place=at, reason=why,
                from_day=since.date() if since else timezone.localdate(), to_day=until.date() if until else None,
            )  # fmt: skip
    _said(as_json, f"{email} is {role} at {place}.", email=email, role=role, place=place)


@app.command("take")
def end_role(
    email: Email, role: RoleName, place: PlaceCode, why: Why, folder: Folder = HERE, as_json: AsJson = False
) -> None:
    """End a role: it holds until yesterday.

    Example: joinedup accounts take sam@trust.example analyst RKL --why "moved to another team"
    """
    with workspace(folder):
        from django.utils import timezone

        from joinedup_web.organisations import accounts, actions

        with accounts.everywhere(why):
            for held in _held(email, role, place, timezone.localdate()):
                actions.end_role(by=actions.Operator(), held=held, on=timezone.localdate(), reason=why)
    _said(as_json, f"{email} is no longer {role} at {place}.", email=email, role=role, place=place)


def _held(email: str, role: str, place: str, today: date) -> list[Any]:
    """Roles of that name that hold there. Raises UnknownName where there is none."""
    from joinedup_web.organisations.accounts import person_of
    from joinedup_web.organisations.models import RoleHeld

    found = list(RoleHeld.objects.on(today).filter(person=person_of(email), role=role, place_id=place))
    if not found:
        raise UnknownName(
            f"{email} does not hold the role {role!r} at {place!r}.",
            remedy="`joinedup accounts list` shows the roles.",
        )
    return found


def _place(code: str) -> Any:
    from joinedup_web.organisations.asking import place_of

    found = place_of(code)
    if found is None:
        raise UnknownName(
            f"There is no place with code {code!r}.", remedy="`joinedup places list` has the codes."
        )
    return found


@app.command("reset-second-factor")
def reset_second_factor(email: Email, why: Why, folder: Folder = HERE, as_json: AsJson = False) -> None:
    """Remove authenticator app, passkeys and recovery codes, when a device is lost.

    Example: joinedup accounts reset-second-factor sam@trust.example --why "phone lost, identity checked by phone"
    """
    with workspace(folder):
        from joinedup_web.organisations import accounts, actions

        gone = accounts.reset_second_factor(
            by=actions.Operator(), person=accounts.person_of(email), reason=why
        )
    _said(
        as_json, f"{email}: {gone} removed. The next sign-in asks for a new one.", email=email, removed=gone
    )


@app.command("unlink")
def unlink(
    email: Email,
    service: Annotated[str, typer.Argument(help="The name of the identity service.")],
    why: Why,
    folder: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """End the link of an account to an identity, so that a new one can be linked.

    Example: joinedup accounts unlink sam@trust.example care --why "new smartcard"
    """
    with workspace(folder):
        from joinedup_web.organisations import accounts, actions

        accounts.unlink(by=actions.Operator(), person=accounts.person_of(email), service=service, reason=why)
    _said(as_json, f"{email} is no longer linked to {service}.", email=email, service=service)


def _said(as_json: bool, words: str, **told: Any) -> None:
    from joinedup.cli.output import print_json

    if as_json:
        print_json(told)
    else:
        print(words)
