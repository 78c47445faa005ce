"""truth.json: what was planted, and the pass rates that the twin was drawn from. Only tests read it."""

from __future__ import annotations

from typing import Any

import numpy as np

from joinedup.twin.calendar import YEAR_OF_FIGURES, months_ending
from joinedup.twin.drawing import Array
from joinedup.twin.figures import services
from joinedup.twin.planted import Effect
from joinedup.twin.population import Population

# Names inside the simulation, and those of the pathway's stages.
STAGES = {
    "first_treatment": "accessed",
    "second_treatment": "second_treatment",
    "in_scope": "in_scope",
    "paired": "paired",
    "reliably_improved": "reliably_improved",
    "recovered": "recovered",
}
BEFORE = {
    "first_treatment": None,
    "second_treatment": "first_treatment",
    "in_scope": "second_treatment",
    "paired": "second_treatment",
    "reliably_improved": "in_scope",
    "recovered": "reliably_improved",
}


def truth(
    population: Population, *, seed: int, scale: float, dirt: float, chosen: tuple[Effect, ...]
) -> dict[str, Any]:
    """The planted effects with their realised size, and the calibrated pass rates of the cohort of
    2024-25."""
    return {
        "version": 1,
        "seed": seed,
        "scale": scale,
        "dirt": dirt,
        "months": [month.key for month in population.months],
        "planted": [described(effect, population) for effect in chosen],
        "baseline": baseline(population),
        "calibrated_to": {service.code: dict(service.annual) for service in services()},
    }


def described(effect: Effect, population: Population) -> dict[str, Any]:
    """One effect, with the pass rates of those it touches: calibrated, with the effect, and as drawn."""
    columns = population.referrals
    codes = [service.code for service in services()]
    touched = effect.concerns(columns) & (columns["service"] == codes.index(effect.service))
    touched &= columns["received"] <= population.months[-1].last
    facts: dict[str, Any] = {
        "id": effect.id,
        "service": effect.service,
        "borough": services()[codes.index(effect.service)].borough,
        "breakdown": effect.breakdown,
        "group": effect.group,
        "stage": STAGES.get(effect.stage, effect.stage),
        "from": effect.since.isoformat(),
        "date_basis": "ReferralRequestReceivedDate",
        "points": effect.points,
        "days": effect.days,
        "compensated": effect.compensated,
        "referrals": int(touched.sum()),
    }
    if effect.stage in STAGES:
        facts |= rates(columns, touched & reached(columns, effect.stage), effect.stage)
    return facts


def reached(columns: dict[str, Array], stage: str) -> Array:
    """Referrals that came as far as the stage."""
    before = BEFORE[stage]
    if before is None:
        return np.ones(len(columns["received"]), dtype=bool)
    here = columns[before]
    return np.asarray(here & columns["paired"] if stage == "reliably_improved" else here)


def rates(columns: dict[str, Array], who: Array, stage: str) -> dict[str, Any]:
    """Mean calibrated and used pass probability of some referrals, and the share that passed."""
    if not who.any():
        return {"reached": 0}
    return {
        "reached": int(who.sum()),
        "calibrated": round(float(columns[f"{stage}_baseline"][who].mean()), 5),
        "used": round(float(columns[f"{stage}_p"][who].mean()), 5),
        "drawn": round(float(columns[stage][who].mean()), 5),
    }


def baseline(population: Population) -> dict[str, Any]:
    """Pass rates by service, ethnic group, deprivation quintile and stage for referrals received in
    2024-25."""
    columns = population.referrals
    year = months_ending(YEAR_OF_FIGURES[1], 12)
    cohort = (columns["received"] >= year[0].first) & (columns["received"] <= year[-1].last)
    result: dict[str, Any] = {}
    for place, service in enumerate(services()):
        mine = cohort & (columns["service"] == place)
        parts = {"all": np.ones(len(mine), dtype=bool)}
        parts |= {
            f"ethnic_group/{name}": columns["group"] == name for name in np.unique(columns["group"]).tolist()
        }
        parts |= {f"deprivation_quintile/{n}": (columns["decile"] + 1) // 2 == n for n in range(1, 6)}
        result[service.code] = {
            name: {
                title: rates(columns, mine & part & reached(columns, stage), stage)
                for stage, title in STAGES.items()
            }
            for name, part in parts.items()
        }
    return result
