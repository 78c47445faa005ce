"""Damaged event logs: whatever the bytes, the answer is a log or an error that names the file, and soon."""

from __future__ import annotations

import gzip
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from joinedup.errors import YourData
from joinedup.journeys.event_logs import EventLog, read_csv_log, read_xes
from tests.fuzz.test_reading_fuzz import damaged

SECONDS = 10.0
EVENT = (
    '<event><string key="concept:name" value="A{n}"/>'
    '<date key="time:timestamp" value="2024-01-{d:02}T10:00:00.5Z"/></event>'
)
XES = '<?xml version="1.0" encoding="utf-8"?><log xes.version="1.0">' + "".join(
    f'<trace><string key="concept:name" value="é&amp;{t}"/>'
    + "".join(EVENT.format(n=n % 3, d=1 + n) for n in range(t % 6))
    + "</trace>"
    for t in range(12)
)
CSV = "case,activity,time,remark\n" + "".join(
    f'p{n % 7},"Assess, ""first"" {n % 3}",2024-01-{1 + n % 28:02} 10:00:00,é\n' for n in range(60)
)
VALID = {
    "log.xes": f"{XES}</log>".encode(),
    "log.xes.gz": gzip.compress(f"{XES}</log>".encode(), mtime=0),
    "log.csv": CSV.encode(),
    "log.csv.gz": gzip.compress(CSV.encode(), mtime=0),
}


def read(path: Path) -> EventLog:
    if ".xes" in path.name:
        return read_xes(path)
    return read_csv_log(path, case="case", activity="activity", time="time")


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is compiled on first use is compiled before the clock runs."""
    for name, content in VALID.items():
        path = tmp_path_factory.mktemp("compiled") / name
        path.write_bytes(content)
        read(path)


def answer(path: Path) -> EventLog | None:
    """The log, or None where it is refused as it should be; anything else is raised."""
    began = time.process_time()
    try:
        found = read(path)
    except YourData as fault:
        assert fault.file == path.name and fault.message and fault.remedy
        assert fault.row is None or fault.row >= 0
        found = None
    assert time.process_time() - began < SECONDS
    return found


def trials(name: str, number: int, seed: int, folder: Path) -> int:
    chance = random.Random(f"{seed} {name}")
    accepted = 0
    for _ in range(number):
        (folder / name).write_bytes(damaged(VALID[name], chance))
        found = answer(folder / name)
        if found is not None:
            accepted += 1
            assert found.events == found.starts[-1] > 0
            assert (found.activity < len(found.activities)).all()
    return accepted


@pytest.mark.parametrize("name", VALID)
def test_the_undamaged_logs_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(VALID[name])
    found = answer(tmp_path / name)
    assert found is not None and found.events == (30 if ".xes" in name else 60)


@pytest.mark.parametrize("name", VALID)
def test_damage_to_a_log_is_answered(name: str, seed: int, tmp_path: Path) -> None:
    assert trials(name, 400, seed, tmp_path) < 400


@pytest.mark.full
@pytest.mark.parametrize("name", VALID)
def test_much_damage_to_a_log_is_answered(name: str, seed: int, tmp_path: Path) -> None:
    assert trials(name, 20_000, seed + 1, tmp_path) < 20_000


@pytest.mark.parametrize("name", [name for name in VALID if name.endswith(".gz")])
def test_no_damage_to_a_packed_log_changes_what_is_read(name: str, tmp_path: Path) -> None:
    """What is packed carries a checksum: damaged, it is refused or reads as it was."""
    place = tmp_path / name
    place.write_bytes(VALID[name])
    whole, chance = read(place), random.Random(5)
    for _ in range(300):
        place.write_bytes(damaged(VALID[name], chance))
        found = answer(place)
        assert found is None or (found.time == whole.time).all()


@pytest.mark.parametrize(
    ("name", "bomb"),
    [
        ("bomb.xes.gz", lambda: gzip.compress(b"<log>" + b" " * (64 << 20), mtime=0)),
        ("bomb.csv.gz", lambda: gzip.compress(b"case,activity,time\n" + b"a" * (64 << 20), mtime=0)),
        ("long.xes", lambda: b'<log><trace><string key="concept:name" value="' + b"a" * (16 << 20)),
        ("deep.xes", lambda: b"<log>" + b"<list>" * 100_000),
        (
            "laughs.xes",
            lambda: (
                b'<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><log><trace>&b;</trace></log>'
            ),
        ),
    ],
)
def test_bombs_are_refused_before_they_go_off(name: str, bomb: Callable[[], bytes], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bomb())
    with pytest.raises(YourData) as fault:
        read(tmp_path / name)
    assert fault.value.file == name and fault.value.remedy
