"""Compiled passes over coded events. Machine code is kept on disk after the first run of each function.

numba takes a third of a second to import, so this module is imported where it is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from joinedup.compiling import compiled

Codes = NDArray[np.int32]
Numbers = NDArray[np.int64]

SHORT = 64
"""Cases of so many events are put in order by insertion; longer ones could take quadratic time."""


@compiled
def in_order(case: Codes, time: Numbers) -> bool:
    """Whether cases count up from 0 without gaps and times rise within each."""
    for i in range(1, case.size):
        if case[i] == case[i - 1]:
            if time[i] < time[i - 1]:
                return False
        elif case[i] != case[i - 1] + 1:
            return False
    return case.size == 0 or case[0] == 0


@compiled
def bounds(case: Codes, cases: int) -> Numbers:
    """Where each case begins once events are clustered by case, and where the last one ends; shape (cases + 1,)."""
    starts = np.zeros(cases + 1, np.int64)
    for i in range(case.size):
        starts[case[i] + 1] += 1
    for k in range(cases):
        starts[k + 1] += starts[k]
    return starts


@compiled
def clustered(case: Codes, time: Numbers, starts: Numbers) -> Numbers:
    """The order that puts events by case, then time; events of one time stay in the order they came."""
    order = np.empty(case.size, np.int64)
    place = starts[:-1].copy()
    for i in range(case.size):
        order[place[case[i]]] = i
        place[case[i]] += 1
    for k in range(starts.size - 1):
        _sort_case(order[starts[k] : starts[k + 1]], time)
    return order


@compiled
def _sort_case(order: Numbers, time: Numbers) -> None:
    if order.size > SHORT:
        order[:] = order[np.argsort(time[order], kind="mergesort")]
        return
    for i in range(1, order.size):
        moved, j = order[i], i - 1
        while j >= 0 and time[order[j]] > time[moved]:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = moved


@compiled
def counted(
    starts: Numbers, activity: Codes, kinds: int
) -> tuple[Numbers, Numbers, Numbers, NDArray[np.uint64]]:
    """One pass: how often each activity follows each, in how many cases, and what each activity does.

    Returns times and cases of transitions, both (kinds, kinds); activities (5, kinds): times, cases, cases that
    repeat it, cases that start and that end with it; and a hash of each case's sequence.
    """
    times = np.zeros((kinds, kinds), np.int64)
    cases = np.zeros((kinds, kinds), np.int64)
    activities = np.zeros((5, kinds), np.int64)
    hashes = np.empty(starts.size - 1, np.uint64)
    # The last case in which each was met, so that a case is counted once however often it returns.
    last_step = np.full((kinds, kinds), -1, np.int32)
    last_case = np.full(kinds, -1, np.int32)
    last_repeat = np.full(kinds, -1, np.int32)
    for case in range(starts.size - 1):
        begin, end = starts[case], starts[case + 1]
        code = np.uint64(1469598103934665603)
        before = -1
        for i in range(begin, end):
            now = activity[i]
            code = (code ^ np.uint64(now + 1)) * np.uint64(1099511628211)  # FNV-1a; equal hashes are compared
            code ^= code >> np.uint64(29)
            activities[0, now] += 1
            if last_case[now] != case:
                last_case[now] = case
                activities[1, now] += 1
            elif last_repeat[now] != case:
                last_repeat[now] = case
                activities[2, now] += 1
            if before >= 0:
                times[before, now] += 1
                if last_step[before, now] != case:
                    last_step[before, now] = case
                    cases[before, now] += 1
            before = now
        hashes[case] = code
        activities[3, activity[begin]] += 1
        activities[4, before] += 1
    return times, cases, activities, hashes


@compiled
def variants(starts: Numbers, activity: Codes, hashes: NDArray[np.uint64]) -> tuple[Codes, Codes]:
    """The first case of each distinct sequence, in order of appearance, and the variant of each case.

    A table with open addresses finds candidates by hash; sequences are compared in full, so that two that
    share a hash are never taken for one.
    """
    cases = starts.size - 1
    size = 16
    while size < 2 * cases:
        size *= 2
    table = np.full(size, -1, np.int32)
    firsts = np.empty(cases, np.int32)
    variant = np.empty(cases, np.int32)
    found = 0
    for case in range(cases):
        slot = np.int64(hashes[case] & np.uint64(size - 1))
        while True:
            held = table[slot]
            if held < 0:
                table[slot] = found
                firsts[found] = case
                variant[case] = found
                found += 1
                break
            first = firsts[held]
            if hashes[first] == hashes[case] and _same(starts, activity, first, case):
                variant[case] = held
                break
            slot = (slot + 1) & (size - 1)
    return firsts[:found].copy(), variant


@compiled
def _same(starts: Numbers, activity: Codes, one: int, other: int) -> bool:
    a, b, length = starts[one], starts[other], starts[one + 1] - starts[one]
    if starts[other + 1] - b != length:
        return False
    for i in range(length):  # noqa: SIM110 - compiled, a generator would be slower
        if activity[a + i] != activity[b + i]:
            return False
    return True


@compiled
def gathered(
    starts: Numbers, activity: Codes, time: Numbers, place: Numbers, kinds: int, number: int
) -> Numbers:
    """Times between events of some transitions, those of one transition side by side; shape (number,).

    `place` (kinds * kinds,) is where the times of each transition begin, -1 for those not wanted.
    """
    out = np.empty(number, np.int64)
    at = place.copy()
    for case in range(starts.size - 1):
        for i in range(starts[case], starts[case + 1] - 1):
            step = activity[i] * kinds + activity[i + 1]
            if at[step] >= 0:
                out[at[step]] = time[i + 1] - time[i]
                at[step] += 1
    return out


@compiled
def repeating(starts: Numbers, activity: Codes, kinds: int) -> NDArray[np.bool_]:
    """Which cases do an activity more than once; shape (cases,)."""
    last = np.full(kinds, -1, np.int32)
    found = np.zeros(starts.size - 1, np.bool_)
    for case in range(starts.size - 1):
        for i in range(starts[case], starts[case + 1]):
            if last[activity[i]] == case:
                found[case] = True
                break
            last[activity[i]] = case
    return found
