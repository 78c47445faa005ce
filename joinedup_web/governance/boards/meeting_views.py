"""Pages of meetings: scope, question, page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.reports.agenda import render_agenda
from joinedup_web.governance.boards import asking, meeting_actions, presenting
from joinedup_web.governance.boards.acts import ITEM, MEETING, RECORD, Act
from joinedup_web.governance.boards.attending import quorum_of, seats_of
from joinedup_web.governance.boards.cadence import next_days
from joinedup_web.governance.boards.meeting_forms import OpenMeeting, first_day
from joinedup_web.governance.boards.printing import agenda_of
from joinedup_web.governance.boards.records import OPEN, Meeting
from joinedup_web.governance.boards.uploaded import TYPES, content_of
from joinedup_web.governance.boards.views import answer
from joinedup_web.organisations.scope import scope_in

OPENING = Act(
    "Open a meeting", "Open it", "The meeting is open. What is due stands on its agenda.",
    meeting_actions.open_meeting, "body", OpenMeeting,
    "Its agenda begins with what is due: items passed to this body, decisions to look at again, what is out of the"
    " ordinary, and open actions.",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def open_meeting(request: HttpRequest, body: str) -> HttpResponse:
    """Open the meeting of a day, with what is due on its agenda."""
    found = asking.body_to_meet(scope_in(request), body)
    if found is None:
        raise Http404
    asked = request.GET.get("on", "")
    days = next_days(found.rule, found.starts_on, timezone.localdate(), 1)
    initial = {"on": asked} if asked else first_day(days)
    back = reverse("body", args=[found.slug])
    return answer(request, OPENING, found, lambda made: reverse("meeting", args=[made.pk]), back, initial)


@require_safe
def meeting(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """One meeting: what stands on its agenda, who came, what can be done next."""
    context = _context(request, meeting)
    found, today = context["meeting"], timezone.localdate()
    keeps = scope_in(request).may_at("keep", "meeting", found.place_id)
    context |= {"keeps": keeps, "acts": presenting.acts_of(found, today) if keeps else (), "table": MEETING}
    context |= {"packs": presenting.packs_of(found), "makes": scope_in(request).may("make_any", "pack")}
    return render(request, "boards/meeting.html", context)


@require_safe
def agenda(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The agenda as it is printed."""
    return render(request, "boards/agenda.html", _context(request, meeting))


@require_safe
def agenda_document(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The agenda as a document that can be edited."""
    told = _context(request, meeting)
    found = told["meeting"]
    made = render_agenda(
        agenda_of(
            found, [one for _, one in told["items"]], [seat for seat, _ in told["seats"]], told["before"],
            private=told["private"],
        )
    )  # fmt: skip
    return _attached(made, TYPES["docx"], f"agenda-{found.body.slug}-{found.on:%Y-%m-%d}.docx")


@require_safe
def paper_file(request: HttpRequest, paper: UUID) -> HttpResponse:
    """The file of a paper, to be saved; never opened in the page's place."""
    found = asking.paper_of(scope_in(request), paper)
    content = content_of(found.place_id, found.sha256) if found is not None and found.sha256 else None
    if found is None or content is None:
        raise Http404
    return _attached(content, TYPES[found.form], found.file_name)


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def minutes(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The minutes as they are printed, a draft until the record is closed."""
    return render(request, "boards/minutes.html", _context(request, meeting))


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_act(request: HttpRequest, meeting: UUID, act: str) -> HttpResponse:
    """Do something to a meeting of one's own."""
    found, wanted = asking.kept_meeting(scope_in(request), meeting), MEETING.get(act)
    if found is None or wanted is None:
        raise Http404
    back = reverse("meeting", args=[found.pk])
    return answer(request, wanted, found, lambda _: back, back)


@require_safe
def item(request: HttpRequest, item: UUID) -> HttpResponse:
    """One item: papers, minutes, decisions, actions, what was passed on."""
    scope, found = scope_in(request), asking.item_of(scope_in(request), item)
    if found is None:
        raise Http404
    keeps = scope.may_at("keep", "meeting", found.place_id)
    context = {
        "item": found, "meeting": found.meeting, "matter": asking.matter_of(found), "words": presenting,
        "keeps": keeps, "open": found.meeting.state in OPEN, "today": timezone.localdate(),
        "quorum": quorum_of(found.meeting, found), "table": ITEM, "private": asking.reads_private(scope, found.body),
    }  # fmt: skip
    return render(request, "boards/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_act(request: HttpRequest, item: UUID, act: str) -> HttpResponse:
    """Do something to an item of one's own."""
    found, wanted = asking.kept_item(scope_in(request), item), ITEM.get(act)
    if found is None or wanted is None:
        raise Http404
    back = reverse("agenda_item", args=[found.pk])
    order = act in ("earlier", "leave-out", "put-back")
    goes = reverse("meeting", args=[found.meeting_id]) if order else back
    return answer(request, wanted, found, lambda _: goes, back)


@require_http_methods(["GET", "HEAD", "POST"])
def record_act(request: HttpRequest, row: UUID, act: str) -> HttpResponse:
    """Do something to a decision, action, escalation or clearance of one's own."""
    wanted = RECORD.get(act)
    found = asking.record_of(scope_in(request), wanted.of, row) if wanted and wanted.of else None
    if wanted is None or found is None:
        raise Http404
    back = reverse("agenda_item", args=[asking.item_id_of(found)])
    return answer(request, wanted, found, lambda _: back, back)


def _context(request: HttpRequest, identity: UUID) -> dict[str, Any]:
    found: Meeting | None = asking.meeting_of(scope_in(request), identity)
    if found is None:
        raise Http404
    items = asking.items_of(found)
    held = {row.seat_id: row.state for row in found.attendance.all()}
    return {
        "meeting": found, "items": presenting.numbered(items), "left_out": [one for one in items if one.left_out],
        "seats": [(seat, held.get(seat.pk, "")) for seat in seats_of(found)], "quorum": quorum_of(found),
        "interests": found.interests.select_related("seat", "item"), "words": presenting,
        "today": timezone.localdate(), "before": asking.meeting_before(found),
        "private": asking.reads_private(scope_in(request), found.body),
    }  # fmt: skip
