"""Months as day numbers since 1970-01-01, and how many referrals each month brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from joinedup.twin.drawing import Array
from joinedup.twin.figures import Service

EPOCH = date(1970, 1, 1)
YEAR_OF_FIGURES = ("2024-04", "2025-03")
WARM_UP = 18


@dataclass(frozen=True)
class Month:
    """One calendar month; `first` and `last` are its first and last day as day numbers."""

    key: str
    first: int
    last: int


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def month(year: int, number: int) -> Month:
    """The month of a year; `number` may run outside 1..12."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    following = date(year + number // 12, number % 12 + 1, 1)
    return Month(f"{year}-{number:02d}", day_number(date(year, number, 1)), day_number(following) - 1)


def months_ending(ending: str, count: int) -> tuple[Month, ...]:
    """`count` months, the last one `ending` ("2026-03")."""
    year, number = (int(part) for part in ending.split("-"))
    return tuple(month(year, number - back) for back in range(count - 1, -1, -1))


def expected_referrals(service: Service, key: str) -> float:
    """Referrals of one month: the published count, raised so that 2024-25 sums to the annual figure.

    The annual publication counts more than its twelve months. Months without a publication take the same
    calendar month of the nearest published year.
    """
    published = service.received_by_month
    in_year = sum(n for k, n in published.items() if YEAR_OF_FIGURES[0] <= k <= YEAR_OF_FIGURES[1])
    raised = service.annual["received"] / in_year
    same = [k for k in published if k[5:] == key[5:]]
    nearest = min(same, key=lambda k: (abs(int(k[:4]) - int(key[:4])), k))
    return published.get(key, published[nearest]) * raised


def received_days(
    service: Service, months: tuple[Month, ...], scale: float, generator: np.random.Generator
) -> Array:
    """Day of receipt of every referral, in order; fewer at weekends, totals carried so that no month
    drifts."""
    days: list[Array] = []
    carried = 0.5
    for each in months:
        carried += expected_referrals(service, each.key) * scale
        count = int(carried)
        carried -= count
        span = np.arange(each.first, each.last + 1)
        weight = np.where((span + 3) % 7 < 5, 1.0, 0.25)
        days.append(np.sort(generator.choice(span, size=count, p=weight / weight.sum())))
    return np.concatenate(days).astype(np.int32)


def financial_year(days: Array) -> Array:
    """The calendar year in which the financial year of each day began."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(int)
    return (months - 3) // 12 + 1970
