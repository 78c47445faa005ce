"""Pages of updates, open to anyone: the question, the page. Letters are sent by the worker, never from here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from joinedup_web.governance.boards.public import public_calendar
from joinedup_web.governance.updates import actions, asking, feeds, limits
from joinedup_web.governance.updates.facts import BODY, WORKSTREAM
from joinedup_web.governance.updates.forms import Choose, Subscribe
from joinedup_web.governance.updates.sealing import CONFIRM, CONFIRM_WITHIN, LEAVE, sign
from joinedup_web.organisations.scope import scope_in

SUBJECTS = (BODY, WORKSTREAM)


@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest) -> HttpResponse:
    """Choose what to be told of, and where to. The answer is the same whether an address is known or not."""
    known, sent = asking.offers(), request.method == "POST"
    begun = {"choices": request.GET.getlist("about"), "email": getattr(scope_in(request).person, "email", "")}
    form = Subscribe(request.POST if sent else None, known=known, initial=begun)
    if sent and form.is_valid():
        if limits.may_ask(request):
            actions.ask(address=form.cleaned_data["email"], choices=form.cleaned_data["choices"])
            return redirect("updates_asked")
        form.add_error(
            None, gettext("Too many letters were asked for from where you are. Try again in ten minutes.")
        )
        return render(request, "updates/updates.html", {"form": form}, status=429)
    return render(request, "updates/updates.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    return render(request, "updates/asked.html")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the first letter leads to. Opening it does nothing, for programs that read mail open links too."""
    if request.method == "POST":
        reader = actions.confirm(token=token)
        if reader is not None:
            return redirect("own_updates", sign(LEAVE, reader.pk))
        return _gone(request)
    if not actions.identity_in(CONFIRM, token, CONFIRM_WITHIN):
        return _gone(request)
    return render(request, "updates/confirm.html", {"address": request.path})


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What a reader is told of; choose less of it. The link of each letter leads here."""
    identity = actions.identity_in(LEAVE, token)
    held = asking.reader_of(identity) if identity else None
    if held is None:
        return _left(request) if identity else _gone(request)
    offers = {(one.kind, one.key): one for one in asking.named(held[1], asking.offers())}
    form = Choose(
        request.POST if request.method == "POST" else None, known=offers,
        initial={"choices": [one.value for one in offers.values()]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.keep_only(token=token, choices=form.cleaned_data["choices"])
        return redirect("own_updates", token)
    context = {"form": form, "address": request.path, "leave": reverse("leave_updates", args=[token])}
    return render(request, "updates/mine.html", context, status=422 if form.errors else 200)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave at once (RFC 8058): a mail program posts here without a cookie, so the token alone is the proof. A person
    who opens it finds a button. Leaving twice is the same."""
    if not actions.identity_in(LEAVE, token):
        return _gone(request)
    if request.method == "POST":
        actions.leave(token=token)
        return _left(request)
    return render(request, "updates/leave.html", {"address": request.path})


@require_safe
def about(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """What is public of one choice."""
    offer, told = _offer(subject, key), asking.facts_about([(subject, key)])
    facts = [(one, timezone.localtime(at).date()) for one, at in told]
    context = {"offer": offer, "facts": facts, "meets": subject in SUBJECTS}
    return render(request, "updates/about.html", context)


@require_safe
@conditional_page
def feed(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """The same as RSS."""
    offer, told = _offer(subject, key), asking.facts_about([(subject, key)])
    page, own = (
        settings.ORIGIN + reverse(name, args=[subject, key]) for name in ("updates_about", "updates_feed")
    )
    return HttpResponse(
        feeds.feed_of(offer, told, page, own), content_type="application/rss+xml; charset=utf-8"
    )


@require_safe
def calendar(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """The meetings of a body that meets in public, as a calendar."""
    page = settings.ORIGIN + reverse("updates_about", args=[subject, key])
    made = public_calendar(key, page, timezone.now()) if subject in SUBJECTS else None
    if made is None:
        raise Http404
    reply = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="{key}.ics"'
    return reply


def _offer(subject: str, key: str) -> asking.Offer:
    found = asking.offer_of(subject, key)
    if found is None:
        raise Http404
    return found


def _gone(request: HttpRequest, **more: Any) -> HttpResponse:
    """A link that is not ours, was used, or is too old."""
    return render(request, "updates/gone.html", more, status=404)


def _left(request: HttpRequest) -> HttpResponse:
    return render(request, "updates/left.html")
