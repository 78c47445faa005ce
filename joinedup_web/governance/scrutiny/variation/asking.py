"""What pages of proposals ask: each question begins at a scope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from joinedup.governance.variation.events import Committed, Event, proposal_event
from joinedup.governance.variation.proposal import Proposal as Folded
from joinedup.governance.variation.proposal import proposal_of
from joinedup_web.governance.scrutiny import asking as trackers
from joinedup_web.governance.scrutiny.asking import Line
from joinedup_web.governance.scrutiny.chains import events_of
from joinedup_web.governance.scrutiny.models import Row, Tracker
from joinedup_web.governance.scrutiny.variation.records import Proposal
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

KIND = "proposal"


@dataclass(frozen=True)
class Followed:
    """A proposal's row with what its events come to."""

    row: Proposal
    events: tuple[Event, ...]

    @cached_property
    def now(self) -> Folded:
        """Where it stands."""
        return proposal_of(self.events)


def proposals(scope: Scope) -> list[Followed]:
    """The proposals that this person may see, the newest first."""
    found = scope.only(Proposal.objects.select_related("place").prefetch_related("steps"), "see", KIND)
    return [followed(row) for row in found.order_by("-made_at", "title")]


def proposal(scope: Scope, action: str, identity: Any) -> Proposal | None:
    """A proposal where this person may do this; None for any other."""
    return scope.only(Proposal.objects.select_related("place"), action, KIND).filter(pk=identity).first()


def followed(row: Proposal) -> Followed:
    """A proposal with its events."""
    return Followed(row, events_of(row, proposal_event))


def places(scope: Scope) -> list[Place]:
    """Councils for whose committees this person records proposals."""
    return list(Place.objects.filter(code__in=scope.places_for("keep", KIND)).order_by("name"))


def committees(scope: Scope) -> list[str]:
    """Committees whose trackers may be seen."""
    return sorted({one.committee for one in trackers.trackers(scope)})


def tracker_of(row: Proposal) -> Tracker | None:
    """The tracker of the proposal's committee, in which its commitments are followed."""
    found = Tracker.objects.filter(place_id=row.place_id, committee=row.committee)
    return found.defer("book", "layouts", "findings").first()


def commitments(scope: Scope, one: Followed) -> list[tuple[Committed, Line | None]]:
    """The proposer's commitments, each with its row of the tracker for those who may see it."""
    made = one.now.all_of(Committed)
    rows = trackers.row_of
    found: list[tuple[Committed, Line | None]] = []
    for commitment in made:
        row: Row | None = rows(scope, "see", commitment.recommendation)
        found.append((commitment, trackers.line_of(row) if row is not None else None))
    return found
