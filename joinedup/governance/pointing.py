"""Finds in free text what points to a person: e-mail addresses, telephone numbers, NHS numbers.

Names it cannot find: whoever writes is asked to leave them out. A telephone number is read as written in the United
Kingdom; an NHS number by its check digit (NHS Data Dictionary, NHS NUMBER), with or without spaces.
"""

from __future__ import annotations

import re

_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w./-])(?:\+44|0044|0)(?:[ ().-]{0,3}[0-9]){9,10}(?![0-9])")
_TEN = re.compile(r"(?<![\w./-])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")


def points_to_people(text: str) -> tuple[str, ...]:
    """What was found, in words, each kind once; empty where nothing was."""
    found = {
        "an e-mail address": bool(_MAIL.search(text)),
        "a telephone number": bool(_PHONE.search(text)),
        "an NHS number": any(_is_nhs_number(re.sub(r"\D", "", ten)) for ten in _TEN.findall(text)),
    }
    return tuple(words for words, there in found.items() if there)


def _is_nhs_number(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])
