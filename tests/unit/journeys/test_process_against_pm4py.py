"""Every public log beside the repository: what we discover is what pm4py does, which runs in its own process."""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from joinedup.journeys.event_logs import CsvForm, Discovery, EventLog, discover, read_csv_log, read_xes
from tests.conftest import ROOT

PEER = ROOT / ".venv-peers" / "bin" / "python"
SEPSIS = "%Y/%m/%d %H:%M:%S.%f"
LOGS = {
    "SEPSIS.xes.gz": (),
    "SEPSIS_1trace_per_variant.xes.gz": (),
    "HospitalBilling_1trace_per_variant.xes.gz": (),
    "RoadTraffic_1trace_per_variant.xes.gz": (),
    "bupar_hospital.csv.gz": ("case_id", "activity", "timestamp", ",", ""),
    "bupar_hospital_billing.csv.gz": ("case_id", "activity", "timestamp", ",", ""),
    "bupar_traffic_fines.csv.gz": ("case_id", "activity", "timestamp", ",", ""),
    "bupar_patients.csv": ("patient", "handling", "time", ",", ""),
    "roadtraffic100traces.csv": ("case:concept:name", "concept:name", "time:timestamp", ",", ""),
    "sepsis.csv.gz": ("Case ID", "Activity", "Complete Timestamp", ";", SEPSIS),
}
"""File -> columns, delimiter and form of times, of CSV."""


@pytest.fixture(scope="module")
def logs(published_data: Path) -> Path:
    folder = published_data / "eventlogs"
    if not folder.is_dir():
        pytest.skip("no event logs among the published data")
    return folder


@pytest.fixture(scope="module")
def answers(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not PEER.exists():
        pytest.skip("pm4py is not installed here: make bench sets up .venv-peers")
    out = tmp_path_factory.mktemp("pm4py") / "answers"
    requests = [[str(logs / name), *(columns or ("",) * 5)] for name, columns in LOGS.items()]
    done = subprocess.run(
        [str(PEER), "-W", "ignore", str(Path(__file__).parent / "pm4py_answers.py"), str(out)],
        input=json.dumps(requests), text=True, capture_output=True, check=False,
    )  # fmt: skip
    if "No module named 'pm4py'" in done.stderr:
        pytest.skip("pm4py is not installed in .venv-peers")
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    return dict(zip(LOGS, lines, strict=True))


def read(folder: Path, name: str) -> EventLog:
    if not LOGS[name]:
        return read_xes(folder / name)
    case, activity, time, delimiter, form = LOGS[name]
    # pm4py drops rows without a case without a word; one of these logs has such a row
    return read_csv_log(
        folder / name, case=case, activity=activity, time=time,
        form=CsvForm(delimiter=delimiter, time_form=form or None), leave_out=True,
    )  # fmt: skip


def steps(found: Discovery) -> dict[tuple[str, str], tuple[int, float, float]]:
    return {
        (t.before, t.after): (t.times, t.mean.value / 1000, t.median.value / 1000) for t in found.transitions
    }


@pytest.mark.parametrize("name", LOGS)
def test_equals_pm4py(name: str, logs: Path, answers: dict[str, Any]) -> None:
    found, expected = discover(read(logs, name)), answers[name]
    ours = steps(found)
    theirs = {(before, after): rest for before, after, *rest in expected["transitions"]}
    assert ours.keys() == theirs.keys() and ours
    for step, (times, mean, median) in theirs.items():
        assert ours[step][0] == times
        assert ours[step][2] == median
        # theirs is a sum of floats; ours is whole milliseconds, divided once
        assert math.isclose(ours[step][1], mean, rel_tol=1e-12)
    assert {a.name: a.starting for a in found.activities if a.starting} == expected["starts"]
    assert {a.name: a.ending for a in found.activities if a.ending} == expected["ends"]
    assert {a.name: a.repeating for a in found.activities if a.repeating} == expected["repeating"]
    variants = {tuple(sequence): cases for sequence, cases in expected["variants"]}
    assert dict(found.variants.most_common()) == variants


def test_the_row_without_a_case_is_counted(logs: Path) -> None:
    assert read(logs, "bupar_hospital_billing.csv.gz").left_out == 1


def test_one_log_in_two_forms_is_one_log(logs: Path) -> None:
    """The Sepsis log has offsets as XES and local times as CSV: what follows what is the same."""
    as_xes, as_csv = (discover(read(logs, name)) for name in ("SEPSIS.xes.gz", "sepsis.csv.gz"))
    assert {s: n for s, (n, *_) in steps(as_xes).items()} == {s: n for s, (n, *_) in steps(as_csv).items()}
    assert dict(as_xes.variants.most_common()) == dict(as_csv.variants.most_common())
