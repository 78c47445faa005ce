"""What a paper says, passage by passage, each with its place: page and paragraph of a PDF, paragraph of anything else.

The same bytes always give the same passages, so that a sentence once quoted is found again in the archived paper.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from joinedup.errors import MissingPart, UnreadableFile, UnsafeFile
from joinedup.governance.meetings.blocks import MOST_BLOCKS, MOST_CHARACTERS, page_of
from joinedup.governance.meetings.moderngov import FIELDS, plain
from joinedup.governance.meetings.open_council import parts_of
from joinedup.governance.meetings.xml_trees import child, named, tree, words
from joinedup.saved_pages import Block, html_page, looks_like_page, read_text

Medium = Literal["pdf", "xml", "html", "text"]
MOST_PAGES = 2_000
MOST_BYTES = 60 * 1024**2
_REMEDY = "Open it in a PDF reader, print it to a new PDF, and send that."
_MARK = re.compile(
    r"\s*(?:[-*•·–o]|[0-9]{1,3}[.)]|[0-9]{1,3}(?:\.[0-9]{1,3}){1,3}\.?|\([a-z0-9]{1,3}\))\s+\S"
)
_BULLET = re.compile(r"^[-*•·–] ")


@dataclass(frozen=True)
class Passage:
    """A passage with single spaces. `page` is None where there are none; `paragraph` counts from 1, within the page if
    there is one. `heading` is the last heading before it, `field` that of a council's record in which it stands."""

    text: str
    paragraph: int
    page: int | None = None
    heading: str = ""
    field: str = ""
    is_heading: bool = False

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        paragraph = f"paragraph {self.paragraph}"
        return paragraph if self.page is None else f"page {self.page}, {paragraph}"


def medium_of(content: bytes, name: str) -> Medium:
    """What a file is, by how it begins; its name says nothing about that but for texts."""
    start = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in start[:1_024]:
        return "pdf"
    if name.lower().endswith(".xml") or (start.startswith(b"<?xml") and b"<html" not in start.lower()):
        return "xml"
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (
        "html" if looks_like_page(start.decode("utf-16" if wide else "latin-1", "replace"), name) else "text"
    )


def read_passages(content: bytes, name: str) -> tuple[Passage, ...]:
    """The passages of a paper or of a record. Raises UnreadableFile, UnsafeFile, MissingPart."""
    medium = medium_of(content, name)
    if medium == "pdf":
        return tuple(_of_pdf(content, name))
    if medium == "xml":
        return tuple(_of_record(content, name))
    page = page_of(read_text(content, name), name)
    parts = parts_of(page)
    return tuple(_numbered(parts.body if parts else page.blocks))


def _numbered(
    blocks: tuple[Block, ...] | list[Block], page: int | None = None, field: str = ""
) -> Iterator[Passage]:
    heading, paragraph = "", 0
    for block in blocks:
        if block.text:
            paragraph += 1
            is_heading = block.kind == "heading"
            yield Passage(block.text, paragraph, page, "" if is_heading else heading, field, is_heading)
            heading = block.text if is_heading else heading


def _of_record(content: bytes, name: str) -> Iterator[Passage]:
    """Of an answer of ModernGov: what each item says in each of its fields, numbered through the whole answer."""
    paragraph = 0
    for item in named(tree(content, name), "agendaitem"):
        title = plain(words(item, "agendaitemtitle"))
        hidden = words(item, "isrestricted") == "True" or words(item, "isdisplayallowed") == "False"
        for element, field in FIELDS.items() if not hidden else ():
            unpublished = {"decision": "isdecisionpublished", "minutes": "isminutepublished"}.get(field, "")
            found = child(item, element)
            if found is None or (unpublished and words(item, unpublished) == "False"):
                continue
            for block in html_page(found.text or "", name).blocks:
                if block.text:
                    paragraph += 1
                    yield Passage(block.text, paragraph, None, title, field, block.kind == "heading")


def _of_pdf(content: bytes, name: str) -> Iterator[Passage]:
    if len(content) > MOST_BYTES:
        raise UnsafeFile(
            f"It is larger than {MOST_BYTES // 1024**2} MB.", file=name, remedy="Send it in parts."
        )
    characters = passages = 0
    for number, text in enumerate(_pages(content, name), 1):
        characters += len(text)
        if characters > MOST_CHARACTERS:
            raise UnsafeFile(
                f"Its text has more than {MOST_CHARACTERS:,} characters.",
                file=name,
                remedy="Send it in parts.",
            )
        for passage in _numbered(_paragraphs(text), number):
            passages += 1
            if passages > MOST_BLOCKS:
                raise UnsafeFile(
                    "It has more paragraphs than any paper.", file=name, remedy="Send it in parts."
                )
            yield passage


def _pages(content: bytes, name: str) -> Iterator[str]:
    try:
        import pypdf
    except ImportError as error:
        raise MissingPart("Papers as PDF need pypdf.", remedy="Install joinedup[reports].") from error
    reader: Any = _guarded(lambda: pypdf.PdfReader(io.BytesIO(content)), name)
    if _guarded(lambda: reader.is_encrypted, name):
        raise UnreadableFile("The PDF has a password.", file=name, remedy="Send one without a password.")
    count = _guarded(lambda: len(reader.pages), name)
    if count > MOST_PAGES:
        raise UnsafeFile(
            f"It has {count:,} pages; the limit is {MOST_PAGES:,}.", file=name, remedy="Send it in parts."
        )
    for number in range(count):
        text = _guarded(lambda at=number: reader.pages[at].extract_text(), name)
        yield text.encode("utf-8", "replace").decode("utf-8")


def _guarded(read: Any, name: str) -> Any:
    """What the reader answers; whatever it raises at a damaged file is a file that cannot be read."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        raise UnreadableFile(
            "It is no PDF that can be read, or it is damaged.", file=name, remedy=_REMEDY
        ) from None


def _paragraphs(text: str) -> list[Block]:
    """Paragraphs of a page. Its lines are cut by its width: a line that reaches across goes on in the next, a short one
    ends its paragraph, and so do an empty line and the mark of a list."""
    lines = text.replace("\0", " ").splitlines()
    full = 0.6 * max(map(len, lines), default=0)
    blocks: list[Block] = []
    parts: list[str] = []
    for line in lines:
        if parts and (not line.strip() or _MARK.match(line) or len(parts[-1]) < full):
            blocks.append(_block(parts))
            parts = []
        if line.strip():
            parts.append(line)
    return blocks + ([_block(parts)] if parts else [])


def _block(parts: list[str]) -> Block:
    text = _BULLET.sub("", " ".join(" ".join(parts).split()))
    item = _MARK.match(parts[0]) is not None
    short = (
        len(parts) == 1
        and len(text) <= 90
        and ". " not in text
        and not text.endswith((".", ",", ";", ":", "?", "!"))
    )
    return Block("heading" if short and not item else "item" if item else "paragraph", text)
