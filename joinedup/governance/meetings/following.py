"""What a meeting leaves to follow up: rows for a committee's tracker, and days for calendars. Made when asked for.

A row quotes; to whom it is addressed, and by when, is left blank for a person: papers seldom say it in words that a
program may trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from joinedup.errors import MissingPart
from joinedup.governance.cells import Row, Sheet
from joinedup.governance.meetings.digest import Quote
from joinedup.governance.meetings.proposing import Proposal

HEADINGS = ("Topic", "Type", "Recommendation", "Meeting", "To whom", "Due", "Source")
KINDS = {"recommendation": "Recommendation", "request": "Information request"}
"""Rules of the digest whose sentences become rows, and what the tracker calls them."""
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_NAMED = "|".join(_MONTHS)
_DAY = re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_NAMED}),? ([0-9]{{4}})\b", re.IGNORECASE)
_MONTH = re.compile(rf"\b({_NAMED}),? ([0-9]{{4}})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Dated:
    """Something with a day, or with a month where the paper names no day. `quote` is None for the meeting itself."""

    what: str
    month: str
    day: date | None = None
    time: str = ""
    place: str = ""
    quote: Quote | None = None


def tracker_rows(meeting: str, day: date, quotes: Iterable[Quote], topics: Sequence[Proposal] = ()) -> Sheet:
    """A sheet that `joinedup scrutiny import` reads: a row for each recommendation and request of a digest.

    The topic of a row is a confirmed one of the same passage, else the heading above it.
    """
    rows: list[Row] = [HEADINGS]
    for quote in quotes:
        if quote.rule in KINDS:
            source = f"{quote.paper.title}, {quote.place}, sha256 {quote.paper.sha256}"
            source += f", {quote.link}" if quote.link else ""
            topic = _topic(quote, topics) or quote.heading
            rows.append((topic, KINDS[quote.rule], quote.sentence, day, None, None, source))
    return Sheet(_sheet_name(meeting), tuple(rows))


def _topic(quote: Quote, topics: Sequence[Proposal]) -> str:
    for topic in topics:
        if topic.status == "confirmed" and any(
            (found.paper.sha256, found.page, found.paragraph)
            == (quote.paper.sha256, quote.page, quote.paragraph)
            for found in topic.triggers
        ):
            return topic.title
    return ""


def _sheet_name(meeting: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", meeting)[:31].strip() or "Meeting"


def dates_of(
    title: str, day: date, quotes: Iterable[Quote], *, at: str = "", venue: str = ""
) -> tuple[Dated, ...]:
    """The meeting itself, and every day or month after it that a sentence of the digest names, in order of time."""
    found = [Dated(title, f"{day:%Y-%m}", day, at, venue)]
    for quote in quotes:
        found += [dated for dated in _named_in(quote) if (dated.day or _last(dated.month)) > day]
    return tuple(sorted(found, key=lambda dated: (dated.month, dated.day or date.max, dated.what)))


def _named_in(quote: Quote) -> Iterator[Dated]:
    rest = quote.sentence
    for match in _DAY.finditer(quote.sentence):
        rest = rest.replace(match[0], " ")
        try:
            day = date(int(match[3]), _MONTHS.index(match[2].casefold()) + 1, int(match[1]))
        except ValueError:
            continue
        yield Dated(quote.sentence, f"{day:%Y-%m}", day, quote=quote)
    for month, year in {(match[1].casefold(), match[2]) for match in _MONTH.finditer(rest)}:
        if int(year) >= 1000:
            yield Dated(quote.sentence, f"{year}-{_MONTHS.index(month) + 1:02}", quote=quote)


def _last(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, 12, 31) if number == 12 else date(year, number + 1, 1) - timedelta(days=1)


def calendar_file(meeting: str, dates: Iterable[Dated]) -> bytes:
    """The days as iCalendar; months without a day are no entries of a calendar, and stay out. Raises MissingPart."""
    try:
        from icalendar import Calendar, Event
    except ImportError as error:
        raise MissingPart("Calendars need icalendar.", remedy="Install joinedup[web].") from error
    calendar = Calendar()
    calendar.add("prodid", "-//joinedup//meetings//EN")
    calendar.add("version", "2.0")
    for number, dated in enumerate(found for found in dates if found.day):
        event = Event()
        event.add("uid", f"{meeting}-{number}@joinedup")
        day = dated.day or date.min
        event.add("dtstamp", datetime.combine(day, time()))
        event.add("dtstart", datetime.combine(day, time.fromisoformat(dated.time)) if dated.time else day)
        event.add("summary", dated.what[:200])
        if dated.place:
            event.add("location", dated.place)
        if dated.quote:
            event.add(
                "description", f"“{dated.quote.sentence}” {dated.quote.paper.title}, {dated.quote.place}"
            )
            if dated.quote.link:
                event.add("url", dated.quote.link)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
