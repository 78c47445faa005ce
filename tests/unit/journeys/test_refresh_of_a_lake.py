"""What a refresh derives again, what it leaves alone, and when it derives everything instead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from joinedup.journeys import build_journeys, building, clustered_record, load_journeys
from joinedup.journeys.division import MADE, derive_part
from joinedup.lake import Change, Lake, create_lake
from tests.property.submission_histories import counted
from tests.property.test_division import links_of
from tests.unit.journeys.drawn import table

KNOWN = datetime(2025, 6, 20, tzinfo=UTC)
BY = ("provider", "period")
HEADER = "period ReportingPeriodStartDate ReportingPeriodEndDate\n2025-05 2025-05-01 2025-05-31"
REFERRALS = """
period  ServiceRequestId person_id LocalPatientId ReferralRequestReceivedDate ServDischDate EndCode
2025-05 R1               P1        L1             2025-01-06                  -             -
2025-05 R2               P2        L2             2025-02-03                  -             -
2025-05 R3               P3        L3             2025-03-03                  -             -
"""
PEOPLE = """
period  LocalPatientId EthnicCategory
2025-05 L1             A
2025-05 L2             K
2025-05 L3             N
"""
CONTACTS = """
period  CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType
2025-05 C1            R1               2025-02-10   5               02
2025-05 C2            R2               2025-03-10   5               02
"""


def load(lake: Lake, month: str, **drawn: str) -> None:
    changes = [
        Change(f"returns/{name}", table(name, text), partition_by=BY, replace_partitions=[("RV3", month)])
        for name, text in drawn.items()
    ]
    lake.commit(changes, kind="load", known_at=KNOWN)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setattr(building, "LARGEST_SHARE", 0.7)
    lake = create_lake(tmp_path / "lake", purpose="demo", key_fingerprint="0" * 16)
    empty = dict.fromkeys(("IDS004", "IDS007", "IDS011", "IDS202", "IDS205", "IDS602", "IDS603"), "period\n")
    load(
        lake, "2025-05", IDS000=HEADER, IDS001=PEOPLE, IDS101=REFERRALS, IDS201=CONTACTS,
        **empty, IDS606="period\n", IDS607="period\n",
    )  # fmt: skip
    build_journeys(lake)
    return lake


def built(lake: Lake, *, rebuild: bool = False) -> dict[str, Any]:
    """Bring the journeys up to date; what was done and, as it must be, the same as deriving everything."""
    build_journeys(lake, rebuild=rebuild)
    notes, found = lake.history()[-1].notes, load_journeys(lake)
    whole = derive_part({name: lake.read(name) for name in lake.tables()}, pathway="talking_therapies")
    for name in MADE:
        assert counted(getattr(found, name)) == counted(whole[name]), name
    return {name: notes[name] for name in ("done", "people", "months", "because") if name in notes}


def later(text: str, **of: str) -> str:
    """The lines of a drawing that name one of these, a month later."""
    header, *lines = text.strip().splitlines()
    kept = [line.replace("2025-05", "2025-06") for line in lines if any(name in line for name in of.values())]
    return "\n".join([header, *kept])


def test_a_month_that_says_the_same_again_derives_nobody(lake: Lake) -> None:
    load(lake, "2025-06", IDS101=later(REFERRALS, a="R1", b="R2"), IDS001=later(PEOPLE, a="L1", b="L2"))
    assert built(lake) == {"done": "refreshed", "people": 0, "months": 0}


def test_a_contact_of_one_person_rewrites_their_month_of_referral_only(lake: Lake) -> None:
    before = {file.path for file in lake.source("contacts", building.CONTACTS).state.files.values()}  # type: ignore[union-attr]
    record = clustered_record(lake)
    kept = {month: (record.folder / record.files[month]["name"]).stat().st_ino for month in record.months}
    load(
        lake, "2025-06",
        IDS101=later(REFERRALS, a="R1", b="R2"),
        IDS201="period CareContactId ServiceRequestId CareContDate AttendOrDNACode AppType\n"
        "2025-06 C9 R2 2025-06-02 5 02",
    )  # fmt: skip
    build_journeys(lake)
    notes = lake.history()[-1].notes
    assert (notes["done"], notes["people"], notes["months"]) == ("refreshed", 1, 1)
    after = {file.path for file in lake.source("contacts", building.CONTACTS).state.files.values()}  # type: ignore[union-attr]
    assert [path.split("/")[0] for path in after - before] == ["referral_month=2025-02"]
    record = clustered_record(lake)
    now = {month: (record.folder / record.files[month]["name"]).stat().st_ino for month in record.months}
    assert [month for month in now if now[month] != kept[month]] == ["2025-02"]
    assert built(lake) == {"done": "refreshed", "people": 0, "months": 0}


def test_a_moved_referral_touches_whom_it_left_and_whom_it_came_to(lake: Lake) -> None:
    load(lake, "2025-06", IDS101=later(REFERRALS, a="R2").replace("P2", "P3"))
    assert built(lake) == {"done": "refreshed", "people": 2, "months": 2}


def test_a_contact_sent_under_another_referral_touches_both(lake: Lake) -> None:
    load(lake, "2025-06", IDS201=later(CONTACTS, a="C1").replace("R1", "R3"))
    assert built(lake) == {"done": "refreshed", "people": 2, "months": 2}


def test_a_month_withdrawn_touches_whoever_was_in_it(lake: Lake) -> None:
    load(lake, "2025-06", IDS201=later(CONTACTS, a="C1").replace("C1", "C9"))
    build_journeys(lake)
    load(lake, "2025-06", IDS201="period\n")
    assert built(lake) == {"done": "refreshed", "people": 1, "months": 1}


def test_a_change_of_links_derives_again_just_the_journeys_it_touches(lake: Lake) -> None:
    lake.commit([Change("links", links_of({"P2": "P1"}))], kind="load", known_at=KNOWN)
    assert built(lake) == {"done": "refreshed", "people": 2, "months": 2}
    assert sorted(load_journeys(lake).journeys["person_id"].to_pylist()) == ["P1", "P3"]
    lake.commit([Change("links", links_of({}))], kind="load", known_at=KNOWN)
    assert built(lake)["people"] == 2


def test_rows_of_one_person_in_another_order_are_looked_at_again(lake: Lake) -> None:
    """Of two identifiers of one person the later row counts, so that the order of a return sent again matters."""
    load(lake, "2025-05", IDS101=REFERRALS.replace("P2", "P1"))
    build_journeys(lake)
    load(
        lake,
        "2025-05",
        IDS001="\n".join([*PEOPLE.strip().splitlines()[:1], *PEOPLE.strip().splitlines()[:0:-1]]),
    )
    assert built(lake)["people"] == 1


def test_everything_is_derived_where_that_is_safer(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert built(lake, rebuild=True) == {"done": "rebuilt", "because": "asked for"}
    load(lake, "2025-05", IDS101=REFERRALS.replace(" 2025-", " 2024-"))
    assert built(lake) == {"done": "rebuilt", "because": "100% of the people are touched"}
    lake.commit(
        [Change("journeys", lake.read("journeys"), partition_by=("referral_month",))],
        kind="x",
        known_at=KNOWN,
    )
    assert built(lake) == {"done": "rebuilt", "because": "the stored tables were written to since"}
    monkeypatch.setattr(building, "made_with", lambda: "other")
    assert built(lake) == {"done": "rebuilt", "because": "definitions or program changed"}


def test_a_record_that_is_gone_or_damaged_is_made_again_when_asked_for(lake: Lake) -> None:
    record = clustered_record(lake)
    path = record.folder / record.files["2025-02"]["name"]
    content = path.read_bytes()
    path.write_bytes(bytes([content[-1] ^ 1]) + content[1:])
    load(lake, "2025-06", IDS201=later(CONTACTS, a="C2").replace("C2", "C9"))
    build_journeys(lake)
    assert lake.history()[-1].notes["done"] == "refreshed"
    assert clustered_record(lake).damaged() == ()
    assert sum(clustered_record(lake).files[month]["referrals"] for month in record.months) == 3


def test_tables_stored_in_one_piece_stay_so(tmp_path: Path, lake: Lake) -> None:
    """Lakes made before contacts and answers were stored by month of referral."""
    old = create_lake(tmp_path / "old", purpose="demo", key_fingerprint="0" * 16)
    names = [name for name in lake.tables() if name.startswith("returns/")]
    stored = [Change(name, lake.read(name), partition_by=BY) for name in names]
    loose = [Change(name, lake.read(name)) for name in ("contacts", "answers")]
    old.commit([*stored, *loose], kind="load", known_at=KNOWN)
    build_journeys(old)
    load(old, "2025-06", IDS201=later(CONTACTS, a="C1").replace("C1", "C9"))
    assert built(old) == {"done": "refreshed", "people": 1, "months": 1}
    assert old.partitioned_by("contacts") == ()
