"""A pack of one month: its layout, its figures and what people wrote, made into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from joinedup.charts.words import span, whole
from joinedup.definitions.pack_layouts import PackLayout
from joinedup.errors import YourCommand
from joinedup.reports.content import Headline
from joinedup.reports.packs import chart_sections, more_sections, outlook, sections
from joinedup.reports.packs.comments import Commentary, commentary_of
from joinedup.reports.packs.content import Pack, Page
from joinedup.reports.packs.figures import Material, gather

if TYPE_CHECKING:
    from joinedup.reports.packs.notes import Note

Progress = Callable[[str, int, int], None]
KINDS: Mapping[str, Callable[[sections.Asked], tuple[Page, ...]]] = MappingProxyType(
    {
        "changes": sections.changes,
        "commentary": more_sections.commentary,
        "decisions": sections.deciding,
        "doing": more_sections.doing,
        "exceptions": sections.exceptions,
        "gap": more_sections.gap,
        "groups": more_sections.groups,
        "measure": chart_sections.measure_pages,
        "outlook": outlook.outlook,
        "places": chart_sections.place_pages,
        "plain": more_sections.plain,
        "quality": more_sections.quality_pages,
        "questions": sections.questions,
        "topics": more_sections.topics,
        "unknown": more_sections.unknown,
    }
)
ON_THE_COVER = 3
FOOTNOTES = (
    "Official measures are counted by their national date, usually discharge. The gap follows referrals received in a year, with people still open "
    "counted as open. The two are never mixed.",
    "Limits of control charts are computed from the figures as released, after NHS England, Making Data Count (XmR).",
    "People without a second questionnaire stay in the denominator of recovery and count as not recovered.",
    "Every number with a ten-character code can be opened: joinedup trace CODE --registry the file beside this one.",
)


def make_pack(
    lake: Path,
    layout: PackLayout | str,
    period: str,
    *,
    notes: Sequence[Note] = (),
    measure: str | None = None,
    as_known: date | None = None,
    progress: Progress | None = None,
) -> Pack:
    """The pack of a month (`2026-03`) of a lake. `measure` makes the pack about that one alone.

    The same lake, layout, month and notes give the same pack. Raises UnknownName, YourCommand for a month not held.
    """
    show = progress or (lambda step, done, total: None)
    chosen = PackLayout.load(layout) if isinstance(layout, str) else layout
    if measure is not None:
        chosen = chosen.of_measure(measure)
    step = "Calculating and releasing"
    show(step, 0, len(chosen.sections) + 1)
    material = gather(lake, chosen, period, as_known=as_known)
    show(step, 1, len(chosen.sections) + 1)
    commentary = commentary_of(notes, material)
    pages: list[Page] = []
    for number, section in enumerate(chosen.sections, start=1):
        asked = sections.Asked(section, material, commentary, caption_of(material), number)
        pages += KINDS[section.kind](asked)
        show(step, number + 1, len(chosen.sections) + 1)
    return _pack(material, commentary, distinct(pages))


def _pack(material: Material, commentary: Commentary, pages: tuple[Page, ...]) -> Pack:
    layout, month = material.layout, span(material.period.key)
    about = f", {material.name(material.measures[0])}" if len(material.measures) == 1 else ""
    return Pack(
        slug=layout.slug,
        title=layout.title,
        subtitle=f"{month}{about}",
        readers=layout.readers,
        purpose=layout.purpose,
        asked=_asked(pages),
        pages=pages,
        facts=facts(material),
        footnotes=FOOTNOTES,
        caption=caption_of(material),
        moment=material.moment,
        registry=material.registry,
        snapshot=int(material.journeys.snapshot or 0),
        left_out=commentary.left_out,
    )


def _asked(pages: Iterable[Page]) -> tuple[Headline, ...]:
    """What stands on the cover: the first decisions, where the pack asks for any."""
    lines = [line for page in pages if page.listed and "-decisions" in page.slug for line in page.lines]
    return tuple(line for line in lines if line.text != sections.PROPOSED)[:ON_THE_COVER]


def caption_of(material: Material) -> str:
    """Source, state of the lake, and what is hidden."""
    return (
        f"Source: returns to {material.journeys.last_day:%-d %B %Y}, state {material.journeys.snapshot} of the lake. "
        "Counts of 0 to 4 are hidden to protect people, others are to the nearest 5."
    )


def facts(material: Material) -> tuple[tuple[str, str], ...]:
    """What the pack stands on."""
    journeys, first = material.journeys, material.months[0]
    return (
        ("Month", span(material.period.key)),
        ("Months charted", f"{first.start:%B %Y} to {material.period.end:%B %Y}"),
        ("Returns held", f"{journeys.first_day:%-d %B %Y} to {journeys.last_day:%-d %B %Y}"),
        ("State of the lake", f"{journeys.snapshot}, written {material.moment:%-d %B %Y}"),
        ("Rule of pathways", journeys.rule),
        ("Release", "nhs-england: counts of 0 to 4 hidden, others to the nearest 5, everything else computed from those"),
        ("Layout", f"{material.layout.slug}, version {material.layout.version}"),
        ("Numbers that can be opened", whole(len(material.registry))),
    )  # fmt: skip


def distinct(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Titles that are alike get a number: readers who hear a pack find their way by them. Raises YourCommand without pages."""
    if not pages:
        raise YourCommand("The layout makes no page.", remedy="Add sections to it.")
    seen: dict[str, int] = {}
    found = []
    for page in pages:
        seen[page.title] = seen.get(page.title, 0) + 1
        n = seen[page.title]
        found.append(page if n == 1 else replace(page, title=f"{page.title} ({n})"))
    return tuple(found)
