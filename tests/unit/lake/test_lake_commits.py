"""What a commit keeps, replaces and refuses."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from lake_rows import BY, numbers, on, referrals, replace, sorted_rows

from joinedup.errors import KeyRefused, OurFault, UnknownName, YourCommand
from joinedup.lake import Change, Lake, SubmissionRecord, create_lake, open_lake

APRIL, MAY = ("RV3", "2024-04"), ("RV3", "2024-05")


def test_rows_come_back_as_they_went_in(lake: Lake) -> None:
    rows = referrals(APRIL, range(50))
    lake.commit([replace(APRIL, rows=rows)], kind="load", known_at=on(1))
    found = open_lake(lake.path).read("returns/IDS101")
    assert found.schema == rows.schema
    assert found == rows


def test_partition_values_stay_text(lake: Lake) -> None:
    """'00123' read as a number would be another provider; 2024-04 read as a date another month."""
    for partition in (("00123", "2024-04"), ("1e5", "2024-04"), ("true", "NaN"), (None, "2024-04")):
        rows = referrals(partition, [1])
        lake.commit([replace(partition, rows=rows, table="t")], kind="load", known_at=on(1))
    found = {(row["provider"], row["period"]) for row in lake.read("t").to_pylist()}
    assert found == {("00123", "2024-04"), ("1e5", "2024-04"), ("true", "NaN"), (None, "2024-04")}
    assert lake.read("t", ["number"], where="provider = '00123'").num_rows == 1
    assert lake.read("t", ["number"], where="provider IS NULL").num_rows == 1


def test_replacing_touches_nothing_else(filled: Lake) -> None:
    assert numbers(filled) == {
        ("RKL", "2024-04"): list(range(7)),
        ("RV3", "2024-04"): [100, 101, 102],
    }
    before, after = filled.history()[0].changes, filled.history()[1].changes["returns/IDS101"]
    kept = [file.path for file in before["returns/IDS101"].added if file.partition[0] == "RKL"]
    assert not set(kept) & set(after.removed)


def test_one_commit_replaces_several_partitions(filled: Lake) -> None:
    rows = pa.concat_tables([referrals(MAY, [1]), referrals(("RKL", "2024-04"), [2]), referrals(MAY, [3])])
    filled.commit([replace(MAY, APRIL, ("RKL", "2024-04"), rows=rows)], kind="load", known_at=on(21))
    assert numbers(filled) == {MAY: [1, 3], ("RKL", "2024-04"): [2]}


def test_a_mapping_replaces_the_product_of_its_values(filled: Lake) -> None:
    change = Change("returns/IDS101", referrals(MAY, [1]), {"provider": ["RV3"]}, BY)
    filled.commit([change], kind="load", known_at=on(21))
    assert numbers(filled) == {MAY: [1], ("RKL", "2024-04"): list(range(7))}


def test_no_replacement_named_overwrites_the_table_and_may_change_its_columns(filled: Lake) -> None:
    rows = pa.table({"code": ["a"], "provider": ["RV3"], "period": ["2024-04"]})
    filled.commit([Change("returns/IDS101", rows, partition_by=BY)], kind="derive", known_at=on(21))
    assert open_lake(filled.path).read("returns/IDS101") == rows
    old = open_lake(filled.path, as_known=date(2024, 4, 20))
    assert old.schema("returns/IDS101").names[0] == "number"
    assert numbers(old)[("RKL", "2024-04")] == list(range(7))
    assert filled.check(deep=True) > 0


def test_a_table_without_rows_keeps_its_columns(lake: Lake) -> None:
    empty = referrals(APRIL, [])
    lake.commit([replace(APRIL, rows=empty), Change("whole", empty)], kind="load", known_at=on(1))
    again = open_lake(lake.path)
    assert again.read("returns/IDS101") == empty
    assert again.query("SELECT count(*) AS n FROM whole JOIN returns__IDS101 USING (number)").to_pylist() == [
        {"n": 0}
    ]
    lake.commit([replace(APRIL, rows=referrals(APRIL, [5]))], kind="load", known_at=on(2))
    lake.commit([replace(APRIL, rows=empty)], kind="load", known_at=on(3))
    assert lake.read("returns/IDS101") == empty


def test_rows_in_a_partition_keep_their_order(lake: Lake) -> None:
    mixed = pa.concat_tables([referrals(APRIL, [3, 1]), referrals(MAY, [9, 8]), referrals(APRIL, [2])])
    lake.commit([replace(APRIL, MAY, rows=mixed)], kind="load", known_at=on(1))
    assert lake.read("returns/IDS101", ["number"], "period = '2024-04'")["number"].to_pylist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda: replace(APRIL, rows=referrals(MAY, [1])), "outside the partitions"),
        (
            lambda: replace(APRIL, rows=referrals(APRIL, [1]).drop_columns(["day"])),
            "differ from the table in day",
        ),
        (lambda: Change("returns/IDS101", referrals(APRIL, [1])), "is partitioned by"),
        (
            lambda: replace(("R/3", "x"), rows=referrals(("R/3", "x"), [1]), table="new"),
            "cannot name a partition",
        ),
        (
            lambda: replace(("..", ""), rows=referrals(("..", ""), [1]), table="new"),
            "cannot name a partition",
        ),
        (lambda: Change("new", pa.table({"n": [1]}), partition_by=("n",)), "must be a text column"),
        (lambda: Change("new", pa.table({"n": [timedelta(1)]})), "cannot hold a column of type"),
        (lambda: Change("../new", pa.table({"n": [1]})), "not a name for a lake table"),
        (lambda: Change("new", pa.table({"n": [1]}), {"n": ["1"]}), "in one way which partitions"),
        (lambda: Change("new", pa.table({"n": [1]}), None, BY, (("RV3",),)), "is named by"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(filled: Lake, change: object, says: str) -> None:
    before = numbers(filled)
    with pytest.raises(OurFault, match=says):
        filled.commit([change()], kind="load", known_at=on(25))
    again = open_lake(filled.path)
    assert numbers(again) == before == numbers(filled)
    assert filled.commit([], kind="nothing", known_at=on(26)).number == 3


def test_all_tables_change_together_or_none_does(filled: Lake) -> None:
    good = Change("journeys", pa.table({"n": [1]}))
    bad = replace(APRIL, rows=referrals(MAY, [1]))
    with pytest.raises(OurFault):
        filled.commit([good, bad], kind="load", known_at=on(25))
    assert not filled.has("journeys")
    filled.commit([good], kind="derive", known_at=on(25))
    assert filled.read("journeys").to_pylist() == [{"n": 1}]
    assert filled.check(deep=True) > 0


def test_one_commit_names_each_table_once(lake: Lake) -> None:
    with pytest.raises(YourCommand, match="once"):
        lake.commit([Change("a", pa.table({"n": [1]}))] * 2, kind="load", known_at=on(1))
    lake.commit([Change("a/b", pa.table({"n": [1]}))], kind="load", known_at=on(1))
    with pytest.raises(YourCommand, match="folder of tables"):
        lake.commit([Change("a", pa.table({"n": [1]}))], kind="load", known_at=on(1))


def test_as_known_reopens_every_past_state(filled: Lake) -> None:
    def state(when: date | datetime) -> dict[tuple[str, str], list[int]] | None:
        lake = open_lake(filled.path, as_known=when)
        return numbers(lake) if lake.snapshot else None

    assert state(date(2024, 4, 9)) is None
    assert state(date(2024, 4, 10))[APRIL] == list(range(10)), "a day means to its end"
    assert state(on(10) - timedelta(seconds=1)) is None
    assert state(on(10))[APRIL] == list(range(10))
    assert state(on(20).replace(tzinfo=None) - timedelta(seconds=1))[APRIL] == list(range(10)), (
        "no zone is UTC"
    )
    assert state(date(2030, 1, 1))[APRIL] == [100, 101, 102]
    with pytest.raises(YourCommand, match="past state"):
        open_lake(filled.path, as_known=date(2024, 4, 10)).commit([], kind="load", known_at=on(30))


def test_a_late_declaration_does_not_change_what_was_known(filled: Lake) -> None:
    """A file received on the 5th but loaded after that of the 20th stands on the latter."""
    snapshot = filled.commit([replace(MAY, rows=referrals(MAY, [1]))], kind="load", known_at=on(5))
    assert snapshot.known_at == on(20)
    assert open_lake(filled.path, as_known=date(2024, 4, 6)).snapshot is None


def test_history_and_submissions_are_kept(lake: Lake) -> None:
    record = SubmissionRecord(
        "f" * 64,
        "RV3",
        "2024-04",
        datetime(2024, 5, 20, 8),
        on(20),
        "primary",
        "accepted",
        {"IDS101": 3},
        "a.zip",
    )
    change = replace(APRIL, rows=referrals(APRIL, range(3)))
    made = lake.commit(
        [change], kind="load", known_at=on(20), submissions=[record], notes={"rule": "x", "n": [1]}
    )
    again = open_lake(lake.path)
    assert again.submissions() == (record,)
    assert again.snapshot == made == lake.snapshot
    (entry,) = again.history()
    assert (entry.kind, entry.notes, entry.rows) == ("load", {"rule": "x", "n": [1]}, {"returns/IDS101": 3})
    assert entry == lake.history()[0]
    (file,) = entry.changes["returns/IDS101"].added
    assert (file.rows, file.partition) == (3, APRIL)
    assert open_lake(lake.path, as_known=date(2024, 4, 19)).submissions() == ()


def test_delta_itself_reads_the_tables_and_keeps_their_history(filled: Lake) -> None:
    """Spark, Sail and other Delta readers see what we see."""
    folder = filled.path / "tables" / "returns" / "IDS101"
    table = DeltaTable(str(folder), version=filled.snapshot.versions["returns/IDS101"])
    assert sorted_rows(table.to_pyarrow_table()) == sorted_rows(filled.read("returns/IDS101"))
    assert table.metadata().configuration == {
        "delta.logRetentionDuration": "interval 36500 days",
        "delta.enableExpiredLogCleanup": "false",
    }
    filled.commit(
        [Change("returns/IDS101", pa.table({"n": [1], "provider": ["A"], "period": ["B"]}), partition_by=BY)],
        kind="derive",
        known_at=on(21),
    )
    assert DeltaTable(str(folder)).metadata().configuration["delta.enableExpiredLogCleanup"] == "false"
    assert DeltaTable(str(folder)).to_pyarrow_table().num_rows == 1


def test_only_one_may_write(filled: Lake) -> None:
    other = open_lake(filled.path)
    change = replace(MAY, rows=referrals(MAY, [1]))
    with filled.writing(), pytest.raises(YourCommand, match="another process is writing"):
        other.commit([change], kind="load", known_at=on(21))
    filled.commit([change], kind="load", known_at=on(21))
    with pytest.raises(YourCommand, match="since it was opened"):
        other.commit([change], kind="load", known_at=on(21))
    with other.writing():
        assert numbers(other)[MAY] == [1], "writing() brings the snapshot up to date"
        other.commit([replace(MAY, rows=referrals(MAY, [2]))], kind="load", known_at=on(22))
        other.commit([replace(APRIL, rows=referrals(APRIL, [3]))], kind="load", known_at=on(22))
    assert numbers(open_lake(filled.path)) == numbers(other)
    with filled.writing():
        filled.commit([replace(MAY, rows=referrals(MAY, [4]))], kind="load", known_at=on(23))
    assert numbers(open_lake(filled.path))[MAY] == [4]


def test_a_lake_belongs_to_one_key_and_one_purpose(tmp_path: Path) -> None:
    first = create_lake(tmp_path / "x" / "lake", purpose="demo", key_fingerprint="abc")
    first.commit([Change("t", pa.table({"n": [1]}))], kind="load", known_at=on(1))
    again = create_lake(tmp_path / "x" / "lake", purpose="demo", key_fingerprint="abc")
    assert again.tables() == ("t",)
    for purpose, key in (("live", "abc"), ("demo", "abd")):
        with pytest.raises(KeyRefused):
            create_lake(first.path, purpose=purpose, key_fingerprint=key)
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o700


def test_what_is_not_a_lake_is_refused(tmp_path: Path) -> None:
    with pytest.raises(YourCommand, match="not a lake"):
        open_lake(tmp_path)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(YourCommand, match="other files"):
        create_lake(tmp_path, purpose="demo", key_fingerprint="abc")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_lake_answers(lake: Lake) -> None:
    assert (lake.tables(), lake.submissions(), lake.history(), lake.snapshot) == ((), (), (), None)
    assert lake.query("SELECT 1 AS n").to_pylist() == [{"n": 1}]
    with pytest.raises(UnknownName, match="none yet"):
        lake.read("journeys")


def test_times_are_kept_in_utc(lake: Lake) -> None:
    summer = datetime.fromisoformat("2024-06-01T00:30:00+01:00")
    snapshot = lake.commit([], kind="load", known_at=summer)
    assert snapshot.known_at == datetime(2024, 5, 31, 23, 30, tzinfo=UTC)
    assert open_lake(lake.path).history()[0].known_at.utcoffset() == timedelta(0)
