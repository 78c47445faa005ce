"""How wide the columns of a table are: no word is broken, and what is left goes where there is most to say."""

from __future__ import annotations

from collections.abc import Container, Sequence

MOST, HEAD, CODE = 40, 20, 12
"""Letters that a column of sentences is given before the others have theirs."""


def column_shares(
    header: Sequence[str], rows: Sequence[Sequence[str]], room: float, coded: Container[int] = ()
) -> list[float]:
    """Share of the width of each column (they sum to at most 1), where `room` letters stand beside each other.

    Columns that are `coded` have codes under their figures.
    """
    needed, wanted = [], []
    for j, head in enumerate(header):
        cells = [row[j] for row in rows]
        word = max(_letters(part) for cell in (head, *cells) for part in (cell.split() or [""]))
        needed.append(CODE if head == "Code" else max(word + 2.5, CODE if j in coded else 0.0))
        longest = 0.0 if head == "Code" else max([len(cell) for cell in cells], default=0) + 2.5
        wanted.append(max(needed[-1], min(longest, MOST), min(len(head) + 2.5, HEAD)))
    spare = room - sum(needed)
    more = [want - need for want, need in zip(wanted, needed, strict=True)]
    if spare <= 0 or not sum(more):
        return [need / max(room, sum(needed)) for need in needed]
    part = min(spare / sum(more), 1.0)
    return [(need + part * extra) / room for need, extra in zip(needed, more, strict=True)]


def _letters(word: str) -> float:
    """Capitals are wider."""
    return sum(1.35 if letter.isupper() or letter in "%@" else 1.0 for letter in word)
