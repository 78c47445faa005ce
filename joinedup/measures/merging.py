"""Groups of an ordered breakdown of which some counts are hidden: put together, never imputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.measures.result import COUNTS


def merged(shown: Sequence[bool]) -> list[tuple[int, ...]]:
    """Groups of an ordered breakdown, hidden ones put together with their neighbour; nothing is imputed.

    A hidden group joins the one before it, those at the start the first shown one. Empty where none is shown.
    """
    found: list[tuple[int, ...]] = []
    waiting: tuple[int, ...] = ()
    for at, visible in enumerate(shown):
        if visible:
            found.append((*waiting, at))
            waiting = ()
        elif found:
            found[-1] = (*found[-1], at)
        else:
            waiting = (*waiting, at)
    return found


def counts_of(
    groups: Sequence[Mapping[str, Any]], everyone: Mapping[str, Any] | None, unsaid: Mapping[str, Any] | None
) -> list[tuple[int, int]]:
    """Numerator and denominator of each group, hidden groups merged with their neighbour.

    The count of a merged group is that of everyone less all others, those who stated no group among them. Empty
    where there is no such sum: everyone or another part of it is hidden, or two merged groups share it.
    """
    blocks = merged([all(group[name] is not None for name in COUNTS) for group in groups])
    columns = [_column(groups, blocks, everyone, unsaid, name) for name in COUNTS]
    return list(zip(*columns, strict=True)) if all(columns) else []


def _column(
    groups: Sequence[Mapping[str, Any]],
    blocks: Sequence[tuple[int, ...]],
    everyone: Mapping[str, Any] | None,
    unsaid: Mapping[str, Any] | None,
    name: str,
) -> list[int]:
    counts = [[groups[at][name] for at in block] for block in blocks]
    hidden = [at for at, block in enumerate(counts) if None in block]
    found = [sum(block) if at not in hidden else 0 for at, block in enumerate(counts)]
    if hidden:
        whole = everyone[name] if everyone else None
        beside = unsaid[name] if unsaid else 0
        if len(hidden) > 1 or whole is None or beside is None:
            return []
        found[hidden[0]] = whole - beside - sum(found)
    return found
