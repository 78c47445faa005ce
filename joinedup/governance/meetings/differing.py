"""What the records of one meeting say differently: field by field, what each of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from joinedup.governance.meetings.identity import committee_words
from joinedup.governance.meetings.records import Record

NOT_SAID = "not said"
NOT_LISTED = "not listed"


@dataclass(frozen=True)
class Difference:
    """A field of which the records say different things, `about` which item, person or paper, and what each says, by
    its name (`labels`)."""

    field: str
    about: str
    says: tuple[tuple[str, str], ...]

    def in_words(self) -> str:
        """In a sentence."""
        said = "; ".join(f"{who}: {what}" for who, what in self.says)
        return f"{self.field}{f', {self.about}' if self.about else ''}. {said}."


def labels(records: Sequence[Record]) -> tuple[str, ...]:
    """The name of each record where they stand beside each other: its council, and its key where two are of one."""
    councils = [record.source.council for record in records]
    return tuple(
        council if councils.count(council) == 1 else f"{council} ({record.key})"
        for council, record in zip(councils, records, strict=True)
    )


def differences(records: Sequence[Record]) -> tuple[Difference, ...]:
    """What the records of one meeting say differently, in a fixed order. One record has none."""
    return tuple(_found(sorted(records, key=lambda record: record.key))) if len(records) > 1 else ()


def _found(records: Sequence[Record]) -> Iterator[Difference]:
    names = labels(records)
    for field, value, same in _SIMPLE:
        yield from _one(field, "", names, [value(record) for record in records], same)
    yield from _people(records, names)
    lists = [{plain(item.title): item for item in record.items} for record in records]
    for key in sorted({key for found in lists for key in found}):
        here = [found.get(key) for found in lists]
        title = next(item.title for item in here if item)
        if None in here:
            said = [
                "listed" if item else NOT_LISTED if r.published else "no agenda"
                for item, r in zip(here, records, strict=True)
            ]
            yield Difference("item", title, tuple(zip(names, said, strict=True)))
        decided = [item.decision if item else "" for item in here]
        yield from _one("decision", title, names, decided, plain)
    papers = [{plain(paper.title or paper.url): paper for paper in record.papers} for record in records]
    for key in sorted({key for found in papers for key in found}):
        if any(key not in found for found in papers):
            paper = next(found[key] for found in papers if key in found)
            said = [found[key].url or "listed" if key in found else NOT_LISTED for found in papers]
            yield Difference("paper", paper.title or paper.url, tuple(zip(names, said, strict=True)))


def _one(
    field: str, about: str, names: Sequence[str], values: Sequence[str], same: Callable[[str], str]
) -> Iterator[Difference]:
    if len({same(value) for value in values}) > 1:
        said = [value or NOT_SAID for value in values]
        yield Difference(field, about, tuple(zip(names, said, strict=True)))


def _people(records: Sequence[Record], names: Sequence[str]) -> Iterator[Difference]:
    """Attendance. A record that lists nobody says nothing about anybody: it is named once."""
    if all(record.attendance is None for record in records):
        return
    if any(record.attendance is None for record in records):
        said = [
            "lists nobody: missing, not none"
            if record.attendance is None
            else f"names {len(record.attendance)}"
            for record in records
        ]
        yield Difference("attendance", "", tuple(zip(names, said, strict=True)))
    listing = [
        (name, record) for name, record in zip(names, records, strict=True) if record.attendance is not None
    ]
    lists = [{person_key(person.name): person for person in record.attendance or ()} for _, record in listing]
    for key in sorted({key for found in lists for key in found}):
        here = [found.get(key) for found in lists]
        known = next(person for person in here if person)
        said = [person.attendance or "listed" if person else NOT_LISTED for person in here]
        yield from _one("attendance", known.name, [name for name, _ in listing], said, plain)


def plain(words: str) -> str:
    """Words as they are compared: one case, letters and digits, `&` as and, single spaces."""
    return " ".join(re.findall(r"\w+", words.casefold().replace("&", " and ").replace("_", " ")))


def person_key(name: str) -> str:
    """A name without its title: Cllr A Khan and Councillor A Khan are one."""
    return re.sub(r"^(?:councillor|cllr|dr|mr|mrs|ms|miss|professor|prof|sir|dame)\s+", "", plain(name))


_SIMPLE: tuple[tuple[str, Callable[[Record], str], Callable[[str], str]], ...] = (
    ("date", lambda record: f"{record.day:%-d %B %Y}", plain),
    ("time", lambda record: record.time, plain),
    ("title", lambda record: record.committee, committee_words),
    ("venue", lambda record: record.venue, plain),
    ("status", lambda record: record.status, plain),
)
