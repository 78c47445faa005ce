"""Put one case to our statistics and say how the answer differs from the peer's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joinedup.errors import YourCommand
from tests.oracles.cases import Case, Row, number

Answer = list[dict[str, Any]]
Tolerance = Callable[[Case, str, Row], tuple[float, float]]


def within(relative: float, absolute: float = 1e-12) -> Tolerance:
    return lambda _case, _column, _row: (relative, absolute)


EXACTLY = within(1e-8)


@dataclass(frozen=True)
class Method:
    """How a method is put to us.

    `answer` gives our rows under the peer's column names and raises YourCommand where we refuse. `keys` match
    rows (none: in the order given). Every other expected column is compared, but for those in `ignored`, each
    with the reason.
    """

    peer: str
    answer: Callable[[Case], Answer]
    keys: tuple[str, ...] = ()
    tolerance: Tolerance = EXACTLY
    ignored: Mapping[str, str] = field(default_factory=dict)
    summary: Callable[[Case], Answer] | None = None
    summary_keys: tuple[str, ...] = ()


def differences(method: Method, case: Case) -> list[str]:
    """What differs, in words; nothing when the case agrees."""
    expect = case.params["expect"]
    if expect == "reject":
        return _not_refused(method, case)
    if expect == "peer_fails":
        return _crashes(method, case)
    found = _compared(method, case, method.answer(case), case.expected, method.keys)
    if case.summary and method.summary is not None:
        found += _compared(method, case, method.summary(case), case.summary, method.summary_keys)
    return found


def _not_refused(method: Method, case: Case) -> list[str]:
    try:
        method.answer(case)
    except YourCommand:
        return []
    return [f"answered where the peer refuses: {case.params['message']}"]


def _crashes(method: Method, case: Case) -> list[str]:
    try:
        method.answer(case)
    except YourCommand:
        return []
    return []


def _compared(
    method: Method, case: Case, ours: Answer, expected: list[Row], keys: tuple[str, ...]
) -> list[str]:
    if len(ours) != len(expected):
        return [f"{len(ours)} rows, the peer has {len(expected)}"]
    by_key = {tuple(_key(row[key]) for key in keys): row for row in ours} if keys else {}
    found = []
    for position, row in enumerate(expected):
        mine = by_key.get(tuple(_key(row[key]) for key in keys)) if keys else ours[position]
        if mine is None:
            found.append(f"no row for {[row[key] for key in keys]}")
            continue
        found += [
            f"row {position + 1} {column}: ours {mine.get(column, 'absent')!r}, the peer's {theirs!r}"
            for column, theirs in row.items()
            if column not in {"case_id", "row", *keys, *method.ignored}
            and not _same(mine.get(column), theirs, method.tolerance(case, column, row))
        ]
    return found


def _key(value: Any) -> str:
    text = "" if value is None else str(value)
    try:
        return repr(float(text))
    except ValueError:
        return text


def _same(ours: Any, theirs: str, tolerance: tuple[float, float]) -> bool:
    if isinstance(ours, bool) or theirs in ("true", "false"):
        return str(ours).lower() == theirs
    if ours is None or (isinstance(ours, float) and math.isnan(ours)) or ours == "":
        return theirs in ("", "NA", "NaN")
    try:
        expected, value = number(theirs), float(ours)
    except ValueError:
        return str(ours) == theirs
    if math.isnan(expected) or math.isinf(expected):
        return value == expected
    return math.isclose(value, expected, rel_tol=tolerance[0], abs_tol=tolerance[1])
