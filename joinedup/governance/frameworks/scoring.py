"""From sets of scores to what stands: levels side by side, their spread, and the level that evidence allows.

Evidence supports the level for which it was offered and those below, whoever offered it. Without evidence that holds no
level stands from that of the framework's rule on, whoever claims it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from joinedup.definitions.frameworks import Framework
from joinedup.governance.frameworks.assessments import Assessment
from joinedup.governance.frameworks.evidence import Holdings, Judged, judge_evidence

State = Literal["met", "not met", "cannot tell"]


@dataclass(frozen=True)
class Claim:
    """A level that somebody gave: the view, the partner where it has several, the level, and why."""

    view: str
    partner: str
    level: int
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """One criterion in one round. `allowed`: the highest level that evidence allows. `held`: what stands, None where
    the view that decides gave none. `proposed`: where moderation could begin, None where nobody else scored. `views`:
    those that score apart, then the one that decides.
    """

    criterion: str
    title: str
    domain: str
    core: bool
    claims: tuple[Claim, ...]
    evidence: tuple[Judged, ...] = field(repr=False)
    allowed: int
    decided: int | None
    views: tuple[str, ...]

    @property
    def held(self) -> int | None:
        """The level that stands."""
        return None if self.decided is None else min(self.decided, self.allowed)

    @property
    def proposed(self) -> int | None:
        """The lower median of what the others gave, no higher than evidence allows."""
        others = sorted(claim.level for claim in self.claims if claim.view != self._deciding)
        return min(others[(len(others) - 1) // 2], self.allowed) if others else None

    @property
    def _deciding(self) -> str:
        return self.views[-1]

    @property
    def apart(self) -> tuple[int, int] | None:
        """The lowest and the highest level among those who score apart; None where fewer than two did."""
        spread = [claim.level for claim in self.claims if claim.view in self.views[:-1]]
        return (min(spread), max(spread)) if len(spread) > 1 else None

    @property
    def unsupported(self) -> bool:
        """Whether the level decided is above what evidence allows."""
        return self.decided is not None and self.decided > self.allowed

    def by_view(self, view: str) -> tuple[int, ...]:
        """Levels of a view."""
        return tuple(claim.level for claim in self.claims if claim.view == view)


@dataclass(frozen=True)
class Round:
    """One place in one round: an outcome for each core criterion, then for local ones."""

    framework: str
    place: str
    name: str
    day: date
    outcomes: tuple[Outcome, ...] = field(repr=False)
    moderated: bool

    @property
    def core(self) -> tuple[Outcome, ...]:
        """Those that can be compared between places."""
        return tuple(one for one in self.outcomes if one.core)

    @property
    def local(self) -> tuple[Outcome, ...]:
        """Those that the place added."""
        return tuple(one for one in self.outcomes if not one.core)

    @property
    def levels(self) -> Mapping[str, int]:
        """Core criteria that have a level that stands."""
        return {one.criterion: one.held for one in self.core if one.held is not None}

    def mean(self, criteria: Iterable[str] | None = None) -> float | None:
        """Mean of the levels that stand, over these core criteria, or all that have one; None where one has none."""
        chosen = list(self.levels if criteria is None else criteria)
        found = [self.levels[name] for name in chosen if name in self.levels]
        return sum(found) / len(found) if found and len(found) == len(chosen) else None

    def domain_level(self, domain: str) -> int | None:
        """The level of a domain by the framework's rule; None where a criterion that has to be scored was not."""
        framework = Framework.load(self.framework)
        criteria = next(one for one in framework.domains if one.slug == domain).criteria
        found = [self.levels[one.slug] for one in criteria if one.slug in self.levels]
        if not found or any(not one.optional and one.slug not in self.levels for one in criteria):
            return None
        return together(found, framework.domain_rule)

    def statement(self, slug: str) -> tuple[State, int, int]:
        """Whether a statement is met: each of its criteria stands at the target; how many do, and of how many."""
        framework = Framework.load(self.framework)
        found = [self.levels.get(one.slug) for one in framework.of_statement(slug)]
        reached = sum(level is not None and level >= framework.target.level for level in found)
        if any(level is not None and level < framework.target.level for level in found):
            return "not met", reached, len(found)
        return ("met" if reached == len(found) else "cannot tell"), reached, len(found)


def together(levels: Sequence[int], rule: str) -> int:
    """One level of several, by a rule: lowest; mean with a half rounded up; highest that two of three reach."""
    if rule == "lowest":
        return min(levels)
    if rule == "mean_half_up":
        return int(Fraction(sum(levels), len(levels)) + Fraction(1, 2))
    return max(
        level
        for level in range(1, max(levels) + 1)
        if 3 * sum(one >= level for one in levels) >= 2 * len(levels)
    )


def rounds_of(assessments: Iterable[Assessment], held: Holdings) -> tuple[Round, ...]:
    """A round for each place and occasion, by day. The newest of a place is judged on live figures."""
    groups: dict[tuple[str, str, str], list[Assessment]] = {}
    for one in assessments:
        groups.setdefault((one.framework, one.place, one.round), []).append(one)
    latest: dict[tuple[str, str], date] = {}
    for (framework, place, _), sets in groups.items():
        latest[framework, place] = max(latest.get((framework, place), date.min), _day(sets))
    found = [
        _round(sets, live=_day(sets) == latest[framework, place], held=held)
        for (framework, place, _), sets in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.framework, one.place, one.day, one.name)))


def _day(sets: Sequence[Assessment]) -> date:
    return max(one.day for one in sets)


def _round(sets: Sequence[Assessment], *, live: bool, held: Holdings) -> Round:
    framework = Framework.load(sets[0].framework)
    order = {view.slug: at for at, view in enumerate(framework.views)}
    ordered = sorted(sets, key=lambda one: (order[one.view], one.partner.casefold()))
    day = _day(ordered)
    local = {
        score.criterion: score for one in reversed(ordered) for score in one.scores if score.local
    }  # of two titles that of the first view counts
    names = [(one.slug, one.title, framework.domain_of(one.slug).slug, True) for one in framework.criteria]
    names += [(code, local[code].title, local[code].domain, False) for code in sorted(local)]
    outcomes = tuple(_outcome(framework, ordered, name, day=day, live=live, held=held) for name in names)
    decided = any(one.view == framework.deciding.slug for one in ordered)
    return Round(framework.slug, ordered[0].place, ordered[0].round, day, outcomes, decided)


def _outcome(
    framework: Framework,
    sets: Sequence[Assessment],
    name: tuple[str, str, str, bool],
    *,
    day: date,
    live: bool,
    held: Holdings,
) -> Outcome:
    code, title, domain, core = name
    scored = [(one, score) for one in sets if (score := one.score(code)) is not None]
    claims = tuple(
        Claim(one.view, one.partner, score.level, score.reason)
        for one, score in scored
        if score.level is not None
    )
    evidence = tuple(
        judge_evidence(
            offered, score.level, one.partner or one.view, day=day, live=live, rule=framework.evidence, held=held
        )
        for one, score in scored if score.level is not None
        for offered in score.evidence
    )  # fmt: skip
    allowed = max([framework.evidence.from_level - 1, *(one.level for one in evidence if one.holds)])
    decided = next((claim.level for claim in claims if claim.view == framework.deciding.slug), None)
    several = [view.slug for view in framework.views if view.several] or [
        view.slug for view in framework.views if not view.decides
    ]
    return Outcome(
        code, title, domain, core, claims, evidence, allowed, decided, (*several, framework.deciding.slug)
    )
