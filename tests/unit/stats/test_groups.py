"""Rows sorted into groups: labels by first appearance, sums and running totals within each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.errors import YourCommand
from joinedup.stats.groups import Groups, groups_of

LABELS = st.lists(st.sampled_from("abcd"), max_size=30)


@given(LABELS, st.data())
def test_sums_and_running_totals_are_those_of_plain_loops(labels: list[str], data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(-9, 9), min_size=len(labels), max_size=len(labels)))
    found = groups_of(labels, len(labels))
    assert found.labels.tolist() == list(dict.fromkeys(labels))
    assert found.labels[found.codes].tolist() == labels
    totals: dict[str, int] = {}
    running = []
    for label, value in zip(labels, values, strict=True):
        totals[label] = totals.get(label, 0) + value
        running.append(totals[label])
    assert found.total(values).tolist() == list(totals.values())
    assert found.running_total(values).tolist() == running
    assert found.sizes.tolist() == [labels.count(label) for label in found.labels]
    assert found.spread(found.sizes).tolist() == [labels.count(label) for label in labels]
    assert sorted(found.order.tolist()) == list(range(len(labels)))
    assert [labels[place] for place in found.order] == sorted(labels, key=found.labels.tolist().index)
    assert all(
        found.order[start] == labels.index(name)
        for start, name in zip(found.starts, found.labels, strict=True)
    )


def test_no_labels_is_one_group_of_all() -> None:
    found = groups_of(None, 3)
    assert (found.labels.tolist(), found.codes.tolist(), found.count) == (["all"], [0, 0, 0], 1)
    assert found.total([1, np.nan, 2]).tolist() == pytest.approx([np.nan], nan_ok=True)


def test_a_missing_value_stays_in_its_group() -> None:
    found = groups_of(["a", "b", "a", "b"], 4)
    assert found.running_total([1, np.nan, 2, 3]).tolist() == pytest.approx(
        [1, np.nan, 3, np.nan], nan_ok=True
    )
    assert found.total([1, np.nan, 2, 3]).tolist() == pytest.approx([3, np.nan], nan_ok=True)


def test_numbers_objects_and_texts_keep_their_labels() -> None:
    assert groups_of([3, 1, 3], 3).labels.tolist() == [3, 1]
    assert groups_of(np.array(["b", 1, "b"], dtype=object), 3).labels.tolist() == ["b", 1]
    assert groups_of([2.5, 2.5], 2).codes.tolist() == [0, 0]


@pytest.mark.parametrize("labels", [["a"], [["a", "b"]], [1.0, np.nan], np.array(["a", None], dtype=object)])
def test_labels_that_fit_no_row_are_refused(labels: object) -> None:
    with pytest.raises(YourCommand):
        groups_of(labels, 2)  # type: ignore[arg-type]


def test_a_missing_number_among_objects_is_refused() -> None:
    with pytest.raises(YourCommand, match="missing"):
        groups_of(np.array(["a", float("nan")], dtype=object), 2)


def test_a_group_without_rows_has_size_and_sum_nothing() -> None:
    groups = Groups(np.array(["a", "b"]), np.array([0, 0]))
    assert groups.sizes.tolist() == [2, 0]
    assert groups.total([1, 2]).tolist() == [3, 0]


def test_labels_of_mixed_kinds_are_told_apart_by_their_text() -> None:
    groups = groups_of(np.array([1, "b", 1, "a"], dtype=object), 4)
    assert groups.labels.tolist() == [1, "b", "a"]
    assert groups.codes.tolist() == [0, 1, 0, 2]
