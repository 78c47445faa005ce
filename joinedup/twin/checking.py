"""Measures of the twin by its own plain computation, beside the publication: the evidence of calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.twin.calendar import months_ending
from joinedup.twin.contacts import Kind
from joinedup.twin.drawing import Array, Floats
from joinedup.twin.figures import Service, services
from joinedup.twin.flags import Flags, flags, questionnaires
from joinedup.twin.population import Population

LEAST, MOST = (9, 10), (1, 2)


@dataclass(frozen=True)
class FinishedCourses:
    """Courses that ended in 2024-25, with flags worked out from the scores of attended appointments alone."""

    referral: Array
    below_caseness: Array
    found: Flags

    def rate(self, among: Array, what: str) -> float:
        """Percentage of `among` (mask): reliable_recovery and recovery of those in scope, improvement of
        all."""
        hit = {
            "recovery": self.found.recovered,
            "reliable_recovery": self.found.recovered & self.found.improved,
            "improvement": self.found.improved,
            "deterioration": self.found.deteriorated,
        }[what]
        base = among if what in ("improvement", "deterioration") else among & ~self.below_caseness
        return float(100 * (hit & among).sum() / max(1, base.sum()))


def ends_of(population: Population, who: Array, values: Floats, where: Array) -> tuple[Floats, Floats]:
    """First and last of `values` by day for the referrals `who`; where there is one score, the last is not
    a number."""
    rows = population.appointments
    order = where[np.lexsort((rows["day"][where], rows["referral"][where]))]
    referral = rows["referral"][order]
    left, right = np.searchsorted(referral, who, "left"), np.searchsorted(referral, who, "right")
    some = right > left
    first = np.full(len(who), np.nan)
    last = np.full(len(who), np.nan)
    first[some] = values[order[left[some]]]
    last[right - left > 1] = values[order[right[right - left > 1] - 1]]
    return first, last


def finished_courses(population: Population) -> FinishedCourses:
    """Every course of two sessions or more that ended in 2024-25."""
    year = months_ending("2025-03", 12)
    referrals, rows = population.referrals, population.appointments
    attended = np.isin(rows["kind"], [Kind.FIRST, Kind.FIRST_PLAIN, Kind.SESSION, Kind.REVIEW_SESSION])
    treatments = np.bincount(rows["referral"][attended], minlength=len(referrals["received"]))
    ended = (referrals["end"] >= year[0].first) & (referrals["end"] <= year[-1].last)
    who = np.flatnonzero(ended & (treatments >= 2))
    scored = np.flatnonzero(rows["scored"])
    phq = ends_of(population, who, rows["phq"], scored)
    anxiety = ends_of(population, who, rows["gad"], scored)
    result = {name: np.zeros(len(who), bool) for name in ("case", "recovered", "improved", "deteriorated")}
    measure = referrals["measure"][who]
    for place, q in enumerate(questionnaires()):
        here = measure == (place if place > 1 else -1)
        if place == 0 or not here.any():
            continue
        own = anxiety if place == 1 else ends_of(population, who, rows["specific"], scored)
        with np.errstate(invalid="ignore"):
            found = flags((phq[0][here], phq[1][here]), (own[0][here], own[1][here]), q)
        for name, column in result.items():
            column[here] = getattr(found, name)
    unknown = np.isnan(phq[0])
    return FinishedCourses(who, ~result["case"] & ~unknown, Flags(**result))


@dataclass(frozen=True)
class Comparison:
    """One service: each figure of the twin and of the publication (percentages for rates)."""

    service: str
    twin: dict[str, float]
    published: dict[str, float]


def gradient(service: Service) -> float:
    """Published reliable recovery of the two least deprived deciles minus the two most deprived, points."""
    mix = service.mixes["deprivation_decile"]
    codes = np.array([int(code) for code in mix.codes])
    whole_scope = service.total("not_at_caseness") / service.total("finished")
    scope = mix.finished * (1 - mix.below_caseness * whole_scope)
    improve = service.total("improved_in_scope") / service.total("in_scope")
    recover = service.total("reliable_recovery") / service.total("improved_in_scope")
    rate = improve * mix.improving * recover * mix.recovering
    least, most = np.isin(codes, LEAST), np.isin(codes, MOST)
    return float(
        100 * (np.average(rate[least], weights=scope[least]) - np.average(rate[most], weights=scope[most]))
    )


def compare(population: Population) -> tuple[Comparison, ...]:
    """The eight services: referrals, finished courses, not at caseness, the three rates, deprivation
    gradient."""
    courses, referrals = finished_courses(population), population.referrals
    year = months_ending("2025-03", 12)
    received = (referrals["received"] >= year[0].first) & (referrals["received"] <= year[-1].last)
    result = []
    for place, service in enumerate(services()):
        mine = referrals["service"][courses.referral] == place
        decile = referrals["decile"][courses.referral]
        rates = {name: courses.rate(mine, name) for name in ("recovery", "reliable_recovery", "improvement")}
        twin = {
            "received": float((received & (referrals["service"] == place)).sum()),
            "finished": float(mine.sum()),
            "not_at_caseness": float((mine & courses.below_caseness).sum()),
            **rates,
            "gradient": courses.rate(mine & np.isin(decile, LEAST), "reliable_recovery")
            - courses.rate(mine & np.isin(decile, MOST), "reliable_recovery"),
        }
        published = {
            **{name: service.total(name) for name in ("received", "finished", "not_at_caseness")},
            "recovery": 100 * service.total("recovery") / service.total("in_scope"),
            "reliable_recovery": 100 * service.total("reliable_recovery") / service.total("in_scope"),
            "improvement": 100 * service.total("improvement") / service.total("finished"),
            "gradient": gradient(service),
        }
        result.append(Comparison(service.code, twin, published))
    return tuple(result)
