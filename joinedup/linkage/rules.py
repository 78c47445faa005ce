"""The cascade: named rules, strongest first, each saying which fields must be the same for two records to be one
person.

A rule on anything but the NHS number speaks only where its values are borne by one record in each source: where two
people of one index share them, the rule cannot tell which is meant, and leaves them to be scored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joinedup.linkage.fields import (
    BORN,
    FIRST,
    FIRST_START,
    GENDER,
    NUMBER,
    POSTCODE,
    SURNAME,
    SURNAME_START,
    UNKNOWN,
    Codes,
    Pool,
)

Bools = npt.NDArray[np.bool_]

DETAILS = (FIRST, SURNAME, BORN, POSTCODE)
_MOST_PER_NUMBER = (
    10  # more records than this under one number: the number is a filler, whatever its check digit
)


@dataclass(frozen=True)
class Rule:
    """Records with the same known values in `same` are one person.

    `repeats`: several records of a source may bear the values. `corroborated`: at least half of the details that
    both records know must agree too. `numbers_may_differ`: strong enough to say of two valid NHS numbers that one of
    them is wrong; every such link is put before a reviewer.
    """

    name: str
    same: tuple[str, ...]
    repeats: bool = False
    corroborated: bool = False
    numbers_may_differ: bool = False


NHS_NUMBER = Rule("NHS number", (NUMBER,), repeats=True, corroborated=True)
BY_NAME = (
    Rule("names, birth date and postcode", (FIRST, SURNAME, BORN, POSTCODE), numbers_may_differ=True),
    Rule("names, birth date and gender", (FIRST, SURNAME, BORN, GENDER), numbers_may_differ=True),
    Rule("start of first name, surname, birth date and postcode", (FIRST_START, SURNAME, BORN, POSTCODE)),
    Rule("first name, start of surname, birth date and postcode", (FIRST, SURNAME_START, BORN, POSTCODE)),
)
WITHOUT_NAMES = (Rule("birth date, postcode and gender", (BORN, POSTCODE, GENDER)),)
RULES = (NHS_NUMBER, *BY_NAME)
RULES_WITHOUT_NAMES = (NHS_NUMBER, *WITHOUT_NAMES)


@dataclass(frozen=True)
class Pairs:
    """Pairs of records by their place in the pool, `left` below `right`."""

    left: Codes
    right: Codes

    def __len__(self) -> int:
        return len(self.left)

    def where(self, chosen: Bools | Codes) -> Pairs:
        """Some of them."""
        return Pairs(self.left[chosen], self.right[chosen])


def pairs_by(rule: Rule, pool: Pool) -> Pairs:
    """The pairs that bear the same values; for a rule without repeats only where each source has one bearer."""
    from joinedup.linkage.grouping import grouped, pairs_within  # brings numba, 0.3 s

    rows, starts = grouped([pool.codes[field] for field in rule.same])
    if rule.repeats:
        return Pairs(*pairs_within(rows, starts, _MOST_PER_NUMBER, None))
    return Pairs(*pairs_within(rows, starts, len(pool.sources), pool.source))


def corroborated(pool: Pool, pairs: Pairs) -> Bools:
    """Whether at least half of the details that both records know agree."""
    agree, know = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
    for field in DETAILS:
        one, other = pool.codes[field][pairs.left], pool.codes[field][pairs.right]
        both = (one != UNKNOWN) & (other != UNKNOWN)
        know += both
        agree += both & (one == other)
    return 2 * agree >= know


def numbers_differ(pool: Pool, pairs: Pairs) -> Bools:
    """Whether both bear a valid NHS number and not the same one."""
    one, other = pool.codes[NUMBER][pairs.left], pool.codes[NUMBER][pairs.right]
    differ: Bools = (one != UNKNOWN) & (other != UNKNOWN) & (one != other)
    return differ


def numbers_agree(pool: Pool, pairs: Pairs) -> Bools:
    """Whether both bear the same valid NHS number."""
    one, other = pool.codes[NUMBER][pairs.left], pool.codes[NUMBER][pairs.right]
    agree: Bools = (one != UNKNOWN) & (one == other)
    return agree
