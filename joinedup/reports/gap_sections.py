"""The sections on where the gap opens and on the steps of the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joinedup.charts import Table, gap_waterfall, journey_steps
from joinedup.charts.words import HIDDEN, capital, points, whole
from joinedup.definitions import Breakdown, Places
from joinedup.reports.content import Block, Headline, Section
from joinedup.reports.material import Material

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.equity import GapAttribution

CAUTIONS = (
    "A stage is where a gap opens, not why. Look at what differs there, and ask people.",
    "Need before referral is not in the chain.",
    "Groups are as recorded; what is not stated is a bound, never a finding, and people who leave early are more often not stated.",
    "Official reliable recovery (M195) is of people who finished in a period and could recover. It stands beside this figure and is never mixed with it.",
)


def widest(gaps: tuple[Released[GapAttribution], ...]) -> Released[GapAttribution] | None:
    """The gap with the most recoveries missing per referral among those that can be shown."""
    shown = [gap for gap in gaps if gap.value.gap is not None and gap.value.gap < 0]
    return min(shown, key=lambda gap: gap.value.gap or 0.0, default=None)


def gap_headline(material: Material) -> Headline | None:
    """The widest ethnic gap in one sentence."""
    gap = widest(material.gaps["ethnic_group"])
    if gap is None:
        return None
    code = next(iter(gap.registry), "")
    told = gap.value.sentence().split(". ")
    return Headline(f"{gap.value.headline()}. {told[0]}. {told[-1]}", code)


def gap_section(material: Material, caption: str) -> Section:
    """Where the gap opens: the widest by ethnic group and by deprivation, all of them in a table, and the scan."""
    chosen = {slug: widest(gaps) for slug, gaps in material.gaps.items()}
    pictures = tuple(
        gap_waterfall(gap, slug=f"gap-{slug.replace('_', '-')}", caption=caption)
        for slug, gap in chosen.items()
        if gap is not None
    )
    tables = tuple(_all_gaps(material, slug) for slug, gaps in material.gaps.items() if gaps)
    scan = (_scan(material),) if material.scan is not None else ()
    lead = (
        "Of every 100 people referred, how many reach reliable recovery, and at which step of the journey does a group fall behind? Like is compared with "
        "like: the reference group is given the same services, ages, sexes and deprivation.",
        *material.unavailable[:1],
    )
    return Section(
        "gap",
        "Where the gap opens, and how many people are lost there",
        lead,
        (*pictures, *tables, *scan),
        CAUTIONS,
    )


def _all_gaps(material: Material, slug: str) -> Block:
    gaps = material.gaps[slug]
    leaks = [bar.title for bar in gaps[0].value.bars if bar.kind == "leak"]
    rows = tuple(_gap_row(gap.value) for gap in gaps)
    header = ("Group", "Referrals", "Whole gap", *map(capital, leaks), "Fewer recoveries")
    breakdown = Breakdown.load(slug)
    beside = breakdown.people(gaps[0].value.reference)
    sentence = (
        f"Beside {beside}; per 100 referred. An asterisk: it stands out after all stages were looked at."
    )
    return Block(
        f"gaps-{slug.replace('_', '-')}",
        f"Every group, stage by stage: {breakdown.title.lower()}",
        sentence,
        Table(header, rows, frozenset(range(1, len(header)))),
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
        gap.group,
        whole(answer["referrals"]["group"]),
        whole_gap,
        *parts,
        whole(answer["fewer_recoveries"]),
    )


def _scan(material: Material) -> Block:
    places = Places.load()
    claims = material.scan.value.claims if material.scan else ()
    rows = tuple(
        (
            places.name(claim.place, material.year.end, short=True), claim.group, capital(claim.bar.title),
            points(100 * (claim.bar.contribution or 0.0)), whole(claim.bar.fewer_recoveries), whole(claim.bar.extra_leavers),
        )
        for claim in claims[:15]
    )  # fmt: skip
    header = ("Service", "Group", "Stage", "Per 100 referred", "Fewer recoveries", "Extra leavers")
    sentence = (
        f"{len(claims)} stages stand out among all services, groups and stages looked at together; about one in twenty of those named may be chance."
        if claims
        else "No stage in any service stands out when all are looked at together."
    )
    return Block(
        "scan", "Which service, which group, which stage", sentence, Table(header, rows, frozenset({3, 4, 5}))
    )


def journey_section(material: Material, caption: str) -> Section:
    """The steps of the journey for the reference group and for the group furthest behind."""
    gap = widest(material.gaps["ethnic_group"])
    items = () if gap is None else (
        journey_steps(gap, slug="journey-reference", caption=caption),
        journey_steps(gap, slug="journey-group", caption=caption, group=True),
    )  # fmt: skip
    lead = (
        "Referrals of one year, each followed for a year. Being below caseness at the start, or still open, is not a loss.",
    )
    return Section("journey", "The journey, step by step", lead, items)
