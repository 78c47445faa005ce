"""What people do to trackers: bring one in, merge a newer file, record what happened, make public.

Triggers write the audit. Each event names the role in which it was recorded; the person stands in the step and in the
audit. Who offered evidence does not accept it: neither that role nor that person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from joinedup.errors import YourCommand
from joinedup.governance.events import (
    ActionTaken,
    Answered,
    ClaimedDone,
    Event,
    EvidenceAccepted,
    EvidenceOffered,
    EvidenceRefused,
    FiguresArrived,
    Raised,
    TestSet,
    Withdrawn,
)
from joinedup.governance.evidence import Document, Figures, MeasureTest
from joinedup.governance.history import History, Status
from joinedup.governance.importing import import_bytes
from joinedup.governance.merging import Merge, kept_rows, merged
from joinedup.governance.published import Published, series_of
from joinedup.governance.raising import with_row
from joinedup.governance.tracker import Item
from joinedup.governance.tracker import Tracker as Kept
from joinedup_web.governance.scrutiny import keeping
from joinedup_web.governance.scrutiny.asking import KIND, Line, chairs, line_of, lines, merge_of, whole
from joinedup_web.governance.scrutiny.models import KEPT_APART, Newer, Row, Step, Tracker
from joinedup_web.organisations.letters.sending import queue
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.policy import load_policy
from joinedup_web.organisations.scope import Scope

TAKEN, DROPPED = "taken", "dropped"


@transaction.atomic
def import_tracker(
    *, by: Scope, place: Place, committee: str, content: bytes, name: str, meeting: date | None = None
) -> Tracker:
    """Bring in a committee's tracker: every row of it or nothing. Raises YourCommand where `by` may not or there is one
    already, YourData where the file cannot be read or holds no tracker.
    """
    role = acting(by, "keep", place.code)
    committee = committee.strip()
    if not committee:
        raise YourCommand("The committee is missing.", remedy="Write its name.")
    if Tracker.objects.filter(place=place, committee=committee).exists():
        raise YourCommand(
            f"{committee} has a tracker here already.", remedy="Open it, and bring in a newer file there."
        )
    found = import_bytes(
        content, name, on=timezone.localdate(), by=role, meeting=meeting, committee=committee
    )
    _check_holds_rows(found)
    with pghistory.context(why=f"Imported from {found.source.file}."):
        return enter(place=place, committee=committee, meeting=meeting, found=found, person=_person(by))


@transaction.atomic
def send_newer(
    *, by: Scope, tracker: Tracker, content: bytes, name: str, meeting: date | None = None
) -> Newer:
    """Bring in a newer file of a tracker. Nothing of the tracker changes: a person says first what is taken."""
    role = acting(by, "keep", tracker.place_id)
    if tracker.newer.filter(outcome="").exists():
        raise YourCommand("A newer file waits already.", remedy="Decide about that one first.")
    found = import_bytes(
        content, name, on=timezone.localdate(), by=role, meeting=meeting, committee=tracker.committee
    )
    _check_holds_rows(found)
    kept = keeping.contents(found)
    return Newer.objects.create(
        tracker=tracker, place_id=tracker.place_id, file=kept["file"], sha256=kept["sha256"], book=kept["book"],
        findings=kept["findings"], meeting=meeting, sent_by=str(by.person),
    )  # fmt: skip


@transaction.atomic
def merge_newer(
    *, by: Scope, newer: Newer, taken: Collection[str], apart: Collection[str] = (), seen: str
) -> Tracker:
    """Merge a newer file into its tracker: of the differences only `taken` (by cell), rows `apart` as others.

    Histories are only added to. Raises YourCommand where the merge is not the one that was `seen` (its seal).
    """
    role = acting(by, "keep", newer.place_id)
    tracker = Tracker.objects.select_for_update().get(pk=newer.tracker_id)
    if not Newer.objects.filter(pk=newer.pk, outcome="").exists():
        raise YourCommand("This file was decided about already.", remedy="Open the tracker.")
    merge = merge_of(tracker, newer, apart)
    if merge.seal != seen:
        raise YourCommand(
            "The tracker has changed since you looked.", remedy="Look at it again, then decide."
        )
    made = merged(
        merge, taken, on=timezone.localdate(), by=role, meeting=newer.meeting, committee=tracker.committee
    )
    with pghistory.context(why=f"Merged from {newer.file}."):
        _rewrite(tracker, merge, made, _person(by))
        for name, value in keeping.contents(made).items():
            setattr(tracker, name, value)
        tracker.save()
        _decided(newer, TAKEN)
    return tracker


@transaction.atomic
def drop_newer(*, by: Scope, newer: Newer, reason: str) -> None:
    """Leave a newer file aside; the tracker stays as it is."""
    acting(by, "keep", newer.place_id)
    with pghistory.context(why=_said(reason)):
        _decided(newer, DROPPED)


@transaction.atomic
def record_answer(
    *, by: Scope, row: Row, answer: str, response: str, received_on: date | None, reasons: str, why: str
) -> Step:
    """Record what the body answered. Raises YourCommand where nothing is said."""
    if not (answer or response.strip()):
        raise YourCommand("Neither an answer nor a response is given.", remedy="Fill in one of the two.")
    if answer in ("not_accepted", "accepted_in_part") and not reasons.strip():
        raise YourCommand("It does not say why it was not accepted in full.", remedy="Write the reasons.")
    return _record(
        by, "keep", row, why, Answered, answer=answer or None, response=response.strip(), received_on=received_on,
        reasons=reasons.strip(),
    )  # fmt: skip


@transaction.atomic
def record_action(*, by: Scope, row: Row, action: str, done: bool = False, why: str) -> Step:
    """Record an action, promised or done; with `done`, that somebody says it is all done, which closes nothing."""
    step = _record(by, "keep", row, why, ActionTaken, action=action)
    return _record(by, "keep", row, why, ClaimedDone, said=action.strip()) if done else step


@transaction.atomic
def set_test(*, by: Scope, row: Row, test: Any, why: str) -> Step:
    """Say what would show that it was done: a MeasureTest or a DocumentTest, as the committee agreed it."""
    return _record(by, "keep", row, why, TestSet, test=test)


@transaction.atomic
def offer_evidence(*, by: Scope, row: Row, evidence: Figures | Document, why: str) -> Step:
    """Offer evidence that the test is met. The library judges it when it is accepted."""
    return _record(by, "keep", row, why, EvidenceOffered, evidence=evidence)


@transaction.atomic
def accept_evidence(*, by: Scope, row: Row, why: str) -> Step:
    """Accept the evidence, which closes the row. Raises YourCommand where it does not meet the test, and nothing is
    kept; where `by` offered it; or where none is offered."""
    _check_another_person(by, row)
    return _record(by, "accept", row, why, EvidenceAccepted)


@transaction.atomic
def refuse_evidence(*, by: Scope, row: Row, why: str) -> Step:
    """Do not accept the evidence."""
    return _record(by, "accept", row, why, EvidenceRefused)


@transaction.atomic
def withdraw(*, by: Scope, row: Row, why: str) -> Step:
    """Take a recommendation back. It is not closed as done, and its history stays."""
    return _record(by, "accept", row, why, Withdrawn)


@transaction.atomic
def make_public(*, by: Scope, row: Row, public: bool, why: str) -> Row:
    """Show a row on the page of promises, or take it off again. Raises YourCommand for a blank row."""
    acting(by, "publish", row.place_id)
    row = Row.objects.select_for_update().get(pk=row.pk)
    if not row.steps.exists():
        raise YourCommand("This is a blank row.", remedy="Fill it in, and bring in that file.")
    if (row.public_since is not None) == public:
        raise YourCommand("It is so already.", remedy="Nothing is left to do.")
    with pghistory.context(why=_said(why)):
        row.public_since = timezone.localdate() if public else None
        row.save(update_fields=["public_since"])
    return row


@transaction.atomic
def figures_arrived(*, tracker: Tracker, published: Published, on: date) -> list[Row]:
    """Record the released figures of a newer state at each row whose test they are of. What reopened by them is
    answered, and the chair is told of it. The same state is looked at once.
    """
    tracker = Tracker.objects.select_for_update().defer(*KEPT_APART).get(pk=tracker.pk)
    if tracker.looked_at >= published.state:
        return []
    reopened = [
        line.row for line in lines(tracker, lock=True) if line.state and _arrived(line, published, on)
    ]
    Tracker.objects.filter(pk=tracker.pk).update(looked_at=published.state)
    for row in reopened:
        tell_chair(row, on)
    return reopened


def tell_chair(row: Row, on: date) -> None:
    """A letter to whoever holds the chair: that a row reopened, and where to read why. It says nothing else."""
    body = (
        f"A recommendation of {row.tracker.committee} that was closed has reopened: row {row}.\n"
        f"Why, and by which figures: {settings.ORIGIN}{reverse('recommendation', args=[row.pk])}\n"
    )
    for person in chairs(row.place_id, on):
        queue(place=row.place, to=person.email, subject="a recommendation reopened", body=body, about=row.pk)


def raise_row(*, tracker: Tracker, raised: Raised, person: str) -> Row:
    """Add a row by hand to a tracker, its cells to its workbook, in the transaction that is open."""
    kept = Tracker.objects.select_for_update().get(pk=tracker.pk)
    longer, item = with_row(whole(kept), raised)
    with pghistory.context(why=raised.why):
        kept.book = keeping.contents(longer)["book"]
        kept.save(update_fields=["book"])
        _add(kept, [item], person)
    return Row.objects.get(tracker=kept, sheet=item.sheet, number=item.row)


def enter(*, place: Place, committee: str, meeting: date | None, found: Kept, person: str) -> Tracker:
    """Keep a tracker that was read, with all its rows, in the transaction that is open."""
    kept = Tracker.objects.create(
        place=place, committee=committee, meeting=meeting, **keeping.contents(found)
    )
    _add(kept, found.items, person)
    return kept


def acting(by: Scope, action: str, place: str, kind: str = KIND) -> str:
    """The role in which somebody does this at a council, in words. Raises YourCommand where no role of theirs may."""
    policy = load_policy()
    roles = (
        one.role
        for one in by.standing
        if one.place == place and by.person is not None and policy.reach(one.role, action, kind) is not None
    )
    role = next(roles, None)
    if role is None or not by.may_at(action, kind, place):
        raise YourCommand("Your role does not do this here.", remedy="Ask the scrutiny officer or the chair.")
    return policy.roles[role].title.lower()


def record(
    row: Row, events: Iterable[Event], *, person: str, reason: str, before: History | None = None
) -> list[Step]:
    """Add events to a row that is locked. Raises YourCommand where one may not follow; nothing is kept then."""
    history = before or line_of(row).item.history
    if history is None:
        raise YourCommand("This is a blank row.", remedy="Fill it in, and bring in that file.")
    longer = history
    for event in events:
        longer = longer.recorded(event)
    with pghistory.context(why=reason):
        return Step.objects.bulk_create(keeping.steps_of(row, longer, person, before=len(history.events)))


def _record(by: Scope, asks: str, row: Row, why: str, event: type[Any], /, **said: Any) -> Step:
    role = acting(by, asks, row.place_id)
    row = Row.objects.select_for_update().get(pk=row.pk)
    made = event(on=timezone.localdate(), by=role, why=_said(why), **said)
    return record(row, [made], person=_person(by), reason=why)[-1]


def _person(by: Scope) -> str:
    return str(by.person.pk) if by.person else ""


def _arrived(line: Line, published: Published, on: date) -> bool:
    """Record what is new in the figures of a row's test; whether it reopened."""
    state = line.state
    if state is None or not isinstance(state.test, MeasureTest) or state.status is Status.WITHDRAWN:
        return False
    known = {point.period: point for point in (*state.known, *state.since)}
    fresh = tuple(
        point for point in series_of(state.test.series, published) if known.get(point.period) != point
    )
    if not fresh:
        return False
    why = f"State {published.state} of the released figures was published."
    event = FiguresArrived(
        on=max(on, state.latest), by="joinedup", why=why, series=state.test.series, points=fresh
    )
    record(line.row, [event], person="", reason=why, before=line.item.history)
    after = line_of(line.row).state
    return state.status is Status.CLOSED and after is not None and after.status is Status.REOPENED


