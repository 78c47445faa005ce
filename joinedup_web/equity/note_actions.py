"""What people do to notes. Keyword-only, with `by`, in one transaction; triggers write the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup_web.equity.cells import cell_key, figure_of, said
from joinedup_web.equity.models import KINDS, Note
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope


@transaction.atomic
def write_note(
    *, by: Scope, entry: Mapping[str, Any], place: Place, kind: str, text: str, shared: bool = False
) -> Note:
    """Write a note beside the cell of a registry entry, for a place of one's own. Raises YourCommand where `by` may
    not, or nothing is said."""
    role = next((one.role for one in by.held if one.place == place.code), "")
    if by.person is None or not by.may_at("write", "note", place.code):
        raise YourCommand(
            "Your role writes no notes there.",
            remedy="Ask a service manager, analyst or clinical lead of the place.",
        )
    if shared and not by.may_at("share", "note", place.code):
        raise YourCommand(
            "Notes are shared by the service manager of the place.",
            remedy="Write it for your own place and ask them to share it.",
        )
    if kind not in dict(KINDS) or not text.strip():
        raise YourCommand(
            "A note is a success, a challenge or an explanation, in words.",
            remedy="Choose which, and write it.",
        )
    with pghistory.context(why=f"note: {kind}"):
        return Note.objects.create(
            place=place, written_by=by.person, role=role, kind=kind, text=text.strip(), shared=shared,
            cell=cell_key(entry), about=said(entry)[:400],
            figure=figure_of(entry)[:60],
        )  # fmt: skip


@transaction.atomic
def share_note(*, by: Scope, note: Note) -> Note:
    """Let everyone who reads notes see it. Raises YourCommand where `by` may not."""
    if by.person is None or not by.may_at("share", "note", note.place_id):
        raise YourCommand("Notes are shared by the service manager of the place.", remedy="Ask them.")
    with pghistory.context(why="note shared"):
        note.shared = True
        note.save(update_fields=["shared"])
    return note


@transaction.atomic
def end_note(*, by: Scope, note: Note, reason: str) -> Note:
    """Take a note off the charts; the audit keeps it. One's own, or any of the place for those who share. Raises
    YourCommand."""
    if not may_end(by, note):
        raise YourCommand(
            "A note is ended by who wrote it, or by the service manager of the place.", remedy="Ask them."
        )
    if not reason.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why the note ends.")
    with pghistory.context(why=reason):
        note.ended_at, note.ended_why = timezone.now(), reason.strip()
        note.save(update_fields=["ended_at", "ended_why"])
    return note


def may_end(by: Scope, note: Note) -> bool:
    """Whether this person may end the note."""
    if by.person is None or note.ended_at is not None:
        return False
    mine = note.written_by_id == by.person.pk and by.may_at("write", "note", note.place_id)
    return mine or by.may_at("share", "note", note.place_id)
