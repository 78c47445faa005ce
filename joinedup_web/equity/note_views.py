"""Pages of notes: write one beside a number, share it, end it, read all that may be read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand
from joinedup_web.equity import note_actions
from joinedup_web.equity.cells import entry_of, figure_of, said
from joinedup_web.equity.forms import EndNote, WriteNote
from joinedup_web.equity.models import Note
from joinedup_web.equity.notes import note_of, seen_by
from joinedup_web.equity.presenting import lens_links
from joinedup_web.equity.views import opened_in
from joinedup_web.organisations.asking import place_of
from joinedup_web.organisations.scope import Scope, scope_in


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Write a note beside a number: first it is shown as it will stand there, then it is kept."""
    scope, figures = scope_in(request), opened_in(code.upper())
    entry = entry_of(figures, code.upper())
    form = WriteNote(request.POST or None, scope=scope)
    context = {"number": code.upper(), "cell": said(entry), "figure": figure_of(entry), "form": form}
    if request.method == "POST" and form.is_valid():
        if not request.POST.get("confirmed") or request.POST.get("change"):
            step = "form" if request.POST.get("change") else "check"
            return render(request, f"equity/note_{step}.html", {**context, "asked": form.cleaned_data})
        asked = form.cleaned_data
        place = place_of(asked["place"])
        try:
            assert place is not None  # noqa: S101 - the form offers places of the register only
            note = note_actions.write_note(
                by=scope,
                entry=entry,
                place=place,
                kind=asked["kind"],
                text=asked["text"],
                shared=asked["shared"],
            )
        except YourCommand as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(
                request, f"The note stands beside the number. {_reach(note)} You can end it again below."
            )
            return redirect("number", code.upper())
    return render(request, "equity/note_form.html", context, status=422 if form.errors else 200)


def _reach(note: Note) -> str:
    return "Everyone who reads notes sees it." if note.shared else f"It is seen at {note.place.name}."


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Every note that may be read, the newest first, and what may be done to it."""
    scope = scope_in(request)
    rows = [
        (note, may_share(scope, note), note_actions.may_end(scope, note))
        for note in seen_by(scope).order_by("-written_at")[:200]
    ]
    return render(request, "equity/notes.html", {"rows": rows, "links": lens_links("notes")})


def may_share(scope: Scope, note: Note) -> bool:
    """Whether this person may share a note that is not shared yet."""
    return not note.shared and scope.may_at("share", "note", note.place_id)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, note: UUID) -> HttpResponse:
    """Let everyone who reads notes see one; any that is not of one's own place is not there."""
    scope = scope_in(request)
    found = note_of(scope, note, "share")
    if found is None:
        raise Http404
    if request.method == "POST":
        note_actions.share_note(by=scope, note=found)
        messages.success(request, "Everyone who reads notes sees it now.")
        return redirect("notes")
    return render(request, "equity/note_share.html", {"note": found})


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, note: UUID) -> HttpResponse:
    """Take a note off the charts, with a reason; the audit keeps it."""
    scope = scope_in(request)
    found = note_of(scope, note, "write")
    if found is None or not note_actions.may_end(scope, found):
        raise Http404
    form = EndNote(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_actions.end_note(by=scope, note=found, reason=form.cleaned_data["reason"])
        messages.success(request, "The note is off the charts. The record of it is kept.")
        return redirect("notes")
    context = {"form": form, "note": found}
    return render(request, "equity/note_end.html", context, status=422 if form.errors else 200)
