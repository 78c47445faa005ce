"""A small pack with awkward content, made by hand."""

from __future__ import annotations

from datetime import datetime

from joinedup.charts.drawings import waterfall
from joinedup.charts.picture import Picture, Table
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs import Comment, Pack, Page
from joinedup.reports.packs.content import Line

AWKWARD = "Kensington & Chelsea <b>"
BAR = {
    "label": "A",
    "start": 0.0,
    "end": 2.0,
    "kind": "total",
    "text": "2.0",
    "lower": 1.0,
    "upper": 3.0,
    "anchor": 3.0,
}
TABLE = Table(
    ("Place", "Number", "Change"),
    ((AWKWARD, "1,205", "42.1%"), ("=cmd|x", "hidden", "7%")),
    frozenset({1, 2}),
    ("AAAAAAAAAA", "BBBBBBBBBB"),
)
MONTHS = tuple(f"M{number}" for number in range(14))
VALUES = tuple(40.0 + number for number in range(14))
KINDS = ("common cause",) * 12 + ("improvement", "concern")


def picture(slug: str = "bars") -> Picture:
    return Picture(
        slug, "A finding & more", "sub", "One sentence.", "Read it.", "Source.", TABLE,
        lambda size, width: waterfall([BAR], size=size, width=width, title="x"),
    )  # fmt: skip


def line(target: float | None = 48.0) -> Line:
    return Line(AWKWARD, MONTHS, VALUES, KINDS, 46.5, 40.1, 53.2, target, 35.0, 60.0)


def said(text: str = "Two people & a <plan>.") -> Comment:
    return Comment(
        text, f"Reliable recovery, {AWKWARD}, March 2026, 42%", "Service manager, 10 April 2026", "AAAAAAAAAA"
    )


def pack(comments: tuple[Comment, ...] | None = (), *, rows: int = 2, drawn: bool = True) -> Pack:
    many = Table(TABLE.header, TABLE.rows * (rows // 2), TABLE.numeric, TABLE.codes * (rows // 2))
    who, better = Headline("Who?", "AAAAAAAAAA"), (Headline("Better.", "AAAAAAAAAA"),)
    block = Block("t", "A table", "Words.", many)
    said_there = (Headline("Said.", "BBBBBBBBBB"),)
    one = (Headline("One sentence."),)
    pages = (
        Page("decide", "For decision", "Two things to decide", (who, Headline("When?")), listed=True),
        Page("table", "What changed", "One thing changed", said_there, (block,), comments=comments),
        Page("gap", "Where it opens", "A finding & more", one, (picture(),), ("Care.",)),
        Page(
            "place", "Places", f"{AWKWARD}: better", better, (Block("figures", "Figures", "", TABLE), picture("chart")),
            beside=True, comments=comments, lines_of={"chart": line()},
        ),
    )  # fmt: skip
    return Pack(
        slug="board", title="A pack & its title", subtitle="March 2026", readers="A board", purpose="To decide.",
        asked=(Headline("Who?", "AAAAAAAAAA"),), pages=pages if drawn else pages[:2],
        facts=(("Month", "March 2026"),), footnotes=("Foot.",),
        caption="Source: here.", moment=datetime(2026, 4, 20, 9, 30),
        registry={"AAAAAAAAAA": {"measure_id": "M195", "counts": {"numerator": 505}}, "BBBBBBBBBB": {"counts": {}}},
        left_out=("1 note is left out: about figures that this pack does not hold.",),
    )  # fmt: skip
