"""What pages of scrutiny ask: each question begins at a scope, or at what a committee has made public."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet

from joinedup.governance.history import OPEN, State, Status
from joinedup.governance.importing import tracker_of as tracker_in
from joinedup.governance.merging import Merge, reckon
from joinedup.governance.published import Published, published_in
from joinedup.governance.tracker import Item, Source, book_from
from joinedup.governance.tracker import Tracker as Kept
from joinedup_web.controllers.checking import SHOWN, suspension
from joinedup_web.governance.scrutiny import keeping
from joinedup_web.governance.scrutiny.models import Newer, Row, Step, Tracker
from joinedup_web.organisations.models import Person, Place, RoleHeld
from joinedup_web.organisations.scope import Scope

KIND = "recommendation"
CHAIR = "scrutiny_chair"


@dataclass(frozen=True)
class Line:
    """A row with its item; the state is folded when it is asked for."""

    row: Row
    item: Item

    @property
    def is_open(self) -> bool:
        """Whether something is left to do; a blank row waits for a person, and is no open recommendation."""
        return self.state is not None and self.state.status in OPEN

    @cached_property
    def state(self) -> State | None:
        """Where it stands; None for a blank row."""
        return self.item.history.state if self.item.history else None


def trackers(scope: Scope) -> list[Tracker]:
    """The trackers that this person may see, without what their workbooks hold."""
    found = scope.only(Tracker.objects.select_related("place"), "see", KIND)
    return list(found.defer("book", "layouts", "findings").order_by("committee"))


def tracker_of(scope: Scope, action: str, identity: Any) -> Tracker | None:
    """A tracker where this person may do this; None for any other, as if it did not exist."""
    found = scope.only(Tracker.objects.select_related("place"), action, KIND)
    return found.filter(pk=identity).first()


def row_of(scope: Scope, action: str, identity: Any) -> Row | None:
    """A row where this person may do this; None for any other."""
    found = scope.only(Row.objects.select_related("tracker", "place"), action, KIND)
    return found.defer("tracker__book", "tracker__layouts", "tracker__findings").filter(pk=identity).first()


def newer_of(scope: Scope, identity: Any) -> Newer | None:
    """A newer file that waits for this person's decision; None for any other."""
    found = scope.only(Newer.objects.select_related("tracker", "place"), "keep", KIND)
    return found.filter(pk=identity, outcome="").first()


def waiting(tracker: Tracker) -> Newer | None:
    """The newer file of a tracker that waits for a decision."""
    return tracker.newer.filter(outcome="").defer("book", "findings").order_by("sent_at").first()


def line_of(row: Row) -> Line:
    """One row with its history."""
    return Line(row, keeping.item_of(row, row.steps.order_by("number")))


def lines(tracker: Tracker, *, lock: bool = False) -> list[Line]:
    """All rows of a tracker in its order, blank ones among them; `lock` keeps them until the transaction ends."""
    found = Row.objects.filter(tracker=tracker)
    return _lines(found.select_for_update() if lock else found)


def whole(tracker: Tracker) -> Kept:
    """A tracker as the library has it."""
    return keeping.tracker_of(tracker, [line.item for line in lines(tracker)])


def merge_of(tracker: Tracker, newer: Newer, apart: Collection[str] = ()) -> Merge:
    """What merging a newer file into its tracker comes to."""
    source = Source(newer.file, newer.sha256, tracker.imported_on, tracker.imported_by)
    file = tracker_in(
        book_from(newer.book), source, meeting=newer.meeting, committee=tracker.committee,
        found=keeping.findings_of(newer.findings),
    )  # fmt: skip
    return reckon(whole(tracker), file, apart)


def places_to_keep(scope: Scope) -> list[Place]:
    """Councils for whose committees this person keeps trackers."""
    return list(Place.objects.filter(code__in=scope.places_for("keep", KIND)).order_by("name"))


def chairs(place: Place | str, on: date) -> list[Person]:
    """Who holds the chair of scrutiny at a council on a day."""
    code = place if isinstance(place, str) else place.code
    held = RoleHeld.objects.on(on).filter(role=CHAIR, place_id=code).select_related("person")
    return [one.person for one in held.order_by("person__email")]


def named(identities: set[str]) -> dict[str, str]:
    """Names of people by id."""
    return {str(one.pk): str(one) for one in Person.objects.filter(pk__in=identities - {""})}


def figures(scope: Scope, on: date) -> Published | None:
    """The released figures of the newest state; None where none are published, or they are suspended here."""
    if suspension(scope, SHOWN, on) is not None:
        return None
    return published()


def published() -> Published | None:
    """The released figures of the newest state, whoever asks."""
    return published_in(Path(settings.ENVIRONMENT.folder) / "figures")


def told(scope: Scope, statuses: frozenset[Status]) -> list[Line]:
    """Rows in one of these statuses at the councils of this person, for notices."""
    found = _lines(scope.only(Row.objects.select_related("tracker"), "see", KIND))
    return [line for line in found if line.state is not None and line.state.status in statuses]


def overdue(scope: Scope, on: date) -> list[Line]:
    """Rows whose response is overdue, for whoever keeps them."""
    found = _lines(scope.only(Row.objects.select_related("tracker"), "keep", KIND))
    return [line for line in found if line.state is not None and line.state.overdue(on)]


def promises() -> list[Line]:
    """What committees have made public, in whatever state it is: the newest first."""
    with as_public():
        rows = Row.objects.exclude(public_since=None).select_related("tracker", "place")
        return [line for line in _lines(rows.order_by("-public_since", "sheet", "number")) if line.state]


def _lines(rows: QuerySet[Row]) -> list[Line]:
    ordered = Prefetch("steps", Step.objects.order_by("number"))
    found = rows if rows.query.order_by else rows.order_by("sheet", "number")
    kept = (
        found.defer("tracker__book", "tracker__layouts", "tracker__findings")
        if rows.query.select_related
        else found
    )
    return [Line(row, keeping.item_of(row, row.steps.all())) for row in kept.prefetch_related(ordered)]


@contextmanager
def as_public() -> Iterator[None]:
    """The database shows what was made public, to anyone; and only for as long as this page asks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('joinedup.public', 'yes', true)")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('joinedup.public', '', true)")


def unseen(place: str, state: int) -> list[Tracker]:
    """Trackers of a council whose rows have not seen a state of the released figures."""
    found = Tracker.objects.filter(place_id=place, looked_at__lt=state)
    return list(found.defer("book", "layouts", "findings"))


def recorders(row: Row) -> list[str]:
    """Who recorded each step of a row, in order; empty where nobody did."""
    people = list(row.steps.order_by("number").values_list("person", flat=True))
    known = named(set(people))
    return [known.get(person, "") for person in people]
