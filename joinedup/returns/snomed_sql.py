"""SNOMED CT identifiers in SQL: 6 to 18 digits, a partition of a concept, and the Verhoeff check digit.

Source: SNOMED International, Technical Implementation Guide, "SCTID" (structure, partition identifier and the
dihedral group tables of J. Verhoeff, Error Detecting Decimal Codes, 1969). The national rules accept concepts
only (partition 00 or 10) and, for procedures, a concept with one qualifier: `concept:attribute=concept`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PRODUCTS = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTATIONS = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_QUALIFIERS = "408730004|363589002"  # the two attributes the national rules allow after the colon
_SIMPLE = re.compile("[0-9]{3,15}[01]0[0-9]")
_COMPOUND = rf"^([0-9]+):(?:{_QUALIFIERS})=([0-9]+)$"


def simple_is_valid(code: str) -> str:
    """SQL that is true when the text expression `code` is the identifier of a SNOMED CT concept."""
    digits = f"list_reverse(string_split({code}, ''))"
    return (
        f"(CASE WHEN regexp_matches({code}, '^[0-9]{{3,15}}[01]0[0-9]$') "
        f"THEN {_check_sum(digits)} = 0 ELSE false END)"
    )


def compound_is_valid(code: str) -> str:
    """As `simple_is_valid`, also allowing `concept:attribute=concept` in at most 56 characters."""
    parts = [f"regexp_extract({code}, '{_COMPOUND}', {group})" for group in (1, 2)]
    both = " AND ".join(simple_is_valid(part) for part in parts)
    return f"({simple_is_valid(code)} OR (length({code}) <= 56 AND {both}))"


@lru_cache(maxsize=1 << 16)
def surely_valid(code: str) -> bool:
    """Whether `simple_is_valid` is true of a text, or of one that is nothing but spaces."""
    if not _SIMPLE.fullmatch(code):
        return not code.strip(" ")
    total = 0
    for place, digit in enumerate(reversed(code)):
        total = int(_PRODUCTS[total][int(_PERMUTATIONS[place % 8][int(digit)])])
    return total == 0


def _check_sum(digits: str) -> str:
    products, permutations = "".join(_PRODUCTS), "".join(_PERMUTATIONS)
    permuted = (
        f"list_transform({digits}, lambda digit, place: CAST(substr('{permutations}', "
        "((place - 1) % 8) * 10 + CAST(digit AS INTEGER) + 1, 1) AS INTEGER))"
    )
    step = f"CAST(substr('{products}', total * 10 + digit + 1, 1) AS INTEGER)"
    return f"list_reduce(list_prepend(0, {permuted}), lambda total, digit: {step})"
