"""What people do to papers: add one, with its authors and who has to clear it; clear it; remove it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.governance.boards import uploaded
from joinedup_web.governance.boards.checking import clean, locked, permitted, said, still_open
from joinedup_web.governance.boards.records import AgendaItem, Clearance, Paper
from joinedup_web.organisations.scope import Scope

CODE = re.compile(r"[A-Z2-7]{10}")
"""The code of a released number, as its page takes it."""
FEW = 20


@transaction.atomic
def add_paper(
    *, by: Scope, item: AgendaItem, title: str, authors: str, clearances: str = "", summary: str = "", link: str = "",
    file: tuple[str, bytes] | None = None, private: bool = False,
) -> Paper:  # fmt: skip
    """Add a paper to an item. `authors` and `clearances` (the offices that have to clear it) one a line; `file` is its
    name and content. Raises YourCommand, and UnreadableFile or UnsafeFile for a file that a paper cannot be."""
    permitted(by, "meeting", item.place_id)
    still_open(item.meeting)
    wrote, offices = lines(authors), lines(clearances)
    if not wrote:
        raise YourCommand("A paper has at least one author.", remedy="Name them, one a line.")
    with pghistory.context(why="paper added"):
        made = Paper.objects.create(
            place_id=item.place_id, body_id=item.body_id, item=item, title=said(title, "A title"),
            authors="\n".join(wrote), summary=clean(summary), link=pointer(link), private=private,
            **_kept(file, item.place_id),
        )  # fmt: skip
        Clearance.objects.bulk_create(
            Clearance(place_id=item.place_id, body_id=item.body_id, paper=made, office=office)
            for office in offices
        )
    return made


@transaction.atomic
def clear_paper(*, by: Scope, row: Clearance) -> Clearance:
    """Enter that an office has cleared a paper."""
    who = permitted(by, "meeting", row.place_id)
    still_open(row.paper.item.meeting)
    found = locked(row)
    if found.given_on is not None:
        raise YourCommand("It is cleared already.", remedy="Nothing is left to do.")
    with pghistory.context(why="paper cleared"):
        found.given_on, found.entered_by = timezone.localdate(), who
        found.save(update_fields=["given_on", "entered_by"])
    return found


@transaction.atomic
def remove_paper(*, by: Scope, row: Paper, reason: str) -> Paper:
    """Take a paper away, also from a record that is closed: the row stays and says that it was there.

    Its file goes once this is certain, unless another paper is the same file.
    """
    permitted(by, "meeting", row.place_id)
    found, why = locked(row), said(reason, "A reason")
    if found.removed_on is not None:
        raise YourCommand("It is removed already.", remedy="Nothing is left to do.")
    with pghistory.context(why=why):
        found.removed_on, found.removed_why = timezone.localdate(), why
        found.save(update_fields=["removed_on", "removed_why"])
    same = Paper.objects.filter(place_id=found.place_id, sha256=found.sha256, removed_on=None)
    if found.sha256 and not same.exists():
        transaction.on_commit(lambda: uploaded.remove(found.place_id, found.sha256))
    return found


def where_of(paper: Paper) -> str:
    """Where a paper is, in words: its file, or what it points to."""
    if paper.sha256:
        return f"file {paper.file_name}, {max(round(paper.size / 1000), 1):,} kB"
    return paper.link


def _kept(file: tuple[str, bytes] | None, place: str) -> dict[str, Any]:
    if file is None:
        return {}
    kept = uploaded.keep(file[1], file[0], place)
    return {"sha256": kept.sha256, "file_name": kept.name, "form": kept.form, "size": kept.size}


def lines(text: str) -> list[str]:
    """Lines that say something, each once, at most a few. Raises YourCommand for more, or for one too long."""
    found = list(dict.fromkeys(line.strip() for line in clean(text).splitlines() if line.strip()))
    if len(found) > FEW or max(map(len, found), default=0) > 200:
        raise YourCommand(f"At most {FEW} lines of 200 characters each.", remedy="Shorten them.")
    return found


def pointer(text: str) -> str:
    """The code of a released number, or an address of the web. Raises YourCommand for anything else."""
    found = clean(text)
    if not found or CODE.fullmatch(found.upper()):
        return found.upper()
    parts = urlsplit(found)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise YourCommand(
            "That is neither the code of a number nor an address.",
            remedy="Enter the ten characters beside the number, or an address that begins with https://.",
        )
    return found
