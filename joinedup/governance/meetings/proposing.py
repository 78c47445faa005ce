"""Topics of a meeting, proposed by the words of its papers; a person confirms or refuses each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from joinedup.definitions.meetings import Vocabulary
from joinedup.governance.meetings.archive import content_of
from joinedup.governance.meetings.digest import Paper, Quote, name_of
from joinedup.governance.meetings.passages import read_passages
from joinedup.governance.meetings.records import Kept, Line, Said
from joinedup.governance.meetings.sentences import LONGEST, sentences_of

MOST_TRIGGERS = 20
"""Sentences kept of one topic; the number of all of them is kept too."""


class TopicWord(Kept):
    """A person's word on a topic of a meeting, which is named by the records that it had on that day."""

    topic: Said
    records: tuple[Line, ...]
    word: Literal["confirmed", "refused"]
    by: Said
    on: date
    why: Line = ""


@dataclass(frozen=True)
class Proposal:
    """A topic that the vocabulary proposes: the word that triggered it, and the sentences with such words, quoted."""

    topic: str
    title: str
    tracker: str
    word: str
    triggers: tuple[Quote, ...]
    times: int
    decided: TopicWord | None = None

    @property
    def status(self) -> str:
        """proposed, confirmed or refused."""
        return self.decided.word if self.decided else "proposed"


def propose(folder: Path, papers: Sequence[Paper]) -> tuple[Proposal, ...]:
    """Every topic of which a word stands in a sentence, a heading or an item of the papers, in the vocabulary's order.

    Raises YourData where a paper is gone from the archive or altered.
    """
    found: dict[str, list[tuple[str, Quote]]] = {}
    vocabulary = Vocabulary.load()
    for paper in papers:
        for passage in read_passages(content_of(folder, paper.sha256, paper.medium), name_of(paper)):
            for begin, end in sentences_of(passage.text):
                sentence = passage.text[begin : min(end, begin + LONGEST)]
                for topic, word in vocabulary.triggered_by(sentence):
                    quote = Quote(
                        sentence, "topic", f"It says “{word}”.", paper, passage.page, passage.paragraph,
                        begin, begin + len(sentence), passage.heading,
                    )  # fmt: skip
                    found.setdefault(topic.slug, []).append((word, quote))
    return tuple(
        Proposal(
            topic.slug,
            topic.title,
            topic.tracker,
            found[topic.slug][0][0],
            tuple(quote for _, quote in found[topic.slug][:MOST_TRIGGERS]),
            len(found[topic.slug]),
        )
        for topic in vocabulary.topics
        if topic.slug in found
    )
