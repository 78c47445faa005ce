"""What scrutiny's tracker is read with: response clocks, what headings mean, and the topics of a committee."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from joinedup.definitions.measure import Measure
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName

Kind = Literal["recommendation", "information_request"]
Answer = Literal["accepted", "accepted_in_part", "not_accepted", "supplied"]
Key = TypeVar("Key", bound=str)


class ResponseClock(Definition):
    """How long a body has to respond, in calendar days after the day on which it was asked."""

    slug: str
    title: str
    for_: Kind = Field(alias="for")
    days: int = Field(ge=1, le=366)
    starts: str
    statutory: bool
    valid_from: date
    certainty: Literal["high", "medium", "low", "assumed"]
    source: str
    note: str = ""
    reviewer: str
    next_review: date

    @classmethod
    def load(cls, slug: str) -> ResponseClock:
        """The clock of that name. Raises UnknownName with the names there are."""
        return load(cls, _file("scrutiny/clocks", slug, "response clock"))

    @classmethod
    def for_kind(cls, kind: Kind) -> ResponseClock:
        """The clock that ships with joinedup for recommendations, or for requests for information."""
        return next(clock for clock in _clocks() if clock.for_ == kind)

    def due(self, asked_on: date) -> date:
        """The last day on which a response is in time: asked on 18 November, with 28 days, it is 16 December."""
        return asked_on + timedelta(days=self.days)


class TrackerColumns(Definition):
    """What headings and the words under them mean; a heading belongs to one field only."""

    title: str
    source: str
    reviewer: str
    next_review: date
    needs_one_of: tuple[str, ...] = Field(min_length=1)
    headings: Mapping[str, tuple[str, ...]]
    kinds: Mapping[Kind, tuple[str, ...]]
    answers: Mapping[Answer, tuple[str, ...]]
    finished: tuple[str, ...]
    unfinished: tuple[str, ...]

    @classmethod
    def load(cls) -> TrackerColumns:
        """The headings that ship with joinedup."""
        return _columns()

    @model_validator(mode="after")
    def _means_one_thing(self) -> Self:
        for words in (self.headings, self.kinds, self.answers):
            plain = [_plain(word) for several in words.values() for word in several]
            if twice := sorted({word for word in plain if plain.count(word) > 1}):
                raise ValueError(f"stands for two things: {', '.join(twice)}")
        if unknown := set(self.needs_one_of) - set(self.headings):
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
        return self

    def field_of(self, heading: str) -> str | None:
        """The field that a heading stands for, or None."""
        return _meaning(self.headings, heading)

    def kind_of(self, words: str) -> Kind | None:
        """Recommendation or request for information, or None for words we do not know."""
        return _meaning(self.kinds, words)

    def answer_of(self, words: str) -> Answer | None:
        """Accepted, in part, not, or supplied; None for words we do not know."""
        return _meaning(self.answers, words)

    def says_finished(self, words: str) -> bool | None:
        """Whether a council's own status says that nothing is left to do; None for words we do not know."""
        plain = _plain(words)
        if plain in map(_plain, self.finished):
            return True
        return False if plain in map(_plain, self.unfinished) else None


class Criterion(Definition):
    """One question by which a topic is scored, and how much it weighs."""

    slug: str
    title: str
    question: str
    weight: int = Field(ge=1, le=10)


class Criteria(Definition):
    """By what a committee scores topics for its work programme: from 0 to `points` on each criterion."""

    slug: str
    title: str
    source: str
    reviewer: str
    next_review: date
    points: int = Field(ge=1, le=10)
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @classmethod
    def load(cls, slug: str = "health_scrutiny") -> Criteria:
        """The criteria of that name. Raises UnknownName with the names there are."""
        return load(cls, _file("scrutiny/criteria", slug, "set of criteria"))

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        slugs = [one.slug for one in self.criteria]
        if len(set(slugs)) < len(slugs):
            raise ValueError("a criterion stands twice")
        return self

    def score(self, points: Mapping[str, int]) -> int:
        """The score out of 100: points by their weights. Raises ValueError for a criterion that is absent, unknown or
        beyond its points."""
        if set(points) != {one.slug for one in self.criteria}:
            raise ValueError("each criterion has points, and no other has")
        if any(not 0 <= given <= self.points for given in points.values()):
            raise ValueError(f"points go from 0 to {self.points}")
        most = self.points * sum(one.weight for one in self.criteria)
        return round(100 * sum(one.weight * points[one.slug] for one in self.criteria) / most)


