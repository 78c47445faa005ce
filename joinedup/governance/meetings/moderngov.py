"""Answers of a ModernGov web service (`mgWebService.asmx`): GetMeetings, GetMeeting, GetAttachment, bare or in SOAP.

The shape is that of public answers of councils (elements in lower case, days as 18/11/2025, flags as True and False,
HTML as text within `agendatext`, `decisionnonemptyhtmlbody` and `minutesnonemptyhtmlbody`). GetMeeting does not
name its committee: GetMeetings does, or whoever imports it. What is restricted or not published is not read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joinedup.errors import UnreadableFile
from joinedup.governance.days import read_day
from joinedup.governance.meetings.records import (
    MOST_ITEMS,
    MOST_PEOPLE,
    Attendee,
    Item,
    PaperLink,
    Record,
    Source,
    clock,
)
from joinedup.governance.meetings.xml_trees import child, named, tree, words
from joinedup.saved_pages import html_page

FIELDS = {"agendatext": "text", "decisionnonemptyhtmlbody": "decision", "minutesnonemptyhtmlbody": "minutes"}
"""Elements of an item that hold HTML, and the field of `Item` that they become."""
_REMEDY = "Save the answer of GetMeeting or GetMeetings, whole, as XML."
_MOST_MEETINGS = 5_000


@dataclass(frozen=True)
class Answer:
    """What a file of answers holds: records of meetings, and papers that it describes."""

    records: tuple[Record, ...]
    papers: tuple[PaperLink, ...]


def read_moderngov(content: bytes, name: str, source: Source, *, committee: str = "") -> Answer:
    """The records in a file. A `source.council` of "?" is taken from the addresses in it.

    Raises UnreadableFile, UnsafeFile.
    """
    root = tree(content, name)
    council = source.council if source.council != "?" else _host(root)
    if not council:
        raise UnreadableFile(
            "The file does not say which council it is of.", file=name, remedy="Say it: --council NAME."
        )
    source = source.model_copy(update={"council": council})
    records = tuple(_records(root, source, committee, name))
    papers = tuple(_linked(root)) if not records else ()
    if not records and not papers:
        raise UnreadableFile("There is no meeting in it.", file=name, remedy=_REMEDY)
    return Answer(records, papers)


def _records(root: Any, source: Source, committee: str, name: str) -> Iterator[Record]:
    listed = 0
    titles = {
        words(meeting, "meetingid"): (words(each, "committeetitle"), words(each, "committeeid"))
        for each in named(root, "committee")
        for meeting in named(each, "meeting")
    }
    for meeting in named(root, "meeting"):
        if child(meeting, "meetingid") is None and child(meeting, "meetingdate") is None:
            continue
        listed += 1
        if listed > _MOST_MEETINGS:
            raise UnreadableFile(
                f"It lists more than {_MOST_MEETINGS:,} meetings.", file=name, remedy=_REMEDY
            )
        title, number = titles.get(words(meeting, "meetingid"), ("", ""))
        title = title or words(meeting, "committeetitle")
        yield _record(meeting, source, plain(title) or committee or _owner(meeting), number, name)


def _record(meeting: Any, source: Source, committee: str, committee_number: str, name: str) -> Record:
    day, number = read_day(words(meeting, "meetingdate")), words(meeting, "meetingid")
    if day is None or not re.fullmatch(r"[0-9]{1,12}", number):
        raise UnreadableFile(
            "A meeting has no number, or no day that can be read.", file=name, remedy=_REMEDY
        )
    items = child(meeting, "agendaitems")
    people = child(meeting, "attendees")
    return Record(
        source=source,
        number=number,
        committee=committee or "?",
        committee_number=committee_number
        if committee_number.isascii() and committee_number.isdigit()
        else "",
        day=day.day,
        time=clock(words(meeting, "meetingtime")),
        venue=plain(words(meeting, "meetinglocation")),
        status=words(meeting, "meetingstatus"),
        attendance=tuple(_attendees(people))[:MOST_PEOPLE] or None if people is not None else None,
        items=tuple(_items(items, name))[:MOST_ITEMS] if items is not None else (),
        published=items is not None and len(items) > 0,
    )


def _items(items: Any, name: str) -> Iterator[Item]:
    for item in named(items, "agendaitem"):
        if words(item, "isrestricted") == "True" or words(item, "isdisplayallowed") == "False":
            continue
        said = {field: _paragraphs(child(item, element), name) for element, field in FIELDS.items()}
        for field, flag in (("decision", "isdecisionpublished"), ("minutes", "isminutepublished")):
            said[field] = "" if words(item, flag) == "False" else said[field]
        yield Item(
            number=words(item, "fulldisplaynumberformat").rstrip(".") or words(item, "agendaitemnumber"),
            title=plain(words(item, "agendaitemtitle"))[:2_000] or "Without a title",
            papers=tuple(_linked(item)),
            **said,
        )


def _paragraphs(element: Any, name: str) -> str:
    if element is None or not (element.text or "").strip():
        return ""
    return "\n".join(block.text for block in html_page(element.text, name).blocks if block.text)[:200_000]


def _linked(element: Any) -> Iterator[PaperLink]:
    for kind in ("linkeddoc", "attachmentdetails"):
        for document in named(element, kind):
            if words(document, "isrestricted") != "True":
                yield PaperLink(
                    title=plain(words(document, "title"))[:2_000],
                    url=words(document, "url")[:2_000],
                    attachment=words(document, "attachmentid")[:40],
                )


def _attendees(people: Any) -> Iterator[Attendee]:
    for person in named(people, "attendee"):
        if who := plain(person.get("name", ""))[:2_000]:
            role = plain(person.get("roledescription", ""))[:2_000]
            yield Attendee(name=who, role=role, attendance=plain(person.get("attendance", ""))[:2_000])


def _owner(meeting: Any) -> str:
    """The committee that the meeting's papers and items name, where they all name one."""
    found = {
        plain(words(element, tag))
        for kind, tag in (("linkeddoc", "committeetitle"), ("agendaitem", "refertocommittee"))
        for element in named(meeting, kind)
    } - {""}
    return found.pop() if len(found) == 1 else ""


def _host(root: Any) -> str:
    hosts = {urlsplit(found).hostname or "" for found in _addresses(root)} - {""}
    return hosts.pop() if len(hosts) == 1 else ""


def _addresses(element: Any) -> Iterator[str]:
    for found in named(element, "url"):
        text = (found.text or "").strip()
        if re.match(r"https?://[\w.-]+/", text):  # else it is no address that could be taken apart
            yield text


def plain(text: str) -> str:
    """A text without the second layer of entities that the service writes, and with single spaces."""
    return " ".join(html.unescape(text).split())
