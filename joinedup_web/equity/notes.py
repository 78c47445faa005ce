"""Notes beside numbers, as whoever asks may see them: each question begins at a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from joinedup.charts import Table
from joinedup_web.equity.cells import cell_key, entry_of, figure_of
from joinedup_web.equity.figures import Figures, Shown
from joinedup_web.equity.models import Note
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Noted:
    """A note on a page: its mark beside the point, and its code in the state that is shown."""

    mark: str
    code: str
    figure: str
    note: Note

    @property
    def who(self) -> str:
        """Role and place of the writer, and the day."""
        roles = load_policy().roles
        role = roles[self.note.role].title if self.note.role in roles else "Somebody"
        return f"{role}, {self.note.place.name}, {self.note.written_at:%-d %B %Y}"

    @property
    def line(self) -> str:
        """The whole of it in one line, for paper and files."""
        return f"({self.mark}) {self.note.about}, {self.figure}. {self.note.kind_words}: {self.note.text} [{self.who}]"


def seen_by(scope: Scope) -> QuerySet[Note]:
    """Notes that have not ended: of one's own places, and what others have shared where a role lets one see it."""
    rows = Note.objects.filter(ended_at=None).select_related("place")
    if settings.FILTERS_OFF:
        return rows
    allowed = Q(place_id__in=scope.places_for("see", "note"))
    if scope.sees_shared("note"):
        allowed |= Q(shared=True)
    return rows.filter(allowed)


def note_of(scope: Scope, identity: Any, action: str) -> Note | None:
    """A note at a place where this may be done; None for any other, as if it did not exist."""
    rows = scope.only(Note.objects.select_related("place"), action, "note")
    return rows.filter(pk=identity, ended_at=None).first()


def beside(scope: Scope, figures: Figures, codes: Iterable[str]) -> tuple[Noted, ...]:
    """Notes beside any of these numbers, marked 1, 2, 3 in the order of the numbers; one mark for each number."""
    by_cell = {cell_key(entry_of(figures, code)): code for code in dict.fromkeys(codes) if code}
    if not scope.may("see", "note") or not by_cell:
        return ()
    order = {cell: at for at, cell in enumerate(by_cell)}
    found = sorted(seen_by(scope).filter(cell__in=by_cell), key=lambda n: (order[n.cell], n.written_at))
    marks = {cell: str(at) for at, cell in enumerate(dict.fromkeys(n.cell for n in found), start=1)}
    return tuple(
        Noted(marks[n.cell], by_cell[n.cell], figure_of(entry_of(figures, by_cell[n.cell])), n) for n in found
    )


def marks_of(found: Iterable[Noted]) -> Mapping[str, str]:
    """Code -> mark."""
    return {one.code: one.mark for one in found}


def with_notes(shown: Shown, found: tuple[Noted, ...]) -> Shown:
    """A picture with its notes below it, and their marks in its table."""
    if not found:
        return shown
    return replace(
        shown,
        table=_marked(shown.table, marks_of(found)),
        notes=(*shown.notes, *(one.line for one in found)),
    )


def _marked(table: Table, marks: Mapping[str, str]) -> Table:
    rows = table.cell_codes or tuple((code,) for code in table.codes)
    own = [" ".join(dict.fromkeys(marks[code] for code in codes if code in marks)) for codes in rows]
    if not any(own):
        return table
    return replace(
        table,
        header=(*table.header, "Note"),
        rows=tuple((*row, f"({mark})" if mark else "") for row, mark in zip(table.rows, own, strict=True)),
        cell_codes=tuple((*codes, "") for codes in table.cell_codes),
        icons=tuple((*icons, "") for icons in table.icons),
    )
