"""Drawn examples of the rules, the guard, the queue and what stays at rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from joinedup.disclosure import release
from joinedup.errors import LakeDamaged, UnknownName, UnreadableFile, YourCommand
from joinedup.linkage import (
    Linked,
    explained,
    hold,
    link,
    people_of,
    quality_by,
    queue_of,
    read_decisions,
    read_index,
    read_indexes,
    read_linkage,
    review,
    touched,
)
from joinedup.linkage.clusters import SOURCE_TWICE
from joinedup.linkage.decisions import decide
from joinedup.linkage.keys import SAMPLE, derive_key
from joinedup.linkage.linking import LOOK, ONE_NUMBER

KEY = derive_key(SAMPLE, "demo")
COLUMNS = ("local_id", "nhs_number", "first_name", "surname", "birth_date", "postcode", "gender")
ONE, TWO, THREE = "9434765919", "9434765870", "4010232137"


def index(*lines: str) -> pa.Table:
    """Rows as drawn: cells between bars, a dash for what is not known."""
    rows = [[None if cell.strip() == "-" else cell.strip() for cell in line.split("|")] for line in lines]
    return pa.table(
        {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(COLUMNS)}
    )


def linked_by_rule(**indexes: pa.Table) -> Linked:
    return link(indexes, scoring=False)


def links_of(linked: Linked) -> list[tuple[str, str, str]]:
    """Local identifiers and rule of each link."""
    return sorted(
        (linked.pool.name(row["left"])[1], linked.pool.name(row["right"])[1], row["rule"])
        for row in linked.links.to_pylist()
    )


def queued(linked: Linked) -> list[tuple[str, str, str]]:
    return sorted(
        (linked.pool.name(row["left"])[1], linked.pool.name(row["right"])[1], row["reason"])
        for row in linked.queue.to_pylist()
    )


ADA = f"a1 | {ONE} | Ada | Khan | 1980-02-03 | W1 1AA | 2"


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        (f"b1 | {ONE} | Ada | Khan | 1980-02-03 | W1 1AA | 2", "NHS number"),
        ("b1 | 943 476 5919 | Ada | Smith | 1980-02-03 | NW1 2BB | 2", "NHS number"),
        ("b1 | - | ADA | khan | 03/02/1980 | w11aa | F", "names, birth date and postcode"),
        ("b1 | - | Ada | Khan | 1980-02-03 | NW1 2BB | 2", "names, birth date and gender"),
        (
            "b1 | - | Adah | Khan | 1980-02-03 | W1 1AA | 2",
            "start of first name, surname, birth date and postcode",
        ),
        (
            "b1 | - | Ada | Khanum | 1980-02-03 | W1 1AA | 2",
            "first name, start of surname, birth date and postcode",
        ),
        (f"b1 | {TWO} | Ada | Khan | 1980-02-03 | W1 1AA | 2", "names, birth date and postcode"),
        (f"b1 | {TWO} | Adah | Khan | 1980-02-03 | W1 1AA | 2", None),
        (f"b1 | {ONE} | Grace | Smith | 1950-01-02 | NW1 2BB | 2", None),
        ("b1 | - | Ada | Khan | 1981-02-03 | W1 1AA | 2", None),
        ("b1 | 9434765918 | Grace | Khan | 1980-02-03 | W1 1AA | 2", None),
    ],
)
def test_which_rule_links_a_record(other: str, rule: str | None) -> None:
    found = links_of(linked_by_rule(A=index(ADA), B=index(other)))
    assert found == ([("a1", "b1", rule)] if rule else [])


def test_a_number_that_two_people_bear_links_neither_and_is_put_before_a_reviewer() -> None:
    linked = linked_by_rule(A=index(ADA), B=index(f"b1 | {ONE} | Grace | Smith | 1950-01-02 | NW1 2BB | 2"))
    assert queued(linked) == [("a1", "b1", ONE_NUMBER)]


def test_two_numbers_joined_by_everything_else_are_a_link_to_look_at() -> None:
    linked = linked_by_rule(A=index(ADA), B=index(f"b1 | {TWO} | Ada | Khan | 1980-02-03 | W1 1AA | 2"))
    assert queued(linked) == [("a1", "b1", LOOK)]


def test_values_that_two_records_of_an_index_share_link_neither() -> None:
    twice = index(
        "b1 | - | Ada | Khan | 1980-02-03 | W1 1AA | 2", "b2 | - | Ada | Khan | 1980-02-03 | W1 1AA | 2"
    )
    assert links_of(linked_by_rule(A=index(ADA), B=twice)) == []


def test_a_chain_that_would_join_two_numbers_breaks_at_its_weakest_link() -> None:
    linked = linked_by_rule(
        A=index(ADA),
        B=index("b1 | - | Ada | Khan | 1980-02-03 | W1 1AA | 1"),
        C=index(f"c1 | {TWO} | Ada | Khan | 1980-02-03 | NW1 2BB | 1"),
    )
    assert links_of(linked) == [("a1", "b1", "names, birth date and postcode")]
    assert queued(linked) == [("b1", "c1", "two NHS numbers")]


def test_one_record_of_each_source_to_a_person() -> None:
    linked = linked_by_rule(
        A=index(ADA, f"a2 | {TWO} | Ida | Khan | 1980-02-03 | W1 1AA | 2"),
        B=index(f"b1 | {ONE} | Ada | Khan | 1980-02-03 | W1 1AA | 2"),
        C=index("c1 | - | Ida | Khan | 1980-02-03 | - | 2", "c2 | - | Ada | Khan | 1980-02-03 | - | 2"),
    )
    assert {frozenset(pair[:2]) for pair in links_of(linked)} == {
        frozenset(pair) for pair in (("a1", "b1"), ("a2", "c1"), ("a1", "c2"), ("b1", "c2"))
    }
    assert SOURCE_TWICE not in {reason for *_, reason in queued(linked)}


def test_without_names_birth_date_postcode_and_gender_link() -> None:
    linked = linked_by_rule(
        A=index("a1 | - | - | - | 1980-02-03 | W1 1AA | 2"),
        B=index(f"b1 | {ONE} | - | - | 1980-02-03 | W1 1AA | 2"),
    )
    assert links_of(linked) == [("a1", "b1", "birth date, postcode and gender")]


@pytest.mark.parametrize("filler", ["1900-01-01", "31/02/1980", "1980", ""])
def test_a_birth_date_that_is_none_links_nobody(filler: str) -> None:
    rows = [f"{who} | - | Ada | Khan | {filler} | W1 1AA | 2" for who in ("a1", "b1")]
    assert links_of(linked_by_rule(A=index(rows[0]), B=index(rows[1]))) == []


def test_nobody_at_all_is_linked_to_nobody() -> None:
    linked = linked_by_rule(A=index(), B=index())
    assert len(linked.people) == 0
    assert len(linked.links) == len(linked.queue) == 0


CONFLICT = {
    "A": index(ADA, f"a2 | {TWO} | Bo | Li | 1970-05-06 | HA1 1AA | 1"),
    "B": index(
        f"b1 | {THREE} | Ada | Khan | 1980-02-03 | W1 1AA | 2",
        f"b2 | {TWO} | Bo | Li | 1970-05-06 | HA1 1AA | 1",
    ),
}


def test_nothing_that_names_a_person_rests(tmp_path: Path) -> None:
    held = review_one(tmp_path, "refuse")
    told = ("Ada", "ADA", "Khan", "KHAN", "1980-02-03", "W11AA", "W1 1AA", "HA1", ONE, TWO, THREE)
    for path in held.path.rglob("*"):
        if path.suffix == ".parquet":
            text = str(pq.read_table(path).to_pylist())
        else:
            text = path.read_text() if path.is_file() else ""
        assert not [word for word in told if word in text], path.name


def review_one(tmp_path: Path, verdict: str):
    held = hold(link(CONFLICT, scoring=False), tmp_path / "links", KEY)
    (item,) = held.queue["item"].to_pylist()
    return review(held, item, verdict, by="J. Okafor", why="seen at both trusts")


def test_a_refused_link_is_taken_back_and_explained(tmp_path: Path) -> None:
    held = review_one(tmp_path, "refuse")
    assert people_of(held).tolist() == [0, 1, 2, 1]
    told = explained(held, "A", "a1")
    (pair,) = told["pairs"]
    assert (pair["state"], pair["rule"]) == ("not linked", "names, birth date and postcode")
    assert pair["fields"]["nhs_number"]["agreement"] == "differs"
    assert pair["fields"]["surname"]["agreement"] == "same"
    assert [(d["verdict"], d["by"]) for d in told["decisions"]] == [("refuse", "J. Okafor")]
    assert [row["decision"] for row in queue_of(held)] == ["refuse"]


def test_a_person_bears_the_keyed_number_that_the_lake_would_give(tmp_path: Path) -> None:
    from joinedup.linkage import person_ids

    held = hold(link(CONFLICT, scoring=False), tmp_path / "links", KEY)
    people = {line.split(",")[2]: line.split(",")[0] for line in lines_of(held.path)}
    numbers = (ONE, TWO, THREE)
    keyed = person_ids(pa.array(numbers), "A", pa.array("xyz"), KEY).to_pylist()
    by_number = dict(zip(numbers, keyed, strict=True))
    assert people['"a2"'].strip('"') == people['"b2"'].strip('"') == by_number[TWO]
    assert people['"a1"'].strip('"') == people['"b1"'].strip('"') == min(by_number[ONE], by_number[THREE])


def lines_of(folder: Path) -> Sequence[str]:
    return (folder / "people.csv").read_text().splitlines()[1:]


def test_a_folder_is_never_written_over_and_a_strange_one_not_read(tmp_path: Path) -> None:
    held = review_one(tmp_path, "accept")
    with pytest.raises(YourCommand, match="exists"):
        hold(link(CONFLICT, scoring=False), held.path, KEY)
    with pytest.raises(UnknownName):
        read_linkage(tmp_path)


def test_people_follow_a_decision_after_a_kill_between_the_two(tmp_path: Path) -> None:
    held = hold(link(CONFLICT, scoring=False), tmp_path / "links", KEY)
    before = lines_of(held.path)
    decide(held.path / "decisions", (("A", "a1"), ("B", "b1")), "refuse", by="x")  # and no more
    assert lines_of(held.path) == before
    read_linkage(held.path)
    assert lines_of(held.path) != before


def test_decisions_go_on_counting_in_a_new_linkage(tmp_path: Path) -> None:
    held = review_one(tmp_path, "refuse")
    anew = hold(link(CONFLICT, scoring=False), tmp_path / "next", KEY, decisions_of=held.path)
    assert people_of(anew).tolist() == [0, 1, 2, 1]
    others = link({"A": CONFLICT["A"], "C": CONFLICT["B"]}, scoring=False)
    gone = hold(others, tmp_path / "other", KEY, decisions_of=held.path)
    assert people_of(gone).tolist() == [0, 1, 0, 1]


def test_a_decision_against_an_earlier_one_is_refused(tmp_path: Path) -> None:
    chain = {
        "A": index(ADA),
        "B": index("b1 | - | Ada | Khan | 1980-02-03 | W1 1AA | 1"),
        "C": index(f"c1 | {TWO} | Ada | Khan | 1980-02-03 | W1 1AA | 2"),
    }
    held = hold(link(chain, scoring=False), tmp_path / "links", KEY)
    links = {
        frozenset(held.name(row[end])[1] for end in ("left", "right")): row["item"]
        for row in held.links.to_pylist()
    }
    held = review(held, links[frozenset(("a1", "c1"))], "refuse", by="x")
    first = people_of(held).tolist()
    assert first in ([0, 0, 2], [0, 1, 1])
    other = links[frozenset(("b1", "c1") if first == [0, 0, 2] else ("a1", "b1"))]
    held = review(held, other, "accept", by="x")  # stronger than the rule that joined b1 elsewhere
    assert people_of(held).tolist() == ([0, 1, 1] if first == [0, 0, 2] else [0, 0, 2])
    last = links[frozenset(("a1", "b1") if first == [0, 0, 2] else ("b1", "c1"))]
    with pytest.raises(YourCommand, match="otherwise"):
        review(held, last, "accept", by="x")


def test_the_ledger_shows_when_it_was_altered(tmp_path: Path) -> None:
    pair = (("A", "1"), ("B", "2"))
    for verdict in ("accept", "undo", "refuse"):
        decide(tmp_path, pair, verdict, by="x")
    assert [d.verdict for d in read_decisions(tmp_path)] == ["accept", "undo", "refuse"]
    second = sorted(tmp_path.glob("*.json"))[1]
    whole = second.read_bytes()
    second.write_bytes(whole.replace(b"undo", b"Undo"))
    with pytest.raises(LakeDamaged):
        read_decisions(tmp_path)
    second.unlink()
    with pytest.raises(LakeDamaged):
        read_decisions(tmp_path)


@pytest.mark.parametrize(("first", "then"), [(None, "undo"), ("accept", "accept"), ("undone", "undo")])
def test_decisions_that_make_no_sense(tmp_path: Path, first: str | None, then: str) -> None:
    pair = (("A", "1"), ("B", "2"))
    if first:
        decide(tmp_path, pair, "accept", by="x")
    if first == "undone":
        decide(tmp_path, pair, "undo", by="x")
    with pytest.raises(YourCommand):
        decide(tmp_path, pair, then, by="x")
    with pytest.raises(YourCommand, match="name"):
        decide(tmp_path, pair, "refuse", by=" ")


def test_a_change_of_links_touches_the_people_it_alters_and_nobody_else() -> None:
    before = pa.table({"own_id": list("abcdef"), "person_id": list("aacdee")})
    after = pa.table({"own_id": list("abcdef"), "person_id": list("aaccee")})
    assert touched(before, after).to_pylist() == ["c", "d"]
    assert touched(after, before).to_pylist() == ["c", "d"]
    assert touched(before, before).to_pylist() == []
    assert touched(before, before.slice(0, 5)).to_pylist() == ["e", "f"]


def test_small_groups_are_hidden_when_quality_leaves() -> None:
    rows = [f"a{i} | - | Ada{'abcdefghijklmnopqrst'[i]} | Khan | 1980-02-03 | W1 1AA | 2" for i in range(20)]
    a, b = index(*rows), index(*(row.replace("a", "b", 1) for row in rows[:12]))
    groups = pa.array(["large"] * 17 + ["small"] * 3)
    indexes = {"A": a.append_column("group", groups), "B": b.append_column("group", groups[:12])}
    quality = quality_by(link(indexes, scoring=False), indexes, "group")
    assert quality.rows()[0]["records"] == 29
    assert quality.rows()[-1]["linked"] == 24
    shown = {row["group"]: row for row in release(quality).value.rows()}
    assert shown["small"]["records"] is None
    assert shown["All"]["records"] in (None, 30)


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"nhs_number,surname\n1,a\n", None),
        (b"local_id\n1\n", None),
        (b"local_id,surname\n1,a\n,b\n", 2),
        (b"local_id,surname\n1,a\n2,b\n1,c\n", 3),
        (b"local_id,surname\n1,\xff\xfe\n", None),
        (b"", None),
        (b"local_id,surname,surname\n1,a,b\n", None),
    ],
)
def test_a_file_that_is_no_index_is_named_with_its_row(
    tmp_path: Path, content: bytes, row: int | None
) -> None:
    (tmp_path / "RV3.csv").write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_index(tmp_path / "RV3.csv")
    assert (refused.value.file, refused.value.row) == ("RV3.csv", row)


def test_indexes_are_named_after_their_files(tmp_path: Path) -> None:
    for name in ("RV3.csv", "RKL.csv"):
        (tmp_path / name).write_text("local_id,surname,Trust Team\n007,Khan,x\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "RV3.csv").write_text("local_id,surname\n1,Khan\n")
    read = read_indexes([tmp_path / "RV3.csv", tmp_path / "RKL.csv"])
    assert list(read) == ["RV3", "RKL"]
    assert pc.equal(read["RV3"]["local_id"], "007").to_pylist() == [True]
    with pytest.raises(YourCommand, match="one name"):
        read_indexes([tmp_path / "RV3.csv", tmp_path / "other" / "RV3.csv"])
    with pytest.raises(YourCommand, match="two indexes"):
        read_indexes([tmp_path / "RV3.csv"])
