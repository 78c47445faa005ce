"""The sections of a pack on people: the gap, groups, plain words, what is being done, what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from joinedup.charts import Figure, Lens, Table, by_group, code_of_part, gap_waterfall
from joinedup.charts.words import HIDDEN, capital, span, whole
from joinedup.definitions import Breakdown, Measure
from joinedup.definitions.scrutiny import TopicList
from joinedup.reports.asked import TOTAL
from joinedup.reports.content import Block, Headline
from joinedup.reports.gap_sections import CAUTIONS, all_gaps
from joinedup.reports.material import widest
from joinedup.reports.packs.content import NO_COMMENTARY, Page
from joinedup.reports.packs.sections import Asked
from joinedup.reports.packs.signals import Signal, signals_of, verdict
from joinedup.reports.quality import quality, quality_headline
from joinedup.reports.tables import NOT_KNOWN, shown

if TYPE_CHECKING:
    from joinedup.equity import GapAttribution


PLAIN_STAGES = {
    "accessed": "before a first treatment",
    "second_treatment": "between the first and the second treatment",
    "finished": "before the course of treatment is finished",
    "paired": "because the last questions were not answered",
    "reliably_improved": "during treatment",
    "recovered": "at the end of treatment",
}
"""Where a gap opens, for readers who know none of our words."""


def gap(asked: Asked) -> tuple[Page, ...]:
    """Where the widest gap opens, step by step, and every group; for the public in plain words."""
    if asked.material.layout.public:
        return tuple(_plain_gap(asked, slug) for slug in asked.section.by)
    found = []
    for slug in asked.section.by:
        gaps = asked.material.gaps.get(slug, ())
        chosen, title = widest(gaps), Breakdown.load(slug).title.lower()
        if chosen is None:
            words = "No gap can be shown: too few people can be followed for a year, or no group reaches reliable recovery less often."
            found.append(asked.page(f"No gap by {title} can be shown", [Headline(words)], name=slug))
            continue
        picture = gap_waterfall(chosen, slug=f"{asked.slug}-{slug.replace('_', '-')}", caption=asked.caption)
        lines = [Headline(picture.sentence, code_of_part(chosen))]
        page = asked.page(picture.title, lines, items=(replace(picture, notes=()),), name=slug)
        found.append(replace(page, cautions=CAUTIONS[:2]))
        block = all_gaps(slug, gaps)
        block = replace(block, slug=f"{asked.slug}-{block.slug}")
        found.append(asked.page(block.title, [Headline(block.sentence)], items=(block,), name=f"{slug}-all"))
    return tuple(found)


def _plain_gap(asked: Asked, slug: str) -> Page:
    """Of every 100 people referred, how many got better, group by group."""
    gaps = asked.material.gaps.get(slug, ())
    chosen = widest(gaps)
    if chosen is None:
        return asked.page("Too few people can be followed to compare groups", name=slug)
    people = Breakdown.load(slug).people
    base = chosen.value.to_json()["rates"]["reference"]
    rows = [(capital(people(chosen.value.reference)), _of_100(base))]
    rows += [
        (capital(people(one.value.group)), _of_100(one.value.to_json()["rates"]["group"])) for one in gaps
    ]
    codes = tuple(code_of_part(one) for one in (chosen, *gaps))
    table = Table(("Who", "Got better, of every 100 referred"), tuple(rows), frozenset({1}), codes)
    lines = [Headline(_plain_sentence(chosen.value), code_of_part(chosen)), Headline(FOLLOWED)]
    title = f"{capital(people(chosen.value.group))} get better less often"
    block = Block(f"{asked.slug}-{slug}", "Group by group", "", table)
    page = asked.page(title, lines, items=(block,), name=slug)
    return replace(page, cautions=("This says where people fall behind, not why.",))


FOLLOWED = (
    "These are people referred in one year, each followed for a year. The others never began treatment, left it, did not get better, or are "
    "still in treatment."
)


def _plain_sentence(gap: GapAttribution) -> str:
    rates, people = gap.to_json()["rates"], Breakdown.load(gap.by).people
    leaks = [bar for bar in gap.bars if bar.claimed and bar.kind == "leak" and bar.stage in PLAIN_STAGES]
    worst = min(leaks, key=lambda bar: bar.contribution or 0.0, default=None)
    where = f" Most of the difference opens {PLAIN_STAGES[worst.stage]}." if worst else ""
    return (
        f"Of every 100 {people(gap.group)} who were referred, {_of_100(rates['group'])} got better; of every 100 "
        f"{people(gap.reference)}, {_of_100(rates['reference'])}.{where}"
    )


def _of_100(rate: float | None) -> str:
    return HIDDEN if rate is None else f"{100 * rate:.0f}"


def groups(asked: Asked) -> tuple[Page, ...]:
    """The measures of the section by each of its breakdowns, over the year."""
    found = []
    for slug in asked.section.by:
        for measure in asked.shares:
            name = asked.material.name(measure)
            picture = by_group(
                asked.material.groups, Breakdown.load(slug), [Lens(measure, name, says=name)],
                slug=f"{asked.slug}-{slug.replace('_', '-')}-{measure.id.lower()}", caption=asked.caption,
            )  # fmt: skip
            found.append(
                asked.page(
                    picture.title,
                    [Headline(picture.sentence)],
                    items=(picture,),
                    name=f"{slug}-{measure.id.lower()}",
                )
            )
    return tuple(found)


def quality_pages(asked: Asked) -> tuple[Page, ...]:
    """What is recorded, and what was sent, by trust."""
    section = quality(asked.material)
    told = quality_headline(asked.material)
    title = told.text.partition(";")[0] if told else "How often things are not recorded"
    blocks = [
        replace(item, slug=f"{asked.slug}-{item.slug}") for item in section.items if isinstance(item, Block)
    ]
    first = asked.page(title, [told] if told else [], items=tuple(blocks[:1]), name="stated")
    rest = [
        asked.page(block.title, [Headline(block.sentence)], items=(block,), name=block.slug)
        for block in blocks[1:]
    ]
    return (replace(first, cautions=section.cautions), *rest)


def plain(asked: Asked) -> tuple[Page, ...]:
    """The figures of the month in plain words, a sentence a measure, with whether that is usual."""
    lines = [line for measure in asked.measures if (line := _in_words(asked, measure)) is not None]
    lines = lines or [Headline("Too few people were counted for the figures to be shown.")]
    month = span(asked.material.period.key)
    block = Block(f"{asked.slug}-places", f"Borough by borough, {month}", "", _by_borough(asked))
    items = (block,) if block.table.rows else ()
    return (asked.page(f"In {month}, in all boroughs together", lines, items=items, listed=True),)


def _by_borough(asked: Asked) -> Table:
    """The percentages of every service, a row a place."""
    found = {measure.id: asked.material.now(measure, "service") for measure in asked.shares}
    names = {
        place: one.place_name
        for cells in found.values()
        for place, one in cells.items()
        if place != NOT_KNOWN
    }
    places = sorted(names, key=lambda place: names[place])
    header = ("Service of", *(asked.material.name(measure) for measure in asked.shares))
    cells = [[found[measure.id].get(place) for measure in asked.shares] for place in places]
    rows = tuple(
        (names[place], *(shown(one, measure.id) for one, measure in zip(row, asked.shares, strict=True)))
        for place, row in zip(places, cells, strict=True)
    )
    codes = tuple(("", *(one.code if one else "" for one in row)) for row in cells)
    return Table(header, rows, frozenset(range(1, len(header))), cell_codes=codes)


def _in_words(asked: Asked, measure: Measure) -> Headline | None:
    sentence = asked.material.layout.plain.get(measure.id)
    figure = next(iter(asked.material.now(measure, TOTAL).values()), None)
    if sentence is None or figure is None or figure.value is None:
        return None
    told = sentence.format(
        of_100=f"{figure.value:.0f}", people=whole(figure.numerator), out_of=whole(figure.denominator)
    )
    return Headline(f"{told} {_usual(asked, measure, figure)}".strip(), figure.code)


def _usual(asked: Asked, measure: Measure, figure: Figure) -> str:
    panel = next((one for one in asked.material.panels(measure, TOTAL)), None)
    said = verdict(panel, measure).partition(" (")[0]
    words = {
        "improvement": "That is better than usual.",
        "concern": "That is worse than usual.",
        "higher than usual": "That is more than usual.",
        "lower than usual": "That is fewer than usual.",
        "no change beyond chance": "That is about as usual.",
        "steady": "That is about as usual.",
    }
    target = asked.material.target(measure)
    if target is None or measure.statistic != "percentage":
        return words.get(said, "")
    aim = "no more than" if measure.better == "lower" else "at least"
    return f"{words.get(said, '')} The standard is {aim} {target:.0f}.".strip()


def doing(asked: Asked) -> tuple[Page, ...]:
    """What people wrote about what got worse or will miss a standard, then about anything else; where nobody did, that is
    said and nothing is made up."""
    levels = asked.material.layout.levels
    worse = [one for one in signals_of(asked.material, asked.shares, levels) if one.kind != "improvement"]
    told = [_told(asked, signal) for signal in worse]
    first = {line for lines in told for line in lines}
    others = [Headline(one.line, one.code) for one in asked.said(asked.measures)]
    rest = [line for line in others if line not in first][: asked.section.most]
    silent = [
        Headline(f"{_where(one)}: {NO_COMMENTARY.lower()}", one.figure.code)
        for one, lines in zip(worse, told, strict=True)
        if not lines
    ]
    lines = (*(line for lines in told for line in lines), *silent, *rest)
    if not lines:
        words = "No service is sure to miss a standard either, and nobody wrote anything."
        return (asked.page("Nothing got worse beyond chance", [Headline(words)]),)
    title = (
        "What people say about these figures" if first or rest else "Nobody has said yet what is being done"
    )
    return (asked.page(title, lines, listed=True),)


def _told(asked: Asked, signal: Signal) -> list[Headline]:
    said = asked.said([signal.measure], [signal.figure.place])
    return [Headline(one.line, one.code) for one in said]


def _where(signal: Signal) -> str:
    return f"{signal.panel.name}, {signal.name[:1].lower() + signal.name[1:]} ({signal.words})"


def unknown(asked: Asked) -> tuple[Page, ...]:
    """What the figures cannot say."""
    lines = [Headline(text) for text in asked.section.text]
    return (asked.page("Read these figures with care", lines, listed=True),)


def topics(asked: Asked) -> tuple[Page, ...]:
    """Each topic of a committee's tracker: the measures it opens, or that no data are held."""
    tracker = TopicList.load(asked.section.tracker)
    rows = tuple(
        (
            topic.title,
            ", ".join(measure.title for measure in topic.opens()) or "No data held",
            topic.held_in_part or topic.no_data_held,
        )
        for topic in tracker.topics
    )
    held = sum(bool(topic.measures) for topic in tracker.topics)
    title = f"Data are held on {held} of {len(tracker.topics)} topics"
    block = Block(
        f"{asked.slug}-table", "Topics", "", Table(("Topic", "Measures", "Why not, or how far"), rows)
    )
    return (asked.page(title, [Headline(f"{capital(tracker.title)}.")], items=(block,)),)


def commentary(asked: Asked) -> tuple[Page, ...]:
    """Every note that is about a figure of the pack, in full."""
    placed = asked.commentary.placed
    lines = [Headline(one.comment.line, one.comment.code) for one in placed]
    lines += [Headline(text) for text in asked.commentary.left_out]
    if not placed:
        return (
            asked.page(
                NO_COMMENTARY.rstrip("."),
                [Headline("Nobody has written about a figure of this pack."), *lines],
            ),
        )
    title = f"{len(placed)} {'note' if len(placed) == 1 else 'notes'} on figures of this pack"
    return (asked.page(title, lines, listed=True),)
