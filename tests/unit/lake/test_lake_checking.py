"""Damage is named before a figure is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from lake_rows import numbers, on, referrals, replace

from joinedup.errors import LakeDamaged
from joinedup.lake import Lake, open_lake
from joinedup.lake.durable import sealed, unsealed

MAY = ("RV3", "2024-05")


def log_of(lake: Lake, version: int) -> Path:
    return lake.path / "tables/returns/IDS101/_delta_log" / f"{version:020d}.json"


def test_a_zero_length_log_entry_is_found(filled: Lake) -> None:
    """The usual leaving of a power cut, which Delta itself opens as an empty version."""
    log_of(filled, 1).write_bytes(b"")
    with pytest.raises(LakeDamaged, match=r"00001\.json has 0 bytes") as raised:
        open_lake(filled.path)
    assert "backup" in raised.value.remedy


def test_missing_and_short_files_are_found(filled: Lake) -> None:
    (file,) = filled.history()[1].changes["returns/IDS101"].added
    path = filled.path / "tables/returns/IDS101" / file.path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(LakeDamaged, match="the ledger says"):
        open_lake(filled.path)
    path.unlink()
    with pytest.raises(LakeDamaged, match="is missing"):
        open_lake(filled.path)


def test_one_byte_flipped_anywhere_is_found(filled: Lake) -> None:
    """Every file of the lake but the lock: log and ledger at opening, data by the deep check."""
    files = [path for path in filled.path.rglob("*.*") if path.is_file() and path.name != "writer.lock"]
    assert len(files) >= 8
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(bytes([*whole[:-9], whole[-9] ^ 0x10, *whole[-8:]]))
        with pytest.raises(LakeDamaged):
            lake = open_lake(filled.path)
            lake.check(deep=True)
            assert lake.key_fingerprint == "abc" or pytest.fail(f"{path.name} changed unseen")
        path.write_bytes(whole)
    assert (
        open_lake(filled.path).check(deep=True) == len(files) - 3
    )  # all but lake.json and two ledger entries


@pytest.mark.parametrize("number", [1, 2])
def test_a_torn_or_altered_ledger_entry_is_found(filled: Lake, number: int) -> None:
    path = filled.path / "ledger" / f"{number:08d}.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LakeDamaged, match=f"entry {number} of the ledger cannot be read"):
        open_lake(filled.path)


def test_an_entry_rewritten_breaks_the_chain(filled: Lake) -> None:
    path = filled.path / "ledger" / "00000001.json"
    entry = unsealed(path.read_bytes())
    path.write_bytes(sealed({**entry, "notes": {"innocent": True}}))
    with pytest.raises(LakeDamaged, match="entry 2 of the ledger does not follow"):
        open_lake(filled.path)


def test_a_lost_entry_is_found_in_the_middle_and_at_the_end(filled: Lake) -> None:
    filled.commit([replace(MAY, rows=referrals(MAY, [1]))], kind="load", known_at=on(21))
    middle, end = (filled.path / "ledger" / f"{number:08d}.json" for number in (2, 3))
    kept = middle.read_bytes()
    middle.unlink()
    with pytest.raises(LakeDamaged, match="entry 2 of the ledger is missing"):
        open_lake(filled.path)
    end.unlink()
    with pytest.raises(LakeDamaged, match="holds a load for entry 3, but the ledger ends at 1"):
        open_lake(filled.path)
    middle.write_bytes(kept)
    assert numbers(open_lake(filled.path)) == {
        ("RKL", "2024-04"): list(range(7)),
        ("RV3", "2024-04"): [100, 101, 102],
    }


def test_a_delta_commit_without_an_entry_is_invisible_and_rolled_back(filled: Lake) -> None:
    """The crash between Delta and ledger: the orphan is never read, nor inherited by the next commit."""
    before = numbers(filled)
    filled.commit([replace(("RKL", "2024-04"), MAY, rows=referrals(MAY, [66]))], kind="load", known_at=on(21))
    (filled.path / "ledger" / "00000003.json").unlink()
    again = open_lake(filled.path)
    assert numbers(again) == before
    again.commit(
        [replace(("RV3", "2024-06"), rows=referrals(("RV3", "2024-06"), [7]))], kind="load", known_at=on(22)
    )
    assert numbers(open_lake(filled.path)) == {**before, ("RV3", "2024-06"): [7]}
    assert not [path for path in filled.path.rglob("*.parquet") if "2024-05" in str(path)]
    assert open_lake(filled.path).check(deep=True) > 0


def test_what_lies_beside_the_files_of_the_ledger_is_not_read(filled: Lake) -> None:
    (file,) = filled.history()[1].changes["returns/IDS101"].added
    path = filled.path / "tables/returns/IDS101" / file.path
    (path.parent / "00000002-stray.parquet").write_bytes(path.read_bytes())
    assert len(numbers(open_lake(filled.path))[("RV3", "2024-04")]) == 3
