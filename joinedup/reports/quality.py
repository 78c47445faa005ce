"""Data quality by trust, side by side: what is stated, whether scores come in pairs, what was sent and when."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Protocol

from joinedup.charts import Figure, Table, figures
from joinedup.charts.words import HIDDEN, percent, whole
from joinedup.definitions import Breakdown, Period
from joinedup.reports.asked import BY_TRUST
from joinedup.reports.content import Block, Headline, Section
from joinedup.reports.tables import NOT_KNOWN, grid, place_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from joinedup.disclosure import Released
    from joinedup.lake import SubmissionRecord
    from joinedup.measures import MeasureResult


class Recorded(Protocol):
    """What this section is made of: released results on what is recorded, and what was sent."""

    @property
    def stated(self) -> Released[MeasureResult]:
        """Referrals of a year by trust, by what is recorded of people."""

    @property
    def paired(self) -> Released[MeasureResult]:
        """Finished courses of the year by whether their scores come in pairs."""

    @property
    def submissions(self) -> tuple[SubmissionRecord, ...]:
        """Every return that stands."""


def quality(material: Recorded) -> Section:
    """How good the data are, by trust."""
    names = {
        "M202": "Both questionnaires paired",
        "M201": "PHQ-9 paired",
        "M199": "First PHQ-9 only",
        "M200": "No PHQ-9",
    }
    paired = Block(
        "paired",
        "Scores at both ends",
        "Of courses finished in the year. Nationally a person without both counts as not recovered.",
        grid(material.paired, names, first="Trust", levels=("trust",)),
    )
    return Section(
        slug="quality",
        heading="How good the data are, by trust",
        lead=(
            "Figures by group are only as good as what is recorded, and figures of a month as what was sent by then.",
        ),
        items=(_stated(material), paired, _returns(material)),
        cautions=(
            "A field that is filled in is not always right: these tables see what is missing, not what is wrong.",
        ),
    )


def quality_headline(material: Recorded) -> Headline | None:
    """What is most often not stated, and how many finished courses have scores at both ends."""
    shares = [
        (_known_share(missing, totals), Breakdown.load(slug).title, missing)
        for slug in BY_TRUST
        for totals in (_totals(material),)
        for missing in (_missing(material, slug),)
    ]
    known = [(share, title, missing) for share, title, missing in shares if share is not None]
    pairs = [
        f for f in figures(material.paired, measure_id="M202", level="trust") if f.numerator and f.denominator
    ]
    if not known or not pairs:
        return None
    share, title, missing = max(known, key=lambda found: found[0])
    with_both = 100 * sum(f.numerator or 0 for f in pairs) / sum(f.denominator or 0 for f in pairs)
    code = next((figure.code for figure in missing.values()), "")
    return Headline(
        f"{with_both:.0f}% of finished courses have scores at both ends; of what is recorded, {title.lower()} is missing most often "
        f"({share:.0f}% of referrals).",
        code,
    )


def _totals(material: Recorded) -> dict[str, Figure]:
    found = figures(material.stated, breakdown="total")
    return {f.place: f for f in sorted(found, key=lambda f: f.place_name) if f.place != NOT_KNOWN}


def _missing(material: Recorded, slug: str) -> dict[str, Figure]:
    found = figures(material.stated, breakdown=slug, group=Breakdown.load(slug).not_stated)
    return {f.place: f for f in found if f.place != NOT_KNOWN}


def _known_share(missing: Mapping[str, Figure], totals: Mapping[str, Figure]) -> float | None:
    parts = [
        (missing[place].numerator, total.numerator) for place, total in totals.items() if place in missing
    ]
    if not parts or any(part is None or not total for part, total in parts):
        return None
    return 100 * sum(part or 0 for part, _ in parts) / sum(total or 0 for _, total in parts)


def _stated(material: Recorded) -> Block:
    totals, rows, codes = _totals(material), [], []
    for slug in BY_TRUST:
        missing = _missing(material, slug)
        rows.append(
            (
                Breakdown.load(slug).title,
                *(_share(missing.get(place), total) for place, total in totals.items()),
            )
        )
        codes.append(("", *(missing[place].code if place in missing else "" for place in totals)))
    header = ("Not stated", *(total.place_name for total in totals.values()))
    table = Table(header, tuple(rows), frozenset(range(1, len(header))), cell_codes=tuple(codes))
    return Block(
        "not-stated", "How often it is not stated", "Share of the trust's referrals in the year.", table
    )


def _share(part: Figure | None, total: Figure) -> str:
    """A share of two released counts, in whole per cent."""
    if part is None or part.numerator is None or not total.numerator:
        return HIDDEN
    return percent(float(round(100 * part.numerator / total.numerator)))


def _returns(material: Recorded) -> Block:
    by_trust: dict[str, list[SubmissionRecord]] = {}
    for record in material.submissions:
        by_trust.setdefault(record.provider, []).append(record)
    rows = tuple(_sent(place_name(trust), by_trust[trust]) for trust in sorted(by_trust, key=place_name))
    header = (
        "Trust",
        "Returns loaded",
        "Months held",
        "Months refreshed",
        "With records left out",
        "Rows left out",
        "Days to arrive, median",
    )
    return Block(
        "returns",
        "What was sent, and when",
        "A return with records left out was accepted; the records that broke a national rule, and what hangs on them, were not. Days are from the end of the month to "
        "the first return of it.",
        Table(header, rows, frozenset(range(1, 7))),
    )


def _sent(name: str, records: Sequence[SubmissionRecord]) -> tuple[str, ...]:
    first: dict[str, int] = {}
    for record in records:
        days = (record.received.date() - Period.parse(record.period).end).days
        first[record.period] = min(days, first.get(record.period, days))
    refreshed = {record.period for record in records if record.kind == "refresh"}
    rejects = sum(record.outcome == "accepted_with_rejects" for record in records)
    counts = [whole(n) for n in (len(records), len(first), len(refreshed), rejects)]
    return (name, *counts, _left_out(records), whole(round(median(first.values()))))


def _left_out(records: Sequence[SubmissionRecord]) -> str:
    """Share of the rows read that broke a rule, or hang on one that did."""
    read = [(record.rows_in, sum(record.rows.values())) for record in records if record.rows_in]
    rows_in = sum(before for before, _ in read)
    if not rows_in:
        return "not counted"
    return percent(round(100 * (rows_in - sum(kept for _, kept in read)) / rows_in, 1))
