"""The gap in published figures: every group against the reference, for the whole and for each service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from joinedup.definitions import Breakdown, Period, Places
from joinedup.equity.flows import attribute_flows
from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from joinedup.equity.attribution import GapAttribution
    from joinedup.returns.published import FlowCounts, PublishedFigures

Gaps = tuple[tuple[str, "GapAttribution"], ...]


def published_gaps(
    figures: PublishedFigures,
    *,
    by: str,
    period: str,
    between: tuple[str, str] | None = None,
    organisations: Mapping[str, Sequence[str]] | None = None,
) -> Gaps:
    """Pairs of place and gap on the flows basis: `organisations` name -> codes added up; every group
    against the reference.

    Without `organisations`: the services of the places definitions together, then each. A group whose
    counts were not published for a place is left out of that place. Raises UnknownName when nothing at all
    is left.
    """
    breakdown = Breakdown.load(by)
    places = organisations if organisations is not None else _services(Period.parse(period))
    months, found = len(Period.parse(period).months), []
    for name, codes in places.items():
        counts = _counts(figures, codes, breakdown, period)
        for group, reference in (
            [between] if between else [(g, breakdown.reference) for g in breakdown.stated_names]
        ):
            if group != reference and group in counts and reference in counts:
                gap = attribute_flows(
                    counts, by=by, between=(group, reference), period=period, months=months,
                    not_stated=breakdown.not_stated,
                    filters={"place": name, "codes": list(codes), "file": figures.file},
                )  # fmt: skip
                found.append((name, gap))
    if not found:
        raise UnknownName(
            f"{figures.file} has no counts of {by} for these organisations in {period}.",
            remedy="Check the breakdown, its groups and the period.",
        )
    return tuple(found)


def _services(period: Period) -> dict[str, Sequence[str]]:
    services = Places.load().services(period.start)
    codes = [service.code for service in services]
    return {"All services": codes, **{service.name: [service.code] for service in services}}


def _counts(
    figures: PublishedFigures, codes: Sequence[str], breakdown: Breakdown, period: str
) -> dict[str, FlowCounts]:
    counts = {}
    for group in breakdown.group_names:
        # Not published for this place: the caller says so when nothing is left.
        with suppress(UnknownName):
            counts[group] = figures.chain(codes, breakdown.slug, group, period)
    return counts
