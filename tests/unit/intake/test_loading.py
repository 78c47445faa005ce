"""`load` from end to end on small returns: what goes in, what wins, what changes nothing."""

from __future__ import annotations

import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import KeyRefused, UnreadableFile
from joinedup.intake import check, import_postcodes, load
from joinedup.intake.discovering import Arrival
from joinedup.intake.loading import Loading, submission_kind
from joinedup.intake.preparing import Prepared, Preparer, Setting
from joinedup.lake import Lake, create_lake, open_lake
from joinedup.linkage import Key
from joinedup.linkage.keys import SAMPLE, derive_key
from tests.unit.intake.small_returns import (
    as_folder,
    as_xml,
    as_zip,
    birth_date,
    nhs_number,
    postcode,
    postcodes_csv,
    small_return,
)

KEY = derive_key(SAMPLE, "demo")


def new_lake(folder: Path, key: Key = KEY) -> Lake:
    return create_lake(folder / "lake", purpose=key.purpose, key_fingerprint=key.fingerprint)


def content(lake: Lake) -> dict[str, list[dict[str, object]]]:
    """All returns tables as sorted rows: what "the same lake" means."""
    tables = [name for name in lake.tables() if name.startswith("returns/")]
    return {name: sorted(lake.read(name).to_pylist(), key=repr) for name in tables}


