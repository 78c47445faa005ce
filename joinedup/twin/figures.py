"""The published figures behind the twin, read from the calibration files once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from joinedup.errors import DefinitionBroken
from joinedup.twin.drawing import Floats

FOLDER = Path(__file__).parent / "calibration"
SMALL_CELLS = {"ethnic_category": 1.0, "deprivation_decile": 1.0}
OTHER_CELLS = 25.0


@cache
def read(name: str) -> Any:
    """One calibration file as plain values; DefinitionBroken if it is missing or has no source."""
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise DefinitionBroken(f"calibration file {name}.yaml is missing")
    values = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    if not isinstance(values, dict) or not values.get("source"):
        raise DefinitionBroken(f"calibration file {name}.yaml does not say where its figures come from")
    return values


def practice() -> Mapping[str, Any]:
    """How services work where no figure by service is published."""
    values: Mapping[str, Any] = read("practice")
    return values


@dataclass(frozen=True)
class Mix:
    """One breakdown of one service: categories, their share of referrals and of courses, and how they fare.

    `finishing`, `below_caseness`, `improving`, `recovering` are ratios to the service as a whole (1 = the
    same).
    """

    codes: tuple[str, ...]
    received: Floats
    finished: Floats
    finishing: Floats
    below_caseness: Floats
    improving: Floats
    recovering: Floats


@dataclass(frozen=True)
class Service:
    """The figures of one service, 2024-25. Waits are (days, cumulative share) at knots."""

    code: str
    trust: str
    borough: str
    annual: Mapping[str, int]
    mixes: Mapping[str, Mix]
    first_wait: tuple[tuple[float, ...], tuple[float, ...]]
    second_wait: tuple[tuple[float, ...], tuple[float, ...]]
    received_by_month: Mapping[str, int]
    means: Mapping[str, float]

    def rate(self, numerator: str, denominator: str) -> float:
        """Published rate of the whole service: two names of `annual`, or the derived bases."""
        return self.total(numerator) / self.total(denominator)

    def total(self, name: str) -> float:
        """A published total, or one derived from them: in_scope, improved_in_scope."""
        if name == "in_scope":
            return float(self.annual["finished"] - self.annual["not_at_caseness"])
        if name == "improved_in_scope":
            below = practice()["improved_below_caseness"] * self.annual["not_at_caseness"]
            return float(self.annual["improvement"] - below)
        return float(self.annual[name])

    @property
    def paired(self) -> float:
        """Share of finished courses with both scores twice (M202 of M076)."""
        return min(1.0, self.means["M202"] / self.means["M076"])


def filled(cell: list[int | None], annual: Mapping[str, int], names: list[str]) -> dict[str, float]:
    """A cell with suppressed counts (1 to 4 people) replaced by what the service's rate gives, at most 4."""
    values: dict[str, float] = {}
    for name, count in zip(names, cell, strict=True):
        base = "received" if name in ("received", "finished") else "finished"
        expected = values.get(base, 2.0) * annual[name] / annual[base]
        values[name] = float(count) if count is not None else min(4.0, expected)
    return values


def sharpened(
    column: dict[str, Floats], percentages: Mapping[str, list[int | None]], codes: list[str]
) -> None:
    """Replace numerators by published percentage times base where there is one: counts are rounded to 5."""
    scope = column["finished"] - column["not_at_caseness"]
    bases = {"recovery": scope, "improvement": column["finished"], "reliable_recovery": scope}
    for place, code in enumerate(codes):
        for (name, base), value in zip(bases.items(), percentages.get(code, [None] * 3), strict=True):
            if value is not None:
                column[name][place] = base[place] * value / 100


def ratio(top: Floats, bottom: Floats, whole: float, weight: float) -> Floats:
    """Rates of categories as ratios to `whole`, small ones drawn towards 1 by `weight` people."""
    return np.asarray((top + weight * whole) / (np.maximum(bottom, 0.0) + weight) / whole)


def mix_of(slug: str, values: Mapping[str, Any]) -> Mix:
    """Shares and ratios of one breakdown of one service's file."""
    cells, annual, names = values["breakdowns"][slug], values["annual"], values["counts"]
    rows = [filled(cell, annual, names) for cell in cells.values()]
    column = {name: np.array([row[name] for row in rows]) for name in names}
    sharpened(column, values["percentages"][slug], list(cells))
    lift = practice()["improved_below_caseness"]
    scope = column["finished"] - column["not_at_caseness"]
    improved = np.maximum(
        column["improvement"] - lift * column["not_at_caseness"], column["reliable_recovery"]
    )
    whole_scope = annual["finished"] - annual["not_at_caseness"]
    whole_improved = annual["improvement"] - lift * annual["not_at_caseness"]
    weight = SMALL_CELLS.get(slug, OTHER_CELLS)
    return Mix(
        codes=tuple(str(code) for code in cells),
        received=column["received"],
        finished=column["finished"],
        finishing=ratio(
            column["finished"], column["received"], annual["finished"] / annual["received"], weight
        ),
        below_caseness=ratio(
            column["not_at_caseness"],
            column["finished"],
            annual["not_at_caseness"] / annual["finished"],
            weight,
        ),
        improving=ratio(improved, scope, whole_improved / whole_scope, weight),
        recovering=ratio(
            column["reliable_recovery"], improved, annual["reliable_recovery"] / whole_improved, weight
        ),
    )


def wait_knots(counts: Mapping[str, int | None], shortest: float, median: float | None) -> tuple[Any, Any]:
    """Days and cumulative shares of a published wait; a median inside the first knot splits it."""
    within = {key: float(value or 0) for key, value in counts.items()}
    total = within["<=28 days"] + within["29-56 days"] + within["57-90 days"] + within[">90 days"]
    upto_56 = within["<=28 days"] + within["29-56 days"]
    points = {
        28.0: within["<=28 days"],
        42.0: within["<6 weeks"],
        56.0: upto_56,
        90.0: upto_56 + within["57-90 days"],
        126.0: within["<18 weeks"],
    }
    days, shares = [shortest], [0.0]
    if median is not None and shortest < median < 28.0 and total * 0.5 < points[28.0]:
        days, shares = [shortest, median], [0.0, 0.5]
    days += [*points, float(practice()["longest_wait"])]
    shares += [min(1.0, count / total) for count in points.values()] + [1.0]
    return tuple(days), tuple(shares)


@cache
def service(code: str) -> Service:
    """The figures of one service."""
    values = read(f"services/{code}")
    place = read("places")["services"][code]
    mixes = {slug: mix_of(slug, values) for slug in values["breakdowns"]}
    means = values["monthly_means"]
    return Service(
        code=code,
        trust=place["trust"],
        borough=place["borough"],
        annual=values["annual"],
        mixes=mixes,
        first_wait=wait_knots(values["waits"]["first_treatment"], 0.0, means["M049"]),
        second_wait=wait_knots(values["waits"]["second_treatment"], 5.0, None),
        received_by_month=values["received_by_month"],
        means=means,
    )


@cache
def services() -> tuple[Service, ...]:
    """The eight services, in order of their codes."""
    return tuple(service(code) for code in sorted(read("places")["services"]))
