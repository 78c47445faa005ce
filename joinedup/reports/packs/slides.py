"""A pack as slides that can be edited: titles in their places, native charts and tables, notes with method and codes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from joinedup.charts.picture import Picture
from joinedup.errors import MissingPart
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import NO_COMMENTARY, Item, Pack, Page
from joinedup.reports.packs.settling import settled
from joinedup.reports.packs.slide_base import INCH, Base, Room, add_number, base_of
from joinedup.reports.packs.slide_parts import add_chart, add_picture, add_table, fitted, height_of, set_words

GAP = int(0.12 * INCH)
SIZES = (18, 16, 14, 12)


def render_slides(pack: Pack, template: Path | None = None) -> bytes:
    """PPTX bytes; the same pack is the same bytes. Raises MissingPart, and as `base_of` for a template."""
    try:
        import pptx  # noqa: F401 - asked for before anything is made
    except ImportError as error:
        raise MissingPart("Slides need python-pptx.", remedy="Install joinedup[reports].") from error
    base = base_of(template)
    deck = base.deck
    _properties(deck.core_properties, pack)
    _cover(base, pack)
    for page in pack.pages:
        _page(base, pack, page)
    _about(base, pack)
    stream = io.BytesIO()
    deck.save(stream)
    return settled(stream.getvalue(), pack.moment)


def _properties(core: Any, pack: Pack) -> None:
    core.title, core.subject = pack.title, pack.subtitle
    core.author = core.last_modified_by = "joinedup"
    core.language, core.revision, core.keywords, core.comments = "en-GB", 1, "", ""
    core.created = core.modified = pack.moment


def _cover(base: Base, pack: Pack) -> None:
    slide = base.deck.slides.add_slide(base.cover)
    slide.shapes.title.text_frame.text = pack.title
    below = next(
        shape
        for shape in slide.placeholders
        if shape.placeholder_format.idx != slide.shapes.title.placeholder_format.idx
    )
    below.text_frame.text = f"{pack.subtitle}. For: {pack.readers}"
    lines = [
        ("To decide", True),
        *((f"{n}. {line.text}{_code(line)}", False) for n, line in enumerate(pack.asked, 1)),
    ]
    words = lines if pack.asked else [(pack.purpose, False)]
    top = int(below.top + below.height) + 2 * GAP
    room = Room(base.room.left, top, base.room.width, int(base.deck.slide_height) - top - int(0.75 * INCH))
    box = slide.shapes.add_textbox(room.left, room.top, room.width, room.height)
    box.name = "To decide" if pack.asked else "Purpose"
    sizes = [size for size in SIZES if height_of([text for text, _ in words], room.width, size) < room.height]
    set_words(box.text_frame, words, sizes[0] if sizes else 12)
    add_number(slide, base.cover)
    slide.notes_slide.notes_text_frame.text = _notes(
        pack, Page("cover", "Cover", pack.title, pack.asked), None
    )


def _page(base: Base, pack: Pack, page: Page) -> None:
    """All on one slide where it stands beside; else a slide an item, the words on the first; comments on their own."""
    if page.beside:
        _beside(base, pack, page)
    elif not page.items:
        _words(base, pack, page, [line for line in page.lines if line.text], page.title)
    else:
        for number, item in enumerate(page.items):
            _with_item(base, pack, page, item, first=number == 0)
    if page.comments:
        lines = [Headline(one.line, one.code) for one in page.comments[:MOST]]
        more = len(page.comments) - MOST
        lines += [Headline(f"And {more} more, under Commentary.")] if more > 0 else []
        about = page.title.partition(":")[0] if page.beside else page.heading[:1].lower() + page.heading[1:]
        _words(base, pack, page, lines, f"What people say: {about}")


MOST = 6


def _said(page: Page) -> list[str]:
    if page.comments is None:
        return []
    return [NO_COMMENTARY] if not page.comments else ["Commentary: see the next slide."]


def _new(base: Base, title: str, pack: Pack, page: Page, item: Item | None) -> Any:
    slide = base.deck.slides.add_slide(base.page)
    taken = {one.shapes.title.text_frame.text for one in base.deck.slides if one.shapes.title is not None}
    name, n = title, 2
    while name in taken:
        name, n = f"{title} ({n})", n + 1
    frame = slide.shapes.title.text_frame
    frame.text = name
    fitted(frame, int(slide.shapes.title.width), int(slide.shapes.title.height), (26, 22, 20, 18))
    slide.notes_slide.notes_text_frame.text = _notes(pack, page, item)
    return slide


def _body(slide: Any) -> Any:
    title = slide.shapes.title.placeholder_format.idx
    return next(shape for shape in slide.placeholders if shape.placeholder_format.idx != title)


def _put(shape: Any, room: Room) -> None:
    shape.left, shape.top, shape.width, shape.height = room.left, room.top, room.width, room.height


def _words(base: Base, pack: Pack, page: Page, lines: list[Headline], title: str) -> None:
    """Slides of sentences, as many as they need."""
    texts = [f"{line.text}{_code(line)}" for line in lines] + _cautions(page, page.items)
    while texts:
        slide = _new(base, title, pack, page, None)
        fit = next((s for s in SIZES[:3] if height_of(texts, base.room.width, s) <= base.room.height), 16)
        taken = _that_fit(texts, base.room, fit)
        size = next(
            (s for s in SIZES if height_of(texts[:taken], base.room.width, s) <= base.room.height), 12
        )
        body = _body(slide)
        _put(body, base.room)
        set_words(body.text_frame, [(text, False) for text in texts[:taken]], size, bullets=page.listed)
        texts = texts[taken:]
        add_number(slide, base.page)


def _that_fit(texts: list[str], room: Room, size: int) -> int:
    taken = 1
    while taken < len(texts) and height_of(texts[: taken + 1], room.width, size) <= room.height:
        taken += 1
    return taken


def _cautions(page: Page, items: tuple[Item, ...]) -> list[str]:
    return [f"What these figures cannot say: {line}" for line in page.cautions] if not items else []


def _with_item(base: Base, pack: Pack, page: Page, item: Item, *, first: bool) -> None:
    """An item under its words; where these need much room, they have a slide of their own before it."""
    lines = [line for line in page.lines if line.text] if first else [Headline(item.sentence)]
    lines += [Headline(text) for text in (_said(page) if first else [])]
    texts = [f"{line.text}{_code(line)}" for line in lines if line.text]
    title = page.title if first else item.title
    if height_of(texts, base.room.width, 14) > base.room.height * 0.4:
        _words(base, pack, page, lines, title)
        texts, title = [], item.title or title
    _item_slides(base, pack, page, item, title, texts)


def _item_slides(
    base: Base, pack: Pack, page: Page, item: Item, title: str, texts: list[str], start: int = 0
) -> None:
    """A slide of the item, and more where a table needs them."""
    while True:
        slide = _new(base, title, pack, page, item)
        size = next((s for s in (16, 14) if height_of(texts, base.room.width, s) < base.room.height // 4), 12)
        used = height_of(texts, base.room.width, size) + GAP if texts else 0
        body = _body(slide)
        if texts:
            _put(body, Room(base.room.left, base.room.top, base.room.width, used))
            set_words(body.text_frame, [(text, False) for text in texts], size)
        else:
            body._element.getparent().remove(body._element)
        start = _place(slide, item, page, base.room.below(used), start)
        add_number(slide, base.page)
        if start == 0:
            return
        texts = []


def _place(slide: Any, item: Item, page: Page, room: Room, rows_from: int) -> int:
    """The item in its room; the row at which a table goes on, 0 where it is whole."""
    if isinstance(item, Block):
        return add_table(slide, item, room, rows_from)
    if item.slug in page.lines_of:
        add_chart(slide, page.lines_of[item.slug], item, room)
    elif item.drawing:
        add_picture(slide, item, room)
    else:
        return add_table(slide, Block(item.slug, item.title, item.sentence, item.table), room, rows_from)
    return 0


def _beside(base: Base, pack: Pack, page: Page) -> None:
    """Words on the left, a table and a chart on the right; what does not fit goes on on further slides."""
    slide = _new(base, page.title, pack, page, None)
    column = int(base.room.width * 0.31)
    texts = [f"{line.text}{_code(line)}" for line in page.lines] + _said(page)
    room = Room(base.room.left, base.room.top, column, base.room.height)
    size = next((s for s in (16, 14) if height_of(texts, column, s) <= room.height), 12)
    taken = _that_fit(texts, room, size)
    body = _body(slide)
    _put(body, room)
    set_words(body.text_frame, [(text, False) for text in texts[:taken]], size)
    right = base.room.right(column + 2 * GAP)
    each = right.height // max(len(page.items), 1)
    starts = []
    for number, item in enumerate(page.items):
        part = Room(right.left, right.top + number * each, right.width, each - GAP)
        starts.append((item, _place(slide, item, page, part, 0)))
    add_number(slide, base.page)
    if texts[taken:]:
        _words(base, pack, page, [Headline(text) for text in texts[taken:]], page.title)
    for item, start in starts:
        if start:
            _item_slides(base, pack, page, item, item.title, [], start)


def _about(base: Base, pack: Pack) -> None:
    lines = [Headline(f"{name}: {value}") for name, value in pack.facts]
    lines += [Headline(text) for text in (*pack.footnotes, *pack.left_out)]
    _words(
        base, pack, Page("about", "About", "About these figures", listed=True), lines, "About these figures"
    )


def _code(line: Headline) -> str:
    return f" [{line.code}]" if line.code else ""


def _notes(pack: Pack, page: Page, item: Item | None) -> str:
    """Method, what the figures cannot say, and the code of every figure on the slide."""
    parts = [page.heading + "."]
    shown = [item] if item is not None else list(page.items)
    for one in shown:
        if isinstance(one, Picture):
            parts += [f"How to read this. {one.how_to_read}", *one.notes]
    parts += [f"What these figures cannot say: {line}" for line in page.cautions]
    told = [f"{line.code}: {line.text}" for line in page.lines if line.code]
    told += [line for one in shown for line in _codes(one)]
    parts += ["Codes of the figures (joinedup trace CODE):", *dict.fromkeys(told)] if told else []
    return "\n".join([*parts, pack.caption])


def _codes(item: Item) -> list[str]:
    table = item.table
    if table.codes:
        return [
            f"{code}: {', '.join(row[:2])}" for row, code in zip(table.rows, table.codes, strict=True) if code
        ]
    return [
        f"{code}: {row[0]}, {head}, {cell}"
        for row, codes in zip(table.rows, table.cell_codes, strict=False)
        for head, cell, code in zip(table.header, row, codes, strict=True)
        if code
    ]
