"""What pages of scrutiny say: values for templates, no queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from joinedup.definitions import Period
from joinedup.definitions.measure import Measure
from joinedup.definitions.scrutiny import ResponseClock, TopicList, TopicRow
from joinedup.errors import UnknownName
from joinedup.governance.cells import text_of
from joinedup.governance.events import Event
from joinedup.governance.evidence import Document, Figures, MeasureTest, Series, judge
from joinedup.governance.exporting import evidence_in_words
from joinedup.governance.history import OPEN, State, Status, fold
from joinedup.governance.published import EVERYWHERE, Published, held_of, places_in, series_of

if TYPE_CHECKING:
    from joinedup.governance.tracker import Item
    from joinedup_web.governance.scrutiny.asking import Line

KINDS = {"recommendation": "Recommendation", "information_request": "Request for information"}
ANSWERS = {
    "accepted": "Accepted", "accepted_in_part": "Accepted in part", "not_accepted": "Not accepted",
    "supplied": "Information supplied",
}  # fmt: skip
COLOURS = {
    Status.AWAITING_RESPONSE: "yellow", Status.ANSWERED: "blue", Status.CLAIMED_DONE: "orange",
    Status.EVIDENCE_OFFERED: "purple", Status.CLOSED: "green", Status.REOPENED: "red", Status.WITHDRAWN: "grey",
}  # fmt: skip
SHOWS = (("open", "Open"), ("overdue", "Overdue"), ("blank", "Blank rows"), ("closed", "Closed"), ("", "All"))
WHAT = {
    "raised": "Raised", "amended": "Corrected by the committee", "test_set": "Test agreed", "answered": "Answered",
    "action_taken": "Action", "claimed_done": "Said to be done", "evidence_offered": "Evidence offered",
    "evidence_accepted": "Evidence accepted", "evidence_refused": "Evidence not accepted",
    "figures_arrived": "Figures arrived", "withdrawn": "Withdrawn",
}  # fmt: skip
SHORT = 90
LAST = 4
"""Periods of a linked measure that a page shows."""


@dataclass(frozen=True)
class Table:
    """Figures as the design system's table of numbers has them: cells, and a code for each."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cell_codes: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...] = ()

    @property
    def numeric(self) -> range:
        """Columns of numbers."""
        return range(1, len(self.header))


@dataclass(frozen=True)
class Happened:
    """One event in words."""

    on: date
    what: str
    by: str
    why: str
    said: str
    status: str


def words(line: Line) -> str:
    """What the row says: its text, or its topic where it has no text yet."""
    raised = line.state.raised if line.state else None
    return (raised.text or raised.topic) if raised else "Blank row, kept for review"


def short(line: Line) -> str:
    """The same, cut at a word."""
    text = " ".join(words(line).split())
    return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} ..."


def status_tag(line: Line) -> dict[str, str]:
    """The status as a tag; a blank row has one of its own."""
    if line.state is None:
        return {"text": "Blank row", "colour": "white"}
    status = line.state.status
    return {"text": str(status).capitalize(), "colour": COLOURS[status]}


def due_words(state: State, today: date) -> str:
    """By when a response is due, and whether it is late."""
    due = state.raised.due
    if due is None:
        return "No clock runs"
    late = state.overdue(today)
    return f"{due:%-d %B %Y}" + (f", {late} day{'s' if late != 1 else ''} overdue" if late else "")


def due_by(state: State) -> str:
    """What says so: the sheet, or a response clock with its rule."""
    by = state.raised.due_by
    if by in ("", "sheet"):
        return "as the council's sheet says" if by else ""
    try:
        clock = ResponseClock.load(by)
    except UnknownName:
        return by
    kind = "by law" if clock.statutory else "our own, not law"
    return f"{clock.days} days after {clock.starts} ({kind})"


def chosen(lines: Sequence[Line], asked: Mapping[str, str], today: date) -> list[Line]:
    """The rows that fit what is asked: `show`, `topic`, `to`, and words in `q`."""
    show = asked.get("show", "open")
    return [
        line
        for line in lines
        if _shown(line, show, today)
        and (not asked.get("topic") or _raised(line, "topic") == asked["topic"])
        and (not asked.get("to") or _raised(line, "to_whom") == asked["to"])
        and asked.get("q", "").casefold() in f"{words(line)} {_raised(line, 'topic')}".casefold()
    ]


def _shown(line: Line, show: str, today: date) -> bool:
    if line.state is None:
        return show in ("open", "blank", "")  # a blank row waits for a person: it is never out of sight
    if show == "overdue":
        return bool(line.state.overdue(today))
    if show in ("open", "closed"):
        return (line.state.status in OPEN) == (show == "open")
    return show != "blank"


def _raised(line: Line, field: str) -> str:
    return str(getattr(line.state.raised, field)) if line.state else ""


def options(lines: Sequence[Line], field: str, every: str) -> list[tuple[str, str]]:
    """What a list can be narrowed to, by a field of what was raised."""
    found = sorted({_raised(line, field) for line in lines} - {""}, key=str.casefold)
    return [("", every), *((one, one if len(one) <= SHORT else f"{one[:SHORT]} ...") for one in found)]


