"""Which rows share their key with another: the only ones that the rules on repeated keys can be about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joinedup.definitions.return_spec import Rule
from joinedup.returns.coded import Rows, Sheet

_LARGEST = np.iinfo(np.int64).max
_COUNTED = 16  # numbers to count over for each that occurs, up to which counting is faster than sorting


def repeated_rows(rule: Rule, sheet: Sheet) -> Rows:
    """The rows of every key that occurs more than once among those the rule is about, whole keys only; None where all
    keys differ.

    The columns of the key are those of the rule; keys with a blank part count too, and SQL decides on them.
    """
    columns = [sheet[place.partition(".")[2]] for place in rule.columns]
    if not rule.args.blank_keys_match and rule.kind == "unique":
        kept = np.logical_and.reduce([column.present for column in columns])
    else:
        kept = np.ones(len(sheet), dtype=bool)
    if rule.kind == "unique_if":
        condition = sheet[(rule.args.when_blank or "").partition(".")[2]]
        kept &= condition.look_up(condition.maybe_blank, True)
    if not columns or not kept.any():
        return None
    if any((column.times <= 1).all() and column.codes[kept].min() >= 0 for column in columns):
        return None
    # A key can only be repeated where each of its values is.
    for column in columns:
        kept &= column.look_up(column.times > 1, True)
    if not kept.any():
        return None
    again = _repeated(_keys([column.codes[kept] for column in columns]))
    if not again.any():
        return None
    found = np.zeros(len(sheet), dtype=bool)
    found[kept] = again
    return found


def _repeated(keys: np.ndarray) -> np.ndarray:
    """Which keys, whole numbers from 0, occur more than once."""
    if keys.max() < _COUNTED * len(keys):
        counted: np.ndarray = np.bincount(keys)[keys] > 1
        return counted
    ordered = np.sort(keys)
    return np.isin(keys, ordered[1:][ordered[1:] == ordered[:-1]])


def _keys(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One number for each combination of codes; -1 (nothing was sent) is a code of its own."""
    keys, so_far = columns[0].astype(np.int64) + 1, int(columns[0].max()) + 2
    for codes in columns[1:]:
        size = int(codes.max()) + 2
        if so_far * size > _LARGEST:
            different, keys = np.unique(keys, return_inverse=True)
            so_far = len(different)
        keys, so_far = keys * size + codes + 1, so_far * size
    return keys


def same_person(sheet: Sheet, column: str) -> Rows:
    """The rows where something stands in `column`, with all rows of the same persons; None if there are none."""
    filled = sheet[column].present
    if not filled.any():
        return None
    person = sheet["LocalPatientId"]
    concerned = np.zeros(len(person.texts) + 1, dtype=bool)
    concerned[person.codes[filled & person.present]] = True
    concerned[-1] = False
    found: np.ndarray = filled | concerned[person.codes]
    return found
