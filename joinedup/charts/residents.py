"""Referrals and first treatments beside the number of residents, by borough or by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from joinedup.charts.cells import Figure, figures
from joinedup.charts.drawings import dots
from joinedup.charts.picture import Picture, Table
from joinedup.charts.words import HIDDEN, span, whole
from joinedup.stats import poisson_interval

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

NAMES = {"M001": "Referred", "M031": "Began treatment"}
HOW = (
    "Each dot is how many of 1,000 residents were referred, or began treatment, in the year; the pale bar is its 95% limits. "
    "Each panel has its own scale, which need not start at nought."
)


@dataclass(frozen=True)
class Rate:
    """People for every 1,000 residents, with limits; None where hidden. The code opens the count."""

    name: str
    measure: str
    count: int | None
    residents: int
    value: float | None
    lower: float | None
    upper: float | None
    code: str


def rates_of(
    released: Released[MeasureResult],
    residents: Mapping[str, int],
    *,
    key: str,
    breakdown: str = "total",
    area: str | None = None,
) -> tuple[Rate, ...]:
    """Rates per 1,000 residents from released counts; `key` is what residents are given by: place or group.

    `area` is the code of the place the groups are of, where they are of one.

    Limits are exact below 10 people and Byar's from there on. Raises YourCommand for what was not released.
    """
    where = {} if area is None else {"place": area}
    cells = figures(released, measure_id=NAMES, breakdown=breakdown, **where)
    found = [f for f in cells if residents.get(getattr(f, key), 0) > 0]
    return tuple(_rate(figure, residents[getattr(figure, key)], key) for figure in found)


def _rate(figure: Figure, residents: int, key: str) -> Rate:
    name = figure.place_name if key == "place" else figure.group
    known = figure.numerator
    low, high = (
        (None, None)
        if known is None
        else (1000 * float(np.asarray(end)) / residents for end in poisson_interval(known))
    )
    value = None if known is None else 1000 * known / residents
    return Rate(name, figure.measure, known, residents, value, low, high, figure.code)


def per_thousand(
    rates: Sequence[Rate],
    *,
    slug: str,
    what: str,
    period: str,
    caption: str,
    reference: str = "",
    order: Sequence[str] = (),
    people: Callable[[str], str] = str,
) -> Picture:
    """Dots of rates per 1,000 residents. `what` is what they are by, `reference` the group the others stand
    beside, `people` how a sentence speaks of a group.
    """
    names = list(order) or [rate.name for rate in sorted(rates, key=_size) if rate.measure == "M001"]
    rows = [
        {
            "panel": NAMES[r.measure], "group": r.name, "value": r.value, "lower": r.lower, "upper": r.upper,
            "stated": True, "reference": r.name == reference,
        }
        for r in rates
    ]  # fmt: skip
    return Picture(
        slug=slug,
        title=_finding(rates, what, reference),
        subtitle=f"Per 1,000 residents, by {what}, {span(period)}",
        sentence=_sentence(rates, reference, people),
        how_to_read=HOW,
        caption=caption,
        table=_table(rates, names, what),
        draw=lambda size, width: dots(
            rows,
            size=size,
            width=width,
            title="Per 1,000 residents",
            order=names,
            panels=list(NAMES.values()),
        ),
    )


def _size(rate: Rate) -> float:
    return -(rate.value or 0.0)


def _referred(rates: Sequence[Rate]) -> list[Rate]:
    return [rate for rate in rates if rate.measure == "M001" and rate.value is not None]


def _apart(rates: Sequence[Rate], reference: str) -> tuple[list[Rate], Rate | None]:
    known = {rate.name: rate for rate in _referred(rates)}
    base = known.pop(reference, None)
    if base is None:
        return [], None
    return [r for r in known.values() if (r.upper or 0) < (base.lower or 0)], base


def _finding(rates: Sequence[Rate], what: str, reference: str) -> str:
    if not _referred(rates):
        return f"Referrals by {what} are hidden to protect people"
    if reference:
        fewer, _ = _apart(rates, reference)
        groups = len(_referred(rates)) - 1
        if not fewer:
            return f"By {what}: no group is referred less often"
        return f"By {what}: {len(fewer)} of {groups} groups {'is' if len(fewer) == 1 else 'are'} referred less often"
    high = max(_referred(rates), key=lambda rate: rate.value or 0.0)
    return f"{high.name} has most referrals for its residents"


def _sentence(rates: Sequence[Rate], reference: str, people: Callable[[str], str]) -> str:
    known = _referred(rates)
    if not known:
        return "Nothing can be shown."
    low, high = (pick(known, key=lambda rate: rate.value or 0.0) for pick in (min, max))
    if not reference:
        return f"From {low.value:.1f} of 1,000 residents in {low.name} to {high.value:.1f} in {high.name}. It does not say who needed help."
    fewer, base = _apart(rates, reference)
    if base is None:
        return "The group the others stand beside is hidden to protect people."
    told = [
        f"{rate.value:.1f} ({rate.lower:.1f} to {rate.upper:.1f}) of {people(rate.name)}" for rate in fewer
    ]
    beside = f"Of 1,000 residents, {base.value:.1f} of {people(base.name)} were referred"
    return f"{beside}; {', '.join(told) if told else 'no other group was less often'}. It does not say who needed help."


def _table(rates: Sequence[Rate], names: Sequence[str], what: str) -> Table:
    kinds = ("M001", "M031")
    header = (
        what.capitalize(),
        "Residents",
        *(part for kind in kinds for part in (NAMES[kind], f"{NAMES[kind]}, per 1,000", "95% limits")),
    )
    found = {(rate.name, rate.measure): rate for rate in rates}
    rows, codes = [], []
    for name in names:
        first = next(rate for rate in rates if rate.name == name)
        cells, opened = [name, whole(first.residents)], ["", ""]
        for kind in kinds:
            rate = found.get((name, kind))
            cells += _cells(rate)
            opened += [rate.code if rate else "", "", ""]
        rows.append(tuple(cells))
        codes.append(tuple(opened))
    return Table(header, tuple(rows), frozenset({1, 2, 3, 5, 6}), cell_codes=tuple(codes))


def _cells(rate: Rate | None) -> list[str]:
    if rate is None or rate.value is None:
        return [HIDDEN, HIDDEN, ""]
    return [whole(rate.count), f"{rate.value:.1f}", f"{rate.lower:.1f} to {rate.upper:.1f}"]
