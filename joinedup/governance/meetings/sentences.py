"""Sentences of a passage by their place in it, never changed by a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_000
"""Characters; what is longer is a table or a list, and no sentence."""
_END = re.compile(r"[.!?][\"”’')\]]{0,3}(?= [\"“‘'(\[]?[A-Z0-9£•–-])")
_NO_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|no|nos|para|paras|p|pp|Cllr|Cllrs|Dr|Mr|Mrs|Ms|Prof|Rev|St|Fig)|\b[A-Z]|\b[0-9]{1,2})\.$"
)
"""Full stops that end no sentence: abbreviations, initials, numbers of items."""


def sentences_of(passage: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each sentence of a passage, whose white space is single. Together they are all of it."""
    begin = 0
    for match in _END.finditer(passage):
        end = match.end()
        if not _NO_END.search(passage[max(begin, end - 12) : end]):
            yield begin, end
            begin = end + 1
    if begin < len(passage):
        yield begin, len(passage)
