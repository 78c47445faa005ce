"""Pictures of frameworks: who gave which level, places beside each other, when targets are reached, and two maps.

Levels are what bodies said of themselves and evidence allowed; no figure about people is drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from joinedup.charts.drawings_frameworks import (
    NOT_SCORED,
    level_table,
    shade,
    two_maps,
    when_reached,
    who_gave_which,
)
from joinedup.charts.picture import Picture, Table
from joinedup.charts.theme import QUIET
from joinedup.charts.words import listed
from joinedup.definitions.frameworks import Framework
from joinedup.definitions.maps import TileGrid
from joinedup.definitions.places import Places
from joinedup.governance.frameworks.comparing import Comparison, OnMap
from joinedup.governance.frameworks.pace import Forecast
from joinedup.governance.frameworks.results import PlaceResult
from joinedup.governance.frameworks.scoring import Claim, Outcome, Round

EMPTY = ("#FFFFFF", QUIET)


def short(code: str) -> str:
    """The short name of a place."""
    return Places.load().name(code, short=True)


def who_said(found: Round, framework: Framework, claim: Claim) -> str:
    """A partner's name, or the title of the view."""
    return claim.partner or next(view.title for view in framework.views if view.slug == claim.view)


def spread(found: Round, *, caption: str) -> Picture:
    """Levels of each criterion by who gave them, with the level that stands."""
    framework = Framework.load(found.framework)
    shown = [one for one in found.outcomes if one.claims]
    who = list(dict.fromkeys(who_said(found, framework, claim) for one in shown for claim in one.claims))
    rows = [
        {"name": _named(one), "who": who_said(found, framework, claim), "level": claim.level}
        for one in shown for claim in one.claims
    ]  # fmt: skip
    stands = [{"name": _named(one), "held": one.held} for one in shown]
    order = [_named(one) for one in shown]
    apart = [one for one in found.core if one.apart and one.apart[0] != one.apart[1]]
    return Picture(
        slug=f"levels-{found.place.lower()}",
        title=_finding(found, apart),
        subtitle=f"{short(found.place)}, round {found.name}, {found.day:%-d %B %Y}",
        sentence=_widest(apart),
        how_to_read=(
            "A row a criterion. Each sign is the level that somebody gave, side by side so that none hides another; the pale bar is the "
            f"level that stands. From level {framework.evidence.from_level} on a level stands only as far as evidence that holds was "
            "offered for it."
        ),
        caption=caption,
        table=_given(found, framework, who),
        draw=lambda size, width: who_gave_which(
            rows, stands, size=size, width=width, order=order, who=who, highest=framework.highest
        ),
    )


def _named(one: Outcome) -> str:
    return one.title if one.core else f"{one.title} (local)"


def _finding(found: Round, apart: Sequence[Outcome]) -> str:
    place = short(found.place)
    if not any(one.apart for one in found.core):
        return f"{place}: one body alone has scored"
    if not apart:
        return f"{place}: those who scored gave the same levels"
    return f"{place}: those who scored differ on {len(apart)} of {len(found.core)} core criteria"


def _widest(apart: Sequence[Outcome]) -> str:
    if not apart:
        return "No difference to talk about was found, which is a finding too."
    wide = max((one.apart[1] - one.apart[0]) for one in apart if one.apart)
    found = [one for one in apart if one.apart and one.apart[1] - one.apart[0] == wide]
    names = listed([f"{one.title} ({one.apart[0]} to {one.apart[1]})" for one in found[:4] if one.apart])
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""
    return f"Furthest apart: {names}{more}."


def _given(found: Round, framework: Framework, who: Sequence[str]) -> Table:
    rows = []
    for one in found.outcomes:
        given = {who_said(found, framework, claim): str(claim.level) for claim in one.claims}
        low, high = one.apart or (None, None)
        rows.append(
            (
                _named(one), *(given.get(name, "") for name in who), "" if low is None else f"{low} to {high}",
                str(one.allowed), NOT_SCORED if one.held is None else str(one.held),
            )
        )  # fmt: skip
    header = ("Criterion", *who, "Spread", "Evidence allows up to", "Stands")
    return Table(header, tuple(rows))


def beside(compared: Comparison, *, caption: str) -> Picture:
    """Places by domain, on core criteria alone."""
    framework = Framework.load(compared.framework)
    names = [one.title for one in framework.domains]
    rows = [
        {"place": short(one.place), "domain": name, **_tile(level, framework.highest)}
        for one in compared.places for name, level in zip(names, one.domains, strict=True)
    ]  # fmt: skip
    order = [short(one.place) for one in compared.places]
    return Picture(
        slug="places-by-domain",
        title=_lead(compared, framework),
        subtitle=f"{framework.title}: level of each domain in the newest decided round",
        sentence=f"{framework.domain_rule_note} Levels are words in an order: 4 is not twice 2.",
        how_to_read="A row a place, a column a domain; the number is the level that stands, darker is higher. A dash is a domain of which "
        "a core criterion has not been scored.",
        caption=caption,
        table=Table(
            ("Place", "Round", *names, f"Mean of {len(compared.criteria)} core criteria", "Local criteria"),
            tuple(
                (
                    short(one.place), f"{one.round} ({one.day:%-d %B %Y})",
                    *(NOT_SCORED if level is None else str(level) for level in one.domains),
                    "" if one.mean is None else f"{one.mean:.2f}", str(one.local),
                )
                for one in compared.places
            ),
            frozenset({len(names) + 2, len(names) + 3}),
        ),
        draw=lambda size, width: level_table(rows, size=size, width=width, places=order, domains=names),
    )  # fmt: skip


