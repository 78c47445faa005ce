"""The sections of a pack on change: what changed, what stands out, one measure in depth, what lies ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.charts import Picture, Table, control
from joinedup.charts.words import capital, listed, percent, points, span, whole
from joinedup.definitions import Measure, Places
from joinedup.definitions.timetable import Timetable
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import Comment, Line, Page
from joinedup.reports.packs.figures import TOTAL
from joinedup.reports.packs.signals import SAID, Signal, decisions, signals_of, verdict
from joinedup.reports.tables import shown

if TYPE_CHECKING:
    from joinedup.charts.control import Panel
    from joinedup.definitions.pack_layouts import PackSection
    from joinedup.reports.packs.comments import Commentary
    from joinedup.reports.packs.figures import Material

PROPOSED = "Proposed by rule from the figures of this pack; the chair decides what goes to the meeting."
MOST_COMMENTS = 4


@dataclass(frozen=True)
class Asked:
    """One section of a pack, with all that it may use."""

    section: PackSection
    material: Material
    commentary: Commentary
    caption: str
    number: int

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures of the section: those it names, or all of the pack."""
        return tuple(Measure.load(name) for name in self.section.measures) or self.material.measures

    @property
    def shares(self) -> tuple[Measure, ...]:
        """Those that are percentages."""
        return tuple(measure for measure in self.measures if measure.statistic == "percentage")

    @property
    def slug(self) -> str:
        """A name of the section that no other of the pack has."""
        return f"s{self.number}-{self.section.kind}"

    def page(self, title: str, lines: Sequence[Headline] = (), **more: object) -> Page:
        """A page of this section."""
        name = str(more.pop("name", ""))
        slug = f"{self.slug}-{name}" if name else self.slug
        return Page(slug, self.section.heading, title, tuple(lines), cautions=(), **more)  # type: ignore[arg-type]

    def said(self, measures: Sequence[Measure], places: Sequence[str] | None = None) -> tuple[Comment, ...]:
        """Comments on these measures, at these places or anywhere."""
        return self.commentary.about([measure.id for measure in measures], places)


def deciding(asked: Asked) -> tuple[Page, ...]:
    """What the board is asked to decide."""
    found = decisions(asked.material, asked.shares, asked.section.most)
    if not found:
        return (
            asked.page(
                "Nothing in these figures asks for a decision",
                [Headline("No change beyond chance was found.")],
            ),
        )
    title = f"{capital(_number(len(found)))} {'thing' if len(found) == 1 else 'things'} to decide"
    return (asked.page(title, (*found, Headline(PROPOSED)), listed=True),)


def questions(asked: Asked) -> tuple[Page, ...]:
    """The same, as questions that members may ask."""
    found = decisions(asked.material, asked.shares, asked.section.most)
    lines = found or (Headline("The figures of this month raise no question of their own."),)
    return (asked.page("Questions that these figures raise", (*lines, Headline(PROPOSED)), listed=True),)


def changes(asked: Asked) -> tuple[Page, ...]:
    """All services together, measure by measure: this month, the month before, the average, and whether it changed."""
    material = asked.material
    before = material.months[-2].key if len(material.months) > 1 else ""
    rows, codes, changed, lines_of, items = [], [], [], dict[str, Line](), []
    for measure in asked.measures:
        panel = next(iter(material.panels(measure, TOTAL)), None)
        now, then = (next(iter(material.now(measure, TOTAL, key).values()), None) for key in ("", before))
        said = verdict(panel, measure)
        rows.append(
            (
                material.name(measure), *(shown(f, measure.id) for f in (now, then)), _average(panel, measure),
                percent(material.target(measure)) if material.target(measure) is not None else "none", capital(said),
            )
        )  # fmt: skip
        codes.append(("", now.code if now else "", then.code if then else "", "", "", ""))
        if panel is not None and said not in ("no change beyond chance", "steady"):
            changed.append(f"{_small(material.name(measure))} ({said.partition(' (')[0]})")
    header = (
        "All services together",
        span(material.period.key),
        "Month before",
        "Average of the months",
        "Standard",
        "Beyond chance?",
    )
    table = Table(header, tuple(rows), frozenset({1, 2, 3, 4}), cell_codes=tuple(codes))
    n = len(asked.measures)
    title = (
        f"{capital(_number(len(changed)))} of {n} measures changed beyond chance this month" if changed
        else f"None of {n} measures changed beyond chance this month" if n > 1
        else f"{material.name(asked.measures[0])}: no change beyond chance this month"
    )  # fmt: skip
    sentence = (
        f"Changed: {listed(changed)}."
        if changed
        else "Every measure moved by no more than its ordinary variation."
    )
    items.append(Block(f"{asked.slug}-table", "What changed, all services together", "", table))
    comments = asked.said(asked.measures, ["", TOTAL]) or None
    return (
        asked.page(title, [Headline(sentence)], items=tuple(items), lines_of=lines_of, comments=comments),
    )


def _average(panel: Panel | None, measure: Measure) -> str:
    if panel is None:
        return "too few months"
    return (
        f"{panel.limits.mean:.1f}%"
        if measure.statistic == "percentage"
        else whole(5 * round(panel.limits.mean / 5))
    )


