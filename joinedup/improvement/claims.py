"""Claims: sentences with a quantity, quoted as they stand, with their place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from joinedup.errors import UnsafeFile
from joinedup.improvement.quantities import Quantity, quantities_in
from joinedup.improvement.wording import DENIALS, PLANS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_CLAIMS = 2_000
LONGEST = 600
"""Characters of a sentence; what is longer is a table or a list, and is cut at a space."""
NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|c|no|nos|Dr|Mr|Mrs|Ms|Prof|St|Fig|para)|\b[A-Z])\.$")
"""Full stops that end no sentence."""
END = re.compile(r"[.!?][\"”’')\]]{0,3}\s(?=[\"“‘'(\[]?[A-Z0-9£•–-])")


class Reading(StrEnum):
    """How a sentence means its quantity: as a result, as something hoped for, or as something that is not so."""

    RESULT = "result"
    PLAN = "plan"
    DENIAL = "denial"


@dataclass(frozen=True)
class Claim:
    """A quantity and the `sentence` that claims it, quoted exactly but for white space. `paragraph` and `number`, the
    sentence in it, are counted from 1.
    """

    sentence: str
    quantity: Quantity
    paragraph: int
    number: int

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"paragraph {self.paragraph}, sentence {self.number}"

    @property
    def before(self) -> str:
        """The words of the sentence up to the quantity."""
        return self.sentence[: self.quantity.start]

    @property
    def reads_as(self) -> Reading:
        """What the words of its clause make of it."""
        clause = re.split(r"[;:,]", self.before)[-1] + self.quantity.phrase
        if DENIALS.search(clause):
            return Reading.DENIAL
        return Reading.PLAN if PLANS.search(clause) else Reading.RESULT


def find_claims(paragraphs: Iterable[str]) -> tuple[Claim, ...]:
    """Every claim of the paragraphs, in order. Raises UnsafeFile for more than 2,000 of them."""
    found: list[Claim] = []
    for at, paragraph in enumerate(paragraphs, 1):
        for number, sentence in enumerate(sentences_of(paragraph), 1):
            found += [Claim(sentence, quantity, at, number) for quantity in quantities_in(sentence)]
        if len(found) > MOST_CLAIMS:
            raise UnsafeFile(
                f"The text makes more than {MOST_CLAIMS:,} claims.",
                remedy="Check it in parts: a table of figures is no text.",
            )
    return tuple(found)


def sentences_of(paragraph: str) -> Iterator[str]:
    """Sentences as they stand in the paragraph, which has single spaces."""
    begin = 0
    for match in END.finditer(paragraph):
        sentence = paragraph[begin : match.end()].rstrip()
        if not NO_END.search(sentence):
            yield from _pieces(sentence)
            begin = match.end()
    yield from _pieces(paragraph[begin:].rstrip())


def _pieces(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST:
        cut = sentence.rfind(" ", 1, LONGEST)
        cut = LONGEST if cut < 0 else cut
        yield sentence[:cut]
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence
