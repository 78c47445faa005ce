"""Who is one person, by the rules alone, in plain loops: written from docs/explanation/one-person.md, not the code."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import combinations

Record = Mapping[str, str | None]
Name = tuple[str, str]

# Rule: fields that must be the same; whether each source may have one bearer only; whether numbers may differ.
WITH_NAMES: Sequence[tuple[tuple[str, ...], bool]] = (
    (("first_name", "surname", "birth_date", "postcode"), True),
    (("first_name", "surname", "birth_date", "gender"), True),
    (("first_start", "surname", "birth_date", "postcode"), False),
    (("first_name", "surname_start", "birth_date", "postcode"), False),
)
WITHOUT_NAMES: Sequence[tuple[tuple[str, ...], bool]] = ((("birth_date", "postcode", "gender"), False),)


def number_is_valid(text: str | None) -> bool:
    if text is None or len(text) != 10 or not all(c in "0123456789" for c in text) or len(set(text)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return check != 10 and int(text[9]) == (0 if check == 11 else check)


def plain(record: Record) -> dict[str, str | None]:
    known: dict[str, str | None] = {"source": record["source"], "local_id": record["local_id"]}
    number = (record["nhs_number"] or "").replace(" ", "")
    known["nhs_number"] = number if number_is_valid(number) else None
    for field, start in (("first_name", "first_start"), ("surname", "surname_start")):
        letters = [c for c in unicodedata.normalize("NFKD", record[field] or "").upper() if c.isalpha()]
        known[field] = "".join(letters) or None
        known[start] = "".join(letters[:3]) or None
    postcode = (record["postcode"] or "").replace(" ", "").upper()
    known["postcode"] = None if postcode.startswith("ZZ99") else postcode or None
    known["birth_date"] = record["birth_date"]
    known["gender"] = {"1": "1", "2": "2", "M": "1", "F": "2"}.get(record["gender"] or "")
    return known


def same(one: Record, other: Record, fields: Sequence[str]) -> bool:
    return all(one[field] is not None and one[field] == other[field] for field in fields)


def links(records: Sequence[Record]) -> list[tuple[int, int, int, bool]]:
    """(rule from 0, place, place, whether the numbers may differ), each pair by its strongest rule."""
    people = [plain(record) for record in records]
    named = any(person["first_name"] or person["surname"] for person in people)
    found: dict[tuple[int, int], tuple[int, bool]] = {}
    for a, b in combinations(range(len(people)), 2):
        number = same(people[a], people[b], ["nhs_number"]) and _bearers(people, a) <= 10
        if number and _corroborated(people[a], people[b]):
            found[a, b] = (0, False)
    for rule, (fields, may_differ) in enumerate(WITH_NAMES if named else WITHOUT_NAMES, start=1):
        for a, b in combinations(range(len(people)), 2):
            if (a, b) not in found and same(people[a], people[b], fields) and _alone(people, a, fields):
                numbers = {people[a]["nhs_number"], people[b]["nhs_number"]} - {None}
                if len(numbers) < 2 or may_differ:
                    found[a, b] = (rule, may_differ)
    return [(rule, a, b, may) for (a, b), (rule, may) in found.items()]


def _bearers(people: Sequence[Record], place: int) -> int:
    return sum(same(person, people[place], ["nhs_number"]) for person in people)


def _corroborated(one: Record, other: Record) -> bool:
    details = ("first_name", "surname", "birth_date", "postcode")
    known = [field for field in details if one[field] is not None and other[field] is not None]
    return 2 * sum(one[field] == other[field] for field in known) >= len(known)


def _alone(people: Sequence[Record], place: int, fields: Sequence[str]) -> bool:
    """Whether each source has at most one record that bears these values."""
    sources = [person["source"] for person in people if same(person, people[place], fields)]
    return len(sources) == len(set(sources))


def persons(records: Sequence[Record]) -> set[frozenset[Name]]:
    """The people, each as the names of their records."""
    people = [plain(record) for record in records]
    names: list[Name] = [(str(p["source"]), str(p["local_id"])) for p in people]
    groups: list[set[int]] = [{place} for place in range(len(people))]
    order = sorted(links(records), key=lambda one: (one[0], sorted([names[one[1]], names[one[2]]])))
    for _, a, b, may_differ in order:
        one = next(group for group in groups if a in group)
        other = next(group for group in groups if b in group)
        if one is not other and _may_join(people, one, other, a, b, may_differ):
            groups.remove(other)
            one |= other
    return {frozenset(names[place] for place in group) for group in groups}


def _may_join(
    people: Sequence[Record], one: set[int], other: set[int], a: int, b: int, may_differ: bool
) -> bool:
    first = {people[place]["nhs_number"] for place in one} - {None}
    second = {people[place]["nhs_number"] for place in other} - {None}
    numbers = (people[a]["nhs_number"], people[b]["nhs_number"])
    explained = may_differ and None not in numbers and numbers[0] != numbers[1]
    if not (first <= second or second <= first or explained):
        return False
    by_number = numbers[0] is not None and numbers[0] == numbers[1]
    return by_number or not ({people[p]["source"] for p in one} & {people[p]["source"] for p in other})