def exceptions(asked: Asked) -> tuple[Page, ...]:
    """Every place and measure that stands out, worse first, with whether anybody has said why."""
    material, section = asked.material, asked.section
    every = signals_of(material, asked.shares, section.levels)
    found = every[: section.most]
    header = (
        "Place",
        "Measure",
        "What stands out",
        span(material.period.key),
        "Average",
        "Standard",
        "Commentary",
    )
    table = Table(
        header, tuple(_row(asked, signal) for signal in found), frozenset({3, 4, 5}),
        tuple(signal.figure.code for signal in found),
    )  # fmt: skip
    counts = {kind: sum(one.kind == kind for one in every) for kind in SAID}
    told = [f"{_number(n)} {SAID[kind]}" for kind, n in counts.items() if n]
    title = f"What stands out: {listed(told)}" if told else "No place stands out this month"
    words = [Headline("The rules are those of Making Data Count, on figures as released.")]
    if len(every) > len(found):
        words.append(
            Headline(
                f"{len(every) - len(found)} more stand out; the first {len(found)} are shown, what got worse first."
            )
        )
    items = (Block(f"{asked.slug}-table", "What stands out, by control chart", "", table),) if found else ()
    comments = asked.said(asked.shares, [one.figure.place for one in found]) if found else None
    return (asked.page(title, words, items=items, comments=comments),)


def _row(asked: Asked, signal: Signal) -> tuple[str, ...]:
    told = asked.said([signal.measure], [signal.figure.place])
    target = percent(signal.target) if signal.target is not None else "none"
    return (
        signal.panel.name, signal.name, capital(signal.words), percent(signal.figure.value),
        f"{signal.panel.limits.mean:.1f}%", target, "given" if told else "none given",
    )  # fmt: skip


def measure_pages(asked: Asked) -> tuple[Page, ...]:
    """Control charts of the measures with most to show: first those where a place stands out."""
    counts = {measure.id: 0 for measure in asked.shares}
    for signal in signals_of(asked.material, asked.shares, ("service",)):
        counts[signal.measure.id] += 1 if signal.kind != "missed" else 0
    chosen = sorted(asked.shares, key=lambda measure: -counts[measure.id])[: asked.section.most]
    return tuple(_measure_page(asked, measure) for measure in chosen)


def _measure_page(asked: Asked, measure: Measure) -> Page:
    material = asked.material
    target = material.target(measure)
    picture = control(
        material.narrowed(measure, "service"), measure, slug=f"{asked.slug}-{measure.id.lower()}",
        caption=asked.caption, target=target, name=material.name(measure),
    )  # fmt: skip
    if not picture.table.rows:
        return asked.page(
            f"{material.name(measure)}: too few months to chart",
            [Headline(picture.sentence)],
            name=measure.id.lower(),
        )
    return asked.page(
        picture.title, [Headline(picture.sentence)], items=(picture,), comments=asked.said([measure]),
        name=measure.id.lower(),
    )  # fmt: skip


def place_pages(asked: Asked) -> tuple[Page, ...]:
    """A page a place: what stands out there, its figures, and the chart of the measure that stands out most."""
    material = asked.material
    names = {
        figure.place: figure.place_name
        for level in asked.section.levels
        for measure in asked.measures
        for figure in material.now(measure, level).values()
        if figure.place != "not_known" and _known(figure.place)
    }
    order = sorted(names, key=lambda place: names[place])
    return tuple(_place_page(asked, place, names[place]) for place in order)


def _known(place: str) -> bool:
    return any(one.code == place for one in Places.load().places)


def _place_page(asked: Asked, place: str, name: str) -> Page:
    material, level = asked.material, asked.section.levels[0]
    found = [s for s in signals_of(material, asked.shares, asked.section.levels) if s.figure.place == place]
    panels = {
        measure.id: panel
        for measure in asked.measures
        for panel in material.panels(measure, level)
        if panel.figures[-1].place == place
    }
    lines = [
        Headline(f"{one.name}: {one.words}, at {percent(one.figure.value)}.", one.figure.code)
        for one in found
    ]
    lines = lines or [Headline("Nothing changed beyond chance, and no standard is sure to be missed.")]
    items, native = [_figures_of(asked, place, name, panels)], dict[str, Line]()
    wanted = (*(one.measure for one in found), *reversed(asked.shares))
    chosen = next((measure for measure in wanted if measure.id in panels), None)
    if chosen is not None:
        picture = _chart_of(asked, chosen, panels[chosen.id], place)
        items.append(picture)
        native[picture.slug] = line_of(panels[chosen.id], material.target(chosen))
    title = f"{name}: {_place_finding(found)}"
    comments = asked.said(asked.measures, [place])
    return asked.page(
        title, lines, items=tuple(items), lines_of=native, comments=comments, beside=True, name=place.lower()
    )


