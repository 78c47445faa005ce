"""What each request cost, told twice: as counts for whoever watches the workspace, and as one line of the log.

Neither says who asked or what for: an address is named as in the policy table, never as it was typed.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from joinedup_web.config.health import held_snapshot

Next = Callable[[HttpRequest], HttpResponse]
SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 10)
LOCAL = ("127.0.0.1", "::1", "")
"""Who may read the counts; "" is a socket of this machine."""

log = logging.getLogger("joinedup.requests")
ANSWERS = Counter("joinedup_answers", "Answers given.", ("address", "method", "status"))
TOOK = Histogram(
    "joinedup_answer_seconds", "Seconds until an answer was ready.", ("address",), buckets=SECONDS
)


class ObservingMiddleware:
    """Counts and times every answer; stands first, so that nothing is left out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, counted."""
        began = time.perf_counter()
        answer = self.get_response(request)
        seconds = time.perf_counter() - began
        address = _name(request)
        ANSWERS.labels(address, request.method, str(answer.status_code)).inc()
        TOOK.labels(address).observe(seconds)
        told = {"address": address, "method": request.method, "status": answer.status_code}
        log.info("answered", extra={**told, "milliseconds": round(seconds * 1000)})
        return answer


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "none"


def metrics(request: HttpRequest) -> HttpResponse:
    """The counts of all workers, as Prometheus reads them; only for this machine, so the proxy gets a 404."""
    if request.META.get("REMOTE_ADDR", "") not in LOCAL or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:  # one process alone, as in tests
        registry.register(ANSWERS)
        registry.register(TOOK)
    held = Gauge(
        "joinedup_snapshot", "Number of the lake's state that pages show; 0 for none.", registry=registry
    )
    held.set(held_snapshot() or 0)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
