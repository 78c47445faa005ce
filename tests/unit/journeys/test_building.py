"""Journeys stored in a lake, found again, and derived afresh when the returns have changed."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.thresholds import Thresholds
from joinedup.errors import YourCommand
from joinedup.journeys import build_journeys, clustered_record, load_journeys
from joinedup.journeys.deriving import STEPS
from joinedup.journeys.made_with import made_with
from joinedup.journeys.one_pass import Reading, all_at_once
from joinedup.lake import Change, Lake, create_lake, open_lake
from tests.unit.journeys.drawn import REFERRAL, course, made, table

MAY, JUNE = datetime(2025, 5, 20, tzinfo=UTC), datetime(2025, 6, 20, tzinfo=UTC)
HEADER = "period ReportingPeriodStartDate ReportingPeriodEndDate\n"
FINISHED = course({"720433000": ("15", "9"), "445455005": ("12", "7")})


def load(lake: Lake, known_at: datetime, month: str, **drawn: str) -> None:
    changes = [
        Change(
            f"returns/{name}",
            table(name, text),
            {"provider": ["RV3"], "period": [month]},
            ("provider", "period"),
        )
        for name, text in drawn.items()
    ]
    lake.commit(changes, kind="load", known_at=known_at)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    load(lake, MAY, "2025-06", IDS000=f"{HEADER}2025-06 2025-06-01 2025-06-30", IDS101=REFERRAL, **FINISHED)
    return lake


def test_what_is_built_is_what_derive_makes_and_is_found_again(lake: Lake) -> None:
    told: list[str] = []
    before = lake.snapshot
    after = build_journeys(lake, progress=lambda step, done, of: told.append(f"{step} {done}/{of}"))
    assert before is not None
    assert (after.number, after.known_at) == (before.number + 1, before.known_at)
    assert lake.history()[-1].notes == {
        "derived_from": before.number, "rule": "first-referral-1", "pathway": "talking_therapies",
        "made_with": made_with(), "done": "rebuilt", "because": "nothing was stored",
    }  # fmt: skip
    assert told == [f"{step} {place}/{len(STEPS)}" for place, step in enumerate(STEPS)]
    found, wanted = load_journeys(lake), made(IDS101=REFERRAL, **FINISHED)
    for name in ("journeys", "contacts", "events", "answers"):
        assert getattr(found, name).equals(getattr(wanted, name)), name
    assert found.journeys["Recovery_Flag"].to_pylist() == [True]
    assert (found.rule, found.snapshot) == ("first-referral-1", after.number)
    assert (found.first_day, found.last_day) == (date(2025, 6, 1), date(2025, 6, 30))


def test_journeys_stored_before_new_returns_are_not_used(lake: Lake) -> None:
    build_journeys(lake)
    load(lake, JUNE, "2025-07", IDS101=f"period {_line(0)}\n2025-07 {_line(1).replace('2025-06-30', '-')}")
    assert load_journeys(lake).journeys["ServDischDate"].to_pylist() == [None]
    assert lake.read("journeys")["ServDischDate"].to_pylist() == [date(2025, 6, 30)]
    past = load_journeys(open_lake(lake.path, as_known=MAY))
    assert past.journeys["ServDischDate"].to_pylist() == [date(2025, 6, 30)]


def _line(place: int) -> str:
    return REFERRAL.strip().splitlines()[place]


def test_journeys_stored_are_read_not_derived_again(lake: Lake) -> None:
    build_journeys(lake)
    stored = lake.read("journeys")
    column = stored.column_names.index("EndCode")
    marked = stored.set_column(column, "EndCode", pa.array(["99"]))
    lake.commit([Change("journeys", marked, partition_by=("referral_month",))], kind="test", known_at=MAY)
    assert load_journeys(lake).journeys["EndCode"].to_pylist() == ["99"]


def test_a_lake_without_returns_says_what_to_do(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    with pytest.raises(YourCommand, match="joinedup returns load"):
        build_journeys(lake)
    with pytest.raises(YourCommand, match="no returns"):
        load_journeys(lake)


def test_the_clustered_record_is_a_cache_made_again_when_it_is_gone_or_of_another_state(lake: Lake) -> None:
    before = clustered_record(lake)
    build_journeys(lake)
    record = clustered_record(lake)
    assert record.made_of == before.made_of and record.files == before.files
    shutil.rmtree(record.folder)
    (record.folder.parent / "left-by-a-killed-process.part").mkdir()
    again = clustered_record(lake)
    assert again.files == record.files and again.damaged() == ()
    journeys = load_journeys(lake).journeys
    build_journeys(lake)
    assert [path.name for path in record.folder.parent.iterdir()] == [record.folder.name]
    months = Counter(journeys["referral_month"].to_pylist())
    assert {month: part.referrals for month, part in zip(again.months, again.parts(), strict=True)} == months


def test_what_is_derived_from_the_record_is_what_the_journeys_say(lake: Lake) -> None:
    build_journeys(lake)
    record, journeys = clustered_record(lake), load_journeys(lake).journeys
    reading = Reading.of(record.columns, Derivations.load(), Thresholds.load())
    rows = [
        (chunk, at)
        for part in record.parts()
        for chunk in [all_at_once(part, reading)]
        for at in range(chunk.count)
    ]
    for (chunk, at), journey in zip(rows, journeys.to_pylist(), strict=True):
        for name in ("Paired_Flag", "Caseness_Flag", "CompletedTreatment_Flag"):
            assert bool(chunk.flags(name)[at]) == journey[name]
        places, texts = chunk.texts("borough")
        assert texts[places[at]] == journey["borough"]