def _chart_of(asked: Asked, measure: Measure, panel: Panel, place: str) -> Picture:
    """The control chart of one place."""
    material, target = asked.material, asked.material.target(measure)
    released = material.narrowed(measure, asked.section.levels[0])
    picture = control(
        replace(released, value=released.value.only(place=place)), measure, caption=asked.caption, target=target,
        name=material.name(measure), slug=f"{asked.slug}-{place.lower()}-{measure.id.lower()}",
    )  # fmt: skip
    title = f"{material.name(measure)}, {panel.name}, month by month"
    return replace(picture, title=title, sentence=_expected(panel, target, measure))


def _expected(panel: Panel, target: float | None, measure: Measure) -> str:
    """The average, ordinary variation, and whether the standard will be met if nothing changes."""
    lower, upper = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
    told = f"The average of the months is {panel.limits.mean:.1f}%; {lower:.0f}% to {upper:.0f}% is ordinary variation."
    if target is None:
        return told
    met = panel.standard(target, measure.better).brief
    how = f"{met} every month" if met in ("met", "missed") else "met or missed by chance"
    return f"{told} As things stand the standard of {percent(target)} will be {how}."


def _place_finding(found: Sequence[Signal]) -> str:
    told = []
    for kind, words in (
        ("concern", "worse in"),
        ("improvement", "better in"),
        ("missed", "short of the standard for"),
    ):
        names = [_small(one.name) for one in found if one.kind == kind]
        if names:
            told.append(f"{words} {listed(names)}")
    return "; ".join(told) if told else "no change beyond chance"


def _figures_of(asked: Asked, place: str, name: str, panels: dict[str, Panel]) -> Block:
    material, level = asked.material, asked.section.levels[0]
    rows, codes = [], []
    for measure in asked.measures:
        figure = material.now(measure, level).get(place)
        together = next(iter(material.now(measure, TOTAL).values()), None)
        target = material.target(measure)
        rows.append(
            (
                material.name(measure), shown(figure, measure.id), _average(panels.get(measure.id), measure),
                shown(together, measure.id), percent(target) if target is not None else "none",
            )
        )  # fmt: skip
        codes.append(("", figure.code if figure else "", "", together.code if together else "", ""))
    header = ("Measure", span(material.period.key), "Average", "All services", "Standard")
    table = Table(header, tuple(rows), frozenset({1, 2, 3, 4}), cell_codes=tuple(codes))
    return Block(f"{asked.slug}-{place.lower()}-figures", f"{name} in figures", "", table)


def line_of(panel: Panel, target: float | None) -> Line:
    """A control chart of one place as the data of a native chart."""
    lower, upper = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
    values = [float(figure.value or 0.0) for figure in panel.figures]
    drawn = [*values, lower, upper, *([target] if target is not None else [])]
    return Line(
        panel.name, tuple(f"{figure.start:%b %y}" for figure in panel.figures), tuple(values), panel.kinds,
        round(panel.limits.mean, 1), round(lower, 1), round(upper, 1), target,
        max(5.0 * ((min(drawn) - 1) // 5), 0.0), min(5.0 * ((max(drawn) + 6) // 5), 100.0),
    )  # fmt: skip


def outlook(asked: Asked) -> tuple[Page, ...]:
    """Where next month's figures will fall if nothing changes, standards to come, and when the next returns are due."""
    material = asked.material
    rows, codes = [], []
    for measure in asked.shares:
        for panel in material.panels(measure, TOTAL):
            low, high = max(panel.limits.lower, 0.0), min(panel.limits.upper, 100.0)
            target = material.target(measure)
            met = panel.standard(target, measure.better).brief if target is not None else "none"
            rows.append(
                (
                    material.name(measure),
                    percent(panel.figures[-1].value),
                    f"{low:.0f}% to {high:.0f}%",
                    percent(target) if target is not None else "none",
                    met,
                )
            )
            codes.append(panel.figures[-1].code)
    header = ("All services together", "Now", "Next month, if nothing changes", "Standard", "Will it be met?")
    block = Block(
        f"{asked.slug}-table",
        "What to expect",
        "",
        Table(header, tuple(rows), frozenset({1, 2, 3}), tuple(codes)),
    )
    lines = [*_standards_to_come(asked), *_returns_due(material)]
    return (
        asked.page(
            "If nothing changes, next month will look like this one", lines, items=(block,) if rows else ()
        ),
    )


def _standards_to_come(asked: Asked) -> list[Headline]:
    end = asked.material.period.end
    return [
        Headline(f"{asked.material.name(measure)}: the standard becomes {percent(float(one.value))} on {one.start:%-d %B %Y} ({points(float(one.value) - now)} points).")
        for measure in asked.shares
        for now in (asked.material.target(measure),)
        for one in measure.standard
        if now is not None and end < one.start and (one.start - end).days <= 400
    ]  # fmt: skip


def _returns_due(material: Material) -> list[Headline]:
    timetable = Timetable.load("talking_therapies")
    due = timetable.dues(material.period.key)
    surely = "" if timetable.certainty == "known" else " (days assumed)"
    told = [f"the {one.kind} return of {span(one.period)} by {one.due:%-d %B %Y}" for one in due]
    return [Headline(f"Due: {listed(told)}{surely}.")] if told else []


def _number(n: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[n] if n < len(words) else str(n)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
