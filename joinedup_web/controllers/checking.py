"""Whether figures may be shown to whoever asks: the one check, made of every address that asks to see figures.

It is a middleware and a function. Pages and the API get the first without a line of their own; what shows figures in
another way asks the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from joinedup.definitions import Places
from joinedup_web.controllers.asking import names, standings
from joinedup_web.controllers.presenting import told
from joinedup_web.controllers.standing import Standing, reach
from joinedup_web.organisations.policy import Ask, load_policy
from joinedup_web.organisations.scope import Scope, scope_in

PROBLEM = "application/problem+json"
SHOWN = "talking_therapies"
"""The dataset that figures are of. A second one will have addresses that say so."""


def suspension(scope: Scope, dataset: str, on: date, places: Iterable[str] = ()) -> Standing | None:
    """What stops this person from seeing figures of a dataset, asked of `places` or of none in particular; or None.

    Figures of a place whose controller has changed are shown to nobody; and nobody sees figures of the dataset by a
    role held there alone.
    """
    affected = {
        code: one
        for one in standings(on)
        if one.dataset == dataset and not one.open
        for code in reach(one.covers, dataset, Places.load(), on)
    }
    for place in places:
        if place in affected:
            return affected[place]
    own = scope.places_for("see", "figure")
    return affected[min(own)] if own and own <= affected.keys() else None


class SuspensionMiddleware:
    """Answers for every address that asks for figures while they are suspended. Stands after ScopeMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view answer."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        asks = load_policy().asks(name)
        if not isinstance(asks, Ask) or asks.kind != "figure":
            return None
        asked = {*request.GET.getlist("place"), *map(str, keywords.values())} - {""}
        found = suspension(scope_in(request), SHOWN, timezone.localdate(), sorted(asked))
        return None if found is None else refused(request, found)


def refused(request: HttpRequest, found: Standing) -> HttpResponse:
    """The page, or for a program the answer, that says what is suspended, since when, and who can approve."""
    page = told(found, names())
    if request.path.startswith("/api/"):
        body = {
            "type": "/api/v1/docs#not-open-to-you", "title": "Figures are suspended", "status": 403,
            "detail": page.sentence, "remedy": page.remedy, "errors": [],
        }  # fmt: skip
        return JsonResponse(body, status=403, content_type=PROBLEM)  # another kind the API would replace
    return render(request, "controllers/suspended.html", {"page": page}, status=403)
