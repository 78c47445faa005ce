"""The report on published figures: the same questions asked of what everybody can download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from joinedup.charts import Table, code_of_part, figures, gap_registry, gap_waterfall, trend
from joinedup.charts.words import HIDDEN, percent, points
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.disclosure import Released, entries_of, release
from joinedup.equity import GapAttribution
from joinedup.equity.published import published_gaps
from joinedup.errors import UnknownFigures, UnknownName, YourCommand
from joinedup.measures import MeasureResult, from_published
from joinedup.reports.content import Block, Headline, Report, Section
from joinedup.reports.gap_sections import all_gaps, gap_headline
from joinedup.reports.material import widest
from joinedup.returns.published import PublishedFigures, read_published

Progress = Callable[[str, int, int], None]
Gaps = tuple[tuple[str, Released[GapAttribution]], ...]
TRENDS = ("M195", "M186", "M001", "M076")
BREAKDOWNS = ("ethnic_group", "deprivation_decile")
TOGETHER = "All services"
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
        key
        for key in every.table["period"].unique().to_pylist()
        if Period.parse(key).kind == "financial_year"
    )
    if not years:
        raise UnknownFigures(
            f"{file.name} holds no annual figures.", file=file.name, remedy="Give the annual file."
        )
    services = [service.code for service in Places.load().services(Period.parse(years[-1]).start)]
    held = every.select(org_codes=services, renamed=True)
    show("Reading published figures", 1, 3)
    try:
        totals = release(from_published(held.select(breakdown="total"), TRENDS), "as-published")
    except YourCommand as error:
        raise UnknownFigures(
            f"{file.name} has no figures of these services.",
            file=file.name,
            remedy="Give the annual file for England.",
        ) from error
    gaps = {slug: _gaps(held, slug, years[-1]) for slug in BREAKDOWNS}
    by_group = {slug: _by_group(held, slug, years[-1]) for slug in BREAKDOWNS}
    show("Reading published figures", 3, 3)
    caption = f"Source: NHS England, NHS Talking Therapies annual statistics, {years[0]} to {years[-1]} ({file.name}). Open Government Licence v3.0."
    return Report(
        title="NHS Talking Therapies: what the published figures say",
        subtitle=f"{len(services)} services, {years[0]} to {years[-1]}",
        headlines=_headlines(gaps, totals, years[-1]),
        sections=(
            *(_gap_section(slug, found, caption) for slug, found in gaps.items() if found),
            _trends(totals, caption),
            _group_section(by_group, years[-1]),
        ),
        facts=(
            ("Years", f"{years[0]} to {years[-1]}"),
            ("File", file.name),
            ("Services", str(len(services))),
            ("Release", "as published: these figures are public already"),
        ),
        footnotes=("Contains public sector information licensed under the Open Government Licence v3.0.",),
        registry=_registry(totals, gaps, by_group),
    )  # fmt: skip


def _registry(
    totals: Released[MeasureResult],
    gaps: dict[str, Gaps],
    by_group: dict[str, Released[MeasureResult] | None],
) -> dict[str, object]:
    found: dict[str, object] = {}
    for released in (totals, *by_group.values()):
        if released is not None:
            found |= entries_of(released)
    for pairs in gaps.values():
        for _, gap in pairs:
            found |= gap_registry(gap)
    return found


def _gaps(held: PublishedFigures, slug: str, year: str) -> Gaps:
    """Gaps of every group, all services together and each; a file without the breakdown has none."""
    try:
        return tuple(
            (place, release(gap, "as-published")) for place, gap in published_gaps(held, by=slug, period=year)
        )
    except UnknownName:
        return ()


def _by_group(held: PublishedFigures, slug: str, year: str) -> Released[MeasureResult] | None:
    try:
        found = from_published(held.select(breakdown=slug, periods=[year]), ("M195", "M186"), by=slug)
    except YourCommand:  # the file does not break these down
        return None
    return release(found, "as-published")


def _together(gaps: Gaps) -> tuple[Released[GapAttribution], ...]:
    return tuple(gap for place, gap in gaps if place == TOGETHER)


def _headlines(gaps: dict[str, Gaps], totals: Released[MeasureResult], year: str) -> tuple[Headline, ...]:
    found = [gap_headline(_together(pairs)) for pairs in gaps.values()]
    return tuple(headline for headline in (*found, _recovery(totals, year)) if headline is not None)


def _recovery(totals: Released[MeasureResult], year: str) -> Headline | None:
    known = [f for f in figures(totals, measure_id="M195", period=year) if f.value is not None]
    if not known:
        return None
    low, high = min(known, key=lambda f: f.value or 0), max(known, key=lambda f: f.value or 0)
    day = Period.parse(year).end
    standard = next((t for t in Measure.load("M195").standard if t.in_force(day)), None)
    reached = sum((f.value or 0) >= standard.value for f in known) if standard else 0
    beside = (
        f" {reached} of {len(known)} services reached the standard of {standard.value:.0f}%."
        if standard
        else ""
    )
    return Headline(
        f"In {year} reliable recovery ran from {percent(low.value)} in {low.place_name} to {percent(high.value)} in {high.place_name}.{beside}",
        high.code,
    )


def _gap_section(slug: str, gaps: Gaps, caption: str) -> Section:
    breakdown = Breakdown.load(slug)
    together = _together(gaps)
    gap = widest(together)
    pictures = (
        () if gap is None else (gap_waterfall(gap, slug=f"flows-{slug.replace('_', '-')}", caption=caption),)
    )
    lead = (
        "Three things multiply: courses finished per referral, the share of them who could recover, and reliable recovery among those. "
        "Published figures do not show first and second treatments by group, so losses before a course is finished stand together.",
    )
    return Section(
        f"gap-{slug.replace('_', '-')}",
        f"Where the gap opens: {breakdown.title.lower()}",
        lead,
        (*pictures, *((all_gaps(slug, together),) if together else ()), _gap_table(slug, gaps)),
        CAUTIONS,
    )


def _gap_table(slug: str, gaps: Gaps) -> Block:
    """The whole gap of every group in every service; an asterisk where its limits leave out nought."""
    found = {(place, gap.value.group): gap for place, gap in gaps}
    groups = [name for name in Breakdown.load(slug).stated_names if any(group == name for _, group in found)]
    short = {place.name: place.label for place in Places.load().places if place.level == "service"}
    places = sorted({place for place, _ in found}, key=lambda place: (place == TOGETHER, place))
    rows = tuple((short.get(p, p), *(_whole_gap(found.get((p, group))) for group in groups)) for p in places)
    codes = tuple(
        ("", *(code_of_part(found[p, group]) if (p, group) in found else "" for group in groups))
        for p in places
    )
    reference = Breakdown.load(slug).people(gaps[0][1].value.reference)
    return Block(
        f"flows-{slug.replace('_', '-')}-services",
        "The whole gap in every service",
        f"Reliable recoveries per 100 referred, beside {reference} of the same service. An asterisk: beyond chance, taken alone.",
        Table(("Service", *groups), rows, frozenset(range(1, len(groups) + 1)), cell_codes=codes),
    )


def _whole_gap(released: Released[GapAttribution] | None) -> str:
    if released is None:
        return HIDDEN
    gap, lower, upper = released.value.gap_limits
    if gap is None or lower is None or upper is None:
        return HIDDEN
    return points(100 * gap) + ("" if lower <= 0 <= upper else "*")


def _trends(totals: Released[MeasureResult], caption: str) -> Section:
    pictures = tuple(
        trend(totals, Measure.load(name), slug=f"trend-{name.lower()}", caption=caption) for name in TRENDS
    )
    lead = ("Each service over the years that were published.",)
    return Section("trends", "How it has changed", lead, pictures, CAUTIONS[1:])


def _group_section(by_group: dict[str, Released[MeasureResult] | None], year: str) -> Section:
    """Reliable recovery and reliable improvement by service and group, as published."""
    items = tuple(
        _group_table(released, slug, measure, year)
        for slug, released in by_group.items()
        if released is not None
        for measure in ("M195", "M186")
    )
    return Section(
        "groups",
        "Outcomes by service and group",
        (
            "Small groups in single services move by chance: look at how many people stand behind a figure before acting on it.",
        ),
        items,
        CAUTIONS[1:],
    )


def _group_table(released: Released[MeasureResult], slug: str, measure: str, year: str) -> Block:
    breakdown = Breakdown.load(slug)
    cells = {(f.place, f.group): f for f in figures(released, measure_id=measure, breakdown=slug)}
    names = {f.place: f.place_name for f in cells.values()}
    groups = [name for name in breakdown.group_names if any(group == name for _, group in cells)]
    places = sorted(names, key=lambda place: names[place])
    rows = tuple(
        (names[p], *(percent(cells[p, g].value) if (p, g) in cells else HIDDEN for g in groups))
        for p in places
    )
    codes = tuple(("", *(cells[p, g].code if (p, g) in cells else "" for g in groups)) for p in places)
    return Block(
        f"published-{slug.replace('_', '-')}-{measure.lower()}",
        f"{Measure.load(measure).title} by {breakdown.title.lower()}, {year}",
        "Whole per cents, as published; hidden where fewer than 5 people reached it.",
        Table(("Service", *groups), rows, frozenset(range(1, len(groups) + 1)), cell_codes=codes),
    )
