"""Templates of provider collaboratives: what a new one is made from, in a minute."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import ValidationError, model_validator

from joinedup.definitions.places import Places
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import UnknownName, YourData

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,19}")
LONGEST = 200


class CollaborativeTemplate(Definition):
    """A collaborative before it is made: lead provider, members, places and services, from a day.

    `members` are trusts, `places` boroughs, by their codes in the register of places; `services` are words.
    """

    slug: str
    title: str
    source: str
    note: str = ""
    code: str
    name: str
    short_name: str = ""
    sector: str
    starts_on: date
    lead: str
    members: tuple[str, ...]
    places: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @classmethod
    def load(cls, slug: str) -> CollaborativeTemplate:
        """The template of that name. Raises UnknownName."""
        known = {one.slug: one for one in cls.all()}
        if slug not in known:
            raise UnknownName(
                f"There is no template {slug!r}.", remedy=f"There are {', '.join(known)}; or name a file."
            )
        return known[slug]

    @classmethod
    def all(cls) -> tuple[CollaborativeTemplate, ...]:
        """Every template that ships with joinedup."""
        return _templates()

    @classmethod
    def read(cls, file: Path) -> CollaborativeTemplate:
        """A template of one's own. Raises YourData, which names each field that does not fit."""
        try:
            return cls.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise YourData(
                "This file cannot be read as a template.", file=file.name, remedy="Write it as YAML."
            ) from error
        except (ValidationError, RecursionError) as error:
            raise YourData(
                _faults(error), file=file.name, remedy="See docs/how-to/add-a-collaborative.md."
            ) from None

    @model_validator(mode="after")
    def _fits_the_register(self) -> Self:
        register = {place.code: place.level for place in Places.load().places}
        for codes, level in (((self.lead, *self.members), "trust"), (self.places, "borough")):
            wrong = sorted({code for code in codes if register.get(code) != level})
            if wrong:
                raise ValueError(f"not a {level} of the register: {', '.join(wrong)}")
        if not CODE.fullmatch(self.code):
            raise ValueError("code: three to twenty capital letters, digits and hyphens")
        if self.lead not in self.members:
            raise ValueError("the lead provider is one of the members")
        if not self.name.strip() or max(map(len, (self.name, self.short_name, *self.services))) > LONGEST:
            raise ValueError(f"names have one to {LONGEST} characters")
        return self


def _faults(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "It is nested too deeply."
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'the whole file'}: {one['msg']}" for one in error.errors()
    )


@lru_cache(maxsize=1)
def _templates() -> tuple[CollaborativeTemplate, ...]:
    return tuple(load(CollaborativeTemplate, file) for file in list_files("collaborative_templates"))
