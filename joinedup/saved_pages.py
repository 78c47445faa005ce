"""A text or a saved web page that somebody hands in, read safely: nothing is fetched, nothing in it runs, and its size,
its tags and what opens and never closes are limited."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from joinedup.errors import UnreadableFile, UnsafeFile

MOST_BYTES = 5_000_000
MOST_TAGS = 150_000
MOST_LINKS = 50_000
MOST_OPEN = 1_000
"""Angle brackets that open and do not close: the standard library's parser looks for the end of each anew."""
REMEDY = "Save the page as HTML only, or copy its text into a .txt file."
Kind = Literal["heading", "item", "paragraph"]
_UNSEEN = re.compile(r"<!--|<(script|style|template|noscript)\b", re.IGNORECASE)
_ENDS = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "template", "noscript")
}
_IN_LINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A piece of a text with single spaces, and what it is."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Page:
    """The blocks of a page in order, and its links: what is written on them, and where they lead."""

    blocks: tuple[Block, ...]
    links: tuple[tuple[str, str], ...] = ()


def read_text(content: bytes, name: str) -> str:
    """The letters of a text: UTF-8, UTF-16 with its mark, or Windows-1252. Raises UnreadableFile, UnsafeFile."""
    if len(content) > MOST_BYTES:
        raise UnsafeFile(f"It is larger than {MOST_BYTES // 1_000_000} MB.", file=name, remedy=REMEDY)
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    if "\0" in text or content.startswith(b"%PDF"):
        raise UnreadableFile("This is neither a text nor a page.", file=name, remedy=REMEDY)
    # halves of a pair are no letters, and nothing that holds one can be written again
    return text.encode("utf-8", "replace").decode("utf-8")


def looks_like_page(text: str, name: str) -> bool:
    """Whether it is HTML: by how it begins, or by its name."""
    if name.lower().endswith((".txt", ".text", ".md")):
        return False
    return bool(re.match(r"\s*<(?:!doctype|html|head|body)", text[:1_000], re.IGNORECASE)) or (
        name.lower().endswith((".html", ".htm", ".xhtml"))
    )


def html_page(text: str, name: str) -> Page:
    """The blocks and links of HTML as a reader sees it. Raises UnsafeFile where there is too much of it or much never
    closes, UnreadableFile where it is broken."""
    # a marked section is none in HTML, and the standard library's parser stops at one it does not know
    seen = "".join(_seen(text)).replace("<![", "<!-[")
    closed = seen.rfind(">") + 1
    seen = seen[:closed] + seen[closed:].replace("<", "&lt;")
    if seen.count("<") > MOST_TAGS:
        raise UnsafeFile(f"It has more than {MOST_TAGS:,} tags.", file=name, remedy=REMEDY)
    if sum(1 for _ in re.finditer(r"<[^<>]*(?=<)", seen)) > MOST_OPEN:
        raise UnsafeFile(
            f"More than {MOST_OPEN:,} of its tags open and do not close.", file=name, remedy=REMEDY
        )
    reader = _Blocks()
    try:
        reader.feed(seen)
        reader.close()
    except (AssertionError, ValueError) as error:
        raise UnreadableFile("Its HTML is broken.", file=name, remedy=REMEDY) from error
    return Page(tuple(reader.blocks()), tuple(reader.links))


def _seen(text: str) -> Iterator[str]:
    """The page without comments, scripts and styles, in one pass; one that never ends hides the rest."""
    at = 0
    while found := _UNSEEN.search(text, at):
        yield text[at : found.start()] + " "
        if not found[1]:
            end = text.find("-->", found.end())
            at = end + 3
        else:
            close = _ENDS[found[1].lower()].search(text, found.end())
            end = text.find(">", close.end()) if close else -1
            at = end + 1
        if end < 0:
            return
    yield text[at:]


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self._done: list[Block] = []
        self._pieces: list[str] = []
        self._kind: Kind = "paragraph"
        self._blank = True
        self._link: tuple[str, int] | None = None

    def blocks(self) -> list[Block]:
        self._flush()
        return self._done

    def _flush(self) -> None:
        text = " ".join("".join(self._pieces).split())
        if text or self._kind == "item":
            self._done.append(Block(self._kind, text))
        self._pieces, self._kind, self._blank = [], "paragraph", True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._pieces))
        # a paragraph that begins an item of a list is that item
        if tag not in _IN_LINE and not (self._kind == "item" and tag == "p" and self._blank):
            self._flush()
            heading = len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"
            self._kind = "heading" if heading else "item" if tag == "li" else "paragraph"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            href, at = self._link
            if href and len(self.links) < MOST_LINKS:
                self.links.append((" ".join("".join(self._pieces[at:]).split())[:500], href[:2_000]))
            self._link = None
        if tag not in _IN_LINE:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)
        self._blank = self._blank and not data.strip()
