"""Pages of bodies: scope, question, page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.errors import YourCommand, YourData
from joinedup_web.governance.boards import actions, asking, feeds, presenting
from joinedup_web.governance.boards.acts import BODY, PART, Act
from joinedup_web.governance.boards.cadence import next_days
from joinedup_web.governance.boards.forms import NewBody
from joinedup_web.governance.boards.models import Body
from joinedup_web.organisations.scope import Scope, scope_in

AHEAD = 4
ENTER = Act(
    "Enter a body", "Enter it", "The body is entered. Add its seats next.", actions.make_body, "", NewBody
)


@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """Every body, and who reports to whom."""
    found = asking.bodies()
    context = {"bodies": found, "lines": presenting.lines_of(found), "words": presenting}
    return render(request, "boards/boards.html", context)


@require_safe
def body(request: HttpRequest, body: str) -> HttpResponse:
    """One body: terms, seats, delegation; and for those who may read them, its meetings."""
    scope, today, found = scope_in(request), timezone.localdate(), asking.body_of(body)
    if found is None:
        raise Http404
    below = [one for one in asking.bodies() if one.reports_to_id == found.pk]
    meetings = asking.meetings_of(scope, found)
    context = {
        "body": found, "below": below, "terms": asking.terms_of(found), "seats": asking.seats_on(found, today),
        "delegations": asking.delegations_on(found, today), "reads": asking.may_read(scope, found),
        "meetings": meetings, "days": _days(found, {one.on for one in meetings}),
        "actions": asking.open_actions(scope, found), "sent": asking.sent_up(scope, found),
        "waiting": asking.sent_here(scope, found), "words": presenting, "today": today,
        "keeps": scope.may_at("keep", "body", found.place_id),
        "meets": scope.may_at("keep", "meeting", found.place_id) and not found.outside,
    }  # fmt: skip
    return render(request, "boards/body.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Enter a body of one's own organisation."""
    return answer(request, ENTER, None, lambda made: reverse("body", args=[made.slug]), reverse("boards"))


@require_http_methods(["GET", "HEAD", "POST"])
def body_act(request: HttpRequest, body: str, act: str) -> HttpResponse:
    """Change a body of one's own; any other is not there."""
    found, wanted = asking.kept_body(scope_in(request), body), BODY.get(act)
    if found is None or wanted is None:
        raise Http404
    back = reverse("body", args=[found.slug])
    return answer(request, wanted, found, lambda _: back, back)


@require_http_methods(["GET", "HEAD", "POST"])
def end_part(request: HttpRequest, row: UUID) -> HttpResponse:
    """End a seat or a delegation of one's own body."""
    found = asking.part_of(scope_in(request), row)
    if found is None:
        raise Http404
    back = reverse("body", args=[found.body.slug])
    return answer(request, PART[type(found).__name__], found, lambda _: back, back)


@require_safe
def decisions(request: HttpRequest, body: str) -> HttpResponse:
    """The decisions of a body, with options, evidence and dissent."""
    scope, found = scope_in(request), _read(request, body)
    rows = asking.decisions_of(scope, found)
    keeps = scope.may_at("keep", "meeting", found.place_id)
    context = {"body": found, "rows": rows, "words": presenting, "keeps": keeps}
    return render(request, "boards/decisions.html", context)


@require_safe
def feed(request: HttpRequest, body: str) -> HttpResponse:
    """The decisions of a body as RSS."""
    found = _read(request, body)
    page, own = (
        settings.ORIGIN + reverse(name, args=[found.slug]) for name in ("body_decisions", "body_feed")
    )
    rows = asking.decisions_of(scope_in(request), found)
    return HttpResponse(
        feeds.feed_of(found, rows, page, own), content_type="application/rss+xml; charset=utf-8"
    )


@require_safe
def calendar(request: HttpRequest, body: str) -> HttpResponse:
    """The meetings of a body as a calendar."""
    found = _read(request, body)
    page = settings.ORIGIN + reverse("body", args=[found.slug])
    made = feeds.calendar_of(found, asking.dates_of(found), page, settings.ALLOWED_HOSTS[0], timezone.now())
    reply = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return reply


def answer(
    request: HttpRequest, act: Act, thing: Any, goes: Any, back: str, initial: dict[str, Any] | None = None
) -> HttpResponse:  # fmt: skip
    """The page of one act: its form, what is wrong with it, or what was done. `goes` says where to afterwards."""
    scope: Scope = scope_in(request)
    data, sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = act.form(data, sent, scope=scope, thing=thing, initial=initial)
    form.too_large = bool(getattr(request, "too_large", False))  # known once the files are read
    if data is not None and form.is_valid():
        try:
            made = act.does(by=scope, **({act.takes: thing} if act.takes else {}), **form.asked())
        except (YourCommand, YourData) as error:
            form.add_error(None, f"{error.message} {error.remedy}")
        else:
            messages.success(request, act.done)
            return redirect(goes(made))
    context = {"act": act, "form": form, "thing": thing, "back": back, "address": request.path}
    return render(request, "boards/act.html", context, status=422 if form.errors else 200)


def _read(request: HttpRequest, slug: str) -> Body:
    found = asking.body_of(slug)
    if found is None or not asking.may_read(scope_in(request), found):
        raise Http404
    return found


def _days(body: Body, taken: set[Any]) -> list[Any]:
    if body.outside:
        return []
    days = next_days(body.rule, body.starts_on, timezone.localdate(), AHEAD)
    return [day for day in days if day not in taken]
