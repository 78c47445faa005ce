"""Places beside each other on what can be compared, views beside each other, and scores on the map of any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.definitions.frameworks import Framework
from joinedup.definitions.maps import map_on
from joinedup.definitions.places import Places
from joinedup.governance.frameworks.results import PlaceResult
from joinedup.governance.frameworks.scoring import Outcome, Round


@dataclass(frozen=True)
class Beside:
    """One place in a comparison: levels of its domains in order, its mean over `criteria`, how many are its own."""

    place: str
    round: str
    day: date
    domains: tuple[int | None, ...]
    mean: float | None
    local: int


@dataclass(frozen=True)
class Comparison:
    """Places by the mean of the core criteria that all of them have; those criteria; local ones are only counted."""

    framework: str
    criteria: tuple[str, ...]
    places: tuple[Beside, ...]


def compare(results: Sequence[PlaceResult]) -> Comparison:
    """The newest decided rounds of places of one framework. Places without one are not in it."""
    framework = Framework.load(results[0].framework)
    newest = [(one.place, one.decided[-1]) for one in results if one.decided]
    common = tuple(
        one.slug
        for one in framework.criteria
        if newest and all(one.slug in found.levels for _, found in newest)
    )
    places = [
        Beside(
            place, found.name, found.day, tuple(found.domain_level(one.slug) for one in framework.domains),
            found.mean(common) if common else None, len(found.local),
        )
        for place, found in newest
    ]  # fmt: skip
    return Comparison(
        framework.slug, common, tuple(sorted(places, key=lambda one: (-(one.mean or 0), one.place)))
    )


def already_there(results: Sequence[PlaceResult], criterion: str, level: int, but: str) -> tuple[str, ...]:
    """Other places where a core criterion stands at that level or above: whom to ask how it was done."""
    return tuple(
        one.place
        for one in results
        if one.place != but and one.decided and one.decided[-1].levels.get(criterion, 0) >= level
    )


def differences(found: Round, first: str, second: str) -> tuple[tuple[Outcome, int], ...]:
    """Core criteria to which two views gave other levels, with second minus first; views that are one set."""
    pairs = ((one, one.by_view(first), one.by_view(second)) for one in found.core)
    return tuple((one, b[0] - a[0]) for one, a, b in pairs if len(a) == len(b) == 1 and a != b)


def mean_of_view(found: Round, view: str, criteria: Sequence[str] | None = None) -> float | None:
    """Mean of the levels that a view gave to core criteria, as claimed; over all of its sets together."""
    given = [
        level
        for one in found.core
        for level in one.by_view(view)
        if criteria is None or one.criterion in criteria
    ]
    return sum(given) / len(given) if given else None


@dataclass(frozen=True)
class OnMap:
    """A borough on a day's map: its commissioner, the unit assessed (None where there is none), its mean level."""

    borough: str
    name: str
    commissioner: str
    unit: str | None
    mean: float | None


def on_map(results: Sequence[PlaceResult], day: date) -> tuple[OnMap, ...]:
    """Boroughs of the commissioners that on that day hold boroughs of the home area, with the same newest scores.

    Before the merger of 2026 these are eight, after it thirteen. Raises UnknownName.
    """
    framework = Framework.load(results[0].framework)
    register = Places.load()
    home = {place.code for place in register.boroughs(day)}
    units = register.roll_up(framework.unit, day)
    newest = {one.place: one.decided[-1] for one in results if one.decided}
    found = []
    for one in map_on(register, day).commissioners:
        if not home & set(one.boroughs):
            continue
        for borough in one.boroughs:
            unit = units.get(borough)
            mean = newest[unit].mean() if unit in newest else None
            found.append(OnMap(borough, register.name(borough), one.place.name, unit, mean))
    return tuple(found)
