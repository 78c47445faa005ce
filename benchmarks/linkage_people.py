"""Two invented person indexes with known truth, for the benchmark and the quality tests of linkage.

Of all people 60% are in both. In index A 3% lack an NHS number, in B 8%; 1% of each bear somebody else's; 2% and 6%
of first names and of surnames hold a typing error; 1% of birth dates are off by up to 30 days, 12% of postcodes are
of another address. Those are averages: the four groups differ in missing numbers, typing errors, moves and in how
much of the group shares its commonest names, since links are not missed at random.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Group:
    """A group's share of people, its rates of missing numbers, typing errors and moves beside the average's (1), and
    the exponent of its names: the higher, the more people share the commonest."""

    share: float
    missing: float
    typing: float
    moving: float
    sharing: float


GROUPS: Mapping[str, Group] = {
    "group 1": Group(0.55, 0.7, 0.8, 0.8, 0.70),
    "group 2": Group(0.25, 1.1, 1.2, 1.1, 0.80),
    "group 3": Group(0.12, 1.4, 1.4, 1.3, 0.75),
    "group 4": Group(0.08, 2.1, 1.3, 1.7, 0.70),
}
_FIRST_NAMES, _SURNAMES = 3_000, 20_000
_BORN_FROM, _DAYS = np.datetime64("1935-01-01"), 365 * 70


@dataclass(frozen=True)
class _Side:
    name: str
    missing: float
    typing: float


SIDES = (_Side("a", 0.03, 0.02), _Side("b", 0.08, 0.06))


def two_indexes(people: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Indexes A and B of `people` invented people, 80% of them in each. Columns local_id, nhs_number, first_name,
    surname, birth_date, postcode, gender, group, and truth (who it is), all text but the last."""
    chance = np.random.default_rng(seed)
    truth = _people(people, chance)
    place = chance.random(people)
    inside = (np.flatnonzero(place < 0.8), np.flatnonzero(place >= 0.2))
    first, second = (_index(truth, who, side, chance) for who, side in zip(inside, SIDES, strict=True))
    return first, second


def _people(people: int, chance: np.random.Generator) -> dict[str, np.ndarray]:
    group = chance.choice(len(GROUPS), people, p=[g.share for g in GROUPS.values()])
    return {
        "group": group,
        "first_name": _names(group, _FIRST_NAMES, 2, 4, chance),
        "surname": _names(group, _SURNAMES, 2, 5, chance),
        "birth_date": _BORN_FROM + chance.integers(0, _DAYS, people).astype("timedelta64[D]"),
        "postcode": _postcodes(people, chance),
        "gender": chance.choice(np.array(["1", "2"]), people),
        "nhs_number": chance.permutation(_numbers(people)),
    }


def _names(group: np.ndarray, size: int, least: int, most: int, chance: np.random.Generator) -> np.ndarray:
    """Names of syllables, drawn by rank with the group's exponent from a part of the vocabulary of its own."""
    syllables = np.array([c + v for c in "bcdfghjklmnprstvwyz" for v in "aeiou"])
    names = np.empty(len(group), dtype="U16")
    for number, one in enumerate(GROUPS.values()):
        mine = group == number
        lengths = chance.integers(least, most, size)
        words = np.unique(["".join(chance.choice(syllables, n)) for n in lengths])
        chance.shuffle(words)
        weight = 1 / np.arange(1, len(words) + 1) ** one.sharing
        names[mine] = chance.choice(words, int(mine.sum()), p=weight / weight.sum())
    return names


def _postcodes(people: int, chance: np.random.Generator) -> np.ndarray:
    areas, letters = np.array(["W", "NW", "HA", "UB", "TW", "SW"]), np.array(list("ABDEFGHJLNPQ"))
    outward = np.char.add(chance.choice(areas, people), chance.integers(1, 20, people).astype("U2"))
    inward = np.char.add(chance.choice(letters, people), chance.choice(letters, people))
    return np.char.add(
        np.char.add(np.char.add(outward, " "), chance.integers(1, 10, people).astype("U1")), inward
    )


def _numbers(count: int) -> np.ndarray:
    """Numbers that pass the modulus 11 check of the NHS number, from 400 000 000 up."""
    nine = 400_000_000 + np.arange(int(count * 1.2) + 100)
    digits = (nine[:, None] // 10 ** np.arange(8, -1, -1)) % 10
    check = (11 - digits @ np.arange(10, 1, -1) % 11) % 11
    return (nine * 10 + check)[check < 10][:count]


def _index(
    truth: Mapping[str, np.ndarray], who: np.ndarray, side: _Side, chance: np.random.Generator
) -> pa.Table:
    """What one trust has written down of these people, errors and all, in an order of its own."""
    who = chance.permutation(who)
    held = {name: values[who] for name, values in truth.items()}
    kinds = list(GROUPS.values())
    missing, typing, moving = (
        _relative([getattr(kind, rate) for kind in kinds])[held["group"]]
        for rate in ("missing", "typing", "moving")
    )
    wrong, late, moved = (chance.random(len(who)) < rate for rate in (0.01, 0.01, 0.12 * moving))
    held["nhs_number"][wrong] = chance.choice(truth["nhs_number"], int(wrong.sum()))
    held["birth_date"][late] += chance.integers(-30, 31, int(late.sum())).astype("timedelta64[D]")
    held["postcode"][moved] = chance.choice(truth["postcode"], int(moved.sum()))
    for name in ("first_name", "surname"):
        held[name] = _mistyped(held[name], chance.random(len(who)) < side.typing * typing, chance)
    lacks = chance.random(len(who)) < side.missing * missing
    return pa.table(
        {
            "local_id": [f"{side.name}{i}" for i in range(len(who))],
            "nhs_number": pa.array(held["nhs_number"].astype("U10"), mask=lacks),
            **{name: held[name] for name in ("first_name", "surname")},
            "birth_date": held["birth_date"].astype("U10"),
            **{name: held[name] for name in ("postcode", "gender")},
            "group": np.array(list(GROUPS))[held["group"]],
            "truth": who,
        }
    )


def _relative(rates: Sequence[float]) -> np.ndarray:
    """The groups' rates scaled so that people on average have rate 1."""
    shares = np.array([group.share for group in GROUPS.values()])
    return np.array(rates) / (shares @ np.array(rates))


def _mistyped(names: np.ndarray, which: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """One letter left out, replaced or doubled in each chosen name."""
    out = names.copy()
    for place in np.flatnonzero(which):
        name = str(out[place])
        at, kind = int(chance.integers(len(name))), int(chance.integers(3))
        letter = string.ascii_lowercase[int(chance.integers(26))]
        put = ("", letter, name[at] * 2)[kind] if len(name) > 2 else letter
        out[place] = name[:at] + put + name[at + 1 :]
    return out
