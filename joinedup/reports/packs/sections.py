"""The sections of a pack on change: what changed, what stands out, one measure in depth, what lies ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.charts import Table
from joinedup.charts.words import capital, listed, percent, span, whole
from joinedup.definitions import Measure
from joinedup.reports.asked import TOTAL
from joinedup.reports.content import Block, Headline
from joinedup.reports.packs.content import Comment, Page
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
    title = f"{capital(in_words(len(found)))} {'thing' if len(found) == 1 else 'things'} to decide"
    return (asked.page(title, (*found, Headline(PROPOSED)), listed=True),)


def questions(asked: Asked) -> tuple[Page, ...]:
    """The same, as questions that members may ask."""
    found = decisions(asked.material, asked.shares, asked.section.most)
    lines = found or (Headline("The figures of this month raise no question of their own."),)
    return (asked.page("Questions that these figures raise", (*lines, Headline(PROPOSED)), listed=True),)


def changes(asked: Asked) -> tuple[Page, ...]:
    """All services together, measure by measure: this month, the month before, the average, and whether it changed."""
    material, n = asked.material, len(asked.measures)
    rows, codes, changed = [], [], []
    for measure in asked.measures:
        row, own = _change(material, measure)
        rows.append(row)
        codes.append(own)
        if row[-1] not in UNCHANGED:
            changed.append(f"{small(row[0])} ({small(row[-1]).partition(' (')[0]})")
    month = span(material.period.key)
    header = ("All services together", month, "Month before", "Average", "Standard", "Beyond chance?")
    table = Table(header, tuple(rows), frozenset({1, 2, 3, 4}), cell_codes=tuple(codes))
    title = (
        f"{capital(in_words(len(changed)))} of {n} measures changed beyond chance this month" if changed
        else f"None of {n} measures changed beyond chance this month"
    )  # fmt: skip
    if n == 1:
        title = f"{rows[0][0]}: {small(rows[0][-1])} this month"
    none = f"{'It' if n == 1 else 'Every measure'} moved by no more than its ordinary variation."
    block = Block(f"{asked.slug}-table", "What changed, all services together", "", table)
    comments = asked.said(asked.measures, ["", TOTAL]) or None
    lines = [Headline(f"Changed: {listed(changed)}." if changed else none)]
    return (asked.page(title, lines, items=(block,), comments=comments),)


UNCHANGED = ("No change beyond chance", "Steady", "Too few months")


def _change(material: Material, measure: Measure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The row of a measure in the table of changes, and the codes of its cells."""
    panel = next(iter(material.panels(measure, TOTAL)), None)
    keys = ("", *(period.key for period in material.months[-2:-1]))
    found = [next(iter(material.now(measure, TOTAL, key).values()), None) for key in keys]
    now, then = (*found, None)[:2]
    target = material.target(measure)
    cells = (
        material.name(measure), shown(now, measure.id), shown(then, measure.id), average(panel, measure),
        percent(target) if target is not None else "none", capital(verdict(panel, measure)),
    )  # fmt: skip
    return cells, ("", now.code if now else "", then.code if then else "", "", "", "")


def average(panel: Panel | None, measure: Measure) -> str:
    """The average of the months in words; of numbers of people to the nearest 5, as they are shown."""
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
    told = [f"{in_words(n)} {SAID[kind]}" for kind, n in counts.items() if n]
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


def in_words(n: int) -> str:
    """A small number as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[n] if n < len(words) else str(n)


def small(name: str) -> str:
    """The same with its first letter small, to stand within a sentence."""
    return name[:1].lower() + name[1:]
