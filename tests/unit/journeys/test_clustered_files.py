"""The clustered record at rest: what is read is what was written, and nothing torn or of another state is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from joinedup.errors import YourCommand
from joinedup.journeys.clustered import Clustered, Coder
from joinedup.journeys.clustered_files import ClusteredRecord, read_record, write_record
from tests.unit.journeys.records import clustered, pathways

STATE = {"snapshot": 3, "rule": "first-referral-1"}
MONTHS = ("2024-04", "2024-05", "2024-06")


def written(folder: Path, seed: int = 1) -> tuple[ClusteredRecord, dict[str, Clustered]]:
    coder = Coder()
    parts = {month: clustered(pathways(seed + at, 20 * at), at, coder)[0] for at, month in enumerate(MONTHS)}
    return write_record(folder, parts.items(), coder, STATE), parts


def same(one: Clustered, other: Clustered) -> None:
    for name, values in vars(one).items():
        if name != "codes":
            found = getattr(other, name)
            assert found.dtype == values.dtype and np.array_equal(found, values), name
    assert {name: codes.tolist() for name, codes in one.codes.items()} == {
        name: codes.tolist() for name, codes in other.codes.items()
    }


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    record, parts = written(tmp_path / "clustered")
    assert record.months == MONTHS
    for month, part in parts.items():
        same(part, record.part(month))
    again = read_record(tmp_path / "clustered", STATE)
    assert again.columns == record.columns and again.damaged() == ()
    assert [part.referrals for part in again.parts(["2024-05"])] == [20]
    assert all(isinstance(kind, tuple) for kind in record.columns["kind"])


def test_a_part_of_a_part_is_the_same_referrals(tmp_path: Path) -> None:
    record, _ = written(tmp_path / "clustered")
    whole = record.part("2024-06")
    part = whole.part(7, 19)
    assert part.referrals == 12
    for at in range(12):
        mine, theirs = part.part(at, at + 1), whole.part(7 + at, 8 + at)
        same(mine, theirs)


def test_another_state_or_no_record_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "clustered")
    with pytest.raises(YourCommand, match="of another state"):
        read_record(tmp_path / "clustered", STATE | {"snapshot": 4})
    with pytest.raises(YourCommand, match="no whole clustered record"):
        read_record(tmp_path / "nowhere", STATE)


def test_what_is_torn_is_refused_and_what_is_altered_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "clustered"
    written(folder)
    file = folder / "2024-06.arrow"
    content = file.read_bytes()
    altered = bytearray(content)
    altered[len(altered) // 2] ^= 1
    file.write_bytes(altered)
    assert read_record(folder, STATE).damaged() == ("2024-06",)
    file.write_bytes(content[:-8])
    with pytest.raises(YourCommand, match="missing or torn"):
        read_record(folder, STATE)
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"snapshot":3', b'"snapshot":4'))
    with pytest.raises(YourCommand, match="no whole clustered record"):
        read_record(folder, STATE | {"snapshot": 4})


def test_a_write_that_fails_leaves_the_old_record(tmp_path: Path) -> None:
    record, parts = written(tmp_path / "clustered")

    def failing() -> Iterator[tuple[str, Clustered]]:
        yield next(iter(parts.items()))
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        write_record(tmp_path / "clustered", failing(), Coder(), STATE | {"snapshot": 4})
    assert read_record(tmp_path / "clustered", STATE).files == record.files
    assert [path.name for path in tmp_path.iterdir()] == ["clustered"]


def test_codes_stay_what_they_are_as_values_come() -> None:
    import pyarrow as pa

    coder = Coder()
    first = coder.codes("borough", pa.array(["b", None, "a", "b"]))
    second = coder.codes("borough", pa.chunked_array([["a"], ["c", None]]))
    assert (first.tolist(), second.tolist()) == ([0, 1, 2, 0], [2, 3, 1])
    assert coder.columns["borough"] == ["b", None, "a", "c"]
    rows = pa.table({"one": ["5", None, "5"], "other": ["02", "02", "02"]})
    kinds = coder.kinds("kind", rows)
    assert [coder.columns["kind"][code] for code in kinds] == [("5", "02"), (None, "02"), ("5", "02")]
    assert coder.kinds("kind", rows.slice(0, 0)).tolist() == []
