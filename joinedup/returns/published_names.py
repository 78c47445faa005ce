"""What publications call things: measure names and their ids, levels of place, marks for hidden and absent
values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal

from joinedup.definitions.breakdown import SEPARATOR, Breakdown, Label
from joinedup.definitions.reading import Definition, load

TOTAL = "total"
ALL = "All"
STATISTICS = ("count", "percentage", "mean", "median", "max", "min")


class NamedMeasure(Definition):
    """A name under which a measure is published from a day on, and the national id behind it."""

    name: str
    statistic: str
    id: str
    valid_from: date


class GroupMeasure(Definition):
    """A measure id that is another measure for one group."""

    id: str
    measure: str
    breakdown: str
    group: str


class Percentage(Definition):
    """A percentage that counts give again: 100 x numerator / (of - less), each a sum of counts."""

    id: str
    numerator: tuple[str, ...]
    of: tuple[str, ...]
    less: tuple[str, ...] = ()


class Names(Definition):
    """The whole of `published/talking_therapies.yaml`."""

    title: str
    source: str
    hidden_marks: tuple[str, ...]
    absent_marks: tuple[str, ...]
    rounded_to: int
    hidden_to: int
    levels: Mapping[str, Literal["england", "region", "icb", "ccg", "provider"]]
    measures: tuple[NamedMeasure, ...]
    groups: tuple[GroupMeasure, ...]
    chain: Mapping[str, str]


class Percentages(Definition):
    """The whole of `published/percentages.yaml`."""

    source: str
    percentages: tuple[Percentage, ...]


class Columns(Definition):
    """The whole of `published/columns.yaml`: our name of a column -> the headers it has had."""

    source: str
    columns: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def names() -> Names:
    """How NHS Talking Therapies publications name things."""
    return load(Names, "published/talking_therapies.yaml")


@lru_cache(maxsize=1)
def percentages() -> tuple[Percentage, ...]:
    """Percentages that can be computed again from published counts."""
    return load(Percentages, "published/percentages.yaml").percentages


@lru_cache(maxsize=1)
def headers() -> Mapping[str, tuple[str, ...]]:
    """Our name of a column -> the headers it has had, without case and punctuation."""
    return load(Columns, "published/columns.yaml").columns


@lru_cache(maxsize=1)
def _ids() -> dict[tuple[str, str], str]:
    return {(measure.name, measure.statistic): measure.id for measure in names().measures}


def measure_id(name: str, statistic: str) -> str:
    """National id of a published name; the name itself where the statistic has no id of its own."""
    return _ids().get((name, statistic), name)


def split_name(published: str) -> tuple[str, str]:
    """`Count_ReferralsReceived` -> (`referrals_received`, `count`). A name without a statistic is a count."""
    statistic, _, rest = published.partition("_")
    if not rest or statistic.lower() not in STATISTICS:
        return _snake(published), "count"
    return _snake(rest), statistic.lower()


def _snake(name: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")


@lru_cache(maxsize=1)
def _groups_by_label() -> dict[Label, tuple[str, str]]:
    found: dict[Label, tuple[str, str]] = {}
    for breakdown in Breakdown.published():
        for label, group in breakdown.published_labels.items():
            found.setdefault(label, (breakdown.slug, group))
    return found


def group_of_label(label: Label) -> tuple[str, str]:
    """(breakdown, group) of a published label: ours where we have them, else as published."""
    variable_type, a, b = label
    if variable_type in ("", "Total"):
        return TOTAL, ALL
    return _groups_by_label().get(label, (variable_type, printed(("", a, b)) or ALL))


def printed(label: Label) -> str:
    """A label as one text, its empty parts left out."""
    return SEPARATOR.join(part for part in label if part)
