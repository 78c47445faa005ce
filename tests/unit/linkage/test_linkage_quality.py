"""Linkage with Splink on invented people: quality overall and by group, the model, and what is put to reviewers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from benchmarks.linkage import pairs_of_people, quality
from benchmarks.linkage_people import GROUPS, two_indexes
from joinedup.errors import MissingPart, UnreadableFile
from joinedup.linkage import Linked, explained, hold, link, people_of, read_model
from joinedup.linkage.keys import SAMPLE, derive_key
from joinedup.linkage.linking import BY_SCORE, EXPLAINED, LINK, LOOK, REVIEW, UNSURE

pytest.importorskip("splink", reason="scoring needs Splink: pip install 'joinedup[linkage]'")
PEOPLE = 20_000


@pytest.fixture(scope="module")
def indexes(seed: int):
    return dict(zip("AB", two_indexes(PEOPLE, seed), strict=True))


@pytest.fixture(scope="module")
def linked(indexes) -> Linked:
    return link(indexes)


def measured(indexes, linked: Linked) -> dict:
    a, b = indexes["A"], indexes["B"]
    return quality(a, b, *pairs_of_people(linked.people, len(a)))


def test_precision_and_recall_of_two_times_twenty_thousand(indexes, linked: Linked) -> None:
    found = measured(indexes, linked)
    assert found["precision"] >= 0.9995
    assert found["recall"] >= 0.994
    assert set(found["groups"]) == set(GROUPS)
    for group, one in found["groups"].items():
        assert one["recall"] >= 0.985, group
        assert one["precision"] >= 0.999, group


def test_the_model_finds_what_rules_cannot(indexes, linked: Linked) -> None:
    ruled = measured(indexes, link(indexes, scoring=False))
    assert ruled["precision"] >= 0.9995
    assert ruled["recall"] < 0.99 < measured(indexes, linked)["recall"]


def test_scored_links_are_as_sure_as_they_must_be_and_explained_by_field(linked: Linked) -> None:
    scored = linked.links.filter(pc.equal(linked.links["rule"], BY_SCORE))
    assert len(scored) > 50
    assert pc.min(scored["probability"]).as_py() >= LINK
    across = scored.filter(scored["numbers_differ"])
    assert not len(across) or pc.min(across["probability"]).as_py() >= EXPLAINED
    fields = linked.model.fields
    bits = sum(scored[f"weight_{field}"].to_numpy() for field in fields)
    odds = np.log2(
        scored["probability"].to_numpy() / (1 - np.minimum(scored["probability"].to_numpy(), 1 - 1e-15))
    )
    kept = odds < 40  # beyond, the probability is 1 to the last digit
    assert np.ptp((odds - bits)[kept]) < 1e-3  # weights and one starting chance make up the probability


def test_pairs_between_the_thresholds_wait_for_a_reviewer(linked: Linked) -> None:
    unsure = linked.queue.filter(pc.equal(linked.queue["reason"], UNSURE))["probability"].to_pylist()
    assert all(REVIEW <= probability < LINK for probability in unsure)
    looked = linked.queue.filter(pc.equal(linked.queue["reason"], LOOK))
    assert len(looked) == sum(linked.links["numbers_differ"].to_pylist())


def test_a_kept_model_answers_alike_and_holds_no_value_of_anybody(
    indexes, linked: Linked, tmp_path: Path
) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(linked.model.to_bytes())
    again = link(indexes, model=read_model(path))
    assert again.model.version == linked.model.version
    assert again.people.tolist() == linked.people.tolist()
    turned = {source: rows.take(np.arange(len(rows))[::-1]) for source, rows in indexes.items()}
    assert measured(turned, link(turned, model=linked.model)) == measured(indexes, linked)
    surnames = set(indexes["A"]["surname"].to_pylist())
    assert not {word for word in path.read_text().replace('"', " ").split() if word in surnames}
    path.write_text(path.read_text().replace('"form": 2', '"form": 1'))
    with pytest.raises(UnreadableFile, match="form 1"):
        read_model(path)


def test_a_linkage_at_rest_says_what_was_linked(indexes, linked: Linked, tmp_path: Path) -> None:
    held = hold(linked, tmp_path / "links", derive_key(SAMPLE, "demo"))
    assert people_of(held).tolist() == linked.people.tolist()
    scored = held.links.filter(pc.equal(held.links["rule"], BY_SCORE)).slice(0, 1).to_pylist()[0]
    told = explained(held, *held.name(scored["left"]))
    pair = next(pair for pair in told["pairs"] if pair["rule"] == BY_SCORE)
    assert pair["fields"]["surname"]["weight"] is not None
    assert len(told["records"]) == 2


def test_where_there_is_too_little_to_learn_from_rules_are_all() -> None:
    few = link(dict(zip("AB", two_indexes(300, 3), strict=True)))
    assert few.model is None
    assert BY_SCORE not in few.links["rule"].to_pylist()


def test_where_rules_leave_nobody_no_model_is_asked_for() -> None:
    (rows, _) = two_indexes(2_000, 3)
    numbers = [
        f"{nine}{check}" for nine in range(400_000_000, 400_004_000) if (check := check_digit(nine)) < 10
    ]
    rows = rows.set_column(rows.schema.get_field_index("nhs_number"), "nhs_number", [numbers[: len(rows)]])
    found = link({"A": rows, "B": rows})
    assert found.model is None
    assert len(found.links) == len(rows)


def check_digit(nine: int) -> int:
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(str(nine)))
    return (11 - total % 11) % 11


def test_a_given_model_scores_few_records_too(indexes, linked: Linked) -> None:
    few = {source: rows.filter(pc.less(rows["truth"], PEOPLE // 20)) for source, rows in indexes.items()}
    found = link(few, model=linked.model)
    assert found.model is linked.model
    assert measured(few, found)["precision"] >= 0.999


def test_without_splink_the_remedy_is_said(indexes, linked: Linked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    for model in (None, linked.model):
        with pytest.raises(MissingPart, match="Splink"):
            link(indexes, model=model)
