"""States with released figures of our own making: eight boroughs, months of reliable recovery, and a truth we know."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from joinedup.definitions.lattice import ALL, AREA, BOROUGH, EVERYONE
from joinedup.improvement.months import months_between
from joinedup_web.equity.figures import ABOUT, CUBE

BRENT, EALING = "E09000005", "E09000009"
EIGHT = [f"E090000{number:02}" for number in (5, 9, 13, 15, 17, 18, 20, 33)]
COUNTS = ("denominator", "numerator")
Share = Callable[[str, str], float]
"""Borough and month -> share who recover."""


def rises_in_brent(points: float, since: str = "2025-04") -> Share:
    """Half recover everywhere; in Brent so many points more from a month on."""
    return lambda place, month: 0.5 + (points / 100 if place == BRENT and month >= since else 0.0)


def write_state(
    folder: Path,
    number: int,
    share: Share,
    *,
    first: str = "2024-04",
    last: str = "2026-03",
    people: int = 300,
) -> Path:
    """A state as pages read it: released to the nearest 5, with the noise that so many people have."""
    generator, cells = np.random.default_rng(number), []
    for month in months_between(first, last):
        of_area = dict.fromkeys(COUNTS, 0)
        for place in EIGHT:
            recovered = int(generator.binomial(people, share(place, month)))
            for count, value in zip(COUNTS, (people, recovered), strict=True):
                shown = 5 * round(value / 5)
                of_area[count] += shown
                cells.append(["reliable_recovery", count, BOROUGH, place, month, EVERYONE, ALL, shown])
        for count, total in of_area.items():
            cells.append(["reliable_recovery", count, AREA, "NWL", month, EVERYONE, ALL, total])
    made = folder / str(number)
    made.mkdir(parents=True)
    told = {"lattice": "talking_therapies", "snapshot": number, "rule": "a rule", "cells": cells}
    (made / CUBE).write_text(json.dumps(told))
    about = {
        "snapshot": number,
        "caption": "Figures of a test.",
        "committed_at": f"2099-01-01T00:{number // 60:02}:{number % 60:02}",
    }
    (made / ABOUT).write_text(json.dumps(about))
    return made
