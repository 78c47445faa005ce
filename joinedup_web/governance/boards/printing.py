"""The agenda as the library's document takes it: the same words as the page to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.reports.agenda import Agenda, AgendaLine, AgendaPaper
from joinedup_web.governance.boards import presenting
from joinedup_web.governance.boards.papers import where_of
from joinedup_web.governance.boards.records import CANCELLED, PREPARED, AgendaItem, Meeting, Paper

if TYPE_CHECKING:
    from joinedup_web.governance.boards.models import Seat


def agenda_of(
    meeting: Meeting, items: Sequence[AgendaItem], seats: Iterable[Seat], before: Meeting | None, *, private: bool
) -> Agenda:  # fmt: skip
    """The agenda of a meeting. `private`: whoever asks may see private papers; otherwise their titles stay out."""
    last = f", {before.on:%-d %B %Y}" if before else ""
    return Agenda(
        body=meeting.body.name, begins=datetime.combine(meeting.on, meeting.begins_at), minutes=meeting.minutes,
        opening=("Apologies and quorum", "Declarations of interest", f"Minutes of the last meeting{last}"),
        lines=tuple(_line(number, one, private) for number, one in presenting.numbered(items)),
        venue=meeting.venue, standing=_standing(meeting),
        seats=tuple((one.office, one.organisation.name if one.organisation else "") for one in seats),
        quorum=meeting.body.quorum, kept_by=meeting.place.name,
    )  # fmt: skip


def _standing(meeting: Meeting) -> str:
    if meeting.state == PREPARED:
        return "In preparation: the agenda has not been issued."
    return f"This meeting was cancelled: {meeting.reason}" if meeting.state == CANCELLED else ""


def _line(number: int, one: AgendaItem, private: bool) -> AgendaLine:
    papers = tuple(_paper(paper, private) for paper in one.papers.all() if not paper.removed_on)
    return AgendaLine(
        number, one.title, presenting.PURPOSES[one.purpose], one.lead, presenting.BUILT[one.kind], papers
    )


def _paper(paper: Paper, private: bool) -> AgendaPaper:
    if paper.private and not private:
        return AgendaPaper("A private paper, for members of this body", ())
    rows = list(paper.clearances.all())
    return AgendaPaper(
        paper.title, tuple(paper.authors.splitlines()), paper.summary, where_of(paper),
        tuple(row.office for row in rows if row.given_on), tuple(row.office for row in rows if not row.given_on),
    )  # fmt: skip
