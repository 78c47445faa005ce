"""The sections on where the gap opens and on the steps of the journey."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from joinedup.charts import Picture, Table, code_of_part, figures, gap_compared, gap_waterfall, journey_steps
from joinedup.charts.gaps import label, name_of
from joinedup.charts.words import HIDDEN, capital, percent, points, whole
from joinedup.definitions import Breakdown
from joinedup.reports.content import Block, Headline, Section
from joinedup.reports.material import Gaps, Material, scanned, widest
from joinedup.reports.tables import place_name

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import GapAttribution

CAUTIONS = (
    "A stage is where a gap opens, not why. Look at what differs there, and ask people.",
    "Need before referral is not in the chain: read it with the referrals per 1,000 residents below.",
    "Groups are as recorded; what is not stated is a bound, never a finding, and people who leave early are more often not stated.",
    "Official reliable recovery (M195) is of people who finished in a period and could recover. It stands beside this figure and is never "
    "mixed with it.",
)
SHOWN = 12


def gap_headline(gaps: Gaps) -> Headline | None:
    """The widest gap in words: who, how many of 100, and how many people that is."""
    gap = widest(gaps)
    if gap is None:
        return None
    told = gap.value.sentence().split(". ")
    return Headline(f"{gap.value.headline()}. {told[0]}. {told[-1]}", code_of_part(gap))


def gap_section(material: Material, caption: str) -> Section:
    """Where the gap opens: the widest by ethnic group and by deprivation, all of them in a table, and the scan."""
    chosen = {slug: widest(gaps) for slug, gaps in material.gaps.items()}
    pictures = tuple(
        _with_official(
            material, gap, gap_waterfall(gap, slug=f"gap-{slug.replace('_', '-')}", caption=caption)
        )
        for slug, gap in chosen.items()
        if gap is not None
    )
    tables = tuple(all_gaps(slug, gaps) for slug, gaps in material.gaps.items() if gaps)
    scan = (_scan(material),) if material.scan is not None else ()
    lead = (
        "Of every 100 people referred, how many reach reliable recovery, and at which step of the journey does a group fall behind? Like is "
        "compared with like: the reference group is given the same services, ages, sexes and deprivation.",
        *material.unavailable[:1],
    )
    return Section(
        "gap",
        "Where the gap opens, and how many people are lost there",
        lead,
        (*pictures, *tables, *scan),
        CAUTIONS,
    )


def _with_official(material: Material, gap: Released[GapAttribution], picture: Picture) -> Picture:
    """The picture with the official measure of both groups beside it, which is another figure."""
    found = {f.group: f for f in figures(material.groups, measure_id="M195", breakdown=gap.value.by)}
    values = [found[name].value if name in found else None for name in gap.value.between]
    if None in values:
        return picture
    note = (
        f"Beside it, and not mixed with it: official reliable recovery (M195), of those who finished in the last year and could recover, is "
        f"{percent(values[0])} among {name_of(gap.value, gap.value.group)} and {percent(values[1])} among "
        f"{name_of(gap.value, gap.value.reference)}."
    )
    return replace(picture, notes=(*picture.notes, note))


def all_gaps(slug: str, gaps: Gaps) -> Block:
    """Every group of a breakdown against its reference, stage by stage, each number with its code."""
    leaks = [bar for bar in gaps[0].value.bars if bar.kind == "leak"]
    header = ("Group", "Referrals", "Whole gap", *map(label, leaks), "Fewer recoveries")
    breakdown = Breakdown.load(slug)
    codes = tuple(
        ("", "", code_of_part(gap), *(code_of_part(gap, bar.stage, bar.kind) for bar in leaks), "")
        for gap in gaps
    )
    sentence = (
        f"Beside {breakdown.people(gaps[0].value.reference)}; per 100 referred. An asterisk: fewer, beyond chance, after all stages were "
        "looked at."
    )
    return Block(
        f"gaps-{slug.replace('_', '-')}",
        f"Every group, stage by stage: {breakdown.title.lower()}",
        sentence,
        Table(
            header,
            tuple(_gap_row(gap.value) for gap in gaps),
            frozenset(range(1, len(header))),
            cell_codes=codes,
        ),
    )


def _gap_row(gap: GapAttribution) -> tuple[str, ...]:
    answer = gap.to_json()
    parts = [
        HIDDEN
        if part["contribution"] is None
        else points(100 * part["contribution"]) + ("*" if part["claimed"] else "")
        for bar, part in zip(gap.bars, answer["stages"], strict=True)
        if bar.kind == "leak"
    ]
    whole_gap = HIDDEN if answer["gap"] is None else points(100 * answer["gap"])
    return (
        capital(name_of(gap, gap.group).removeprefix("people recorded as ")),
        whole(answer["referrals"]["group"]),
        whole_gap,
        *parts,
        whole(answer["fewer_recoveries"]),
    )


def _scan(material: Material) -> Block:
    claims = material.scan.value.claims if material.scan else ()
    largest = sorted(claims, key=lambda claim: -(claim.bar.fewer_recoveries or 0.0))[:SHOWN]
    rows = tuple(
        (
            place_name(claim.place), claim.group, label(claim.bar),
            points(100 * (claim.bar.contribution or 0.0)), whole(claim.bar.fewer_recoveries), whole(claim.bar.extra_leavers),
        )
        for claim in largest
    )  # fmt: skip
    header = ("Service", "Group", "Stage", "Per 100 referred", "Fewer recoveries", "Extra leavers")
    by_place = {(place, gap.value.group): gap for place, gap in scanned(material.scan)}
    codes = tuple(code_of_part(by_place[c.place, c.group], c.bar.stage, c.bar.kind) for c in largest)
    more = f"the {SHOWN} with most people are shown" if len(claims) > SHOWN else "all are shown"
    sentence = (
        f"{len(claims)} stages stand out when every service, group and stage is looked at together ({more}); about one in twenty of those "
        "named may be chance."
        if claims
        else "No stage in any service stands out when all are looked at together."
    )
    return Block(
        "scan",
        "Which service, which group, which stage",
        sentence,
        Table(header, rows, frozenset({3, 4, 5}), codes),
    )


def journey_section(material: Material, caption: str) -> Section:
    """The steps of the journey for everyone; and the reference group beside the one furthest behind."""
    gap = widest(material.gaps["ethnic_group"])
    items = (
        *(
            (journey_steps(material.journey, slug="journey-steps", caption=caption),)
            if material.journey
            else ()
        ),
        *((gap_compared(gap, slug="journey-compared", caption=caption),) if gap else ()),
    )
    lead = (
        "Referrals of one year, each followed for a year. Being below the threshold at the start, or still open, is not a loss.",
    )
    return Section("journey", "The journey, step by step", lead, items)