def _said(why: str) -> str:
    if not why.strip():
        raise YourCommand("A reason is missing.", remedy="Say in a few words why.")
    return why.strip()


def _check_another_person(by: Scope, row: Row) -> None:
    offered = row.steps.filter(what="evidence_offered").order_by("-number").first()
    if offered is not None and by.person is not None and offered.person == str(by.person.pk):
        raise YourCommand(
            "Whoever offers evidence does not accept it.", remedy="Let another person accept it."
        )


def _check_holds_rows(found: Kept) -> None:
    if not found.items:
        raise YourCommand(
            "No row of a tracker was found in the file.",
            remedy="Give a sheet a row of headings, such as Topic and Recommendation, and rows below it.",
        )


def _add(tracker: Tracker, items: Sequence[Item], person: str) -> None:
    """Rows that are new, each with the steps of its history."""
    rows = [_row(tracker, item) for item in items]
    Row.objects.bulk_create(rows)
    steps = [
        step
        for row, item in zip(rows, items, strict=True)
        if item.history is not None
        for step in keeping.steps_of(row, item.history, person)
    ]
    Step.objects.bulk_create(steps)


def _row(tracker: Tracker, item: Item) -> Row:
    return Row(
        tracker=tracker, place_id=tracker.place_id, sheet=item.sheet, number=item.row, imported=item.imported,
        read=keeping.read_kept(item),
    )  # fmt: skip


def _rewrite(tracker: Tracker, merge: Merge, made: Kept, person: str) -> None:
    """Move the rows that are there to where they now stand, add to their histories, and add the rows that are new.

    A blank row that the newer file filled in goes on as that row.
    """
    rows = {str(row): row for row in Row.objects.select_for_update().filter(tracker=tracker)}
    homes = {pair.new.id: rows[pair.old.id] for pair in merge.pairs}
    homes |= {new: rows[old] for new, old in kept_rows(merge).items()}
    added = []
    for item in made.items:
        row = homes.get(item.id)
        if row is None:
            added.append(item)
            continue
        row.sheet, row.number, row.imported = item.sheet, item.row, item.imported
        row.read = keeping.read_kept(item)
        row.save(update_fields=["sheet", "number", "imported", "read"])
        if item.history is not None:
            there = row.steps.count()
            Step.objects.bulk_create(keeping.steps_of(row, item.history, person, before=there))
    _add(tracker, added, person)


def _decided(newer: Newer, outcome: str) -> None:
    newer.outcome, newer.book = outcome, None
    newer.save(update_fields=["outcome", "book"])
