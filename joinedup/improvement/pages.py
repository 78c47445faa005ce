"""A text or a saved page, read as paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from joinedup.errors import UnreadableFile, UnsafeFile
from joinedup.saved_pages import MOST_BYTES, html_page, looks_like_page, read_text

if TYPE_CHECKING:
    from pathlib import Path

MOST_CHARACTERS = 500_000
"""Of what is left to read: some 80,000 words."""


def read_paragraphs(path: Path) -> tuple[str, ...]:
    """Paragraphs of a text file or a saved HTML page, as `paragraphs_of`. Raises UnreadableFile where there is none,
    and as `paragraphs_of`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile("There is no such file.", remedy="Check its name.", file=path.name) from error
    return paragraphs_of(content, path.name)


def paragraphs_of(content: bytes, name: str) -> tuple[str, ...]:
    """Paragraphs of the content of a text file or a saved HTML page, white space made single; which of the two it is
    its `name` says, or how it begins.

    A text is UTF-8, UTF-16 with its mark, or Windows-1252; empty lines end its paragraphs. Raises UnreadableFile for
    what is no text, and UnsafeFile for what is larger than 5 MB, has more than 500,000 characters of text, or is
    damaged on purpose.
    """
    text = read_text(content, name)
    found = paragraphs_of_page(text, name) if looks_like_page(text, name) else paragraphs_of_text(text)
    if sum(map(len, found)) > MOST_CHARACTERS:
        raise UnsafeFile(
            f"The text has more than {MOST_CHARACTERS:,} characters.", remedy="Check it in parts.", file=name
        )
    return found


def paragraphs_of_text(text: str) -> tuple[str, ...]:
    """Paragraphs between empty lines; a line that begins with a list's mark is one of its own."""
    parts = re.split(r"\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*•·]|[0-9]{1,2}[.)])\s)", text.replace("\r\n", "\n"))
    return tuple(part for part in (" ".join(part.split()) for part in parts) if part)


def paragraphs_of_page(text: str, name: str = "page") -> tuple[str, ...]:
    """Paragraphs of HTML as a reader sees them. Raises as `joinedup.saved_pages.html_page`."""
    return tuple(block.text for block in html_page(text, name).blocks if block.text)
