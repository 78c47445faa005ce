"""The report on a lake: who gets in, how long they wait, who gets better, and where a gap opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from joinedup.charts import figures
from joinedup.charts.words import percent, whole
from joinedup.definitions import Measure
from joinedup.reports.content import Headline, Report
from joinedup.reports.gap_sections import gap_headline, gap_section, journey_section
from joinedup.reports.material import Material, Progress, gather, target
from joinedup.reports.over_time import spread_section
from joinedup.reports.quality import quality, quality_headline
from joinedup.reports.sections import access, groups, outcomes, waits


def report_of_lake(
    lake: Path, *, as_known: date | None = None, engine: str = "duckdb", progress: Progress | None = None
) -> Report:
    """The report on NHS Talking Therapies in a lake, as it was known on a day. Raises as `gather` does."""
    material = gather(lake, as_known=as_known, engine=engine, progress=progress)
    caption = caption_of(material)
    spread = spread_section(material.over_time, caption)
    return Report(
        title="NHS Talking Therapies: access, waits, outcomes, and where gaps open",
        subtitle=f"Eight services, {material.year.start:%B %Y} to {material.year.end:%B %Y}, from the monthly returns",
        headlines=headlines(material),
        sections=(
            gap_section(material, caption),
            access(material, caption),
            waits(material, caption),
            outcomes(material, caption),
            groups(material, caption),
            *((spread,) if spread is not None else ()),
            journey_section(material, caption),
            quality(material),
        ),
        facts=facts(material),
        footnotes=FOOTNOTES,
        registry=material.registry,
    )


def caption_of(material: Material) -> str:
    """Source, state of the lake, and what is hidden."""
    return (
        f"Source: returns to {material.journeys.last_day:%-d %B %Y}, state {material.journeys.snapshot} of the lake. "
        "Counts of 0 to 4 are hidden to protect people, others are to the nearest 5."
    )


def headlines(material: Material) -> tuple[Headline, ...]:
    """Three or four findings: the gap, the wait, the outcome beside its standard, and how sure the data are."""
    found = [
        gap_headline(material.gaps["ethnic_group"]),
        _wait(material),
        _outcome(material),
        quality_headline(material),
    ]
    return tuple(headline for headline in found if headline is not None)


def _outcome(material: Material) -> Headline | None:
    measure = Measure.load("M195")
    whole_area = [
        f for f in figures(material.yearly, measure_id="M195", level="total") if f.value is not None
    ]
    if not whole_area:
        return None
    here, standard = whole_area[0], target(measure, material.year.end)
    beside = f", against a standard of {percent(standard)}" if standard is not None else ""
    return Headline(
        f"{percent(here.value)} of people who finished a course and could recover did so reliably{beside}: "
        f"{whole(here.numerator)} of {whole(here.denominator)} people.",
        here.code,
    )


def _wait(material: Material) -> Headline | None:
    found = [f for f in figures(material.yearly, measure_id="M047", level="total") if f.value is not None]
    if not found:
        return None
    first = next((f for f in figures(material.yearly, measure_id="M053", level="total")), None)
    six = (
        f" {percent(first.value)} began within six weeks, the standard being 75%."
        if first and first.value is not None
        else ""
    )
    return Headline(
        f"{percent(found[0].value)} waited more than 90 days between their first and second treatment.{six}",
        found[0].code,
    )


def facts(material: Material) -> tuple[tuple[str, str], ...]:
    """What the report stands on."""
    journeys = material.journeys
    return (
        ("Period", f"{material.year.start:%-d %B %Y} to {material.year.end:%-d %B %Y}"),
        ("Returns held", f"{journeys.first_day:%-d %B %Y} to {journeys.last_day:%-d %B %Y}"),
        ("State of the lake", str(journeys.snapshot)),
        ("Rule of pathways", journeys.rule),
        (
            "Release",
            "nhs-england: counts of 0 to 4 hidden, others to the nearest 5, everything else computed from those",
        ),
        ("Numbers that can be opened", whole(len(material.registry))),
    )


FOOTNOTES = (
    "Official measures are counted by their national date, usually discharge. The gap follows referrals received in a period, with people still open "
    "counted as open. The two are never mixed.",
    "People without a second questionnaire stay in the denominator of recovery and count as not recovered: read outcomes with the pairing rates.",
    "The rules of the return that were run are those of version 2.0, the last that is public; the return itself is version 2.1.",
    "The national rule that joins referrals into pathways is not public. Ours is named above; small differences from published figures are to be expected.",
)
