"""Operations on notes beside numbers: by the questions, forms and actions of the pages, so that the same is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from joinedup_web.api.answering import NotUnderstood, change, operation, part_of
from joinedup_web.api.problems import Refused
from joinedup_web.equity import note_actions
from joinedup_web.equity.api import made_of
from joinedup_web.equity.api_figures import Code, opened_in
from joinedup_web.equity.api_note_schemas import NoteEnd, NoteOut, NotesAsked, NotesPage, NoteWritten
from joinedup_web.equity.cells import cell_key, code_in
from joinedup_web.equity.figures import Figures
from joinedup_web.equity.forms import EndNote, WriteNote
from joinedup_web.equity.models import Note
from joinedup_web.equity.notes import note_of, seen_by
from joinedup_web.equity.opening import current_figures
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import scope_in

router = Router(tags=["Notes"])
Identity = Annotated[UUID, Path(description="note, as writing it or /api/v1/notes answered")]
NOT_THERE = "There is no such note where you may do that."
LISTED = "/api/v1/notes lists those that you may read."


def _made_of(request: HttpRequest) -> str:
    """Of what an answer is made: the state, and the notes that whoever asks may read."""
    return repr(
        (made_of(request), list(seen_by(scope_in(request)).order_by("pk").values_list("pk", "shared")))
    )


@router.get(
    "/notes", url_name="api_notes", operation_id="notes", summary="Notes beside numbers", response=NotesPage
)
@operation(_made_of)
def notes(request: HttpRequest, asked: Query[NotesAsked]) -> dict[str, Any]:
    """Notes that you may read, the newest first: of your own places, and what others have shared."""
    rows = seen_by(scope_in(request)).order_by("-written_at", "pk")
    if asked.number is not None:
        _, entry = opened_in(asked.number)
        rows = rows.filter(cell=cell_key(entry))
    part, newest = part_of(request, asked, rows), current_figures()
    part["items"] = [_note(note, newest) for note in part["items"]]
    return part


@router.post(
    "/numbers/{code}/notes", url_name="api_write_note", operation_id="write_note", summary="Write a note",
    response={201: NoteOut},
)  # fmt: skip
@change
def write_note(request: HttpRequest, code: Code, told: NoteWritten) -> Status[dict[str, Any]]:
    """Write a note beside a number, for a place of your own. Say nothing that could point to a person.

    It stays with the number from release to release. Shared, everyone who reads notes sees it.
    """
    scope, (figures, entry) = scope_in(request), opened_in(code)
    asked = _held(WriteNote({"kind": told.kind, "text": told.text, "place": told.place}, scope=scope))
    place = place_of(asked["place"])
    assert place is not None  # noqa: S101 - the form takes places of the register only
    note = note_actions.write_note(
        by=scope, entry=entry, place=place, kind=asked["kind"], text=asked["text"], shared=told.shared
    )
    return Status(201, _note(note, figures))


@router.post(
    "/notes/{uuid:note}/share", url_name="api_share_note", operation_id="share_note", summary="Share a note",
    response=NoteOut,
)  # fmt: skip
@change
def share_note(request: HttpRequest, note: Identity) -> dict[str, Any]:
    """Let everyone who reads notes see one of your place."""
    return _note(
        note_actions.share_note(by=scope_in(request), note=_of(request, note, "share")), current_figures()
    )


@router.post(
    "/notes/{uuid:note}/end", url_name="api_end_note", operation_id="end_note", summary="End a note",
    response=NoteOut,
)  # fmt: skip
@change
def end_note(request: HttpRequest, note: Identity, told: NoteEnd) -> dict[str, Any]:
    """Take a note off the charts, for a reason: your own, or any of the place where you share them."""
    found = _of(request, note, "write")
    if not note_actions.may_end(scope_in(request), found):
        raise Refused(404, NOT_THERE, LISTED)
    reason = _held(EndNote({"reason": told.reason}))["reason"]
    ended = note_actions.end_note(by=scope_in(request), note=found, reason=reason)
    return _note(ended, current_figures())


def _of(request: HttpRequest, note: UUID, action: str) -> Note:
    found = note_of(scope_in(request), note, action)
    if found is None:
        raise Refused(404, NOT_THERE, LISTED)
    return found


def _held(form: forms.Form) -> Mapping[str, Any]:
    """What a form of the pages takes. Raises NotUnderstood with each field that it refuses."""
    if not form.is_valid():
        raise NotUnderstood(
            [
                {"where": f"body.{name}", "what": str(words)}
                for name, told in form.errors.items()
                for words in told
            ]
        )
    return dict(form.cleaned_data)


def _note(note: Note, figures: Figures | None) -> dict[str, Any]:
    kept = ("kind", "about", "figure", "text", "role", "shared", "written_at", "ended_at")
    return {
        "note": note.pk, "number": code_in(figures, note.cell) if figures is not None else "",
        "place": note.place_id, "place_name": note.place.name, **{name: getattr(note, name) for name in kept},
    }  # fmt: skip
