"""`joinedup updates`, found by the command through the entry-point group `joinedup.commands`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from joinedup.errors import UnknownName, YourCommand
from joinedup_web.config.accounts_command import HERE, AsJson, Folder, workspace

app = typer.Typer(
    help="Updates by e-mail: what would be sent, how many went, and sending now. Addresses are never shown."
)


@app.command("show")
def show(
    about: Annotated[
        str, typer.Argument(help="What about: place/GB-LAE-BEN, body/nwl-odg, topic/..., measure/...")
    ],
    days: Annotated[int, typer.Option("--days", help="Since how many days ago.", min=1, max=366)] = 7,
    folder: Folder = HERE,
    html: Annotated[bool, typer.Option("--html", help="The HTML part instead of the text.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the letter that somebody would get now who chose this. Nothing is sent.

    Example: joinedup updates show place/GB-LAE-BEN
    """
    from joinedup.cli.output import print_json

    with workspace(folder):
        letter = _letter(about, days)
    if as_json:
        print_json(letter)
    elif not letter:
        print("Nothing to tell: no letter would be sent.")
    else:
        print(letter["html"] if html else f"Subject: {letter['subject']}\n\n{letter['text']}")


@app.command("status")
def status(folder: Folder = HERE, as_json: AsJson = False) -> None:
    """How many read updates, what waits, and week by week: letters written, sent, and readers with nothing to tell.

    Example: joinedup updates status --json
    """
    from joinedup.cli.output import print_json, print_table

    with workspace(folder):
        from joinedup_web.governance.updates.counting import counts

        found = counts()
    if as_json:
        print_json(found)
        return
    print(
        f"{found['readers']} readers; {found['unconfirmed']} have not confirmed; {found['waiting']} letters wait."
    )
    rows = [
        tuple(str(week[name]) for name in ("week", "written", "sent", "skipped")) for week in found["weeks"]
    ]
    print_table(("week of", "written", "sent", "nothing to tell"), rows)


@app.command("send")
def send(folder: Folder = HERE, as_json: AsJson = False) -> None:
    """Write this week's letters for whoever has none yet, and send what waits. The worker does the same by itself.

    Example: joinedup updates send
    """
    from joinedup.cli.output import print_json

    with workspace(folder):
        from django.utils import timezone

        from joinedup_web.governance.updates import posting

        if not posting.can_post():
            raise YourCommand(
                "No mail server is named.", remedy="Set JOINEDUP_MAIL; docs/how-to/sign-in.md says how."
            )
        written, skipped = posting.write_digests(timezone.now(), again=True)
        sent = posting.send_due()
    told: dict[str, Any] = {"written": written, "nothing_to_tell": skipped, "sent": sent}
    if as_json:
        print_json(told)
    else:
        print(f"{written} letters written, {skipped} readers with nothing to tell, {sent} sent.")


def _letter(about: str, days: int) -> dict[str, str]:
    """Subject, text and html; empty where there is nothing to tell."""
    from datetime import timedelta
    from uuid import UUID

    from django.utils import timezone

    from joinedup_web.governance.updates import asking, composing, posting

    kind, _, key = about.partition("/")
    offer, now = asking.offer_of(kind, key), timezone.now()
    if offer is None:
        raise UnknownName(f"Nothing called {about!r} is offered.", remedy="The page /updates/ lists what is.")
    facts = asking.news([(kind, key)], asking.dated_facts(), now - timedelta(days=days))
    if not facts:
        return {}
    made = composing.digest_of(facts, [offer], UUID(int=0), posting.week_of(now))
    return {"subject": made.subject, "text": made.text, "html": made.html}
