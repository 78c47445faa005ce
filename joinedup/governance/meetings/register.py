"""The register of a folder: records, papers, and what people decided. One sealed JSON file, whole or not there.

Meetings are not kept: they follow from the records and from people's words on them, in whatever order those came.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from joinedup.errors import UnknownName, UnreadableFile, YourCommand, YourData
from joinedup.governance.meetings.archive import sha256
from joinedup.governance.meetings.differing import Difference, differences
from joinedup.governance.meetings.digest import Paper
from joinedup.governance.meetings.identity import (
    Candidate,
    Identity,
    committee_words,
    contradictions,
    grouped,
)
from joinedup.governance.meetings.passages import Medium
from joinedup.governance.meetings.proposing import Proposal, TopicWord
from joinedup.governance.meetings.records import Address, Hash, Kept, Line, Record, Said, slug

FILE = "meetings.json"
MOST_BYTES = 200 * 1024**2
_REMEDY = "Take the file as joinedup wrote it, or from a backup; or import into a new folder."
_UNKNOWN = "?"


class KeptPaper(Kept):
    """A paper of the archive: its content, what it is called, and the records (by key) that it belongs to."""

    sha256: Hash
    medium: Medium
    file: Line
    bytes: int
    title: Line
    url: Address = ""
    on: date
    by: Said
    records: tuple[Line, ...] = ()
    record: bool = False
    """Whether it is itself the record of a meeting."""


@dataclass(frozen=True)
class Meeting:
    """A meeting, as its records say. Where they differ, what most of them say stands; the differences tell the rest."""

    id: str
    records: tuple[Record, ...]

    @property
    def committee(self) -> str:
        """The name that most records give."""
        return self._said(lambda record: record.committee)

    @property
    def day(self) -> date:
        """The day that most records give."""
        return date.fromisoformat(self._said(lambda record: record.day.isoformat()))

    @property
    def time(self) -> str:
        """10:00, or nothing."""
        return self._said(lambda record: record.time)

    @property
    def venue(self) -> str:
        """Where it was to be held, or nothing."""
        return self._said(lambda record: record.venue)

    @property
    def status(self) -> str:
        """What the records call it, such as scheduled or confirmed; nothing where they do not say."""
        return self._said(lambda record: record.status)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its records."""
        return tuple(record.key for record in self.records)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What its records say differently."""
        return differences(self.records)

    def _said(self, of: Callable[[Record], str]) -> str:
        found = Counter(of(record) for record in self.records if of(record))
        return found.most_common(1)[0][0] if found else ""


class Register(Kept):
    """What the folder holds. Every change gives a new register; `save` puts it into the folder."""

    format: Literal["joinedup meetings 1"] = "joinedup meetings 1"
    records: tuple[Record, ...] = ()
    papers: tuple[KeptPaper, ...] = ()
    identities: tuple[Identity, ...] = ()
    topic_words: tuple[TopicWord, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Register:
        """The register of a folder; an empty one where there is none yet. Raises YourData, UnreadableFile."""
        path = folder / FILE
        try:
            if not path.exists():
                return cls()
            if path.stat().st_size > MOST_BYTES:
                raise UnreadableFile("It is larger than any register.", file=path.name, remedy=_REMEDY)
            content = path.read_bytes()
        except OSError as error:
            raise UnreadableFile("It cannot be read.", file=path.name, remedy="Check the folder.") from error
        return cls.from_bytes(content, path.name)

    @classmethod
    def from_bytes(cls, content: bytes, name: str = FILE) -> Register:
        """The register of `to_bytes`. Raises YourData where it is another file, or was altered."""
        try:
            kept = json.loads(content)
            seal = kept.pop("sha256")
            register = cls.model_validate(kept)
            whole = seal == _seal(register)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
            raise YourData("This is no register of meetings.", file=name, remedy=_REMEDY) from error
        if not whole:
            raise YourData("The register was altered after it was written.", file=name, remedy=_REMEDY)
        return register

    def to_bytes(self) -> bytes:
        """The register as JSON, with the sha256 of what it holds."""
        kept = self.model_dump(mode="json") | {"sha256": _seal(self)}
        return (json.dumps(kept, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()

    def save(self, folder: Path) -> None:
        """Into the folder, whole and on the disk, or not at all. Raises YourCommand."""
        from joinedup.lake.durable import fsync

        path, beside = folder / FILE, folder / f".{FILE}.part"
        try:
            beside.write_bytes(self.to_bytes())
            fsync(beside)
            beside.replace(path)
            fsync(folder)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise YourCommand(
                f"{path} cannot be written.", remedy="Check the folder and its space."
            ) from error

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """Its meetings in order of days."""
        return _named(grouped(self.records, self.identities)[0])

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Pairs of records that wait for a person to say whether they are of one meeting."""
        return grouped(self.records, self.identities)[1]

    def meeting(self, name: str) -> Meeting:
        """The meeting of that id, or of a record's key. Raises UnknownName."""
        found = self.meetings
        for meeting in found:
            if name == meeting.id or name in meeting.keys:
                return meeting
        raise UnknownName(
            f"There is no meeting {name!r}.", remedy="`joinedup meetings show` lists them with their ids."
        )

    def papers_of(self, meeting: Meeting) -> tuple[Paper, ...]:
        """The papers of a meeting as a digest quotes them: the councils' own first, then the records themselves."""
        current = {record.source.sha256: record for record in meeting.records}
        found = [paper for paper in self.papers if set(paper.records) & set(meeting.keys)]
        own = [paper for paper in found if not paper.record]
        records = [paper for paper in found if paper.record and paper.sha256 in current]
        return tuple(_quoted(paper, current.get(paper.sha256)) for paper in (*own, *records))

    def with_topics(self, meeting: Meeting, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
        """The proposals with the last word that a person said on each."""
        said: dict[str, TopicWord] = {}
        for word in self.topic_words:
            if set(word.records) & set(meeting.keys):
                said[word.topic] = word
        return tuple(
            Proposal(p.topic, p.title, p.tracker, p.word, p.triggers, p.times, said.get(p.topic))
            for p in proposals
        )

    def decided(self, word: Identity) -> Register:
        """With a person's word on two records. Raises UnknownName, and YourCommand where words contradict another."""
        known = {record.key for record in self.records}
        for key in (word.first, word.second):
            if key not in known:
                raise UnknownName(
                    f"There is no record {key!r}.", remedy="`joinedup meetings show` lists their keys."
                )
        first, second = sorted((word.first, word.second))
        if first == second:
            raise YourCommand("These are one record.", remedy="Name two.")
        word = word.model_copy(update={"first": first, "second": second})
        changed = self.model_copy(update={"identities": (*self.identities, word)})
        latest = {(found.first, found.second): found for found in changed.identities}.values()
        if torn := contradictions(grouped(self.records, latest)[0], latest):
            raise YourCommand(
                f"Somebody said that {torn[0][0]} and {torn[0][1]} are different meetings.",
                remedy="Say first that they are the same, or leave this as it is.",
            )
        return changed

    def topic_decided(self, word: TopicWord) -> Register:
        """With a person's word on a topic."""
        return self.model_copy(update={"topic_words": (*self.topic_words, word)})


@contextmanager
def writing(folder: Path) -> Iterator[Register]:
    """The register of a folder while nobody else may write it; the folder is made where it is not there.

    Raises YourCommand where somebody writes it already.
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".meetings.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise YourCommand(f"{folder} cannot be written.", remedy="Name another folder.") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise YourCommand(
                "Somebody else writes this register.", remedy="Wait a moment, and try again."
            ) from error
        yield Register.load(folder)
    finally:
        os.close(handle)


def _seal(register: Register) -> str:
    return sha256(
        json.dumps(register.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()
    )


def _named(groups: Sequence[tuple[Record, ...]]) -> tuple[Meeting, ...]:
    """Meetings with ids: day and committee, the council where it is not joint, a number where two are alike."""
    found, taken = [], Counter[str]()
    whole = [tuple(sorted(group, key=lambda record: record.key)) for group in groups]
    for records in sorted(whole, key=lambda group: (min(record.day for record in group), group[0].key)):
        meeting = Meeting("", records)
        name = f"{meeting.day}-{slug(committee_words(meeting.committee))}"
        if "joint" not in committee_words(meeting.committee).split():
            name += f"-{slug(records[0].source.council)}"
        taken[name] += 1
        found.append(Meeting(name if taken[name] == 1 else f"{name}-{taken[name]}", records))
    return tuple(found)


def _quoted(paper: KeptPaper, record: Record | None) -> Paper:
    if record is None:
        return Paper(paper.sha256, paper.medium, paper.title, paper.url)
    summary = record.source.kind == "open_council_network"
    whose = "Open Council Network's summary for" if summary else "Record of"
    return Paper(paper.sha256, paper.medium, f"{whose} {record.source.council}", record.address, summary)
