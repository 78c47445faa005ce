"""Frameworks by which places and organisations are judged, as data: domains, levels, evidence, roles, neighbourhoods.

A framework is one YAML file; nothing in the code knows which frameworks there are. Whose the texts are is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.places_models import Level as Unit
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName

FOLDER = "frameworks"
LOCAL = "local."
"""What the code of a criterion begins with that a place added by itself."""
Rule = Literal["lowest", "mean_half_up", "two_of_three"]
Slug = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")


class Named(Definition):
    """Something with a slug and a title."""

    slug: str = Slug
    title: str = Field(min_length=1)


class Fact(Definition):
    """Something known about the framework, and from where."""

    text: str
    source: str = Field(min_length=1)


class Level(Definition):
    """A level: its number from 1, its title, and what it means anywhere."""

    level: int = Field(ge=1, le=9)
    title: str
    meaning: str


class EvidenceRule(Definition):
    """From which level on evidence is needed, and for how many months a document counts."""

    from_level: int = Field(ge=2, le=9)
    document_months: int = Field(ge=1, le=120)
    source: str = Field(min_length=1)


class Target(Definition):
    """The level to reach, and by when."""

    level: int
    by: date
    source: str = Field(min_length=1)


class View(Named):
    """Who scores. Of `several` there is one set of scores each; the levels of the one that `decides` count."""

    who: str
    several: bool = False
    decides: bool = False


class Statement(Named):
    """Something that is to be true of every place."""

    about: str


class Question(Named):
    """A question that an assessment answers, in our words, and with what."""

    asks: str
    answered_by: str


class Criterion(Named):
    """What is scored: `statements` that rest on it, `measures` that could be evidence, why it may be blank."""

    asks: str = Field(min_length=1)
    statements: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    optional: str = ""


class Domain(Named):
    """A domain or competency: the text of each of its levels, and its core criteria."""

    about: str
    levels: Mapping[int, str]
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Subset(Named):
    """Domains that belong together for some purpose."""

    domains: tuple[str, ...] = Field(min_length=1)
    source: str = Field(min_length=1)


class Excludes(Definition):
    """Posts of which one person holds one at most."""

    posts: tuple[str, ...] = Field(min_length=2)
    why: str


class CharterRules(Definition):
    """Duties that a role charter shares out, kinds of partner, posts, and posts that exclude each other."""

    source: str = Field(min_length=1)
    parties: tuple[str, ...]
    posts: tuple[Named, ...]
    excludes: tuple[Excludes, ...] = ()
    duties: tuple[Named, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_known_posts(self) -> Self:
        known = {post.slug for post in self.posts}
        if lost := sorted({name for rule in self.excludes for name in rule.posts} - known):
            raise ValueError(f"no such post: {', '.join(lost)}")
        return self


class NeighbourhoodRule(Definition):
    """Residents that a neighbourhood should have, both ends included."""

    lowest: int = Field(gt=0)
    highest: int = Field(gt=0)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError("the lowest number of residents is not below the highest")
        return self


class Framework(Named):
    """One framework. `unit` is the level of place that it judges; `texts` says whose its texts are."""

    aliases: tuple[str, ...] = ()
    version: str
    valid_from: date
    why_it_matters: str
    source: str = Field(min_length=1)
    texts: Literal["ours", "source"]
    texts_note: str = Field(min_length=1)
    reviewer: str
    next_review: date
    unit: Unit
    facts: tuple[Fact, ...] = ()
    levels: tuple[Level, ...] = Field(min_length=2)
    evidence: EvidenceRule
    target: Target
    domain_rule: Rule
    domain_rule_note: str
    views: tuple[View, ...] = Field(min_length=1)
    statements: tuple[Statement, ...] = ()
    questions: tuple[Question, ...] = ()
    subsets: tuple[Subset, ...] = ()
    domains: tuple[Domain, ...] = Field(min_length=1)
    charter: CharterRules | None = None
    neighbourhoods: NeighbourhoodRule | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        numbers = [level.level for level in self.levels]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("levels are numbered 1, 2, 3 and so on")
        for domain in self.domains:
            if sorted(domain.levels) != numbers:
                raise ValueError(f"{domain.slug} does not have a text for each level")
        for what, level in (("evidence", self.evidence.from_level), ("target", self.target.level)):
            if level not in numbers:
                raise ValueError(f"{what}: there is no level {level}")
        if sum(view.decides for view in self.views) != 1 or self.deciding.several:
            raise ValueError("one view decides, and it is one set of scores")
        return self

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        for what, several in (
            ("domain", self.domains), ("criterion", self.criteria), ("view", self.views),
            ("statement", self.statements), ("question", self.questions), ("subset", self.subsets),
        ):  # fmt: skip
            slugs = [one.slug for one in several]
            if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
                raise ValueError(f"{what} twice: {', '.join(twice)}")
        stated = {name for criterion in self.criteria for name in criterion.statements}
        statements = {one.slug for one in self.statements}
        if stated != statements:
            raise ValueError(f"statements and criteria differ: {', '.join(sorted(stated ^ statements))}")
        domains = {one.slug for one in self.domains}
        if lost := sorted({name for subset in self.subsets for name in subset.domains} - domains):
            raise ValueError(f"no such domain: {', '.join(lost)}")
        return self

    @classmethod
    def all(cls) -> tuple[Framework, ...]:
        """The frameworks that ship with joinedup."""
        return _all()

    @classmethod
    def load(cls, name: str) -> Framework:
        """The framework of that slug or alias. Raises UnknownName with the nearest."""
        known = {key: found for found in cls.all() for key in (found.slug, *found.aliases)}
        if name in known:
            return known[name]
        near = get_close_matches(name, known, n=3, cutoff=0.4) or sorted(f.slug for f in cls.all())
        raise UnknownName(f"There is no framework called {name!r}.", remedy=f"Try {', '.join(near)}.")

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every core criterion, in the order of the domains."""
        return tuple(criterion for domain in self.domains for criterion in domain.criteria)

    @property
    def deciding(self) -> View:
        """The view whose levels count."""
        return next(view for view in self.views if view.decides)

    @property
    def highest(self) -> int:
        """The number of the highest level."""
        return self.levels[-1].level

    def domain_of(self, criterion: str) -> Domain:
        """The domain of a core criterion. Raises UnknownName."""
        for domain in self.domains:
            if any(criterion == one.slug for one in domain.criteria):
                return domain
        raise UnknownName(
            f"There is no criterion {criterion!r}.",
            remedy=f"Try {', '.join(one.slug for one in self.criteria)}.",
        )

    def criterion(self, slug: str) -> Criterion:
        """The core criterion of that slug. Raises UnknownName."""
        return next(one for one in self.domain_of(slug).criteria if one.slug == slug)

    def of_statement(self, slug: str) -> tuple[Criterion, ...]:
        """The criteria on which a statement rests."""
        return tuple(one for one in self.criteria if slug in one.statements)


@lru_cache(maxsize=1)
def _all() -> tuple[Framework, ...]:
    return tuple(load(Framework, name) for name in list_files(FOLDER))
