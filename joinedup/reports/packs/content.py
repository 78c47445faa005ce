"""What a pack says, before it becomes slides, a document, a PDF or a workbook: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joinedup.charts.picture import Picture, Table
from joinedup.reports.content import Block, Headline, Report, Section

NO_COMMENTARY = "No commentary given."
Item = Picture | Block


@dataclass(frozen=True)
class Line:
    """The data of a native line chart: one place, month by month. `kinds` says what each point is."""

    name: str
    months: tuple[str, ...]
    values: tuple[float, ...]
    kinds: tuple[str, ...]
    mean: float
    lower: float
    upper: float
    target: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about a figure. `about` names the figure, `then` what it was when that differs from now."""

    text: str
    about: str
    who: str
    code: str = ""
    flag: str = ""

    @property
    def line(self) -> str:
        """The whole of it in one line."""
        by = f" [{self.who}]" if self.who else ""
        flag = f" {self.flag}" if self.flag else ""
        return f"{self.about}: {self.text}{by}{flag}"


@dataclass(frozen=True)
class Page:
    """One finding. `lines` are sentences with the code of the number they rest on; `listed` sets them as a list.

    `beside`: the text stands beside the items and all of it is one page. `lines_of` has the native chart of a picture,
    by its slug. `comments` None: nothing on the page asks for commentary.
    """

    slug: str
    heading: str
    title: str
    lines: tuple[Headline, ...] = ()
    items: tuple[Item, ...] = ()
    cautions: tuple[str, ...] = ()
    comments: tuple[Comment, ...] | None = None
    listed: bool = False
    beside: bool = False
    lines_of: Mapping[str, Line] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of every figure on the page."""
        own = (line.code for line in self.lines)
        tables = (code for item in self.items for code in item.table.every_code)
        return tuple(dict.fromkeys(code for code in (*own, *tables) if code))


@dataclass(frozen=True)
class Pack:
    """The whole pack. `moment` is the time of the state it is made of (documents carry it, never the clock's), and
    `snapshot` the number of that state."""

    slug: str
    title: str
    subtitle: str
    readers: str
    purpose: str
    asked: tuple[Headline, ...]
    pages: tuple[Page, ...]
    facts: tuple[tuple[str, str], ...]
    footnotes: tuple[str, ...]
    caption: str
    moment: datetime
    registry: Mapping[str, Any] = field(default_factory=dict, repr=False)
    snapshot: int = 0
    left_out: tuple[str, ...] = ()
    """What was given and is not shown, in words: notes about other figures, notes that are not shared."""


def as_report(pack: Pack) -> Report:
    """The pack in the shape that the workbook takes: words become tables, so that nothing is lost there."""
    sections = tuple(
        Section(page.slug, page.title, tuple(line.text for line in page.lines), _tables(page), page.cautions)
        for page in pack.pages
    )
    return Report(
        pack.title, pack.subtitle, pack.asked, sections, pack.facts, (*pack.footnotes, *pack.left_out), pack.registry
    )  # fmt: skip


def _tables(page: Page) -> tuple[Item, ...]:
    words = Table(("What it says", "Code"), tuple((line.text, line.code) for line in page.lines if line.text))
    said = Table(
        ("About", "What was said", "By", "Note", "Code"),
        tuple((one.about, one.text, one.who, one.flag, one.code) for one in page.comments or ()),
    )
    told = "What the figures say." if page.lines else ""
    found: list[Item] = [Block(f"{page.slug}-words", page.heading, told, words)] if words.rows else []
    found += page.items
    if page.comments is not None:
        sentence = "" if page.comments else NO_COMMENTARY
        found.append(Block(f"{page.slug}-said", "Commentary", sentence, said))
    if page.cautions:
        cautions = Table(("What these figures cannot say",), tuple((line,) for line in page.cautions))
        found.append(Block(f"{page.slug}-limits", "What these figures cannot say", "", cautions))
    return tuple(found)
