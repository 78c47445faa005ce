"""A page of the Open Council Network about one meeting, as text or as saved HTML, read as that page's record of it.

Its sentences are that network's summary, not the council's own: whoever quotes them says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.errors import UnreadableFile
from joinedup.governance.days import read_day
from joinedup.governance.meetings.blocks import page_of
from joinedup.governance.meetings.records import (
    MOST_ITEMS,
    MOST_PEOPLE,
    Attendee,
    Item,
    PaperLink,
    Record,
    Source,
    address_or_nothing,
    clock,
)
from joinedup.saved_pages import Block, Page, read_text

_DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TITLE = re.compile(
    rf"(.{{3,300}}?) [-–—] ({_DAYS},? [0-9]{{1,2}}\w{{0,2}} [A-Z][a-z]{{2,8}},? [0-9]{{4}})(.{{0,40}})"
)
_COUNCIL = re.compile(r"summaries about (.{3,100}?) every week")
_VENUE = re.compile(
    r"\b(?:take place|took place|was held|be held|[Hh]eld) at (?:the )?([A-Z][^.]{2,150})\.(?:\s|$)"
)
_DISCUSSED = re.compile(r"\bmet to (?:discuss|consider) ([^.]{3,600})\.")
_PRESENT = re.compile(
    r"((?:Councillor|Cllr\.?|Dr|Mr|Mrs|Ms|Professor) [A-Z][^.,]{2,80})(?:, ([^.]{2,200}?))?"
    r" (?:was|were) in attendance\."
)
_FURNITURE = re.compile(r"view on council website|^(?:summary|transcript|video|watch)$", re.IGNORECASE)
_SECTIONS = {
    "attendees": "attendees",
    "topics": "topics",
    "meeting documents": "papers",
    "documents": "papers",
}
_REMEDY = "Save the page of one meeting, whole, as HTML or as text."


@dataclass(frozen=True)
class Parts:
    """A page of a meeting taken apart: its title, what it tells, and the lists below."""

    title: re.Match[str]
    day: date
    body: tuple[Block, ...]
    lists: dict[str, tuple[Block, ...]]


def parts_of(page: Page) -> Parts | None:
    """The parts of a page of a meeting, or None for another page."""
    for at, block in enumerate(page.blocks):
        title = _TITLE.fullmatch(block.text)
        day = read_day(title[2]) if title else None
        if title and day is not None:
            return Parts(title, day.day, *_sections(page.blocks[at + 1 :]))
    return None


def read_open_council(content: bytes, name: str, source: Source) -> Record:
    """The record in a page. `source.council` counts where the page names none, and "?" is none.

    Raises UnreadableFile, UnsafeFile.
    """
    page = page_of(read_text(content, name), name)
    parts = parts_of(page)
    if parts is None:
        raise UnreadableFile("This is no page of a meeting.", file=name, remedy=_REMEDY)
    return _record(page, parts, source, name)


def _sections(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], dict[str, tuple[Block, ...]]]:
    body: list[Block] = []
    lists: dict[str, list[Block]] = {}
    into = body
    for block in blocks:
        section = _SECTIONS.get(block.text.casefold().strip(" :"))
        if section and block.kind != "item":
            into = lists.setdefault(section, [])
        elif not _FURNITURE.search(block.text[:200]):
            into.append(block)
    return tuple(body), {section: tuple(found) for section, found in lists.items()}


def _record(page: Page, parts: Parts, source: Source, name: str) -> Record:
    text = " ".join(block.text for block in parts.body)
    venue = _VENUE.search(text)
    items = tuple(_items(parts.body, text, page.links))
    return Record(
        source=source.model_copy(update={"council": _council(page, source, name)}),
        committee=parts.title[1].strip(),
        day=parts.day,
        time=clock(parts.title[3]),
        venue=venue[1].strip() if venue else "",
        status="scheduled" if " scheduled " in text else "",
        attendance=_attendance(parts.lists.get("attendees", ()), text),
        items=items[:MOST_ITEMS],
        notes=tuple(_notes(page, parts)),
    )


def _council(page: Page, source: Source, name: str) -> str:
    for block in page.blocks:
        if found := _COUNCIL.search(block.text[:1_000]):
            return found[1].strip()
    if source.council != "?":
        return source.council
    raise UnreadableFile(
        "The page does not say which council it follows.", file=name, remedy="Say it: --council NAME."
    )


def _items(body: Sequence[Block], text: str, links: Sequence[tuple[str, str]]) -> Iterator[Item]:
    """What has a heading, then what the first sentence says was discussed and has none."""
    headed = []
    for at, block in enumerate(body):
        if block.kind == "heading":
            below = _until_heading(body[at + 1 :])
            headed.append(_plain(block.text))
            papers = tuple(_papers(below, links))
            yield Item(
                title=block.text[:2_000], text="\n".join(b.text for b in below)[:200_000], papers=papers
            )
    found = _DISCUSSED.search(text)
    for named in re.split(r",\s*(?:and\s+)?|\s+and\s+", found[1]) if found else ():
        title = re.sub(r"^(?:the|its|their|a|an)\s+(?:committee's\s+|committee’s\s+)?", "", named.strip())
        if title and _plain(title) not in headed:
            headed.append(_plain(title))
            yield Item(title=title[:1].upper() + title[1:2_000])


def _until_heading(blocks: Sequence[Block]) -> list[Block]:
    until = next((at for at, block in enumerate(blocks) if block.kind == "heading"), len(blocks))
    return list(blocks[:until])


def _papers(blocks: Sequence[Block], links: Sequence[tuple[str, str]]) -> Iterator[PaperLink]:
    """Reports that the text names by title: "A report titled, The Future of ..., written by"."""
    for block in blocks:
        for found in re.finditer(
            r"report titled,? (.{3,200}?),? (?:written by|was prepared)", block.text[:20_000]
        ):
            title = found[1].strip(" ,")
            url = next((href for words, href in links if _plain(words) == _plain(title)), "")
            yield PaperLink(title=title, url=url)


def _attendance(listed: Sequence[Block], text: str) -> tuple[Attendee, ...] | None:
    people = [_person(block.text) for block in listed if block.text]
    people += [
        Attendee(name=found[1].strip(), role=(found[2] or "").strip(" ,"), attendance="in attendance")
        for found in _PRESENT.finditer(text)
        if not any(found[1].strip() == person.name for person in people)
    ]
    return tuple(people[:MOST_PEOPLE]) or None


def _person(line: str) -> Attendee:
    name, _, role = line[:500].partition(",")
    return Attendee(name=name.strip() or line[:500], role=role.strip(), attendance="listed")


def _notes(page: Page, parts: Parts) -> Iterator[str]:
    for words, href in page.links:
        if "view on council website" in words.casefold() and address_or_nothing(href):
            yield f"The page links to the council's own: {href[:1_000]}"
    if not any(block.text for block in parts.lists.get("attendees", ())):
        yield "The page lists no attendees: that is missing, and does not mean that nobody came."
    if blank := sum(block.kind == "item" and not block.text for block in parts.body):
        yield f"Items of lists without text: {blank}. Kept for review."


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", words.casefold()))