def topic_of(state: State) -> TopicRow | None:
    """The topic of the list that ships with joinedup; None for the committee's own."""
    try:
        return TopicList.load().topic(state.raised.topic) if state.raised.topic else None
    except UnknownName:
        return None


def test_words(state: State) -> str:
    """The test as a sentence, with the measure's title."""
    if state.test is None:
        return ""
    if not isinstance(state.test, MeasureTest):
        return state.test.in_words()
    return f"{state.test.in_words()} ({_title(state.test.series.measure)})"


def verdict_words(state: State) -> str:
    """What the test says of the evidence that is offered, before anybody decides."""
    if state.test is None or state.offered is None:
        return ""
    verdict, why = judge(state.test, state.offered.evidence)
    return f"The test says: {verdict}. {why}"


def happened(events: Sequence[Event], people: Sequence[str]) -> list[Happened]:
    """The history, the newest first. `people` are who recorded each, as far as is known."""
    found = []
    for number, event in enumerate(events):
        status = str(fold(events[: number + 1]).status)
        by = event.by + (f" ({people[number]})" if people[number] else "")
        found.append(Happened(event.on, WHAT[event.what], by, event.why, _said(event), status))
    return found[::-1]


def _said(event: Any) -> str:
    """What an event says beside its reason."""
    if event.what == "answered":
        parts = (ANSWERS.get(event.answer or "", ""), event.response, event.reasons)
        return ". ".join(part.strip(". ") for part in parts if part)
    if event.what == "test_set":
        return str(event.test.in_words())
    if event.what == "evidence_offered":
        return evidence_in_words(event.evidence)
    if event.what == "figures_arrived":
        return f"{event.series.measure} at {event.series.place}: {len(event.points)} figures, the last {_last(event)}"
    own = {"action_taken": "action", "claimed_done": "said", "amended": "text"}.get(event.what, "")
    return str(getattr(event, own)) if own else ""


def _last(event: Any) -> str:
    point = event.points[-1]
    return f"{point.period}: {'hidden' if point.value is None else f'{point.value:g}'}"


def evidence_words(evidence: Figures | Document) -> str:
    """Evidence as a line."""
    return evidence_in_words(evidence)


def figures_of(state: State, published: Published | None) -> list[tuple[Measure, Table]]:
    """A table for each linked measure of which figures are published: places down, the last periods across."""
    if published is None:
        return []
    return [(measure, _table(measure, published)) for measure in held_of(state.raised.measures, published)]


def not_published(state: State, published: Published | None) -> list[str]:
    """Linked measures of which no figures are published here."""
    held = {measure.id for measure in held_of(state.raised.measures, published)} if published else set()
    return [f"{_title(name)} ({name})" for name in state.raised.measures if name not in held]


def _table(measure: Measure, published: Published) -> Table:
    series = (Series(measure=measure.id, level=level, place=place) for level, place in places_in(published))
    held = ((one.place, series_of(one, published, kind="quarter")) for one in series)
    rows = [(place, {point.period: point for point in points}) for place, points in held if points]
    periods = sorted({key for _, points in rows for key in points}, key=Period.parse)[-LAST:]
    cells = tuple((place, *(_shown_value(points.get(key)) for key in periods)) for place, points in rows)
    codes = tuple(("", *(_code(points.get(key)) for key in periods)) for _, points in rows)
    unit = ", percent" if measure.statistic == "percentage" else ""
    return Table((f"{measure.title}{unit}", *periods), cells, codes)


def _shown_value(point: Any) -> str:
    if point is None:
        return "not published"
    return "hidden" if point.value is None else f"{point.value:,g}"


def _code(point: Any) -> str:
    return point.code if point is not None else ""


def _title(name: str) -> str:
    try:
        return Measure.load(name).title
    except UnknownName:
        return name


def place_choices(published: Published | None) -> list[tuple[str, str]]:
    """Level and name of places for a test, as one value each."""
    found = places_in(published) if published else ()
    return [
        (f"{level}|{name}", name if level == EVERYWHERE else f"{name} (borough)") for level, name in found
    ]


@dataclass(frozen=True)
class Counts:
    """How many rows of a tracker stand how."""

    topics: int
    open: int
    overdue: int
    closed: int
    blank: int


def counts(lines: Sequence[Line], today: date) -> Counts:
    """Rows by how they stand."""
    states = [line.state for line in lines if line.state is not None]
    left = sum(state.status in OPEN for state in states)
    late = sum(bool(state.overdue(today)) for state in states)
    topics = len({state.raised.topic for state in states} - {""})
    return Counts(topics, left, late, len(states) - left, len(lines) - len(states))


def kept(lines: Sequence[Line]) -> list[Line]:
    """Promises that evidence shows were kept."""
    return [line for line in lines if line.state is not None and line.state.status is Status.CLOSED]


def not_kept(lines: Sequence[Line]) -> list[Line]:
    """Those that are open, reopened or withdrawn."""
    return [line for line in lines if line.state is not None and line.state.status is not Status.CLOSED]


def said_in(item: Item) -> str:
    """What a row says, for a list of rows."""
    raised = item.history.state.raised if item.history else None
    return (raised.text or raised.topic) if raised else "blank row"


cell = text_of
"""A cell's value as people read it."""
