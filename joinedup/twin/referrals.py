"""Who is referred: for each service, every referral with the person's characteristics in the published
mix."""

from __future__ import annotations

import numpy as np

from joinedup.twin.calendar import Month, financial_year, received_days
from joinedup.twin.drawing import Array, choose, quota
from joinedup.twin.figures import Service, practice
from joinedup.twin.planted import GROUPS

MIXED = ("ethnic_category", "deprivation_decile", "age_band", "gender", "disability")
AGES = {"under 18": (16, 17), "18 to 25": (18, 25), "26 to 64": (26, 64), "65 to 74": (65, 74),
        "75 to 89": (75, 89), "90 and over": (90, 97)}  # fmt: skip


def refer(
    service: Service, months: tuple[Month, ...], scale: float, generator: np.random.Generator
) -> dict[str, Array]:
    """Columns of one service's referrals: received (day), and a position in the service's mix for each
    breakdown.

    Within each financial year each breakdown has exactly the published shares of referrals; the breakdowns
    are independent of one another within a service, since no cross-tabulation is published.
    """
    received = received_days(service, months, scale, generator)
    year = financial_year(received)
    columns: dict[str, Array] = {"received": received}
    for slug in MIXED:
        positions = np.zeros(len(received), dtype=np.int16)
        for each in np.unique(year):
            here = year == each
            positions[here] = quota(service.mixes[slug].received, int(here.sum()), generator)
        columns[slug] = positions
    columns |= described(service, columns, generator)
    return columns


def described(
    service: Service, columns: dict[str, Array], generator: np.random.Generator
) -> dict[str, Array]:
    """Values behind the positions: ethnic group name, decile, age in days at referral, source of referral."""
    codes = {slug: np.array(service.mixes[slug].codes) for slug in MIXED}
    ethnic = codes["ethnic_category"][columns["ethnic_category"]]
    bands = codes["age_band"][columns["age_band"]]
    low = np.array([AGES[band][0] for band in codes["age_band"]])[columns["age_band"]]
    high = np.array([AGES[band][1] for band in codes["age_band"]])[columns["age_band"]]
    # Referrals thin out with age inside the broad working-age band.
    skew = np.where(bands == "26 to 64", generator.random(len(low)) ** 1.5, generator.random(len(low)))
    years = low + np.floor(skew * (high - low + 1))
    names = np.array([GROUPS[code] for code in codes["ethnic_category"]])
    return {
        "ethnic": ethnic,
        "group": names[columns["ethnic_category"]],
        "decile": codes["deprivation_decile"][columns["deprivation_decile"]].astype(np.int16),
        "sex": codes["gender"][columns["gender"]],
        "disabled": codes["disability"][columns["disability"]],
        "age": years.astype(np.int16),
        "born": (
            columns["received"] - np.floor(years * 365.25) - generator.integers(4, 360, len(low))
        ).astype(np.int32),
        "source": choose(practice()["source_of_referral"], len(low), generator).astype(np.int16),
    }