def test_a_return_becomes_typed_keyed_rows(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    import_postcodes(postcodes_csv(tmp_path / "postcodes.csv"), lake)
    report = load([as_zip(tmp_path / "a.zip", small_return())], lake, key=KEY, workers=1)
    assert report.outcomes == {"loaded": 1} and report.rows == {"in": 31, "kept": 31}
    person = lake.read("returns/IDS001").sort_by("_row")
    assert not {"NHSNumber", "PersonBirthDate", "Postcode"} & set(person.column_names)
    assert person.column("nhs_number_valid").to_pylist() == [True] * 5
    born = date.fromisoformat(birth_date(0))
    expected_age = 2024 - born.year - ((born.month, born.day) > (4, 1))
    assert person.column("Age_RP_StartDate")[0].as_py() == expected_age
    assert (
        person.column("LSOA")[0].as_py().startswith("E019")
        and person.column("LocalAuthority").null_count == 0
    )
    assert set(person.column("IndicesOfDeprivationDecile").to_pylist()) <= set(range(1, 11))
    referral = lake.read("returns/IDS101").sort_by("_row")
    assert referral.column("person_id").to_pylist() == person.column("person_id").to_pylist()
    assert referral.column("LocalPatientId").to_pylist() == person.column("LocalPatientId").to_pylist()
    assert referral.schema.field("ReferralRequestReceivedDate").type == pa.date32()
    assert lake.read("returns/IDS201").column("ClinContDurOfCareCont").to_pylist() == [50] * 5
    assert lake.read("returns/IDS201").column("CareContTime").to_pylist() == ["10:30:00"] * 5
    assert len(lake.read("returns/IDS201").column("submission")[0].as_py()) == 16
    record = lake.submissions()[0]
    assert (record.provider, record.period, record.kind, record.rows["IDS607"]) == (
        "RV3",
        "2024-04",
        "primary",
        5,
    )


def test_every_table_of_the_return_is_there_from_the_first_load(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    load([as_zip(tmp_path / "a.zip", small_return())], lake, key=KEY, workers=1)
    assert len([name for name in lake.tables() if name.startswith("returns/")]) == 21
    assert lake.read("returns/IDS803").num_rows == 0


def test_zip_folder_and_xml_make_the_same_rows(tmp_path: Path) -> None:
    found = []
    for name, write in (("a.zip", as_zip), ("b", as_folder), ("c.xml", as_xml)):
        place = tmp_path / name.replace(".", "_")
        place.mkdir()
        lake = new_lake(place)
        load([write(place / name, small_return())], lake, key=KEY, workers=1)
        rows = content(lake)
        found.append(
            {t: [{k: v for k, v in r.items() if k != "submission"} for r in rs] for t, rs in rows.items()}
        )
    assert found[0] == found[1] == found[2] and len(found[0]["returns/IDS607"]) == 5


def test_the_same_content_zipped_again_is_one_submission(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    paths = [
        as_zip(tmp_path / "a.zip", small_return()),
        as_zip(tmp_path / "b.zip", small_return(), method=zipfile.ZIP_STORED),
        as_folder(tmp_path / "c", small_return()),
    ]
    first = load(paths, lake, key=KEY, received=date(2024, 5, 20), workers=1)
    assert [file.outcome for file in first.files] == ["already loaded", "already loaded", "loaded"]
    before, snapshot = content(lake), lake.snapshot
    again = load(paths, open_lake(lake.path), key=KEY, workers=1)
    assert again.outcomes == {"already loaded": 3} and again.snapshots == ()
    reopened = open_lake(lake.path)
    assert content(reopened) == before and reopened.snapshot == snapshot


def test_a_refresh_replaces_its_primary_whole_and_no_other_month(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    load(
        [as_zip(tmp_path / f"{p}.zip", small_return(period=p)) for p in ("2024-04", "2024-05")],
        lake,
        key=KEY,
        workers=1,
    )
    refresh = small_return(created=datetime(2024, 6, 20), people=range(1, 4), score="7")
    del refresh["IDS607"]
    load([as_zip(tmp_path / "refresh.zip", refresh)], lake, key=KEY, workers=1)
    april = "period = '2024-04'"
    assert lake.read("returns/IDS001", where=april).num_rows == 3
    assert lake.read("returns/IDS607", where=april).num_rows == 0
    assert lake.read("returns/IDS607", where="period = '2024-05'").num_rows == 5
    assert [record.kind for record in lake.submissions()] == ["primary", "primary", "refresh"]


def test_an_older_file_that_arrives_later_does_not_win(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    newer = as_zip(tmp_path / "newer.zip", small_return(created=datetime(2024, 6, 20), score="7"))
    older = as_zip(tmp_path / "older.zip", small_return(created=datetime(2024, 5, 20)))
    load([newer], lake, key=KEY, received=date(2024, 6, 21), workers=1)
    report = load([older], lake, key=KEY, received=date(2024, 7, 1), workers=1)
    assert report.outcomes == {"older than what is held": 1} and report.snapshots == ()
    assert set(lake.read("returns/IDS607").column("PersScore").to_pylist()) == {"7"}


def broken(tables: dict) -> dict:
    tables["IDS001"] = [
        *tables["IDS001"],
        tables["IDS001"][0],
    ]  # one NHS number on two rows: IDSREJ009 and 010
    return tables


def test_a_refused_file_changes_nothing_and_does_not_stop_the_others(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    load([as_zip(tmp_path / "held.zip", small_return())], lake, key=KEY, workers=1)
    before = content(lake)
    (tmp_path / "noise.zip").write_bytes(b"PK\x03\x04 and nothing more")
    bad = as_zip(tmp_path / "bad.zip", broken(small_return(created=datetime(2024, 6, 20))))
    good = as_zip(tmp_path / "good.zip", small_return("RKL"))
    report = load([bad, tmp_path / "noise.zip", good], lake, key=KEY, workers=1)
    outcomes = {file.name: file.outcome for file in report.files}
    assert outcomes == {"bad.zip": "refused", "noise.zip": "refused", "good.zip": "loaded"}
    assert all(file.message for file in report.files)
    after = content(open_lake(lake.path))
    assert {t: [r for r in rows if r["provider"] == "RV3"] for t, rows in after.items()} == before


def test_a_load_of_refused_files_alone_makes_no_snapshot(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    report = load([as_zip(tmp_path / "bad.zip", broken(small_return()))], lake, key=KEY, workers=1)
    assert report.outcomes == {"refused": 1} and lake.snapshot is None and report.files[0].report is not None
    assert report.files[0].report.outcome == "refused"


def test_rejected_rows_and_their_dependants_stay_out_and_are_counted(tmp_path: Path) -> None:
    tables = small_return()
    tables["IDS201"] = [
        {**row, "CareContDate": ""} if n == 2 else row for n, row in enumerate(tables["IDS201"])
    ]
    lake = new_lake(tmp_path)
    file = load([as_zip(tmp_path / "a.zip", tables)], lake, key=KEY, workers=1).files[0]
    assert (file.outcome, file.rows_in - file.rows_kept) == ("loaded", 3)
    assert sum(file.rejected.values()) >= 3
    for table in ("IDS201", "IDS202", "IDS607"):
        assert sorted(lake.read(f"returns/{table}").column("_row").to_pylist()) == [1, 2, 4, 5]


def test_receipts_declare_the_known_time_and_the_past_can_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "returns"
    folder.mkdir()
    for period, name in (("2024-04", "b.zip"), ("2024-05", "a.zip")):
        as_zip(folder / name, small_return(period=period))
    (tmp_path / "receipts.csv").write_text(
        "file,received\nb.zip,2024-05-24T09:00:00\na.zip,2024-06-24T09:00:00Z\n"
    )
    for path in (tmp_path, folder):
        lake = create_lake(tmp_path / f"lake-{path.name}", purpose="demo", key_fingerprint=KEY.fingerprint)
        report = load([path], lake, key=KEY, workers=1)
        assert [(file.name, file.received) for file in report.files] == [
            ("b.zip", datetime(2024, 5, 24, 9, tzinfo=UTC)),
            ("a.zip", datetime(2024, 6, 24, 9, tzinfo=UTC)),
        ]
        past = open_lake(lake.path, as_known=date(2024, 5, 31))
        assert set(past.read("returns/IDS001").column("period").to_pylist()) == {"2024-04"}
        assert set(lake.read("returns/IDS001").column("period").to_pylist()) == {"2024-04", "2024-05"}


def test_what_arrives_together_becomes_final_together(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    paths = [as_zip(tmp_path / f"{p}.zip", small_return(p)) for p in ("RV3", "RKL")]
    assert load(paths, lake, key=KEY, received=date(2024, 5, 24), workers=1).snapshots == (1,)


ANNOUNCED = {
    "IDS00016": {"period": "2024-05"},
    "IDS00019": {"period": "2024-05"},
    "IDS00027": {"received": "2024-05-21T22:59:59Z"},
    "IDS00030": {"provider": "RKL"},
    "IDS00033": {"sender": "RKL"},
}


@pytest.mark.parametrize("rule", ANNOUNCED)
def test_a_return_is_held_to_what_was_announced_of_it(tmp_path: Path, rule: str) -> None:
    # The rule compares days. In London it is one hour later than UTC in May.
    said = {"file": "a.zip", "received": "2024-05-21T23:00:00Z", "provider": "RV3", "sender": "RV3"}
    said["period"] = "2024-04"
    as_zip(tmp_path / "a.zip", small_return(created=datetime(2024, 5, 22, 10)))
    receipts = tmp_path / "receipts.csv"
    for announced, found in ((said, False), (said | ANNOUNCED[rule], True)):
        receipts.write_text(",".join(announced) + "\n" + ",".join(announced.values()) + "\n")
        report = check([tmp_path], workers=1)[0]
        assert rule not in report.not_run
        assert (rule in report.counts) is found
    lake = new_lake(tmp_path)
    assert load([tmp_path], lake, key=KEY, workers=1).files[0].outcome == (
        "loaded" if rule == "IDS00033" else "refused"
    )


@pytest.mark.parametrize(
    "content",
    [
        "name,when\na,b\n",
        "file,received\na.zip,yesterday\n",
        'file,received\n"a',
        "file,received,period\na.zip,2024-05-22,2024-13\n",
    ],
)
def test_receipts_that_cannot_be_read_are_refused(tmp_path: Path, content: str) -> None:
    as_zip(tmp_path / "a.zip", small_return())
    (tmp_path / "receipts.csv").write_text(content)
    with pytest.raises(UnreadableFile) as caught:
        load([tmp_path], new_lake(tmp_path), key=KEY, workers=1)
    assert caught.value.file == "receipts.csv"


def test_paths_without_a_submission_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UnreadableFile):
            check([path])


def test_a_key_of_another_lake_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    other = derive_key(bytes(range(40)), "live")
    with pytest.raises(KeyRefused):
        load([tmp_path / "absent.zip"], lake, key=other)


def test_people_are_linked_across_providers_on_their_number(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    paths = [
        as_zip(tmp_path / f"{p}.zip", small_return(p, people=people))
        for p, people in (("RV3", [1, 2]), ("RKL", [2, 3]))
    ]
    load(paths, lake, key=KEY, workers=1)
    people = lake.read("returns/IDS001")
    assert len(set(people.column("person_id").to_pylist())) == 3
    assert len(set(people.column("LocalPatientId").to_pylist())) == 4


def test_without_a_look_up_areas_are_unknown_and_the_rest_is_loaded(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    load([as_zip(tmp_path / "a.zip", small_return())], lake, key=KEY, workers=1)
    people = lake.read("returns/IDS001")
    assert people.column("LSOA").null_count == people.num_rows == 5


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    paths = [as_zip(tmp_path / f"{n}.zip", small_return(period=f"2024-0{n}")) for n in range(1, 7)]
    reports, lakes = [], []
    for workers in (1, 2):
        place = tmp_path / str(workers)
        place.mkdir()
        lake = new_lake(place)
        told: list[tuple[int, int, str]] = []
        reports.append(
            load(paths, lake, key=KEY, workers=workers, progress=lambda *step, told=told: told.append(step))
        )
        lakes.append(content(lake))
        assert [step[:2] for step in told] == [(n, 6) for n in range(1, 7)]
    assert lakes[0] == lakes[1]
    assert [f.outcome for f in reports[0].files] == [f.outcome for f in reports[1].files]


def test_check_answers_for_every_file(tmp_path: Path) -> None:
    as_zip(tmp_path / "good.zip", small_return())
    as_zip(tmp_path / "bad.zip", broken(small_return("RKL")))
    (tmp_path / "cut.zip").write_bytes(b"PK")
    outcomes = {report.name: report.outcome for report in check([tmp_path], workers=1)}
    assert outcomes == {"good.zip": "accepted", "bad.zip": "refused", "cut.zip": "refused"}


@pytest.mark.parametrize(
    ("created", "kind"),
    [
        ((2024, 5, 1), "primary"),
        ((2024, 6, 29), "refresh"),
        ((2024, 4, 30), "unknown"),
        ((2025, 5, 1), "unknown"),
    ],
)
def test_the_kind_follows_from_when_the_file_was_made(created: tuple[int, int, int], kind: str) -> None:
    assert submission_kind("2024-04", datetime(*created)) == kind


SUBMISSIONS = [  # (hours after the first, score): two say the same moment with other content
    (0, "3"),
    (24, "5"),
    (24, "6"),
    (48, "8"),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Arrival, Prepared]]:
    """Each of SUBMISSIONS as read, checked and normalised."""
    folder = tmp_path_factory.mktemp("submissions")
    prepare = Preparer(ReturnSpec.load(), Setting(KEY, None, frozenset()))
    found = []
    for number, (hours, score) in enumerate(SUBMISSIONS):
        made = datetime(2024, 5, 20) + timedelta(hours=hours)
        path = as_zip(folder / f"{number}.zip", small_return(created=made, people=[1], score=score))
        arrival = Arrival(path, datetime(2024, 7, 1, tzinfo=UTC))
        found.append((arrival, prepare(arrival)))
    return found


@settings(max_examples=15, deadline=None)
@given(
    order=st.permutations(range(len(SUBMISSIONS))),
    repeats=st.lists(st.integers(0, len(SUBMISSIONS) - 1), max_size=2),
    first=st.integers(1, 4),
    together=st.booleans(),
)
def test_the_state_does_not_depend_on_the_order_of_arrival(
    prepared: list[tuple[Arrival, Prepared]], order: list[int], repeats: list[int], first: int, together: bool
) -> None:
    """Whatever arrives first, together or twice, the latest creation time is held, and ties go one way."""
    arriving = [index for index in (*order, *repeats) if index < first]
    with TemporaryDirectory() as place:
        lake = new_lake(Path(place))
        with lake.writing():
            loading = Loading(lake, len(arriving), None)
            for batch in [arriving] if together else [[index] for index in arriving]:
                loading.take(
                    [prepared[index][0] for index in batch], iter([prepared[index][1] for index in batch])
                )
        rows = lake.read("returns/IDS607").to_pylist()
        records = lake.submissions()
    ranks = {i: (SUBMISSIONS[i][0], prepared[i][1].content_hash) for i in arriving}
    winner = max(ranks, key=lambda index: ranks[index])
    assert [row["PersScore"] for row in rows] == [SUBMISSIONS[winner][1]]
    assert [row["submission"] for row in rows] == [(prepared[winner][1].content_hash or "")[:16]]
    assert len(loading.outcomes) == len(arriving) and len({r.content_hash for r in records}) == len(records)


PEOPLE = range(200)


def test_no_planted_identifier_rests_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 NHS numbers, birth dates, postcodes, local ids: not in the lake, reports or temporary folder."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    tables = small_return(people=PEOPLE)
    for row in tables["IDS001"]:
        row["LocalPatientId"] = f"CANARY{row['LocalPatientId']}"
    for table in ("IDS002", "IDS101"):
        for row in tables[table]:
            row["LocalPatientId"] = f"CANARY{row['LocalPatientId']}"
    rejected = dict(
        tables["IDS101"][0], ServiceRequestId=nhs_number(7), ReferralRequestReceivedDate=postcode(7)
    )
    tables["IDS101"] = [*tables["IDS101"], rejected]
    refused = broken(small_return("RKL", people=PEOPLE))
    paths = [as_zip(tmp_path / "a.zip", tables), as_zip(tmp_path / "b.zip", refused)]
    lake = new_lake(tmp_path)
    report = load(paths, lake, key=KEY, workers=2)
    checked = check(paths, workers=1)
    assert report.outcomes == {"loaded": 1, "refused": 1}
    assert list(temporary.iterdir()) == []
    said = repr(report) + repr(report.to_json()) + "".join(one.to_json() for one in checked)
    rows = repr([lake.read(name).to_pydict() for name in lake.tables()])
    rest = b"".join(path.read_bytes() for path in sorted(lake.path.rglob("*")) if path.is_file())
    names = repr(sorted(os.fspath(path) for path in lake.path.rglob("*")))
    for n in PEOPLE:
        numbers = {nhs_number(n), birth_date(n), postcode(n), postcode(n).replace(" ", ""), f"CANARYP{n}"}
        for canary in numbers:
            assert canary not in said and canary not in rows and canary not in names
            assert canary.encode() not in rest
    assert lake.read("returns/IDS001").num_rows == 200
