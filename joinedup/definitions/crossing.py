"""Two breakdowns crossed: each group of the first within each group of the second, as a breakdown of its own.

Its name is the two names with CROSS between them, so that whatever shows or releases figures by a breakdown shows and
releases crossed ones alike. A pair of which either half is not stated is not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from joinedup.definitions.breakdown import Breakdown

CROSS = "_x_"


def cross(first: str, second: str) -> str:
    """The name of two breakdowns crossed."""
    return f"{first}{CROSS}{second}"


def halves(slug: str) -> tuple[str, ...]:
    """The names of the breakdowns that a name is made of: one, or two that are crossed."""
    return tuple(slug.split(CROSS))


def group_in_both(group: str, other: str) -> str:
    """The name of the people who are in a group of the first and in one of the second."""
    return f"{group}, {other}"


@lru_cache(maxsize=32)
def crossed(slug: str) -> Breakdown:
    """The breakdown of a crossed name. Raises UnknownName for a half that is not known, and for more than two."""
    from joinedup.definitions.breakdown import Breakdown, Group

    if len(halves(slug)) != 2 or len(set(halves(slug))) != 2:
        raise UnknownName(f"{slug!r} is not two breakdowns.", remedy=f"Cross two different ones: a{CROSS}b.")
    first, second = map(Breakdown.load, halves(slug))
    pairs = [
        Group(name=group_in_both(a, b), people=_people(first, a, second, b))
        for a in first.stated_names
        for b in second.stated_names
    ]
    return Breakdown(
        slug=slug,
        title=f"{first.title} and {second.title[:1].lower()}{second.title[1:]}",
        ordered=False,
        overlapping=first.overlapping or second.overlapping,
        reference=group_in_both(first.reference, second.reference),
        version=max(first.version, second.version),
        valid_from=max(first.valid_from, second.valid_from),
        source=f"{first.source}; {second.source}",
        not_stated_means=f"{first.not_stated_means} {second.not_stated_means}",
        groups=(*pairs, Group(name="Not stated", not_stated=True)),
    )


def _people(first: Breakdown, a: str, second: Breakdown, b: str) -> str:
    return f"{first.people(a)}, {second.people(b).removeprefix('people ')}"


@lru_cache(maxsize=32)
def margins(slug: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(breakdown, group) of either half -> the stated crossed groups within it: all but those not stated by the other
    half. Empty for a breakdown that is not crossed, or whose groups overlap."""
    from joinedup.definitions.breakdown import Breakdown

    if len(halves(slug)) != 2 or Breakdown.load(slug).overlapping:
        return {}
    first, second = map(Breakdown.load, halves(slug))
    within_first = {
        (first.slug, a): tuple(group_in_both(a, b) for b in second.stated_names) for a in first.stated_names
    }
    within_second = {
        (second.slug, b): tuple(group_in_both(a, b) for a in first.stated_names) for b in second.stated_names
    }
    return within_first | within_second
