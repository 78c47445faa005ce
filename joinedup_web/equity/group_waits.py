"""Waits for a first and a second treatment by group, people still waiting counted: each group beside its reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from joinedup.charts import Picture, ReleasedWaits, release_waits, wait_curve
from joinedup.charts.words import span
from joinedup.definitions import Breakdown, Period
from joinedup.equity import waits
from joinedup.errors import YourCommand
from joinedup.reports.over_time import FOLLOWED
from joinedup_web.equity.figures import name_of_gap

if TYPE_CHECKING:
    from joinedup.equity.waiting import Wait
    from joinedup.reports.material import Material

KINDS: tuple[tuple[Wait, str, str, str], ...] = (
    ("first_treatment", "first-wait", "People referred", "referral"),
    ("second_treatment", "second-wait", "People first treated", "the first treatment"),
)


def released_waits(material: Material) -> tuple[ReleasedWaits, ...]:
    """Curves by each breakdown of which gaps are shown; none where too few waited."""
    found = []
    for slug in material.gaps:
        for kind, *_ in KINDS:
            try:
                found.append(release_waits(waits(material.journeys, kind, period=_year(material), by=slug)))
            except YourCommand:  # too few, or too short: the page leaves it out
                continue
    return tuple(found)


def wait_pieces(found: tuple[ReleasedWaits, ...], caption: str) -> Iterator[Picture]:
    """A picture for each group that is shown beside its reference."""
    told = {kind: (name, people, since) for kind, name, people, since in KINDS}
    for one in found:
        name, people, since = told[one.of.wait]
        reference = Breakdown.load(one.of.by).reference
        base = [curve for curve in one.curves if curve.label == reference]
        for curve in one.curves:
            if curve.label != reference and curve.weeks and base and base[0].weeks:
                yield wait_curve(
                    [curve, *base], slug=name_of_gap(one.of.by, curve.label, name), caption=caption, what=one.of.title,
                    people=f"{people} {span(one.of.period)}", since=since,
                )  # fmt: skip


def _year(material: Material) -> Period:
    """The last year of which every wait was followed for half a year."""
    last = material.journeys.last_day
    month = last.year * 12 + last.month - 1 - FOLLOWED
    return Period.parse(f"12m-{month // 12}-{month % 12 + 1:02d}")
