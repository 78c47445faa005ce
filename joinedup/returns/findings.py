"""A finding: one thing wrong in a return, said where it is, by which rule, and what to do.

A finding is read by people, kept in logs and printed on screens, so it never carries a person's identifier,
name, birth date, postcode or NHS number: those are shown as a shape (`10 digits`, `A9 9AA`). Codes, which
identify no one, are shown as they were sent.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Severity = Literal["REJECT_FILE", "REJECT_GROUP", "REJECT_RECORD", "WARNING"]

_SHORT_CODE = re.compile(r"[A-Za-z]{1,2}|(?=.*\d)[A-Za-z0-9.]{1,6}")
_POSTCODE_RUN_TOGETHER = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\d[A-Za-z]{2}")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Ten digits might be an NHS number, so they are left out even where a long code is expected.
_LONG_CODE = re.compile(r"[A-Z]{3}|[A-Z0-9]{3,6}|[0-9]{6,9}|[0-9]{11,18}")
_LONGEST_SHAPE = 24


class Finding(NamedTuple):
    """One finding. `row` counts data rows from 1; it is None when the finding is about a whole file."""

    rule: str
    severity: Severity
    file: str | None
    row: int | None
    column: str | None
    value: str | None
    message: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as plain values, in the order of the fields."""
        return self._asdict()


def shape(value: str) -> str:
    """What a value looks like without what it says: letters become A, digits 9, the rest stays.

    All digits or all letters are counted instead (`10 digits`), and anything long is only measured.
    """
    if value.isnumeric():
        return f"{len(value)} digit{'s' * (len(value) > 1)}"
    if value.isalpha():
        return f"{len(value)} letter{'s' * (len(value) > 1)}"
    if len(value) > _LONGEST_SHAPE:
        return f"{len(value)} characters"
    return "".join("A" if sign.isalpha() else "9" if sign.isnumeric() else sign for sign in value)


def show_safely(value: str | None, *, identifying: bool, long_codes: bool = False) -> str:
    """The value if it can identify no one, else its shape; `blank` for nothing.

    Outside identifying columns only what looks like a short code, a number or a day is shown: a name typed
    into a column of codes is longer than a code. `long_codes` is for columns of SNOMED CT or organisation
    codes.
    """
    if value is None or not value.strip():
        return "blank"
    if identifying or _POSTCODE_RUN_TOGETHER.fullmatch(value):
        return shape(value)
    known = (_SHORT_CODE, _ISO_DATE, _LONG_CODE) if long_codes else (_SHORT_CODE, _ISO_DATE)
    return value if any(pattern.fullmatch(value) for pattern in known) else shape(value)
