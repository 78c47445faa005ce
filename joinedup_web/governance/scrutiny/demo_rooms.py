"""The demo's work programme, a proposal and requests for information.

Two topics are those that the committee's page of 18 November 2025 names; everything else is invented, and says so in
its reasons. Days are counted from the day on which the demo is made, so that something is always to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from joinedup.definitions.freedom_of_information import InformationLaw
from joinedup.definitions.scrutiny import Criteria, TopicList
from joinedup.governance import information, programme
from joinedup.governance.events import Recorded
from joinedup.governance.sealing import seals_of
from joinedup.governance.variation import events as variation
from joinedup.governance.variation.proposal import proposal_of
from joinedup_web.governance.scrutiny.demo import HOST, ROLE, WHO
from joinedup_web.governance.scrutiny.information.records import Request
from joinedup_web.governance.scrutiny.programme.records import Topic
from joinedup_web.governance.scrutiny.variation.records import Proposal
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened

CHAIR = "chair of a scrutiny committee"
INVENTED = "Invented for the demo."
SOURCE = "Open Council Network's page of the meeting of 18 November 2025"
HEARD = ("Place-based partnerships", "Special school nursing")


def enter_rooms() -> None:
    """Enter them, unless they are there."""
    today = timezone.localdate()
    with transaction.atomic(), pghistory.context(why="scrutiny of the demo"), opened(WHO, [HOST]):
        place = Place.objects.get(code=HOST)
        if Topic.objects.filter(place=place).exists():
            return
        committee = TopicList.load().committee
        for title, events in _topics(today).items():
            programme.topic_of(events)
            _enter(Topic.objects.create(place=place, committee=committee, title=title), events)
        _propose(place, committee, today)
        for title, logged in _requests(today).items():
            stands = information.request_of(logged)
            public = stands.latest if stands.answer is not None else None
            _enter(Request.objects.create(place=place, title=title, public_since=public), logged)


def _enter(row: Any, events: Sequence[Recorded]) -> None:
    for number, (event, seal) in enumerate(zip(events, seals_of(events), strict=True)):
        row.steps.create(
            place_id=row.place_id, number=number, what=getattr(event, "what", ""),
            event=event.model_dump(mode="json"), seal=seal,
        )  # fmt: skip


def _said(on: date, by: str = ROLE, why: str = INVENTED) -> dict[str, Any]:
    return {"on": on, "by": by, "why": why}


def _topics(today: date) -> dict[str, tuple[programme.TopicEvent, ...]]:
    held, then, coming = date(2025, 11, 18), today - timedelta(days=70), today + timedelta(days=24)
    past, later = today - timedelta(days=28), today + timedelta(days=87)
    found: dict[str, tuple[programme.TopicEvent, ...]] = {}
    for title in HEARD:
        found[title] = (
            *_scored(title, held, "23222", SOURCE), programme.Scheduled(**_said(held, CHAIR), meeting=held),
            programme.Heard(**_said(held, why=f"The page of the meeting names it: {SOURCE}.")),
        )  # fmt: skip
    wait = "Waits for Talking Therapies"
    found[wait] = (
        *_scored(wait, then, "33321"), programme.Scheduled(**_said(then, CHAIR), meeting=past),
        programme.CarriedForward(
            **_said(past, why="Invented for the demo: the meeting ran out of time."), meeting=coming
        ),
    )  # fmt: skip
    crisis = "Where people turn in a crisis"
    found[crisis] = (
        *_scored(crisis, then, "32222"),
        programme.Scheduled(**_said(then, CHAIR), meeting=later),
    )
    joints = "Waits for joint and back pain in the community"
    found[joints] = _scored(joints, then, "22113")
    found["Interpreters at first appointments"] = (_suggested("Interpreters at first appointments", past),)
    parking = "Car parks at hospitals"
    found[parking] = (
        *_scored(parking, then, "11100"),
        programme.LeftOut(**_said(past, CHAIR, "Invented for the demo: another committee looks at it.")),
    )
    return found


def _suggested(title: str, on: date, source: str = "") -> programme.Suggested:
    whom = "a member of the committee" if source else "residents of Brent"
    return programme.Suggested(**_said(on), title=title, from_whom=whom, source=source)


def _scored(title: str, on: date, points: str, source: str = "") -> tuple[programme.TopicEvent, ...]:
    """A suggestion, and points on the criteria in their order, a digit each."""
    criteria = Criteria.load()
    given = {one.slug: int(digit) for one, digit in zip(criteria.criteria, points, strict=True)}
    scored = programme.Scored(**_said(on), criteria=criteria.slug, points=given)
    return _suggested(title, on, source), scored


def _propose(place: Place, committee: str, today: date) -> None:
    """A proposal under way: consulted on and commented. Its tracker stays the source's 18 topics and blank row."""
    told, title = today - timedelta(days=80), "One place for Talking Therapies assessments instead of three"
    begun, sent = today - timedelta(days=60), today - timedelta(days=10)
    row = Proposal.objects.create(place=place, committee=committee, title=title)
    events = (
        variation.Proposed(
            **_said(told), title=title, about=INVENTED, proposer="A trust of the demo", service="Talking Therapies",
            boroughs=("Brent", "Harrow"), told_on=told, comments_by=sent, decision_by=today + timedelta(days=30),
        ),
        variation.ViewTaken(**_said(told, CHAIR), substantial="yes"),
        variation.ConsulteesNamed(
            **_said(told), committees=("Brent", "Harrow"), joint=committee
        ),
        variation.Consulted(
            **_said(begun), begins=begun, ends=sent, how="Letters to people in treatment, a page, two evenings."
        ),
        variation.EvidenceAdded(
            **_said(begun), kind="measure", label="First treatment within six weeks", where="M053"
        ),
        variation.Commented(
            **_said(sent, CHAIR), comments="Say first how far people would travel.", recommends=True, sent_on=sent
        ),
    )  # fmt: skip
    proposal_of(events)
    _enter(row, events)


def _requests(today: date) -> dict[str, tuple[information.Event, ...]]:
    """One answered in time, one open, one overdue."""
    law = InformationLaw.load()
    first, late = today - timedelta(days=60), today - timedelta(days=40)
    new, done = today - timedelta(days=6), min(law.due(first), today)
    answered = information.Answered(
        **_said(done), answered_on=done, outcome="in_part", sections=("40",),
        answer=f"{INVENTED} Waits by borough are published; counts below five are left out to protect people.",
        datasets=("NHS Talking Therapies, monthly statistics, first treatment within six weeks (M053)",),
    )  # fmt: skip
    asked = {
        "How long people wait for a first treatment, by borough": first, "What interpreters cost": new,
        "How many appointments are by video": late,
    }  # fmt: skip
    found: dict[str, tuple[information.Event, ...]] = {
        title: (
            information.Received(
                **_said(on), title=title, asked=f"{title}, in the last year.", received_on=on
            ),
        )
        for title, on in asked.items()
    }
    title = next(iter(asked))
    return {**found, title: (*found[title], answered)}
