"""The SQL of the derivations: a file a step under `sql/`, codes filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template

from joinedup.definitions.derivations import Derivations

_MONTH = "CAST(replace({}period, '-', '') AS BIGINT)"


def statement(step: str, words: Mapping[str, str]) -> str:
    """The SQL of one step, without its comments. KeyError if the file asks for a word that is not given."""
    return Template(_text(step)).substitute(words)


@cache
def _text(step: str) -> str:
    text = files("joinedup.journeys").joinpath("sql", f"{step}.sql").read_text(encoding="utf-8")
    return re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)


def words(derivations: Derivations) -> dict[str, str]:
    """What the files leave open, each as SQL text: lists of codes, and which of two rows is the later."""
    return _codes(derivations) | _order()


def _order() -> dict[str, str]:
    """A row's age: the later period wins, and within a period the row further down the file."""
    return {
        "age": _MONTH.format("") + " * 4294967296 + coalesce(_row, 0)",
        "sent_age": _MONTH.format("sent.") + " * 4294967296 + coalesce(sent._row, 0)",
        "month": _MONTH.format(""),
    }


def _codes(derivations: Derivations) -> dict[str, str]:
    lists: dict[str, Sequence[str]] = {
        "did_not_attend": derivations.did_not_attend,
        "cancelled": derivations.cancelled,
        "not_seen": derivations.not_seen,
        "no_disability": derivations.disability.absent,
        "disability_not_stated": derivations.disability.not_stated,
        "condition_present": derivations.long_term_condition.present,
        "condition_absent": derivations.long_term_condition.absent,
        "employment_status": derivations.employment_status,
        "icd10_scheme": derivations.presenting_complaint.icd10_scheme,
        "primary_complaint": derivations.presenting_complaint.primary,
        "experience_questions": derivations.experience_questions,
    }
    quoted = {name: f"({', '.join(_quoted(code) for code in codes)})" for name, codes in lists.items()}
    return quoted | {"employment_support": _quoted(derivations.employment_support)}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