class TopicRow(Definition):
    """One row of a tracker's list: a topic with the measures it opens, or why none is held; or a blank row."""

    slug: str = ""
    title: str = ""
    about: str = ""
    measures: tuple[str, ...] = ()
    held_in_part: str = ""
    no_data_held: str = ""
    blank: bool = False

    @model_validator(mode="after")
    def _is_a_topic_or_blank(self) -> Self:
        if self.blank:
            if self.slug or self.title or self.measures or self.no_data_held:
                raise ValueError("a blank row says nothing")
            return self
        if not (self.slug and self.title and self.about):
            raise ValueError("a topic has slug, title and what it is about")
        if bool(self.measures) == bool(self.no_data_held):
            raise ValueError("a topic opens measures, or says that no data are held: one of the two")
        return self

    def opens(self) -> tuple[Measure, ...]:
        """The measures. Raises UnknownName where one of them is gone."""
        return tuple(Measure.load(name) for name in self.measures)


class TopicList(Definition):
    """The topics of one committee's tracker in its order, blank rows among them, with the source."""

    slug: str
    title: str
    committee: str
    meeting: date
    source: str
    note: str
    reviewer: str
    next_review: date
    rows: tuple[TopicRow, ...] = Field(min_length=1)

    @classmethod
    def load(cls, slug: str = "nwl_jhosc_2025_11_18") -> TopicList:
        """The list of that name. Raises UnknownName with the names there are."""
        return load(cls, _file("scrutiny/trackers", slug, "tracker"))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The lists that ship with joinedup."""
        return tuple(PurePosixPath(name).stem for name in list_files("scrutiny/trackers"))

    @property
    def topics(self) -> tuple[TopicRow, ...]:
        """The rows that are topics."""
        return tuple(row for row in self.rows if not row.blank)

    def topic(self, name: str) -> TopicRow:
        """The topic of that slug or title. Raises UnknownName with the nearest."""
        known = {_plain(key): row for row in self.topics for key in (row.slug, row.title)}
        if found := known.get(_plain(name)):
            return found
        near = get_close_matches(_plain(name), known, n=3, cutoff=0.4)
        slugs = sorted({known[key].slug for key in near})
        remedy = f"Did you mean {', '.join(slugs)}?" if slugs else "`joinedup scrutiny show` lists them."
        raise UnknownName(f"There is no topic called {name!r}.", remedy=remedy)


def _plain(words: str) -> str:
    """A heading as it is compared: one case, letters and digits, single spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", words.casefold()).split())


def _meaning(words: Mapping[Key, tuple[str, ...]], found: str) -> Key | None:
    plain = _plain(found)
    return next((key for key, several in words.items() if plain in map(_plain, several)), None)


def _file(folder: str, slug: str, noun: str) -> str:
    known = {PurePosixPath(name).stem: name for name in list_files(folder)}
    if slug not in known:
        raise UnknownName(f"There is no {noun} called {slug!r}.", remedy=f"There are: {', '.join(known)}.")
    return known[slug]


@lru_cache(maxsize=1)
def _clocks() -> tuple[ResponseClock, ...]:
    return tuple(load(ResponseClock, name) for name in list_files("scrutiny/clocks"))


@lru_cache(maxsize=1)
def _columns() -> TrackerColumns:
    return load(TrackerColumns, "scrutiny/columns.yaml")
