"""The codes that the national derivations look for: what counts as attended, as treatment, as a score."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pydantic import Field

from joinedup.definitions.reading import FOLDER, Definition, load
from joinedup.errors import UnknownName

Codes = tuple[str, ...]


class Attended(Definition):
    """A contact took place if either column holds one of its codes."""

    AttendOrDNACode: Codes = Field(min_length=1)
    PlannedCareContIndicator: Codes = Field(min_length=1)
    source: str


class AppointmentTypes(Definition):
    """Which appointment types are treatment and which are assessment; one type is both."""

    treatment: Codes = Field(min_length=1)
    assessment: Codes = Field(min_length=1)
    source: str


class PresentingComplaint(Definition):
    """The significance that comes first, and the scheme whose codes lose their punctuation."""

    primary: Codes
    icd10_scheme: Codes
    source: str


class LongTermCondition(Definition):
    """SNOMED CT codes counted as a long-term condition, and as the absence of one."""

    present: Codes
    absent: Codes
    source: str


class Disability(Definition):
    """Codes that mean no disability and not stated; every other code is a disability."""

    absent: Codes
    not_stated: Codes


class Religion(Definition):
    """Group of the annual publication -> the SNOMED CT codes it counts; any other code is not stated."""

    source: str
    groups: Mapping[str, Codes]


class Item(Definition):
    """One scored item: the national column it fills, its SNOMED CT code, and its range."""

    column: str
    snomed: str = Field(pattern=r"^\d{6,18}$")
    low: float
    high: float


class Derivations(Definition):
    """What the derivations of one return look for, by national column name."""

    id: str
    title: str
    version: int
    valid_from: str
    source: str
    attended: Attended
    appointment_types: AppointmentTypes
    did_not_attend: Codes
    cancelled: Codes
    not_seen: Codes
    employment_support: str = Field(pattern=r"^\d{6,18}$")
    integrated: Codes
    presenting_complaint: PresentingComplaint
    long_term_condition: LongTermCondition
    disability: Disability
    religion: Religion
    employment_status: Codes
    interpreter: Codes
    wasas: tuple[Item, ...]
    wasas_note: str
    scores_with_decimals: Codes
    experience_questions: Codes

    @classmethod
    def load(cls, name: str = "talking_therapies") -> Derivations:
        """The derivations of a return by its name. Raises UnknownName."""
        return _load(name)


@lru_cache(maxsize=8)
def _load(name: str) -> Derivations:
    path = f"derivations/{name}.yaml"
    if not (FOLDER / path).is_file():
        raise UnknownName(
            f"there are no derivations for {name}", remedy="the one return so far is talking_therapies"
        )
    return load(Derivations, path)
