"""A digest: sentences of the papers of a meeting, as they stand there, each with its place and the rule that chose it.

Nothing is written that no paper says. Every quote can be resolved: read from the archive again, by its hash, at its
place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from joinedup.definitions.meetings import DigestRules
from joinedup.errors import YourData
from joinedup.governance.meetings.archive import content_of
from joinedup.governance.meetings.passages import Medium, Passage, read_passages
from joinedup.governance.meetings.sentences import LONGEST, sentences_of


@dataclass(frozen=True)
class Paper:
    """A paper of the archive as a digest quotes it: its hash and medium, what it is called, where it came from."""

    sha256: str
    medium: Medium
    title: str
    url: str = ""
    summary: bool = False
    """Whether it is somebody's summary of the meeting, and no paper of the council."""


@dataclass(frozen=True)
class Quote:
    """A sentence of a paper: the place of its passage, and from which letter to which it stands there."""

    sentence: str
    rule: str
    why: str
    paper: Paper
    page: int | None
    paragraph: int
    begin: int
    end: int
    heading: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        paragraph = f"paragraph {self.paragraph}"
        return paragraph if self.page is None else f"page {self.page}, {paragraph}"

    @property
    def link(self) -> str:
        """Where the paper came from, opened at the page if it has pages; nothing where no address is known."""
        at = (
            f"#page={self.page}"
            if self.paper.url and self.page is not None and "#" not in self.paper.url
            else ""
        )
        return self.paper.url + at


def quotes_in(passages: tuple[Passage, ...], paper: Paper) -> Iterator[Quote]:
    """The sentences of one paper that a rule chooses, in its order, each once. Headings are no sentences."""
    rules, seen, torn = DigestRules.load(), set(), _torn(passages)
    began, page = False, None
    for at, passage in enumerate(passages):
        if passage.is_heading:
            continue
        began = began or (passage.page != page and passage.text[0].islower())
        for begin, end in sentences_of(passage.text):
            sentence = passage.text[begin:end]
            rule = rules.rule_for(sentence, passage.field) if end - begin <= LONGEST else None
            half = (begin == 0 and began) or (end == len(passage.text) and at in torn)
            if rule is not None and sentence not in seen and not half:
                seen.add(sentence)
                yield Quote(
                    sentence,
                    rule.slug,
                    rule.title,
                    paper,
                    passage.page,
                    passage.paragraph,
                    begin,
                    end,
                    passage.heading,
                )
        began, page = at in torn, passage.page


def _torn(passages: tuple[Passage, ...]) -> set[int]:
    """Passages whose last sentence goes on on the next page, by their number. Headings between (running titles, page
    numbers) are passed over. Half a sentence may say the contrary of the whole: it is not quoted."""
    found = set()
    said = [at for at, passage in enumerate(passages) if not passage.is_heading]
    for at, after in pairwise(said):
        one, other = passages[at], passages[after]
        ended = one.text.endswith((".", "?", "!", ":", ";", "”", '"', ")"))
        if one.page != other.page and (other.text[0].islower() or (not ended and after == at + 1)):
            found |= {at}
    return found


def digest_of(folder: Path, papers: tuple[Paper, ...]) -> tuple[Quote, ...]:
    """The digest of papers that lie in the archive of a register's folder: by rule, then paper by paper.

    Raises YourData where one is gone or altered.
    """
    order = {rule.slug: at for at, rule in enumerate(DigestRules.load().rules)}
    found: dict[str, Quote] = {}  # two papers that say the same sentence say it once
    for paper in papers:
        content = content_of(folder, paper.sha256, paper.medium)
        for quote in quotes_in(read_passages(content, name_of(paper)), paper):
            found.setdefault(quote.sentence, quote)
    return tuple(sorted(found.values(), key=lambda quote: order[quote.rule]))


def resolve(folder: Path, quote: Quote) -> Passage:
    """The passage in which the quote stands, read from the archive again. Raises YourData where it does not."""
    content = content_of(folder, quote.paper.sha256, quote.paper.medium)
    for passage in read_passages(content, name_of(quote.paper)):
        if (passage.page, passage.paragraph) == (quote.page, quote.paragraph):
            if passage.text[quote.begin : quote.end] == quote.sentence:
                return passage
            break
    raise YourData(
        f"The sentence does not stand at {quote.place}.",
        file=f"{quote.paper.sha256[:12]}…",
        remedy="Make the digest again: the paper is in the archive.",
    )


def name_of(paper: Paper) -> str:
    """A name by which the reader knows what it is: archived papers are named by their hash."""
    return f"{paper.sha256}.{'txt' if paper.medium == 'text' else paper.medium}"
