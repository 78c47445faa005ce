"""Bodies of a collaborative that ship with joinedup: boards, groups, committees, their seats and reporting lines."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, model_validator

from joinedup.definitions.places import Places
from joinedup.definitions.reading import Definition, list_files, load
from joinedup.errors import DefinitionBroken

Kind = Literal[
    "board", "delivery_group", "ceo_meeting", "workstream", "clinical_advisory_group", "scrutiny_committee",
    "outside_body",
]  # fmt: skip
Sector = Literal[
    "nhs_provider",
    "icb",
    "local_authority",
    "primary_care",
    "voluntary",
    "expert_by_experience",
    "education",
    "other",
]
Certainty = Literal["high", "medium", "low", "assumed"]
KINDS: dict[str, str] = {
    "board": "Board", "delivery_group": "Delivery group", "ceo_meeting": "Meeting of chief executives",
    "workstream": "Workstream", "clinical_advisory_group": "Clinical advisory group",
    "scrutiny_committee": "Scrutiny committee", "outside_body": "Outside body",
}  # fmt: skip
SECTORS: dict[str, str] = {
    "nhs_provider": "NHS provider", "icb": "Integrated care board", "local_authority": "Local authority",
    "primary_care": "Primary care", "voluntary": "Voluntary sector", "expert_by_experience": "Experts by experience",
    "education": "Education", "other": "Other",
}  # fmt: skip


class SeatDefined(Definition):
    """A seat: an office, of an organisation of the register where it has one. `needed`: no quorum without it."""

    office: str = Field(min_length=1, max_length=200)
    organisation: str = ""
    sector: Sector
    needed: bool = False


class DelegationDefined(Definition):
    """What a body may decide in another's stead, from whom, within which limits, until when."""

    what: str = Field(min_length=1)
    from_whom: str
    limits: str = ""
    valid_from: date
    valid_to: date | None = None


class BodyDefined(Definition):
    """One body. `place` keeps its record; `host` runs it where it is an outside body. `rule` is an RFC 5545 rule."""

    slug: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    name: str = Field(min_length=1, max_length=200)
    kind: Kind
    formal: bool
    place: str
    host: str = ""
    reports_to: str = ""
    valid_from: date
    rule: str = ""
    starts_on: date | None = None
    begins_at: time = time(10, 0)
    minutes: int = Field(default=90, ge=15, le=480)
    venue: str = ""
    quorum: int = Field(default=0, ge=0)
    seats: tuple[SeatDefined, ...] = ()
    delegations: tuple[DelegationDefined, ...] = ()
    terms: str = Field(min_length=1)
    terms_from: date
    certainty: Certainty
    source: str = Field(min_length=1)
    note: str = ""
    reviewer: str
    next_review: date

    @classmethod
    def all(cls) -> tuple[BodyDefined, ...]:
        """Every body that ships with joinedup, those above before those that report to them."""
        return _bodies()

    @model_validator(mode="after")
    def _fits_the_register(self) -> Self:
        register = {place.code for place in Places.load().places}
        named = {self.place, self.host, *(seat.organisation for seat in self.seats)} - {""}
        if unknown := sorted(named - register):
            raise ValueError(f"not in the register of places: {', '.join(unknown)}")
        if self.quorum > len(self.seats):
            raise ValueError("a quorum of more seats than there are")
        if bool(self.rule) != (self.starts_on is not None):
            raise ValueError("a rule and its first day go together")
        return self


@lru_cache(maxsize=1)
def _bodies() -> tuple[BodyDefined, ...]:
    found = {one.slug: one for one in (load(BodyDefined, file) for file in list_files("bodies"))}
    placed: dict[str, BodyDefined] = {}
    while len(placed) < len(found):
        ready = [one for slug, one in found.items() if slug not in placed and one.reports_to in {"", *placed}]
        if not ready:
            raise DefinitionBroken("bodies: a line leads nowhere, or in a circle")
        placed.update({one.slug: one for one in ready})
    return tuple(placed.values())
