"""Discovery beside plain loops, on small random logs in which much happens at one time."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.journeys.event_logs import Attribute, EventLog, discover, event_log
from joinedup.journeys.event_logs import discovery as discovery_module
from tests.eighths import examples
from tests.reference.processes import Event, discovered

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2", "p3", "p4"]),
        st.sampled_from(["referral", "assessment", "treatment", "discharge"]),
        st.one_of(st.integers(0, 3), st.integers(-(10**13), 10**13)),
    ),
    min_size=1,
    max_size=150,
)


def coded(events: list[Event]) -> EventLog:
    cases = list(dict.fromkeys(case for case, _, _ in events))
    names = list(dict.fromkeys(activity for _, activity, _ in events))
    return event_log(
        names,
        [cases.index(case) for case, _, _ in events],
        [names.index(activity) for _, activity, _ in events],
        [time for _, _, time in events],
    )


@settings(max_examples=examples(300), deadline=None)
@given(EVENTS)
def test_discovery_equals_plain_loops(events: list[Event]) -> None:
    found, expected = discover(coded(events)), discovered(events)
    told = {
        (t.before, t.after): (t.times, t.cases, t.mean.value, t.median.value, t.ninetieth.value)
        for t in found.transitions
    }
    assert told == {
        step: (times, cases, *(float(value) for value in values))
        for step, (times, cases, *values) in expected["transitions"].items()
    }
    own = {a.name: (a.times, a.cases, a.repeating) for a in found.activities}
    assert own == expected["activities"]
    assert {a.name: a.starting for a in found.activities if a.starting} == expected["starts"]
    assert {a.name: a.ending for a in found.activities if a.ending} == expected["ends"]
    assert dict(found.variants.most_common()) == expected["variants"]
    assert found.reworking == expected["reworking"]
    assert sum(t.times for t in found.transitions) == found.transitions_counted == len(events) - found.cases


@settings(max_examples=examples(60), deadline=None)
@given(EVENTS)
def test_times_gathered_in_several_passes_are_the_same(events: list[Event]) -> None:
    log = coded(events)
    whole = discover(log)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(discovery_module, "AT_ONCE", 3)
        assert discover(log).transitions == whole.transitions


@settings(max_examples=examples(60), deadline=None)
@given(EVENTS, st.data())
def test_some_of_the_cases_are_as_if_the_others_had_never_been(
    events: list[Event], data: st.DataObject
) -> None:
    cases = list(dict.fromkeys(case for case, _, _ in events))
    groups = data.draw(st.lists(st.sampled_from(["A", "B"]), min_size=len(cases), max_size=len(cases)))
    log = coded(events)
    group = Attribute(("A", "B"), np.array([ord(g) - 65 for g in groups], np.int32))
    log = EventLog(log.activities, log.starts, log.activity, log.time, "ms", {"group": group})
    wanted = groups[0]
    kept = discover(log.where(group=wanted))
    expected = discovered([event for event in events if groups[cases.index(event[0])] == wanted])
    assert {(t.before, t.after): t.times for t in kept.transitions} == {
        step: numbers[0] for step, numbers in expected["transitions"].items()
    }
    assert Counter(dict(kept.variants.most_common())) == expected["variants"]


def test_sequences_that_share_a_hash_are_told_apart() -> None:
    from joinedup.journeys.event_logs import kernels

    log = coded(
        [("p1", "a", 0), ("p1", "b", 1), ("p2", "b", 0), ("p2", "a", 1), ("p3", "a", 5), ("p3", "b", 6)]
    )
    firsts, variant = kernels.variants(log.starts, log.activity, np.zeros(3, np.uint64))
    assert firsts.tolist() == [0, 1] and variant.tolist() == [0, 1, 0]


def test_a_long_case_in_disorder_is_sorted_and_ties_keep_their_order() -> None:
    times = [(7 * i) % 50 for i in range(1_000)]
    events = [("p1", "abcd"[i % 4], time) for i, time in enumerate(times)]
    found = discover(coded(events))
    assert dict(found.variants.most_common()) == discovered(events)["variants"]


def test_a_sum_of_times_beyond_64_bits_is_exact() -> None:
    spent = np.array([2**61, 2**61 + 2, 2**61 + 4, 2**61, 2**61], np.int64)
    mean, *_ = discovery_module.told(spent.copy())
    assert mean.value == float(Fraction(5 * 2**61 + 6, 5))
