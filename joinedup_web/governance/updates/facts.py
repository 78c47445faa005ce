"""What is public, as facts: each with the words it is quoted in, the page where they stand, and what it is about.

A fact is made of what a public page or the public's line through the walls shows; nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from joinedup.definitions.measure import Measure
from joinedup.definitions.scrutiny import TopicList
from joinedup.errors import UnknownName
from joinedup.governance.events import Event
from joinedup.governance.history import State, Status, fold
from joinedup_web.governance.boards.public import PublicBody, PublicMeeting, public_bodies
from joinedup_web.governance.boards.records import CANCELLED, HELD, ISSUED, Decision
from joinedup_web.governance.scrutiny.asking import Line, promises
from joinedup_web.governance.scrutiny.presenting import evidence_words, short, test_words, words
from joinedup_web.governance.updates.figures import figures_published

PLACE, BODY, WORKSTREAM, TOPIC, MEASURE = "place", "body", "workstream", "topic", "measure"
MEETINGS, DECISIONS, PROMISES, FIGURES = "Meetings", "Decisions", "Promises to scrutiny committees", "Figures"
CLAIMS, BENEFITS = "Claims checked", "Benefits"
SECTIONS = (MEETINGS, DECISIONS, PROMISES, CLAIMS, BENEFITS, FIGURES)
About = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Fact:
    """One thing that is public. `key` stays the same for as long as it is; `meets` is the day of a meeting to come."""

    key: str
    on: date
    section: str
    title: str
    quote: str
    href: str
    about: About = field(repr=False)
    meets: date | None = None

    @property
    def link(self) -> str:
        """The page where it stands, in full."""
        return f"{settings.ORIGIN}{self.href}"


SOURCES: dict[str, Callable[[], list[Fact]]] = {}
"""What areas above add: each in its `AppConfig.ready`, so that updates name none of them."""


def all_facts() -> list[Fact]:
    """Everything that is public now, the latest day first."""
    found = [one for body in public_bodies() for one in of_body(body)]
    found += [one for line in promises() for one in of_promise(line)]
    found += [one for ask in SOURCES.values() for one in ask()]
    found += [
        Fact(f"figures-{told.state}-{told.measure.slug}", told.on, FIGURES,
             f"New figures were published: {told.measure.title}",
             f"Of state {told.state} of the records, up to {told.last}. Signing in is needed to read them.",
             reverse("measure", args=[told.measure.id]), frozenset({(MEASURE, told.measure.slug)}))
        for told in figures_published()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.key), reverse=True)


def kind_of(body: PublicBody) -> str:
    """Under which heading a body is offered."""
    return WORKSTREAM if body.body.kind == WORKSTREAM else BODY


def of_body(found: PublicBody) -> list[Fact]:
    """Agendas, meetings and decisions of a body that meets in public."""
    own = (kind_of(found), found.body.slug)
    about = frozenset({own, *((PLACE, code) for code in found.organisations)})
    page = reverse("updates_about", args=own)
    return [one for meeting in found.meetings for one in _of_meeting(meeting, str(found.body), about, page)]


def _of_meeting(found: PublicMeeting, body: str, about: About, page: str) -> list[Fact]:
    meeting = found.meeting
    said = {ISSUED: "the agenda is issued", HELD: "the record is closed", CANCELLED: "cancelled"}[
        meeting.state
    ]
    key = f"meeting-{meeting.pk}-{meeting.state}"
    where = f" at {meeting.venue}" if meeting.venue else ""
    agenda = f" On the agenda: {'; '.join(found.titles)}." if found.titles else ""
    told = f"{meeting.on:%-d %B %Y}, {meeting.begins_at:%H:%M}{where}.{agenda}"
    to_come = meeting.on if meeting.state == ISSUED and meeting.on >= timezone.localdate() else None
    first = Fact(
        key, meeting.on, MEETINGS, f"{body}, {meeting.on:%-d %B %Y}: {said}",
        told if meeting.state != CANCELLED else "", f"{page}#{key}", about, to_come,
    )  # fmt: skip
    return [first, *(_of_decision(one, body, about, page) for one in found.decisions)]


def _of_decision(one: Decision, body: str, about: About, page: str) -> Fact:
    key = f"decision-{one.pk}" + ("-taken-back" if one.taken_back else "")
    title = f"{'Taken back: ' if one.taken_back else ''}{body} decided: {one.chosen}"
    dissent = f" Dissent: {one.dissent}" if one.dissent else ""
    quote = f"{one.question} {one.reason}{dissent}"
    return Fact(key, one.on, DECISIONS, title, quote, f"{page}#{key}", about)


def of_promise(line: Line) -> list[Fact]:
    """That a committee made a row public, and what has happened to it since: as the page of promises shows it."""
    history, since = line.item.history, line.row.public_since
    if history is None or since is None or line.state is None:
        return []
    key, href = f"row-{line.row.pk}", f"{reverse('promises')}#row-{line.row.pk}"
    about, committee = _about(line, line.state), line.row.tracker.committee
    made = Fact(
        f"{key}-public-{since:%Y%m%d}", since, PROMISES, f"{committee} made public what it recommended",
        f"{words(line)} ({str(line.state.status).capitalize()}.)", href, about,
    )  # fmt: skip
    found, before = [made], fold(history.events[:1])
    for number, event in enumerate(history.events[1:], start=1):
        after = fold(history.events[: number + 1])
        told = _told(event, before, after) if event.on >= since else None
        if told is not None:
            title, quote = f"{told[0]}: {short(line)}", told[1]
            found.append(Fact(f"{key}-{number}", event.on, PROMISES, title, quote, href, about))
        before = after
    return found


def _told(event: Event, before: State, after: State) -> tuple[str, str] | None:
    """What an event is told as, and the words quoted; None for one of which the page of promises shows nothing."""
    if event.what == "figures_arrived":
        opened = before.status is Status.CLOSED and after.status is Status.REOPENED
        return ("Opened again", after.reopenings[-1].why) if opened else None
    if event.what == "answered":
        return "Answered", after.answered.response if after.answered else ""
    if event.what == "evidence_accepted":
        return "Kept, on evidence", evidence_words(after.accepted[-1].evidence)
    if event.what == "test_set":
        return "What would show that it was kept", test_words(after)
    if event.what == "amended":
        return "Corrected by the committee", after.raised.text
    return ("Withdrawn by the committee", "") if event.what == "withdrawn" else None


def _about(line: Line, state: State) -> About:
    found = {(PLACE, line.row.place_id)}
    if state.raised.topic:
        found.add((TOPIC, topic_key(state.raised.topic)))
    found |= {(MEASURE, one) for name in state.raised.measures if (one := measure_key(name))}
    return frozenset(found)


def topic_key(topic: str) -> str:
    """A topic in addresses: its slug in the list that ships with joinedup, or its own words."""
    try:
        return TopicList.load().topic(topic).slug.replace("_", "-")
    except UnknownName:
        return slugify(topic)[:60]


def measure_key(name: str) -> str:
    """A measure in addresses; empty for one that is not known."""
    try:
        return Measure.load(name).slug
    except UnknownName:
        return ""
