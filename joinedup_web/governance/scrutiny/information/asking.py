"""What pages of requests for information ask: each question begins at a scope, or at what a council made public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from joinedup.governance.information import Event, request_event, request_of
from joinedup.governance.information import Request as Folded
from joinedup_web.governance.scrutiny.asking import published
from joinedup_web.governance.scrutiny.chains import events_of
from joinedup_web.governance.scrutiny.information.records import Request
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import as_public
from joinedup_web.organisations.scope import Scope

KIND = "information_request"


@dataclass(frozen=True)
class Logged:
    """A request's row with what its events come to."""

    row: Request
    events: tuple[Event, ...]

    @cached_property
    def now(self) -> Folded:
        """Where it stands."""
        return request_of(self.events)


def requests(scope: Scope) -> list[Logged]:
    """The requests that this person may see, the newest first."""
    found = scope.only(Request.objects.select_related("place").prefetch_related("steps"), "see", KIND)
    return _ordered([logged(row) for row in found])


def request(scope: Scope, action: str, identity: Any) -> Request | None:
    """A request where this person may do this; None for any other."""
    return scope.only(Request.objects.select_related("place"), action, KIND).filter(pk=identity).first()


def logged(row: Request) -> Logged:
    """A request with its events."""
    return Logged(row, events_of(row, request_event))


def disclosed() -> list[Logged]:
    """What councils have made public, whoever asks: the newest first."""
    with as_public():
        rows = Request.objects.exclude(public_since=None).select_related("place").prefetch_related("steps")
        return _ordered([logged(row) for row in rows])


def places(scope: Scope) -> list[Place]:
    """Councils whose log this person keeps."""
    return list(Place.objects.filter(code__in=scope.places_for("keep", KIND)).order_by("name"))


def known_codes(codes: Sequence[str]) -> Mapping[str, str]:
    """Codes of the newest published figures, each with the measure it opens. A code of an earlier state is not here:
    its own page opens it."""
    found = published()
    registry = found.released.registry if found is not None else {}
    return {code: str(registry[code].get("measure_id", "")) for code in codes if code in registry}


def _ordered(found: list[Logged]) -> list[Logged]:
    return sorted(found, key=lambda one: (one.now.received.received_on, one.row.made_at), reverse=True)
