"""What happens after referral: seen or not, first and second treatment, sessions, the day it ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.twin.calendar import financial_year
from joinedup.twin.drawing import Array, Floats, interpolated, quota, scaled_to, systematic
from joinedup.twin.figures import Service, practice, read
from joinedup.twin.planted import Effect, added_wait, planted
from joinedup.twin.referrals import MIXED


def order_of(columns: dict[str, Array], year: Array, generator: np.random.Generator) -> Array:
    """Order for systematic sampling: by financial year, decile, ethnic category, and within them by
    chance."""
    chance = generator.random(len(year))
    return np.lexsort((chance, columns["ethnic_category"], columns["decile"], year))


def leaning(
    service: Service, columns: dict[str, Array], ratio: str, slugs: tuple[str, ...], power: float
) -> Floats:
    """Product over the breakdowns of a category's ratio to the service, raised to `power`."""
    product = np.ones(len(columns["received"]))
    for slug in slugs:
        product *= getattr(service.mixes[slug], ratio)[columns[slug]]
    return np.asarray(product**power)


def stage(
    service: Service, name: str, baseline: Floats, columns: dict[str, Array], chosen: tuple[Effect, ...],
    among: Array, year: Array, generator: np.random.Generator,
) -> dict[str, Array]:  # fmt: skip
    """Draw one stage among those who reached it: `name`, `name_p` (used) and `name_baseline` (calibrated).

    `year` is the financial year within which the total is kept (of referral or of discharge).
    """
    used = planted(service.code, name, baseline, columns, chosen)
    order = order_of(columns, year, generator)
    block = year * 16 + (columns["decile"] + 1) // 2
    passed = systematic(used.astype(float), order[among[order]], block, generator)
    return {
        name: passed,
        f"{name}_p": used.astype(np.float32),
        f"{name}_baseline": baseline.astype(np.float32),
    }


def reach(
    service: Service, columns: dict[str, Array], chosen: tuple[Effect, ...], generator: np.random.Generator
) -> dict[str, Array]:
    """Stages first_treatment and second_treatment."""
    access = practice()["access_share"]
    first_rate = first_treatment_rate(service)
    year = financial_year(columns["received"])
    everyone = np.ones(len(year), dtype=bool)
    first = scaled_to(leaning(service, columns, "finishing", MIXED, access) * first_rate, first_rate)
    result = stage(service, "first_treatment", first, columns, chosen, everyone, year, generator)
    rate = second_treatment_rate(service)
    lean = leaning(service, columns, "finishing", MIXED, 1 - access) * rate
    reached = result["first_treatment"]
    second = np.clip(lean, 1e-4, 1.0)
    second[reached] = scaled_to(lean[reached], rate)
    return result | stage(service, "second_treatment", second, columns, chosen, reached, year, generator)


def first_treatment_rate(service: Service) -> float:
    """Share of referrals that reach a first treatment: M031 of M001, both from the monthly publication."""
    return service.means["M031"] / (sum_of_year(service) / 12)


def second_treatment_rate(service: Service) -> float:
    """Share of those treated once who are treated again: solved, or the first guess that the solver starts
    from."""
    solved: dict[str, float] = read("solved")["second_treatment"]
    return solved.get(service.code) or service.rate("finished", "received") / first_treatment_rate(service)


def sum_of_year(service: Service) -> float:
    """Sum of the twelve published months of 2024-25 (less than the annual figure)."""
    return float(sum(n for key, n in service.received_by_month.items() if "2024-04" <= key <= "2025-03"))


def dates(
    service: Service, columns: dict[str, Array], chosen: tuple[Effect, ...], generator: np.random.Generator
) -> dict[str, Array]:
    """Days of first, second and last treatment, number of sessions, day of discharge (all as if nothing cut
    them)."""
    size, rules = len(columns["received"]), practice()
    wait = interpolated(*service.first_wait, generator.random(size)) + added_wait(
        service.code, columns, chosen
    )
    first = columns["received"] + np.maximum(1, np.floor(wait))
    second = first + np.floor(interpolated(*service.second_wait, generator.random(size)))
    mean = service.means["M089"] / service.means["M076"] - 1.5
    # A gamma distribution's median lies a third of its scale below its mean (nearly: Choi 1994).
    spread = float(np.clip(mean / 3 / max(mean - service.means["M142"] + 1.5, 0.1), 1.2, 5.0))
    more = np.floor(generator.gamma(spread, mean / spread, size)).clip(0, 30).astype(np.int16)
    step = np.asarray(rules["days_between_sessions"])
    last = second + np.floor(more * step.mean() * generator.uniform(0.8, 1.2, size))
    finished = last + 1 + np.floor(gammas(rules["discharge_lag"], size, generator))
    dropped = first + 1 + np.floor(gammas(rules["drop_out_lag"], size, generator))
    unseen = columns["received"] + 2 + np.floor(generator.gamma(1.5, unseen_days(service) / 1.5, size))
    treated, again = columns["first_treatment"], columns["second_treatment"]
    end = np.where(again, finished, np.where(treated, dropped, unseen))
    return {
        "first": first.astype(np.int32),
        "second": second.astype(np.int32),
        "last": np.where(again, last, first).astype(np.int32),
        "sessions": np.where(again, more + 2, np.where(treated, 1, 0)).astype(np.int16),
        "end": end.astype(np.int32),
        "seen": treated | (generator.random(size) < service.means.get("M074", 0.0) / service.means["M153"]),
    }


def gammas(shape_and_scale: Sequence[float], size: int, generator: np.random.Generator) -> Floats:
    """Days from a gamma distribution given by shape and scale."""
    shape, scale = shape_and_scale
    return generator.gamma(shape, scale, size)


def unseen_days(service: Service) -> float:
    """Mean days until a referral never treated is closed: what is left of the published waiting list
    (M038)."""
    share = first_treatment_rate(service)
    waiting = service.means.get("M038", 0.7 * sum_of_year(service) / 12) / (sum_of_year(service) / 12) * 30.4
    return float(np.clip((waiting - share * service.means["M048"]) / (1 - share), 12.0, 90.0))


def problems(service: Service, columns: dict[str, Array], generator: np.random.Generator) -> Array:
    """Position of the presenting problem: published mix of finished courses, and of the referrals that did
    not finish."""
    mix = service.mixes["presenting_problem"]
    result = np.full(len(columns["received"]), mix.codes.index("none"), dtype=np.int16)
    finished = columns["second_treatment"]
    once = columns["first_treatment"] & ~finished
    rest = np.maximum(mix.received - mix.finished, 0.0)
    result[finished] = quota(mix.finished, int(finished.sum()), generator)
    share = min(1.0, float(once.sum()) / max(1.0, float((~finished).sum())))
    # Problems are recorded at assessment: those never treated have none, so the count without one is cut to
    # the treated.
    rest[mix.codes.index("none")] *= share
    result[once] = quota(rest, int(once.sum()), generator)
    return result
