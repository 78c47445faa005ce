"""Linkage by rules against the plain reference, and what must hold of every linkage and every decision."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linkage_pools import Records, as_indexes, pools

from joinedup.errors import YourCommand
from joinedup.linkage import Held, Linked, hold, link, people_of, read_linkage, review
from joinedup.linkage.fields import NUMBER, UNKNOWN
from joinedup.linkage.keys import SAMPLE, derive_key
from joinedup.linkage.linking import LOOK
from tests.eighths import examples
from tests.reference import linkage as reference

KEY = derive_key(SAMPLE, "demo")


def people_of_pool(linked: Linked) -> set[frozenset[tuple[str, str]]]:
    groups: dict[int, set[tuple[str, str]]] = {}
    for place, person in enumerate(linked.people.tolist()):
        groups.setdefault(person, set()).add(linked.pool.name(place))
    return {frozenset(group) for group in groups.values()}


@settings(max_examples=examples(300), deadline=None)
@given(pools() | pools(named=False))
def test_people_are_those_of_the_plain_reference(records: Records) -> None:
    linked = link(as_indexes(records), scoring=False)
    assert people_of_pool(linked) == reference.persons(records)


@settings(max_examples=examples(100), deadline=None)
@given(pools(most=14), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records: Records, chance) -> None:
    before = link(as_indexes(records), scoring=False)
    chance.shuffle(records)
    after = link(as_indexes(records), scoring=False)
    assert people_of_pool(after) == people_of_pool(before)
    assert pairs_in(after, after.links) == pairs_in(before, before.links)
    assert pairs_in(after, after.queue) == pairs_in(before, before.queue)


def pairs_in(linked: Linked, rows) -> set:
    return {
        (
            frozenset((linked.pool.name(row["left"]), linked.pool.name(row["right"]))),
            row["rule"],
            row.get("reason"),
        )
        for row in rows.to_pylist()
    }


@settings(max_examples=examples(200), deadline=None)
@given(pools(most=14))
def test_people_are_equivalence_classes_of_their_links(records: Records) -> None:
    linked = link(as_indexes(records), scoring=False)
    lowest = list(range(len(linked.pool)))
    for _ in lowest:  # the slowest closure there is
        for row in linked.links.to_pylist():
            lowest[row["left"]] = lowest[row["right"]] = min(lowest[row["left"]], lowest[row["right"]])
    assert linked.people.tolist() == lowest


@settings(max_examples=examples(300), deadline=None)
@given(pools(most=14))
def test_two_valid_numbers_are_never_joined_in_silence(records: Records) -> None:
    linked = link(as_indexes(records), scoring=False)
    numbers = linked.pool.codes[NUMBER]
    queued = {(row["left"], row["right"]) for row in linked.queue.to_pylist() if row["reason"] == LOOK}
    for person in np.unique(linked.people):
        held = {int(number) for number in numbers[linked.people == person]} - {UNKNOWN}
        said = [
            row
            for row in linked.links.to_pylist()
            if linked.people[row["left"]] == person and row["numbers_differ"]
        ]
        assert len(held) < 2 or len(said) >= len(held) - 1
        assert all((row["left"], row["right"]) in queued for row in said)


decisions = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["accept", "refuse"])), max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pools(most=12), decisions)
def test_undoing_gives_back_exactly_what_was_before(records: Records, wanted: list[tuple[int, str]]) -> None:
    linked = link(as_indexes(records), scoring=False)
    with tempfile.TemporaryDirectory() as scratch:
        held = hold(linked, Path(scratch) / "links", KEY)
        assert people_of(held).tolist() == linked.people.tolist()
        states = [(None, answer(held))]
        for item, verdict in of_held(held, wanted):
            try:
                held = review(held, item, verdict, by="tester")
            except YourCommand:  # it stands already, or somebody else keeps them apart
                assert answer(held) == states[-1][1]
                continue
            check_decided(held)
            states.append((item, answer(held)))
        for place in range(len(states) - 1, 0, -1):
            held = review(held, states[place][0], "undo", by="tester")
            assert answer(held) == states[place - 1][1]
        assert answer(read_linkage(held.path)) == states[0][1]


def answer(held: Held) -> bytes:
    return (held.path / "people.csv").read_bytes()


def of_held(held: Held, wanted: list[tuple[int, str]]) -> list[tuple[str, str]]:
    items = [*held.queue["item"].to_pylist(), *held.links["item"].to_pylist()]
    return [(items[place % len(items)], verdict) for place, verdict in wanted] if items else []


def check_decided(held: Held) -> None:
    """What stands holds: refused pairs are apart, accepted ones together."""
    from joinedup.linkage.decisions import standing

    places = {held.name(place): place for place in range(len(held.records))}
    person = people_of(held)
    for (one, other), verdict in standing(held.decisions).items():
        assert (person[places[one]] == person[places[other]]) == (verdict == "accept")
