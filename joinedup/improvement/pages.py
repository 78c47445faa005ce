"""A text or a saved page, read as paragraphs. Nothing is fetched, nothing in it runs, and its size is limited."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from joinedup.errors import UnreadableFile, UnsafeFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 5_000_000
MOST_CHARACTERS = 500_000
"""Of what is left to read: some 80,000 words."""
MOST_OPEN = 1_000
"""Angle brackets that open and do not close: the standard library's parser looks for the end of each anew."""
PLAIN = (".txt", ".text", ".md")
PAGES = (".html", ".htm", ".xhtml")
UNSEEN = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<template", "</template"))
"""What a reader of the page never sees, with its end."""
IN_LINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
"""Elements within a sentence; every other one begins and ends a paragraph."""


def read_paragraphs(path: Path) -> tuple[str, ...]:
    """Paragraphs of a text file or a saved HTML page, as `paragraphs_of`. Raises UnreadableFile where there is none,
    and as `paragraphs_of`.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise UnreadableFile("There is no such file.", remedy="Check its name.", file=path.name) from error
    if content is None:
        raise _too_large(path.name)
    return paragraphs_of(content, path.name)


def paragraphs_of(content: bytes, name: str) -> tuple[str, ...]:
    """Paragraphs of the content of a text file or a saved HTML page, white space made single; which of the two it is
    its `name` says.

    A text is UTF-8, UTF-16 with its mark, or Windows-1252; empty lines end its paragraphs. Raises UnreadableFile for
    what is no text, and UnsafeFile for what is larger than 5 MB, has more than 500,000 characters of text, or is
    damaged on purpose.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    text, ending = _decoded(content, name), f".{name.rpartition('.')[2].lower()}"
    page = ending in PAGES or (
        ending not in PLAIN and re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.IGNORECASE) is not None
    )
    found = paragraphs_of_page(text, name) if page else paragraphs_of_text(text)
    if sum(map(len, found)) > MOST_CHARACTERS:
        raise UnsafeFile(
            f"The text has more than {MOST_CHARACTERS:,} characters.",
            remedy="Check it in parts.",
            file=name,
        )
    return found


def _too_large(name: str) -> UnsafeFile:
    return UnsafeFile(
        f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
        remedy="Save the page as HTML only, or copy the text into a .txt file.",
        file=name,
    )


def paragraphs_of_text(text: str) -> tuple[str, ...]:
    """Paragraphs between empty lines; a line that begins with a list's mark is one of its own."""
    parts = re.split(r"\n[^\S\n]*\n|\n(?=[^\S\n]*(?:[-*•·]|[0-9]{1,2}[.)])\s)", text.replace("\r\n", "\n"))
    return _tidy(parts)


def paragraphs_of_page(text: str, name: str = "page") -> tuple[str, ...]:
    """Paragraphs of HTML as a reader sees them. Raises UnsafeFile where too much of it opens and never closes."""
    # a marked section is none in HTML, and the standard library's parser stops at one it does not know
    seen = _without_unseen(text).replace("<![", "<!-[")
    closed = seen.rfind(">") + 1
    seen = seen[:closed] + seen[closed:].replace("<", "&lt;")
    if sum(1 for _ in re.finditer(r"<[^<>]*(?=<)", seen)) > MOST_OPEN:
        raise UnsafeFile(
            f"More than {MOST_OPEN:,} tags of the page open and do not close.",
            remedy="Copy the text of the page into a .txt file.",
            file=name,
        )
    reader = _Paragraphs()
    reader.feed(seen)
    reader.close()
    return _tidy(reader.parts())


def _without_unseen(text: str) -> str:
    """The page without comments, scripts and styles. One pass for each: an end that is missing is looked for once."""
    for opening, closing in UNSEEN:
        text = "".join(_outside(text, text.lower(), opening, closing))
    return text


def _outside(text: str, lower: str, opening: str, closing: str) -> Iterator[str]:
    if len(lower) != len(text):  # a few letters are longer in lower case; then only exact tags are found
        lower = text
    at = 0
    while (begin := lower.find(opening, at)) >= 0:
        yield text[at:begin] + " "
        end = lower.find(closing, begin + len(opening))
        if end < 0:
            return
        at = end + len(closing)
        if closing.startswith("</"):
            close = lower.find(">", at)
            at = close + 1 if close >= 0 else len(text)
    yield text[at:]


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []

    def parts(self) -> list[str]:
        return "".join(self._pieces).split("\f")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._pieces.append("" if tag in IN_LINE else "\f")

    def handle_endtag(self, tag: str) -> None:
        self._pieces.append("" if tag in IN_LINE else "\f")

    def handle_data(self, data: str) -> None:
        self._pieces.append(data.replace("\f", " "))


def _decoded(content: bytes, name: str) -> str:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if "\0" in text or content.startswith(b"%PDF"):
        raise UnreadableFile(
            "This is neither a text nor a page.", remedy="Save it as HTML or as plain text.", file=name
        )
    return text


def _tidy(parts: list[str]) -> tuple[str, ...]:
    found = (" ".join(part.split()) for part in parts)
    return tuple(part for part in found if part)
