"""One council's record of a meeting, as that council (or whoever follows it) publishes it. Nothing in it is guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(max_length=2_000)]
Long = Annotated[str, StringConstraints(max_length=200_000)]
Said = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][^\s\"<>]*)?")


def address_or_nothing(text: object) -> object:
    """An address of the web, or nothing: whatever else stands in its place is no link that somebody should follow."""
    return "" if isinstance(text, str) and not _ADDRESS.fullmatch(text) else text


Address = Annotated[Line, BeforeValidator(address_or_nothing)]
MOST_ITEMS, MOST_PEOPLE, MOST_LINKS = 500, 500, 1_000


class Kept(BaseModel):
    """Base of what the register keeps: frozen, and strict about fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PaperLink(Kept):
    """A paper that a record names, and where it says that it lies. `attachment` is the council's own number of it."""

    title: Line = ""
    url: Address = ""
    attachment: Line = ""


class Item(Kept):
    """An item of the agenda. `decision` and `minutes` are what the record says in those fields, as paragraphs."""

    number: Line = ""
    title: Line
    text: Long = ""
    decision: Long = ""
    minutes: Long = ""
    papers: tuple[PaperLink, ...] = Field(default=(), max_length=MOST_LINKS)


class Attendee(Kept):
    """Somebody whom the record names: `attendance` in its words, such as present, apologies, expected."""

    name: Said
    role: Line = ""
    attendance: Line = ""


class Source(Kept):
    """Where a record comes from: whose it is, the file and its sha256, the page, who imported it on which day."""

    kind: Literal["moderngov", "open_council_network"]
    council: Said
    file: Line
    sha256: Hash
    on: date
    by: Said
    url: Address = ""
    fetched: date | None = None
    earlier: tuple[Hash, ...] = ()


class Record(Kept):
    """What one source says of a meeting. `number` is its number there, `time` as 10:00. `attendance` is None where the
    source lists nobody: that is missing, not nobody. `published` says whether an agenda was there to read."""

    source: Source
    number: Line = ""
    committee: Said
    committee_number: Line = ""
    day: date
    time: Line = ""
    venue: Line = ""
    status: Line = ""
    attendance: tuple[Attendee, ...] | None = Field(default=None, max_length=MOST_PEOPLE)
    items: tuple[Item, ...] = Field(default=(), max_length=MOST_ITEMS)
    published: bool = True
    notes: tuple[Line, ...] = ()

    @property
    def key(self) -> str:
        """How it is named in the register: council, kind of source, number there; the day where there is no number."""
        number = self.number or f"{self.day}-{slug(self.committee)}"
        kind = "ocn" if self.source.kind == "open_council_network" else "mg"
        return f"{slug(self.source.council)}:{kind}:{number}"

    @property
    def address(self) -> str:
        """Where it was published: as whoever imported it says, or a ModernGov page that its papers' address gives."""
        host = next((urlsplit(paper.url) for paper in self.papers if paper.url.startswith("https://")), None)
        if self.source.url or self.source.kind != "moderngov" or not (host and self.committee_number):
            return self.source.url
        return f"https://{host.netloc}/ieListDocuments.aspx?CId={self.committee_number}&MId={self.number}"

    @property
    def papers(self) -> tuple[PaperLink, ...]:
        """The papers that it names, item by item."""
        return tuple(paper for item in self.items for paper in item.papers)


def slug(words: str) -> str:
    """`Kensington and Chelsea` as kensington-and-chelsea; at most 80 characters."""
    return (
        "-".join(re.findall(r"[a-z0-9]+", words.casefold().replace("&", " and ")))[:80].strip("-")
        or "unnamed"
    )


def clock(text: str) -> str:
    """`10.00 am` as 10:00, `2 pm` as 14:00; what is no time as nothing."""
    found = re.fullmatch(r"\s*([0-9]{1,2})(?:[.:]([0-9]{2}))?\s*([ap])?\.?(?:m\.?)?\s*", text.casefold())
    if not found or not (found[2] or found[3]):
        return ""
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= 12:
        return ""
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""
