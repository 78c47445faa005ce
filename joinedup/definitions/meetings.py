"""What papers of council meetings are read with: the rules of a digest, and topics with the words that trigger them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.reading import Definition, load
from joinedup.errors import UnknownName

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "&": " and "})


class DigestRule(Definition):
    """By which words a sentence is quoted. `field`: what stands in that field of a record is quoted anyway."""

    slug: str
    title: str
    why: str
    field: Literal["", "decision"] = ""
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not self.field and not self.patterns:
            raise ValueError("a rule has patterns, or a field")
        for pattern in (*self.patterns, *self.unless):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"no pattern: {pattern}") from error
        return self

    @cached_property
    def _looked_for(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in self.patterns)

    @cached_property
    def _excused(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in self.unless)

    def chooses(self, sentence: str, field: str = "") -> bool:
        """Whether the sentence, of that field of a record, is quoted by this rule."""
        if self.field and field == self.field:
            return True
        return any(p.search(sentence) for p in self._looked_for) and not any(
            p.search(sentence) for p in self._excused
        )


class DigestRules(Definition):
    """The rules of a digest, in the order in which a sentence takes the first that chooses it."""

    title: str
    source: str
    reviewer: str
    next_review: date
    rules: tuple[DigestRule, ...] = Field(min_length=1)

    @classmethod
    def load(cls) -> DigestRules:
        """The rules that ship with joinedup."""
        return _digest()

    def rule_for(self, sentence: str, field: str = "") -> DigestRule | None:
        """The first rule that chooses the sentence, or None."""
        return next((rule for rule in self.rules if rule.chooses(sentence, field)), None)


class MeetingTopic(Definition):
    """A topic with the words that trigger it: phrases in any case, or initials in capitals as they stand."""

    slug: str
    title: str
    words: tuple[str, ...] = Field(min_length=1)
    tracker: str = ""

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((word, _pattern(word)) for word in self.words)

    def triggered_by(self, sentence: str) -> str | None:
        """The first of its words that stands in the sentence, or None."""
        return self._word_in(_plain(sentence))

    def _word_in(self, plain: str) -> str | None:
        return next((word for word, pattern in self._patterns if pattern.search(plain)), None)


class Vocabulary(Definition):
    """The topics of meetings. `tracker` of a topic is its name in the list of scrutiny's tracker, where it has one."""

    title: str
    source: str
    reviewer: str
    next_review: date
    topics: tuple[MeetingTopic, ...] = Field(min_length=1)

    @classmethod
    def load(cls) -> Vocabulary:
        """The vocabulary that ships with joinedup."""
        return _vocabulary()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for kind in ("slug", "title"):
            found = [getattr(topic, kind) for topic in self.topics]
            if twice := sorted({name for name in found if found.count(name) > 1}):
                raise ValueError(f"twice: {', '.join(twice)}")
        return self

    def triggered_by(self, sentence: str) -> Iterator[tuple[MeetingTopic, str]]:
        """Every topic of which a word stands in the sentence, with the first such word."""
        plain = _plain(sentence)
        if self._any.search(plain):  # most sentences hold none: one search says so
            for topic in self.topics:
                if word := topic._word_in(plain):
                    yield topic, word

    @cached_property
    def _any(self) -> re.Pattern[str]:
        words = sorted({_plain(word) for topic in self.topics for word in topic.words})
        return re.compile("|".join(map(re.escape, words)), re.IGNORECASE)

    def topic(self, slug: str) -> MeetingTopic:
        """The topic of that name. Raises UnknownName."""
        for topic in self.topics:
            if topic.slug == slug:
                return topic
        raise UnknownName(
            f"There is no topic called {slug!r}.",
            remedy="`joinedup meetings topics MEETING` lists those proposed, by name.",
        )


def _plain(text: str) -> str:
    """A text as words are looked for in it: plain quotes and hyphens, hyphens as spaces, single spaces."""
    return " ".join(text.translate(_PLAIN).replace("-", " ").split())


def _pattern(word: str) -> re.Pattern[str]:
    """Whole words, of which the last may be a plural; initials count in capitals only, as MSK and not msk."""
    plain = re.escape(_plain(word))
    plural = "s?" if plain[-1].isalpha() else ""
    return re.compile(rf"\b{plain}{plural}\b", 0 if word.isupper() else re.IGNORECASE)


@lru_cache(maxsize=1)
def _digest() -> DigestRules:
    return load(DigestRules, "meetings/digest.yaml")


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    return load(Vocabulary, "meetings/topics.yaml")
