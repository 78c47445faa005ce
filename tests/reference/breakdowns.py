"""Groups read straight from the definitions in plain loops: checks `group_of` and `sql_case`."""

from __future__ import annotations

from joinedup.definitions.breakdown import Breakdown


def group_of(breakdown: Breakdown, value: str | int | None) -> str:
    """The group whose code is the value, else with its longest prefix, else whose range it is in."""
    best, longest = None, 0
    for group in breakdown.groups:
        if isinstance(value, str) and value in group.codes:
            return group.name
        for prefix in group.prefixes:
            if isinstance(value, str) and value[: len(prefix)] == prefix and len(prefix) > longest:
                best, longest = group.name, len(prefix)
        if isinstance(value, int) and group.low is not None and group.high is not None:
            for number in range(group.low, group.high + 1):
                if number == value:
                    return group.name
    return best or breakdown.groups[-1].name
