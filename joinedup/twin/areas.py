"""Invented areas: LSOAs with a deprivation rank in each borough, and the postcodes in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.twin.drawing import Array

RANKS = 32_844
AREAS_PER_DECILE = 12
POSTCODES_PER_AREA = 6
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
NO_FIXED_ABODE = "ZZ99 3VZ"


@dataclass(frozen=True)
class Areas:
    """One row per postcode, ordered by borough, decile (1 = most deprived), area."""

    postcode: Array
    borough: Array
    lsoa: Array
    rank: Array


def invent(boroughs: tuple[str, ...], generator: np.random.Generator) -> Areas:
    """Areas E019..., twelve per decile and borough, six postcodes each (outward codes ZX1, ZX2, ... one a
    borough)."""
    per_borough = 10 * AREAS_PER_DECILE * POSTCODES_PER_AREA
    suffixes = [f"{digit}{a}{b}" for digit in range(10) for a in INWARD for b in INWARD]
    postcodes, homes, areas, ranks = [], [], [], []
    for position, borough in enumerate(boroughs):
        chosen = generator.choice(len(suffixes), per_borough, replace=False)
        for step, suffix in enumerate(chosen):
            area = step // POSTCODES_PER_AREA
            postcodes.append(f"ZX{position + 1} {suffixes[suffix]}")
            homes.append(borough)
            areas.append(f"E019{position * 10 * AREAS_PER_DECILE + area + 1:05d}")
        lowest = np.repeat(np.arange(10), AREAS_PER_DECILE) * (RANKS / 10)
        of_area = np.floor(lowest + generator.uniform(2, RANKS / 10 - 2, 10 * AREAS_PER_DECILE)).astype(int)
        ranks.append(np.repeat(of_area, POSTCODES_PER_AREA))
    return Areas(np.array(postcodes), np.array(homes), np.array(areas), np.concatenate(ranks))


def homes(borough: Array, decile: Array, generator: np.random.Generator) -> Array:
    """Position of a postcode for each person; -1 where the decile is not known (0)."""
    per_decile = AREAS_PER_DECILE * POSTCODES_PER_AREA
    inside = generator.integers(0, per_decile, len(borough))
    return np.asarray(np.where(decile > 0, (borough * 10 + decile - 1) * per_decile + inside, -1))
