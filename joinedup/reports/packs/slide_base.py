"""The slides' own look, and a trust's template in its place: which layouts are used, and where there is room."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinedup.charts.theme import CATEGORIES, IMPROVEMENT, INK, QUIET
from joinedup.errors import YourData
from joinedup.reports.packs.templates import checked

WIDE, HIGH = 12_192_000, 6_858_000
"""16 to 9, in EMU: 914,400 an inch."""
INCH = 914_400
NUMBER_FIELD = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
WORDS, PICTURES = ("BODY", "OBJECT"), ("TITLE", "CENTER_TITLE")


@dataclass(frozen=True)
class Room:
    """A rectangle of a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    def below(self, used: int) -> Room:
        """What is left under so much."""
        return Room(self.left, self.top + used, self.width, max(self.height - used, INCH))

    def right(self, used: int) -> Room:
        """What is left beside so much."""
        return Room(self.left + used, self.top, self.width - used, self.height)


@dataclass(frozen=True)
class Base:
    """An empty presentation with its two layouts, and the room for content on the second."""

    deck: Any
    cover: Any
    page: Any
    room: Room


def base_of(template: Path | None) -> Base:
    """Our own look, or a trust's. Raises UnreadableFile, UnsafeFile, and YourData naming what a template lacks."""
    from pptx import Presentation

    if template is None:
        return _ours(Presentation())
    try:
        deck = Presentation(checked(template, "ppt/presentation.xml"))
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise YourData("This template cannot be read.", file=template.name, remedy=NEEDS) from error
    _without_slides(deck)
    return _theirs(deck, template.name)


def _theirs(deck: Any, name: str) -> Base:
    layouts = list(deck.slide_layouts)
    cover = next((one for one in layouts if _has(one, PICTURES) and _has(one, ("SUBTITLE",))), None)
    pages = [
        one
        for one in layouts
        if _has(one, PICTURES) and len(_of(one, WORDS)) == 1 and not _has(one, ("SUBTITLE", "PICTURE"))
    ]
    faults = [
        *([] if cover else ["a layout with a title and a subtitle, for the cover"]),
        *([] if pages else ["a layout with a title and one place for content, for the pages"]),
    ]
    if faults:
        raise YourData(f"The template lacks {' and '.join(faults)}.", file=name, remedy=NEEDS)
    page = max(pages, key=lambda one: _area(_of(one, WORDS)[0]))
    body = _of(page, WORDS)[0]
    return Base(deck, cover, page, Room(int(body.left), int(body.top), int(body.width), int(body.height)))


NEEDS = "It needs a layout with title and subtitle (Title Slide), and one with title and content (Title and Content)."


def _kind(shape: Any) -> str:
    return (
        str(shape.placeholder_format.type).partition(".")[2].partition(" ")[0]
        or str(shape.placeholder_format.type).partition(" ")[0]
    )


def _of(layout: Any, kinds: tuple[str, ...]) -> list[Any]:
    return [shape for shape in layout.placeholders if _kind(shape) in kinds]


def _has(layout: Any, kinds: tuple[str, ...]) -> bool:
    return bool(_of(layout, kinds))


def _area(shape: Any) -> int:
    return int(shape.width or 0) * int(shape.height or 0)


def _without_slides(deck: Any) -> None:
    """The slides of a template are examples: they do not come along."""
    listed = deck.slides._sldIdLst  # python-pptx has no public way to take a slide out
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)


def _ours(deck: Any) -> Base:
    """The built-in template made wide, in Arial and our colours, with two layouts."""
    deck.slide_width, deck.slide_height = WIDE, HIGH
    cover, page = deck.slide_layouts[0], deck.slide_layouts[1]
    for layout in list(deck.slide_layouts)[2:]:
        deck.slide_layouts.remove(layout)
    _theme(deck.slide_master)
    _master(deck.slide_master)
    room = Room(int(0.6 * INCH), int(1.45 * INCH), int(12.13 * INCH), int(5.2 * INCH))
    for layout in (cover, page):
        for shape in _of(layout, ("DATE", "FOOTER")):
            shape._element.getparent().remove(shape._element)
        _place(_of(layout, ("SLIDE_NUMBER",))[0], 11.9, 6.95, 0.85, 0.35)
    _place(_of(cover, PICTURES)[0], 0.6, 0.9, 12.1, 1.3)
    _place(_of(cover, ("SUBTITLE",))[0], 0.6, 2.2, 12.1, 0.75)
    _place(_of(page, PICTURES)[0], 0.6, 0.35, 12.1, 1.0)
    _place(_of(page, WORDS)[0], *(value / INCH for value in (room.left, room.top, room.width, room.height)))
    _left(_of(cover, ("SUBTITLE",))[0])
    return Base(deck, cover, page, room)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        int(value * INCH) for value in (left, top, width, height)
    )


def _theme(master: Any) -> None:
    """Arial, and the colours of the charts."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    part = master.part.part_related_by(RT.THEME)
    text = part.blob.decode("utf-8")
    text = re.sub(r'(<a:latin typeface=")Calibri(")', r"\1Arial\2", text)
    for number, colour in enumerate(CATEGORIES, start=1):
        text = re.sub(
            rf"(<a:accent{number}>).*?(</a:accent{number}>)",
            rf'\1<a:srgbClr val="{colour[1:]}"/>\2',
            text,
            flags=re.DOTALL,
        )
    part._blob = text.encode("utf-8")  # the theme is a plain part: its bytes are all there is to it


def _master(master: Any) -> None:
    from pptx.oxml.ns import qn

    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    run = title.find(qn("a:defRPr"))
    run.set("sz", "2600")
    run.set("b", "1")
    for level, size in (("a:lvl1pPr", "1800"), ("a:lvl2pPr", "1600")):
        styles.find(qn("p:bodyStyle")).find(qn(level)).find(qn("a:defRPr")).set("sz", size)
    for shape in _of(master, ("DATE", "FOOTER")):
        shape._element.getparent().remove(shape._element)
    _place(_of(master, ("TITLE",))[0], 0.6, 0.35, 12.1, 1.0)
    _place(_of(master, ("BODY",))[0], 0.6, 1.45, 12.13, 5.2)
    _place(_of(master, ("SLIDE_NUMBER",))[0], 11.9, 6.95, 0.85, 0.35)
    master._element.cSld.spTree.insert(2, _bar())


def _bar() -> Any:
    """A blue line at the top: structure, and marked as decoration for those who hear the slides."""
    from pptx.oxml import parse_xml

    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    return parse_xml(
        f'<p:sp {space}><p:nvSpPr><p:cNvPr id="90" name="Line" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{WIDE}" cy="100000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{IMPROVEMENT[1:]}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    )


def _left(shape: Any) -> None:
    """The built-in subtitle stands in the middle and is grey: ours stands left and can be read."""
    from pptx.oxml.ns import qn

    for level in shape._element.txBody.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
        for fill in level.iter(qn("a:schemeClr")):
            fill.set("val", "tx1")
            for tint in list(fill):
                fill.remove(tint)


def add_number(slide: Any, layout: Any) -> None:
    """The slide's number, where its layout has it: python-pptx leaves it out of new slides."""
    for shape in _of(layout, ("SLIDE_NUMBER",))[:1]:
        element = copy.deepcopy(shape._element)
        slide.shapes._spTree.append(element)
        element.nvSpPr.cNvPr.set("id", str(max(int(s.shape_id) for s in slide.shapes) + 1))


COLOURS = {"ink": INK, "quiet": QUIET}
