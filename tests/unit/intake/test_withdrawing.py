"""`withdraw`: the rows go, the history stays, and what comes afterwards is taken as if it had not been there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from joinedup.errors import UnknownName, YourCommand
from joinedup.intake import load, not_withdrawn, withdraw
from joinedup.journeys import build_journeys
from joinedup.lake import Lake, open_lake
from tests.unit.intake.small_returns import as_zip, small_return
from tests.unit.intake.test_loading import KEY, content, new_lake

EARLY, LATE = datetime(2024, 5, 15, 9), datetime(2024, 6, 15, 9)


def a_lake(folder: Path, *paths: Path) -> Lake:
    folder.mkdir()
    lake = new_lake(folder)
    for path in paths:
        load([path], lake, key=KEY, workers=1)
    return lake


def rows_without_origin(lake: Lake) -> dict[str, list[dict[str, object]]]:
    return {name: rows for name, rows in content(lake).items() if rows}


def test_what_is_left_is_what_it_would_be_without_it(tmp_path: Path) -> None:
    april = as_zip(tmp_path / "april.zip", small_return("RV3", "2024-04"))
    may = as_zip(tmp_path / "may.zip", small_return("RV3", "2024-05"))
    other = as_zip(tmp_path / "other.zip", small_return("RKL", "2024-05", people=range(5, 9)))
    lake, never = a_lake(tmp_path / "a", april, may, other), a_lake(tmp_path / "b", april, other)
    sent = next(r for r in lake.submissions() if (r.provider, r.period) == ("RV3", "2024-05"))
    after = withdraw(sent.content_hash, lake, reason="the wrong month was exported")
    assert rows_without_origin(lake) == rows_without_origin(never)
    entry = open_lake(lake.path).history()[-1]
    assert (entry.number, entry.kind, entry.notes["reason"]) == (
        after.number, "withdraw", "the wrong month was exported",
    )  # fmt: skip
    build_journeys(lake), build_journeys(never)
    assert sorted(lake.read("journeys").to_pylist(), key=repr) == sorted(
        never.read("journeys").to_pylist(), key=repr
    )


def test_history_keeps_it_and_the_lake_is_whole(tmp_path: Path) -> None:
    lake = a_lake(tmp_path / "a", as_zip(tmp_path / "april.zip", small_return()))
    before = content(lake)
    known = lake.history()[-1].known_at
    withdraw(lake.submissions()[0].content_hash, lake, reason="by mistake")
    assert not any(content(lake).values()) and not_withdrawn(lake) == () and len(lake.submissions()) == 1
    assert content(open_lake(lake.path, as_known=known)) == before
    assert open_lake(lake.path).check(deep=True)


def test_the_same_and_the_older_may_come_again(tmp_path: Path) -> None:
    primary = as_zip(tmp_path / "primary.zip", small_return(created=EARLY))
    refresh = as_zip(tmp_path / "refresh.zip", small_return(created=LATE, score="9"))
    lake = a_lake(tmp_path / "a", primary, refresh)
    held = lake.submissions()[-1].content_hash
    assert load([primary], lake, key=KEY, workers=1).outcomes == {"already loaded": 1}
    withdraw(held, lake, reason="a wrong refresh")
    assert load([primary], lake, key=KEY, workers=1).outcomes == {"loaded": 1}
    assert {row["PersScore"] for row in lake.read("returns/IDS607").to_pylist()} == {"12"}
    assert load([refresh], lake, key=KEY, workers=1).outcomes == {"loaded": 1}
    assert load([refresh], lake, key=KEY, workers=1).outcomes == {"already loaded": 1}


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from joinedup.cli import run

    lake = a_lake(tmp_path / "a", as_zip(tmp_path / "april.zip", small_return()))
    asked = ["returns", "withdraw", "RV3", "2024-04", "--reason", "a mistake", "--lake", str(lake.path)]
    assert run(asked) == 0 and "is withdrawn" in capsys.readouterr().out
    assert run(asked) == 2 and "holds no return" in capsys.readouterr().err


def test_only_what_is_held_is_withdrawn_and_only_with_a_reason(tmp_path: Path) -> None:
    primary = as_zip(tmp_path / "primary.zip", small_return(created=EARLY))
    lake = a_lake(tmp_path / "a", primary, as_zip(tmp_path / "refresh.zip", small_return(created=LATE)))
    first, last = (record.content_hash for record in lake.submissions())
    state = lake.snapshot
    for asked, reason, error in (
        (first, "replaced", UnknownName),
        ("0" * 64, "no", UnknownName),
        (last, " ", YourCommand),
    ):
        with pytest.raises(error):
            withdraw(asked, lake, reason=reason)
    assert lake.snapshot == state
    withdraw(last, lake, reason="mistake", withdrawn=datetime(2024, 7, 1, tzinfo=UTC))
    assert lake.snapshot is not None and lake.snapshot.known_at >= datetime(2024, 7, 1, tzinfo=UTC)
    with pytest.raises(UnknownName):
        withdraw(last, lake, reason="again")