def _tile(level: float | None, highest: int, digits: int = 0) -> dict[str, Any]:
    fill, ink = EMPTY if level is None else shade(int(level), highest)
    return {"text": "\u2013" if level is None else f"{level:.{digits}f}", "fill": fill, "ink": ink}


def _lead(compared: Comparison, framework: Framework) -> str:
    goal = framework.target.level
    there = [
        one for one in compared.places if all(level is not None and level >= goal for level in one.domains)
    ]
    if len(compared.places) == 1:
        one = compared.places[0]
        reached = sum(level is not None and level >= goal for level in one.domains)
        return f"{short(one.place)} stands at level {goal} in {reached} of {len(one.domains)} domains"
    return f"{len(there)} of {len(compared.places)} places stand at level {goal} in every domain"


def reached(paces: Sequence[tuple[PlaceResult, Forecast]], *, caption: str) -> Picture:
    """When each place could reach the target, or that it cannot be told."""
    framework = Framework.load(paces[0][0].framework)
    rows = [
        {
            "name": short(one.place), "day": _iso(found.day), "early": _iso(found.earliest),
            "late": _iso(found.latest or (found.day and _far(found.day))), "words": found.verdict,
        }
        for one, found in paces
    ]  # fmt: skip
    return Picture(
        slug="when-reached",
        title=_standing([found for _, found in paces], framework.target.by),
        subtitle=f"All core criteria at level {framework.target.level}, meant to be reached by {framework.target.by:%-d %B %Y}",
        sentence="A straight line through the rounds so far. It knows nothing of what is planned, and levels are not lengths.",
        how_to_read="The diamond is the day on which the line meets the target, the pale bar the days between which a round would meet it "
        "95 times in 100. Where rounds are too few or do not rise beyond chance, it says so.",
        caption=caption,
        table=Table(
            ("Place", "Rounds", "Levels gained a year", "Forecast"),
            tuple(
                (short(one.place), _rounds(one), "" if found.per_year is None else f"{found.per_year:+.2f}", found.why)
                for one, found in paces
            ),
            frozenset({2}),
        ),
        draw=lambda size, width: when_reached(
            rows, size=size, width=width, order=[str(row["name"]) for row in rows], due=framework.target.by.isoformat()
        ),
    )  # fmt: skip


def _standing(found: Sequence[Forecast], by: date) -> str:
    """How many places are at the target, on course, later, or cannot be told."""
    counts = {
        "at the target": sum(one.verdict == "reached" for one in found),
        "on course": sum(one.day is not None and one.day <= by for one in found),
        "later than meant": sum(one.day is not None and one.day > by for one in found),
        "where it cannot be told": sum(one.verdict == "cannot tell" for one in found),
    }
    return (
        f"Of {len(found)} places: {listed([f'{count} {words}' for words, count in counts.items() if count])}"
    )


def _rounds(one: PlaceResult) -> str:
    found = [(found.name, found.mean(one.common) if one.common else None) for found in one.decided]
    return ", ".join(f"{name}: {'' if mean is None else f'{mean:.2f}'}" for name, mean in found)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _far(day: date) -> date:
    """An open end is drawn three years on; its sentence says that it is open."""
    return day.replace(year=day.year + 3, day=min(day.day, 28))


def on_two_maps(
    first: Sequence[OnMap], second: Sequence[OnMap], days: tuple[date, date], highest: int, *, caption: str
) -> Picture:
    """The same scores on the map of one day and of another."""
    titles = tuple(
        f"{day:%-d %B %Y}: {len(found)} boroughs" for day, found in zip(days, (first, second), strict=True)
    )
    drawn = [_mapped(found, highest) for found in (first, second)]
    scored = [sum(one.mean is not None for one in found) for found in (first, second)]
    before = {one.borough for one in first}
    new = [one.name for one in second if one.borough not in before]
    return Picture(
        slug="two-maps",
        title=f"{scored[0]} of {len(first)} boroughs were assessed on the first map, {scored[1]} of {len(second)} on the second",
        subtitle="Mean level of the core criteria of the partnership or organisation that each borough belongs to",
        sentence=f"Boroughs that joined: {listed(new)}. The same scores on both maps; where nobody has assessed, there is a dash."
        if new else "The same scores on both maps.",
        how_to_read="A tile a borough, where it lies on a grid. The number is the mean level, darker is higher; boroughs of one "
        "partnership have one number.",
        caption=caption,
        table=Table(
            ("Borough", "Commissioner, first map", "Commissioner, second map", "Assessed as", "Mean level"),
            _both(first, second),
            frozenset({4}),
        ),
        draw=lambda size, width: two_maps(drawn[0], drawn[1], size=size, width=width, titles=(titles[0], titles[1])),
    )  # fmt: skip


def _mapped(found: Sequence[OnMap], highest: int) -> list[dict[str, Any]]:
    grid = TileGrid.load().tiles
    return [
        {
            "column": grid[one.borough][0], "row": grid[one.borough][1], "short": _letters(one.name),
            **_tile(one.mean, highest, digits=1),
        }
        for one in found
    ]  # fmt: skip


def _letters(name: str) -> str:
    words = [word for word in name.split() if word != "and"]
    return name[:11] if len(words) == 1 else " & ".join(word[:1] for word in words)


def _both(first: Sequence[OnMap], second: Sequence[OnMap]) -> tuple[tuple[str, ...], ...]:
    old = {one.borough: one for one in first}
    return tuple(
        (
            one.name, old[one.borough].commissioner if one.borough in old else "not part of it", one.commissioner,
            short(one.unit) if one.unit else "nobody", "" if one.mean is None else f"{one.mean:.2f}",
        )
        for one in second
    )  # fmt: skip
