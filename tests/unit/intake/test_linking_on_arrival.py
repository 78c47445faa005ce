"""A load finds people without a valid NHS number again, and keeps nothing that they were found by."""

from __future__ import annotations

from pathlib import Path

from small_returns import as_zip, birth_date, postcode, small_return

from joinedup.intake import load
from joinedup.journeys import build_journeys, load_journeys
from joinedup.lake import Lake, create_lake
from joinedup.linkage.arriving import BY_DETAILS
from joinedup.linkage.keys import SAMPLE, derive_key

KEY = derive_key(SAMPLE, "demo")


def new_lake(folder: Path) -> Lake:
    return create_lake(folder / "lake", purpose=KEY.purpose, key_fingerprint=KEY.fingerprint)


def without_number(tables: dict, place: int) -> dict:
    """The same return, the number of one person not known."""
    tables["IDS001"][place] = {**tables["IDS001"][place], "NHSNumber": "", "NHSNumberStatus": "07"}
    return tables


def test_a_person_without_a_number_is_found_by_birth_date_postcode_and_gender(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    paths = [
        as_zip(tmp_path / "RV3.zip", small_return("RV3", people=[1, 2])),
        as_zip(tmp_path / "RKL.zip", without_number(small_return("RKL", people=[2, 3]), 0)),
    ]
    report = load(paths, lake, key=KEY, workers=2)
    assert report.outcomes == {"loaded": 2}
    people = {
        (row["provider"], row["_row"]): row["person_id"] for row in lake.read("returns/IDS001").to_pylist()
    }
    rows = sorted(people)
    (link,) = lake.read("links").to_pylist()
    assert link == {
        "person_id": people[rows[0]],  # of RKL, whose rows come first
        "joined_id": people[rows[3]],
        "rule": BY_DETAILS,
    }
    journeys = (build_journeys(lake), load_journeys(lake))[1].journeys
    persons = journeys.group_by("person_id").aggregate([("provider", "count_distinct")]).to_pylist()
    assert {row["person_id"]: row["provider_count_distinct"] for row in persons}[link["joined_id"]] == 2
    assert link["person_id"] not in {row["person_id"] for row in persons}
    rest = b"".join(path.read_bytes() for path in sorted(lake.path.rglob("*")) if path.is_file())
    for person in (1, 2, 3):
        assert birth_date(person).encode() not in rest
        assert postcode(person).encode() not in rest


def test_a_load_in_which_nobody_is_found_again_makes_no_table(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    load([as_zip(tmp_path / "RV3.zip", small_return("RV3"))], lake, key=KEY, workers=1)
    assert not lake.has("links")
