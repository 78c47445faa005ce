"""A text or a saved page as blocks: headings, items of lists, paragraphs. Nothing is fetched and nothing in it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from joinedup.errors import UnsafeFile
from joinedup.saved_pages import Block, Page, html_page, looks_like_page

MOST_CHARACTERS = 1_000_000
MOST_BLOCKS = 50_000
_MARK = re.compile(r"\s*(?:[-*•·–]|[0-9]{1,3}[.)]|\([a-z0-9]{1,3}\))(?:\s+|$)")
_UNFINISHED = re.compile(r"(?:,|\b(?:the|a|an|of|and|or|to|in|on|for|with|by|that|as|at|from|its|their))$")


def page_of(text: str, name: str) -> Page:
    """The blocks of a text, or of HTML as a reader sees it. Raises UnsafeFile for what is too large or never closes."""
    page = html_page(text, name) if looks_like_page(text, name) else Page(tuple(lines_as_blocks(text)))
    if len(page.blocks) > MOST_BLOCKS or sum(len(block.text) for block in page.blocks) > MOST_CHARACTERS:
        raise UnsafeFile(
            f"Its text has more than {MOST_CHARACTERS:,} characters.", file=name, remedy="Send it in parts."
        )
    return page


def lines_as_blocks(text: str) -> Iterator[Block]:
    """Blocks of plain text. A line that ends within a sentence goes on in the next; an empty line ends a block."""
    pieces = list(_joined(text.splitlines()))
    for at, (line, item) in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        yield Block("item" if item else "heading" if _heads(line, after) else "paragraph", line)


def _joined(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Lines made whole, and whether each is an item of a list. The sum of the work is that of the lines."""
    parts: list[str] = []
    item = False
    for raw in lines:
        mark = _MARK.match(raw)
        line = " ".join(raw[mark.end() :].split()) if mark else " ".join(raw.split())
        goes_on = bool(parts) and bool(line) and not mark and _goes_on(parts[-1], line)
        if not goes_on and parts:
            yield " ".join(parts), item
            parts = []
        if line or mark:  # a mark with nothing after it is an item all the same, and kept
            item = item if goes_on else bool(mark)
            parts.append(line)
    if parts:
        yield " ".join(parts), item


def _goes_on(before: str, line: str) -> bool:
    if before.endswith((".", "?", "!", ":", ";")):
        return False
    return line[0].islower() or bool(_UNFINISHED.search(before[-20:].casefold()))


def _heads(line: str, after: tuple[str, bool] | None) -> bool:
    """A short line without an end, before something that is no item of a list and is longer or ends a sentence."""
    if after is None or after[1] or len(line) > 90 or line.endswith((".", ",", ";", ":", "?", "!")):
        return False
    return (line[0].isupper() or line[0].isdigit()) and (len(after[0]) > 90 or after[0].endswith((".", ":")))
