"""The spread between places in words, and as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from joinedup.stats.variation import Spread

if TYPE_CHECKING:
    from joinedup.equity.variation import PlaceVariation
    from joinedup.stats.variation import Limited

FEW_PLACES = 20


def as_json(spread: PlaceVariation) -> dict[str, Any]:
    """Figures as plain values, percentages from 0 to 100; after a release, as they may be shown."""
    found = spread.found
    return {
        "measure_id": spread.measure_id,
        "title": spread.title,
        "by": spread.by,
        "period": spread.period,
        "standardised_on": list(spread.standardised_on),
        "verdict": str(found.verdict[0]),
        "sentence": sentence(spread),
        "shares": {name: _share(getattr(found, name)) for name in ("chance", "case_mix", "real")},
        "real_sd_points": _points(spread, found.sd),
        "p": _rounded(float(found.p[0]), 4),
        "places": [_place(spread, at) for at in range(len(spread.places))],
        "outliers": outliers_as_json(spread),
        "warnings": list(warnings(spread)),
        "rule": spread.rule,
        "snapshot": spread.snapshot,
        "filters": dict(spread.filters),
        "profile": spread.display.profile if spread.display else None,
    }


def outliers_as_json(spread: PlaceVariation) -> list[dict[str, Any]]:
    """Places beyond the lines around what their case mix leads one to expect."""
    found = spread.outliers
    return [
        {
            "place": str(found.unit[k]),
            "name": spread.names[row],
            "verdict": str(found.verdict[k]),
            "percentage": _percentage(spread, row, float(found.value[k])),
            "expected_percentage": _percentage(spread, row, float(found.centre[k])),
            "difference_points": _rounded(100 * float(found.excess[k]), 1),
        }
        for k, row in enumerate(found.row.tolist())
    ]


def sentence(spread: PlaceVariation) -> str:
    """The finding in plain English."""
    found, places = spread.found, int(spread.found.places[0])
    where = f"the {places} {spread.by}s"
    what = spread.title[:1].lower() + spread.title[1:]
    verdict = found.verdict[0]
    if verdict == Spread.REAL:
        return (
            f"{spread.title} differs between {where} by more than chance and case mix: of the spread "
            f"{_of(found.real)} is real, {_of(found.case_mix)} case mix and {_of(found.chance)} chance. "
            f"Real differences have a standard deviation of {_sd(spread)}."
        )
    if verdict == Spread.LITTLE:
        return (
            f"{spread.title} hardly differs between {where} beyond chance and case mix: a real standard "
            f"deviation above {100 * found.sd.upper[0]:.1f} percentage points can be ruled out."
        )
    if math.isnan(found.sd.upper[0]):
        return f"How far {what} differs between places cannot be told from {places} of them."
    return (
        f"These figures cannot tell whether {what} really differs between {where}: the real standard deviation "
        f"is {_sd(spread)}, and that can be nothing or much."
    )


def warnings(spread: PlaceVariation) -> tuple[str, ...]:
    """What a reader must know: few places, and lines that one in twenty crosses by chance."""
    told = [*spread.warnings]
    places = int(spread.found.places[0])
    if hidden := len(spread.places) - places:
        told.append(f"Hidden, and left out of this: {_counted(hidden, 'place', 'places')}.")
    if places < FEW_PLACES:
        told.append(f"{places} places say little about how far places differ: the limits are wide.")
    if len(spread.outliers):
        told.append("One place in twenty lies beyond the 95% lines by chance, one in 500 beyond 99.8%.")
    return tuple(told)


def _place(spread: PlaceVariation, at: int) -> dict[str, Any]:
    found, estimates = spread.found, spread.found.shrunken
    n, x, expected = (float(column[at]) for column in spread._shown)
    hidden = math.isnan(n)
    return {
        "place": spread.places[at],
        "name": spread.names[at],
        "denominator": None if hidden else round(n),
        "numerator": None if hidden else round(x),
        "expected": None if hidden else round(expected, 1),
        "percentage": _percentage(spread, at, float(found.own[at])),
        "expected_percentage": _percentage(spread, at, expected / n if n else math.nan),
        "adjusted": _percentage(spread, at, float(found.adjusted[at])),
        "estimate": _percentage(spread, at, float(estimates.estimate[at])),
        "lower": _percentage(spread, at, float(estimates.lower[at])),
        "upper": _percentage(spread, at, float(estimates.upper[at])),
        "rank": _rounded(float(estimates.rank[at]), 1),
        "rank_lower": None if hidden else int(estimates.rank_lower[at]),
        "rank_upper": None if hidden else int(estimates.rank_upper[at]),
        "verdict": str(spread.verdicts[at]) or None,
    }


def _percentage(spread: PlaceVariation, at: int, share: float) -> float | None:
    n = float(spread._shown[0][at])
    if math.isnan(share) or math.isnan(n):
        return None
    return spread.display.percentage(100 * share, n) if spread.display else 100 * share


def _share(part: Limited) -> dict[str, float | None]:
    return {name: _rounded(100 * float(getattr(part, name)[0]), 0) for name in ("value", "lower", "upper")}


def _points(spread: PlaceVariation, sd: Limited) -> dict[str, float | None]:
    exact = spread.display is None or spread.display.exact
    values = {name: 100 * float(getattr(sd, name)[0]) for name in ("value", "lower", "upper")}
    return {name: _rounded(value, 12 if exact else 1) for name, value in values.items()}


def _of(part: Limited) -> str:
    return f"{100 * part.value[0]:.0f}% ({100 * part.lower[0]:.0f}% to {100 * part.upper[0]:.0f}%)"


def _sd(spread: PlaceVariation) -> str:
    sd = spread.found.sd
    value, lower, upper = (100 * float(each[0]) for each in (sd.value, sd.lower, sd.upper))
    return f"{value:.1f} percentage points ({100 * spread.confidence:g}% limits {lower:.1f} to {upper:.1f})"


def _rounded(value: float, places: int) -> float | None:
    return None if math.isnan(value) else round(value, places)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
