"""The page of a publication: one self-contained HTML file, its charts drawn from released counts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from joinedup.definitions import Measure, Period, Places
from joinedup.disclosure.publishing import Publication
from joinedup.disclosure.sums import Key

Rows = Sequence[tuple[Key, str]]
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 64, 32, 12
STYLE = """body{font:1rem/1.5 Arial,Helvetica,sans-serif;color:#212b32;margin:0 auto;max-width:62rem;padding:0 1rem}
h1{font-size:2rem;line-height:1.2}h2{margin-top:3rem;border-top:4px solid #005eb8;padding-top:1rem}
table{border-collapse:collapse;font-size:.875rem;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #d8dde0}
td:last-child,th:last-child{text-align:right}.scroll{overflow:auto;max-height:24rem}.scroll:focus,a:focus{outline:4px solid #ffeb3b}
caption{text-align:left;font-weight:bold;padding:.5rem 0}svg{display:block;min-width:36rem;width:100%;height:auto}.skip{position:absolute;left:-999em}.skip:focus{left:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:bold}dd{margin:0}"""


def render_page(publication: Publication, cells: Rows, percentages: Rows) -> str:
    """HTML text: what the release is, then a chart and a table for each measure, then the percentages."""
    by_measure: dict[tuple[str, str], list[tuple[Key, str]]] = {}
    for key, value in cells:
        by_measure.setdefault((key.measure, key.count), []).append((key, value))
    parts = [_head(publication), *_facts(publication)]
    for (measure, count), rows in by_measure.items():
        title = _title(measure, count)
        parts += [f"<h2>{escape(title)}</h2>", *_chart(title, rows), *_table(title, rows)]
    parts += ["<h2>Percentages</h2>", *_table("Percentages, from the counts shown", percentages)]
    return "\n".join([*parts, "</main></body></html>", ""])


def _head(publication: Publication) -> str:
    title = escape(publication.lattice.title)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#main">Skip to the tables</a><main id="main"><h1>{title}</h1>'
    )


def _facts(publication: Publication) -> Iterator[str]:
    rule = publication.profile
    hidden = publication.shown.count(None)
    others = f"to the nearest {rule.display.base}" if rule.display.base > 1 else "as they are"
    facts = (
        ("Profile", rule.name),
        ("Counts", f"Below {rule.hide_below} hidden (*), others {others}"),
        ("State of the lake", publication.snapshot),
        ("Lattice", f"{publication.lattice.slug}, version {publication.lattice.version}"),
        ("Cells", f"{len(publication.keys):,}, of which {hidden:,} are hidden"),
    )
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts)
    yield f"<dl>{listed}</dl>"


def _title(measure: str, count: str) -> str:
    title = Measure.load(measure).title
    return title if count == "numerator" else f"{title}: {count}"


def _table(title: str, rows: Rows) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{name}</th>' for name in (*Key._fields, "value"))
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
    yield f"<caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead><tbody>"
    for key, value in rows:
        yield "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in (*key, value)) + "</tr>"
    yield "</tbody></table></div>"


def _chart(title: str, rows: Rows) -> Iterator[str]:
    """The area month by month: a point a month, a star where the count is hidden."""
    points = [(key, value) for key, value in rows if key.place == rows[0][0].place and _month(key.period)]
    highest = max([int(value) for _, value in points if value != "*"], default=0) or 1
    step = (WIDTH - LEFT - 16) / max(len(points) - 1, 1)
    place = Places.load().name(rows[0][0].place)
    name = escape(f"{title}, {place}, by month")
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="Chart: {name}">'
    yield f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{name}">'
    yield f'<line x1="{LEFT}" y1="{HEIGHT - BOTTOM}" x2="{WIDTH}" y2="{HEIGHT - BOTTOM}" stroke="#4c6272"/>'
    yield f'<text x="4" y="{TOP + 10}" font-size="12">{highest:,}</text><text x="4" y="{HEIGHT - BOTTOM}" font-size="12">0</text>'
    for i, (key, value) in enumerate(points):
        text = escape(f"{key.measure}, {key.place}, {key.period}, {key.group}: {value}")
        x, share = LEFT + i * step, 0.0 if value == "*" else int(value) / highest
        y = HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
        mark = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#005eb8"/>'
        if value == "*":
            mark = f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM - 4}" text-anchor="middle" aria-hidden="true">*</text>'
        yield f'<g role="img" aria-label="{text}"><title>{text}</title>{mark}</g>'
    if points:
        yield f'<text x="{LEFT}" y="{HEIGHT - 8}" font-size="12">{points[0][0].period}</text>'
        yield f'<text x="{WIDTH}" y="{HEIGHT - 8}" font-size="12" text-anchor="end">{points[-1][0].period}</text>'
    yield "</svg></div>"


def _month(key: str) -> bool:
    return Period.parse(key).kind == "month"
