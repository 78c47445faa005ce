from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime

import numpy as np
import pytest

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnknownName
from joinedup.returns.reading import read_submission
from joinedup.returns.validating import validate
from joinedup.twin import write_twin
from joinedup.twin.calendar import EPOCH
from joinedup.twin.population import populate
from joinedup.twin.truth import STAGES

SIZE = {"scale": 0.02, "months": 12, "ending": "2025-03", "seed": 7}


@pytest.fixture(scope="module")
def spotless(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spotless")
    write_twin(folder, dirt=0.0, **SIZE)
    return folder


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dirty")
    summary = write_twin(folder, scale=0.05, months=3, ending="2025-03", seed=7, dirt=3.0)
    return folder, summary


def rows_in(path):
    """Rows of every file of a zip, by national table, as plain dictionaries."""
    with zipfile.ZipFile(path) as archive:
        return {
            name[:6]: list(csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8")))
            for name in archive.namelist()
        }


def content(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_twin(tmp_path / name, scale=0.01, months=3, seed=seed)
    one, two, three = (content(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys()
    assert all(one[name] != three[name] for name in one if name.endswith(".zip"))


def test_every_file_has_the_national_columns_and_every_table_some_rows(spotless):
    spec = ReturnSpec.load("talking_therapies")
    filled = set()
    paths = sorted((spotless / "returns").glob("*.zip"))
    assert len(paths) == 12 * 2 * 2
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == [f"{table.name}.csv" for table in spec.tables]
            for table in spec.tables:
                lines = archive.read(f"{table.name}.csv").decode().split("\n")
                assert lines[0].split(",") == [column.name for column in table.columns]
                if len(lines) > 2:
                    filled.add(table.id)
    assert filled == {table.id for table in spec.tables}


def test_a_spotless_return_breaks_no_rule(spotless):
    for path in sorted((spotless / "returns").glob("*.zip"))[::9]:
        report, _ = validate(read_submission(path))
        assert not report.findings, (path.name, report.findings[:3])
        assert report.outcome == "accepted"


def test_a_dirty_return_is_accepted_with_rejects_and_its_faults_are_named(dirty):
    folder, _ = dirty
    found = set()
    for path in sorted((folder / "returns").glob("*_primary.zip")):
        report, _ = validate(read_submission(path))
        assert report.outcome == "accepted_with_rejects"
        found |= {finding.rule for finding in report.findings}
    expected = (
        "IDS00111 IDS00129 IDS00133 IDS00139 IDS00407 IDS00123 IDS10137 IDS10136 IDS20128 IDS20143 IDS20171"
    )
    assert set(expected.split()) <= found
    assert {"IDS60707", "IDS60708", "IDS00702"} <= found


def test_a_refresh_adds_what_came_late(dirty):
    folder, _ = dirty
    first = rows_in(folder / "returns" / "RV3_2025-02_primary.zip")
    again = rows_in(folder / "returns" / "RV3_2025-02_refresh.zip")
    assert len(again["IDS201"]) > len(first["IDS201"])
    ended = [sum(bool(row["ServDischDate"]) for row in rows["IDS101"]) for rows in (first, again)]
    assert ended[1] > ended[0]
    assert (
        again["IDS000"][0]["DateTimeDatSetCreate"] > first["IDS000"][0]["DateTimeDatSetCreate"] > "2025-02-28"
    )


def test_everything_arrives_after_it_was_made_and_one_file_arrives_twice(dirty):
    folder, summary = dirty
    with (folder / "receipts.csv").open(encoding="utf-8") as file:
        receipts = {row["file"]: datetime.fromisoformat(row["received"]) for row in csv.DictReader(file)}
    sent = sorted(path.name for path in (folder / "returns").iterdir())
    assert sorted(receipts) == sent
    assert len(sent) == summary.files == 13
    assert sum("again" in name for name in sent) == 1
    for name, received in receipts.items():
        made = rows_in(folder / "returns" / name)["IDS000"][0]["DateTimeDatSetCreate"]
        assert datetime.fromisoformat(made) < received.replace(tzinfo=None)


def test_postcodes_of_people_are_in_the_look_up(spotless):
    with (spotless / "postcodes.csv").open(encoding="utf-8") as file:
        known = {row["pcds"] for row in csv.DictReader(file)}
    used = {row["Postcode"] for row in rows_in(spotless / "returns" / "RKL_2025-03_refresh.zip")["IDS001"]}
    assert len(used) > 20
    assert used <= known | {"ZZ99 3VZ"}


def test_truth_lists_the_effects_and_the_baseline(spotless):
    facts = json.loads((spotless / "truth.json").read_text(encoding="utf-8"))
    assert facts["version"] == 1
    keys = {"id", "service", "borough", "breakdown", "group", "stage", "from", "date_basis", "points", "days"}
    assert len(facts["planted"]) == 4
    assert all(keys <= effect.keys() for effect in facts["planted"])
    assert len(facts["baseline"]) == 8
    for parts in facts["baseline"].values():
        assert set(parts["all"]) == set(STAGES.values())
        assert 0 < parts["all"]["accessed"]["calibrated"] < 1
    assert facts["calibrated_to"]["RKL07"]["received"] == 11130


def test_what_is_in_the_files_is_what_was_drawn(spotless):
    """Plain reading of all refreshes: sessions, first and last scores, flags, against the simulated
    outcomes."""
    population = populate(SIZE["scale"], SIZE["months"], SIZE["seed"], SIZE["ending"])
    referrals, contacts, acts, scores, dates = {}, {}, {}, {}, {}
    for path in sorted((spotless / "returns").glob("*_refresh.zip")):
        trust, rows = path.name[:3], rows_in(path)
        for row in rows["IDS101"]:
            referrals[trust, row["ServiceRequestId"]] = row
        for row in rows["IDS201"]:
            contacts[trust, row["CareContactId"]] = row
            if row["AttendOrDNACode"] in ("5", "6") and row["AppType"] in ("02", "03", "05"):
                dates.setdefault((trust, row["ServiceRequestId"]), []).append(row["CareContactId"])
        for row in rows["IDS202"]:
            acts[trust, row["CareActId"]] = row
            if row["CodeProcAndProcStatus"] == "1098051000000103":
                contact = contacts[trust, row["CareContactId"]]
                dates[trust, contact["ServiceRequestId"]].remove(row["CareContactId"])
        for row in rows["IDS607"]:
            contact = contacts[trust, acts[trust, row["CareActId"]]["CareContactId"]]
            key = (trust, contact["ServiceRequestId"], row["CodedAssToolType"])
            scores.setdefault(key, []).append((contact["CareContDate"], float(row["PersScore"])))
    start = (date.fromisoformat("2024-04-01") - EPOCH).days
    columns = population.referrals
    order = np.argsort(columns["received"], kind="stable")
    number = {int(position): f"R{place + 1:08d}" for place, position in enumerate(order)}
    wanted = (columns["received"] >= start) & (columns["end"] <= population.months[-1].last)
    recovered = [0, 0]
    for position in np.flatnonzero(wanted & (columns["measure"] < 0)):
        key = (population.trusts[columns["trust"][position]], number[int(position)])
        assert referrals[key]["ServDischDate"], key
        sessions = len(dates.get(key, []))
        assert sessions == columns["sessions"][position], key
        if sessions < 2 or not columns["paired"][position]:
            continue
        phq, gad = (
            sorted(scores[(*key, code)], key=lambda pair: pair[0]) for code in ("720433000", "445455005")
        )
        (a, b), (c, d) = (phq[0][1], phq[-1][1]), (gad[0][1], gad[-1][1])
        improved = (a - b >= 6 or c - d >= 4) and not (b - a >= 6 or d - c >= 4)
        reliably = (a >= 10 or c >= 8) and b < 10 and d < 8 and improved
        recovered[0] += reliably
        recovered[1] += bool(columns["recovered"][position])
        assert reliably == columns["recovered"][position], key
    assert recovered[0] == recovered[1] > 20


def test_a_size_or_month_that_cannot_be_is_refused(tmp_path):
    with pytest.raises(UnknownName, match="not a month"):
        write_twin(tmp_path, ending="March 2026")
    with pytest.raises(UnknownName, match="size"):
        write_twin(tmp_path, scale=0)
