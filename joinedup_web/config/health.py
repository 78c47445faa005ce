"""Whether the workspace is alive, and whether it can answer: for whoever watches it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from joinedup_web.equity.opening import current_figures


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and released figures are held; 503 where not."""
    answer = {"database": _database(), "snapshot": held_snapshot()}
    return JsonResponse(answer, status=200 if answer["database"] and answer["snapshot"] else 503)


def held_snapshot() -> int | None:
    """Number of the lake's state whose released figures are held."""
    figures = current_figures()
    return figures.snapshot if figures else None


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False
