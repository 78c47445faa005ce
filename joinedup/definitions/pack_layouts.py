"""What a pack holds, section by section: data, so that a trust can make its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath
from string import Formatter
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from joinedup.definitions.breakdown import Breakdown
from joinedup.definitions.measure import Measure
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.definitions.scrutiny import TopicList
from joinedup.errors import UnknownName, YourData

SectionKind = Literal[
    "decisions", "changes", "exceptions", "measure", "places", "groups", "gap", "quality", "outlook",
    "plain", "questions", "doing", "unknown", "topics", "commentary",
]  # fmt: skip
PlaceLevel = Literal["service", "trust"]
MOST_BYTES = 200_000


class PackSection(Definition):
    """One section. What it does not use of these fields stays empty; `measures` empty means those of the pack."""

    kind: SectionKind
    heading: str = Field(min_length=1, max_length=120)
    measures: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    levels: tuple[PlaceLevel, ...] = ("service",)
    most: int = Field(default=12, ge=1, le=60)
    tracker: str = ""
    text: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name in self.measures:
            Measure.load(name)
        for name in self.by:
            Breakdown.load(name)
        if self.kind in ("gap", "groups") and not self.by:
            raise ValueError(f"a section of kind {self.kind} says by which breakdowns")
        if self.kind == "topics":
            TopicList.load(self.tracker)
        return self


class PackLayout(Definition):
    """A pack: its sections in order, its measures, and its words. `public`: notes that are not shared stay out.

    `plain` has a sentence for a measure in plain words, in which {of_100}, {people} and {out_of} are figures. `brief`
    packs call measures by it alone.
    """

    slug: str = Field(pattern=r"[a-z][a-z0-9_]{1,30}")
    title: str = Field(min_length=1, max_length=120)
    readers: str
    purpose: str
    public: bool = False
    measures: tuple[str, ...] = Field(min_length=1, max_length=12)
    months: int = Field(default=24, ge=13, le=36)
    plain: Mapping[str, str] = {}
    names: Mapping[str, str] = {}
    sections: tuple[PackSection, ...] = Field(min_length=1, max_length=30)
    version: int = Field(ge=1)
    source: str
    reviewer: str
    next_review: date

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = {Measure.load(name).id for name in self.measures}
        used = {Measure.load(name).id for section in self.sections for name in section.measures}
        if used - known:
            raise ValueError(f"not among the measures of the pack: {', '.join(sorted(used - known))}")
        for name, sentence in self.plain.items():
            Measure.load(name)
            if not _fields(sentence) <= FIGURES:
                raise ValueError(f"plain {name}: {{of_100}}, {{people}} and {{out_of}} are all there is")
        return self

    @classmethod
    def load(cls, slug: str) -> PackLayout:
        """The layout of that name. Raises UnknownName with the names there are."""
        known = {PurePosixPath(name).stem: name for name in list_files("packs")}
        if slug not in known:
            raise UnknownName(f"There is no pack called {slug!r}.", remedy=f"There are {', '.join(known)}.")
        return _loaded(known[slug])

    @classmethod
    def all(cls) -> tuple[PackLayout, ...]:
        """Every layout of ours."""
        return tuple(_loaded(name) for name in list_files("packs"))

    @classmethod
    def read(cls, file: Path) -> PackLayout:
        """A layout of one's own. Raises YourData naming the file and each field that does not fit."""
        try:
            if file.stat().st_size > MOST_BYTES:
                raise YourData("This file is too large for a layout.", file=file.name, remedy=HELP)
            told = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            return cls.model_validate(told)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
            raise YourData("This file cannot be read as a layout.", file=file.name, remedy=HELP) from error
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise YourData(faults, file=file.name, remedy=HELP) from None
        except UnknownName as error:
            raise YourData(error.message, file=file.name, remedy=error.remedy or HELP) from None

    def of_measure(self, name: str) -> PackLayout:
        """The same pack about one measure. Raises UnknownName."""
        identity = Measure.load(name).id
        sections = tuple(section.model_copy(update={"measures": ()}) for section in self.sections)
        return self.model_copy(update={"measures": (identity,), "sections": sections})

    @property
    def levels(self) -> tuple[PlaceLevel, ...]:
        """Levels of place that its sections show."""
        return tuple(dict.fromkeys(level for section in self.sections for level in section.levels))


FIGURES = {"of_100", "people", "out_of"}


def _fields(sentence: str) -> set[str]:
    """What a sentence asks for; a form of a figure or a part of one is asking for something else."""
    try:
        parts = [
            (name, form, kind) for _, name, form, kind in Formatter().parse(sentence) if name is not None
        ]
    except ValueError:
        return {sentence}
    return {name if not form and not kind else sentence for name, form, kind in parts}


HELP = "See docs/how-to/make-a-pack.md; the packs of joinedup in joinedup/definitions/packs are examples."


@lru_cache(maxsize=16)
def _loaded(file: str) -> PackLayout:
    return load(PackLayout, file)
