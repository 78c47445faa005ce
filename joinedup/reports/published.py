"""The report on published figures: the same questions asked of what everybody can download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from joinedup.charts import Table, gap_waterfall
from joinedup.charts.trends import trend
from joinedup.charts.words import HIDDEN, capital, percent, points, whole
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.disclosure import Released, release
from joinedup.equity import GapAttribution
from joinedup.equity.published import published_gaps
from joinedup.errors import UnknownFigures
from joinedup.measures import MeasureResult, from_published
from joinedup.reports.content import Block, Headline, Report, Section
from joinedup.reports.gap_sections import widest
from joinedup.returns.published import PublishedFigures, read_published

Progress = Callable[[str, int, int], None]
Gaps = tuple[tuple[str, Released[GapAttribution]], ...]
TRENDS = ("M195", "M186", "M192", "M001", "M076")
CAUTIONS = (
    "Published counts are flows of a year, not one cohort: people who finish in a year are not those referred in it.",
    "Counts below England are rounded to 5 and those of 0 to 4 are hidden; percentages are whole per cents of unrounded counts.",
    "Services see different people: nothing here allows for that.",
)


def report_of_published(file: Path, *, progress: Progress | None = None) -> Report:
    """The comparison report on an annual file, for the services of the places definitions.

    Raises UnknownFigures for a file without annual figures of these services.
    """
    show = progress or (lambda step, done, total: None)
    show("Reading published figures", 0, 3)
    every = read_published(file)
    years = sorted(
        {
            key
            for key in every.table["period"].unique().to_pylist()
            if Period.parse(key).kind == "financial_year"
        }
    )
    if not years:
        raise UnknownFigures(
            f"{file.name} holds no annual figures.", file=file.name, remedy="Give the annual file."
        )
    services = [service.code for service in Places.load().services(Period.parse(years[-1]).start)]
    figures = every.select(org_codes=services)
    show("Reading published figures", 1, 3)
    totals = release(from_published(figures.select(breakdown="total", measures=TRENDS)), "as-published")
    gaps = {slug: _gaps(figures, slug, years[-1]) for slug in ("ethnic_group", "deprivation_decile")}
    show("Reading published figures", 3, 3)
    caption = f"Source: NHS England, NHS Talking Therapies annual statistics, {years[0]} to {years[-1]} ({file.name}). Open Government Licence v3.0."
    registry = dict(totals.registry)
    for found in gaps.values():
        for _, gap in found:
            registry |= gap.registry
    return Report(
        title="NHS Talking Therapies: what the published figures say",
        subtitle=f"Eight services, {years[0]} to {years[-1]}",
        headlines=_headlines(gaps),
        sections=(
            *(_gap_section(slug, found, caption) for slug, found in gaps.items() if found),
            _trends(totals, caption),
            _by_group(figures, years[-1]),
        ),
        facts=(
            ("Years", f"{years[0]} to {years[-1]}"),
            ("File", file.name),
            ("Services", str(len(services))),
            ("Release", "as published"),
        ),
        footnotes=("Contains public sector information licensed under the Open Government Licence v3.0.",),
        registry=registry,
    )


def _gaps(figures: PublishedFigures, slug: str, year: str) -> Gaps:
    """Gaps of every group, all services together and each; a file without the breakdown has none."""
    from joinedup.errors import UnknownName

    try:
        return tuple(
            (place, release(gap, "as-published"))
            for place, gap in published_gaps(figures, by=slug, period=year)
        )
    except UnknownName:
        return ()


def _together(gaps: Gaps) -> tuple[Released[GapAttribution], ...]:
    return tuple(gap for place, gap in gaps if place == "All services")


def _headlines(gaps: dict[str, Gaps]) -> tuple[Headline, ...]:
    found = []
    for pairs in gaps.values():
        gap = widest(_together(pairs))
        if gap is not None:
            told = gap.value.sentence().split(". ")
            found.append(
                Headline(f"{gap.value.headline()}. {told[0]}. {told[-1]}", next(iter(gap.registry), ""))
            )
    return tuple(found)


def _gap_section(slug: str, gaps: Gaps, caption: str) -> Section:
    breakdown = Breakdown.load(slug)
    gap = widest(_together(gaps))
    pictures = (
        () if gap is None else (gap_waterfall(gap, slug=f"flows-{slug.replace('_', '-')}", caption=caption),)
    )
    lead = (
        "Finished per referral, able to recover, and reliable recovery per person who finished and could recover.",
    )
    return Section(
        f"gap-{slug}",
        f"Where the gap opens: {breakdown.title.lower()}",
        lead,
        (*pictures, _gap_table(slug, gaps)),
        CAUTIONS,
    )


def _gap_table(slug: str, gaps: Gaps) -> Block:
    rows = []
    for place, released in gaps:
        gap, answer = released.value, released.value.to_json()
        parts = [
            _hundred(part["contribution"]) + ("*" if part["claimed"] else "") for part in answer["stages"]
        ]
        rows.append(
            (
                place,
                gap.group,
                whole(gap.referrals[0]) if gap.gap is not None else HIDDEN,
                _hundred(answer["gap"]),
                *parts,
                whole(answer["fewer_recoveries"]),
            )
        )
    stages = [capital(bar.title) for bar in gaps[0][1].value.bars]
    reference = Breakdown.load(slug).people(gaps[0][1].value.reference)
    header = ("Service", "Group", "Referrals", "Whole gap", *stages, "Fewer recoveries")
    sentence = (
        f"Beside {reference}; per 100 referred. An asterisk: it stands out after all stages were looked at."
    )
    return Block(
        f"flows-{slug.replace('_', '-')}-table",
        "Every service and group",
        sentence,
        Table(header, tuple(rows), frozenset(range(2, len(header)))),
    )


def _hundred(value: float | None) -> str:
    return HIDDEN if value is None else points(100 * value)


def _trends(totals: Released[MeasureResult], caption: str) -> Section:
    pictures = tuple(
        trend(totals, Measure.load(name), slug=f"trend-{name.lower()}", caption=caption) for name in TRENDS
    )
    lead = ("Each service over the years that were published.",)
    return Section("trends", "How it has changed", lead, pictures, CAUTIONS[1:])


def _by_group(figures: PublishedFigures, year: str) -> Section:
    """Reliable recovery by service and ethnic group, as published."""
    breakdown = Breakdown.load("ethnic_group")
    chosen = figures.select(breakdown="ethnic_group", periods=[year], measures=["M195"]).table.to_pylist()
    cells = {
        (row["org_code"], row["group"]): row["value"] for row in chosen if row["statistic"] == "percentage"
    }
    places = Places.load()
    codes = sorted({code for code, _ in cells}, key=lambda code: places.name(code, short=True))
    rows = tuple(
        (
            places.name(code, short=True),
            *(percent(cells.get((code, group))) for group in breakdown.group_names),
        )
        for code in codes
    )
    table = Table(
        ("Service", *breakdown.group_names), rows, frozenset(range(1, len(breakdown.group_names) + 1))
    )
    block = Block(
        "published-by-group",
        f"Reliable recovery by ethnic group, {year}",
        "Whole per cents, as published; hidden where fewer than 5 recovered.",
        table,
    )
    return Section(
        "groups",
        "Reliable recovery by service and ethnic group",
        ("Small groups in single services move by chance: look at the limits first.",),
        (block,),
    )
