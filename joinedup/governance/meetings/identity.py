"""Which records are of one meeting. What is certain is joined; what is doubtful is asked, never joined in silence.

A joint committee of one name that meets on one day is one meeting, whichever of its councils says so. Two councils'
committees of one name that are not joint are two. Everything between is a candidate for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Literal

from joinedup.governance.meetings.records import Kept, Line, Record, Said

DAYS = 7
"""Further apart, two records are of two meetings, whatever they are called."""
ALIKE = 0.7
"""Share of words that two names have in common, from which they may be one."""
_SHORT = {
    "jhosc": "joint health overview and scrutiny committee",
    "johsc": "joint health overview and scrutiny committee",
    "hosc": "health overview and scrutiny committee",
    "nwl": "north west london",
}


class Likeness(StrEnum):
    """What two records are to each other."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    DIFFERENT = "different"


class Identity(Kept):
    """A person's word on two records, by their keys in order."""

    first: Line
    second: Line
    are: Literal["same", "different"]
    by: Said
    on: date
    why: Said


@dataclass(frozen=True, order=True)
class Candidate:
    """Two records that may be of one meeting, and why that is neither sure nor excluded."""

    first: str
    second: str
    reasons: tuple[str, ...]


def committee_words(name: str) -> str:
    """The name of a committee as it is compared: `NWL JHOSC` is the North West London Joint Health ... Committee."""
    text = re.sub(r"\([^)]*\)", " ", name.casefold().replace("&", " and "))
    found = (_SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", text))
    return " ".join(word for word in " ".join(found).split() if word not in ("the", "of"))


def likeness(a: Record, b: Record) -> tuple[Likeness, tuple[str, ...]]:
    """What two records are to each other, and the reasons where that is doubtful. The order of the two is the same."""
    apart = abs((a.day - b.day).days)
    names = {committee_words(record.committee) for record in (a, b)}
    shared = {paper.url for paper in a.papers if paper.url} & {paper.url for paper in b.papers if paper.url}
    one_council = a.source.council.casefold() == b.source.council.casefold()
    joint = all("joint" in name.split() for name in names)
    if apart > DAYS or not (len(names) == 1 or _alike(*names) or shared):
        return Likeness.DIFFERENT, ()
    doubts = tuple(_doubts(a, b, one_council, len(names) == 1))
    if joint or one_council:
        late = apart and one_council and a.source.kind == b.source.kind
        return (Likeness.DIFFERENT if late else Likeness.DOUBTFUL if doubts else Likeness.SAME), doubts
    if apart or not (shared or (a.venue and a.venue.casefold() == b.venue.casefold())):
        return Likeness.DIFFERENT, ()
    return Likeness.DOUBTFUL, (
        *doubts,
        "The committee is not called joint, and the two name one venue or paper.",
    )


def _alike(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    return len(first & second) >= ALIKE * len(first | second)


def _doubts(a: Record, b: Record, one_council: bool, one_name: bool) -> Iterable[str]:
    if a.day != b.day:
        first, second = sorted((a.day, b.day))
        yield f"The days differ: {first:%-d %B %Y} and {second:%-d %B %Y}."
    if a.time and b.time and a.time != b.time:
        yield f"The times differ: {' and '.join(sorted((a.time, b.time)))}."
    if not one_name:
        yield "The committees are not called the same."
    if one_council and a.source.kind == b.source.kind and a.number != b.number:
        yield "One council lists them as two meetings."


def grouped(
    records: Sequence[Record], decided: Iterable[Identity]
) -> tuple[tuple[tuple[Record, ...], ...], tuple[Candidate, ...]]:
    """Records of one meeting together, and the candidates to decide on; the order of the records does not matter."""
    by_key = {record.key: record for record in sorted(records, key=lambda found: (found.day, found.key))}
    said = {(found.first, found.second): found.are for found in decided}
    pairs = _judged(list(by_key.values()), said)
    same = {pair for pair, (found, _) in pairs.items() if found is Likeness.SAME}
    torn = {pair for pair in same if pair not in said and _fits_others(pair, same)}
    home = _joined(by_key, same - torn)
    asked = {pair: why for pair, (found, why) in pairs.items() if found is Likeness.DOUBTFUL}
    asked |= dict.fromkeys(torn, ("It fits two meetings that differ from each other.",))
    groups: dict[str, list[Record]] = {}
    for key, record in by_key.items():
        groups.setdefault(home[key], []).append(record)
    candidates = (
        Candidate(*pair, why)
        for pair, why in asked.items()
        if home[pair[0]] != home[pair[1]] and not _settled_elsewhere(pair, by_key, same - torn)
    )
    return tuple(map(tuple, groups.values())), tuple(sorted(candidates))


Pairs = Mapping[tuple[str, str], tuple[Likeness, tuple[str, ...]]]


def _judged(ordered: list[Record], said: Mapping[tuple[str, str], str]) -> Pairs:
    """Pairs that are not different, by their keys in order; days too far apart are not looked at."""
    pairs: dict[tuple[str, str], tuple[Likeness, tuple[str, ...]]] = {}
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if (other.day - one.day).days > DAYS:
                break
            first, second = sorted((one.key, other.key))
            found = (
                likeness(one, other) if (first, second) not in said else (Likeness(said[first, second]), ())
            )
            if found[0] is not Likeness.DIFFERENT:
                pairs[first, second] = found
    known = {record.key for record in ordered}
    for (first, second), are in said.items():  # a person's word holds over any number of days
        if are == "same" and {first, second} <= known:
            pairs[first, second] = (Likeness.SAME, ())
    return pairs


def _fits_others(pair: tuple[str, str], same: set[tuple[str, str]]) -> bool:
    """Whether one of the two is also the same as a third that is not the same as the other."""
    partners = [{key for found in same if end in found for key in found} - set(pair) for end in pair]
    return any(tuple(sorted((third, pair[1]))) not in same for third in partners[0]) or any(
        tuple(sorted((third, pair[0]))) not in same for third in partners[1]
    )


def _joined(keys: Iterable[str], edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first key of each group, for every key."""
    home = {key: key for key in keys}

    def first(key: str) -> str:
        while home[key] != key:
            key = home[key]
        return key

    for one, other in sorted(edges):
        low, high = sorted((first(one), first(other)))
        home[high] = low
    return {key: first(key) for key in home}


def _settled_elsewhere(
    pair: tuple[str, str], records: Mapping[str, Record], same: set[tuple[str, str]]
) -> bool:
    """Days differ, and one of the two is already the same as a record of the other's council: nothing to ask."""
    if records[pair[0]].day == records[pair[1]].day:
        return False
    for one, other in (pair, pair[::-1]):
        council = records[other].source.council
        for key in (key for found in same if one in found for key in found if key != one):
            if records[key].source.council == council:
                return True
    return False


def contradictions(
    groups: Iterable[Sequence[Record]], decided: Iterable[Identity]
) -> tuple[tuple[str, str], ...]:
    """Pairs that a person called different and that others' words join all the same."""
    different = {(found.first, found.second) for found in decided if found.are == "different"}
    within = {tuple(sorted((a.key, b.key))) for group in groups for a, b in combinations(group, 2)}
    return tuple(sorted(pair for pair in different if pair in within))
