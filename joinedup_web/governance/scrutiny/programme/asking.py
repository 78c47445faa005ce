"""What pages of work programmes ask: each question begins at a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from joinedup.governance.programme import Topic as Folded
from joinedup.governance.programme import TopicEvent, topic_event, topic_of
from joinedup_web.governance.scrutiny.asking import trackers
from joinedup_web.governance.scrutiny.chains import events_of
from joinedup_web.governance.scrutiny.programme.records import Topic
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.scope import Scope

KIND = "topic"


@dataclass(frozen=True)
class Planned:
    """A topic's row with what its events come to."""

    row: Topic
    events: tuple[TopicEvent, ...]

    @cached_property
    def now(self) -> Folded:
        """Where it stands."""
        return topic_of(self.events)


def topics(scope: Scope, committee: str = "") -> list[Planned]:
    """The topics that this person may see; of one committee where it is named."""
    found = scope.only(Topic.objects.select_related("place").prefetch_related("steps"), "see", KIND)
    rows = found.filter(committee=committee) if committee else found
    return [planned(row) for row in rows.order_by("made_at", "title")]


def topic(scope: Scope, action: str, identity: Any) -> Topic | None:
    """A topic where this person may do this; None for any other."""
    return scope.only(Topic.objects.select_related("place"), action, KIND).filter(pk=identity).first()


def planned(row: Topic) -> Planned:
    """A topic with its events."""
    return Planned(row, events_of(row, topic_event))


def committees(scope: Scope, found: Sequence[Planned] = ()) -> list[str]:
    """Committees that are known here: by their topics, and by the trackers that may be seen."""
    return sorted({one.row.committee for one in found} | {one.committee for one in trackers(scope)})


def places(scope: Scope) -> list[Place]:
    """Councils for whose committees this person may suggest."""
    return list(Place.objects.filter(code__in=scope.places_for("suggest", KIND)).order_by("name"))
