"""What decides whether a shard of the long run must run again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import reached
from tests.reached import ROOT, files_behind, fingerprint
from tests.run_full import shards

SIMULATION = ROOT / "tests" / "simulation"


def names(shard: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in files_behind(ROOT / shard)}


def test_simulations_stand_on_the_statistics_and_the_definitions_and_not_on_the_pages() -> None:
    found = names("tests/simulation")
    for wanted in (
        "joinedup/equity/gap.py",
        "joinedup/journeys/kernel.py",  # imported within a function
        "joinedup/definitions/measures/talking_therapies/reliable_recovery.yaml",
        "tests/conftest.py",
        "tests/simulation/gap_simulator.py",
        "requirements.lock",
    ):
        assert wanted in found, wanted
    assert not any(name.startswith(("joinedup_web/", "docs/", "joinedup/cli/")) for name in found)


def test_what_is_loaded_by_name_counts() -> None:
    found = names("tests/oracles")
    assert {"joinedup/stats/intervals.py", "tests/oracles/adapters/__init__.py"} <= found


def test_tests_that_start_programs_stand_on_everything() -> None:
    assert names("tests/faults") == names("tests/system/web") > names("tests/simulation")
    assert "docs/traceability.md" in names("tests/faults")


def test_the_fingerprint_stays_and_differs_between_shards() -> None:
    assert fingerprint(SIMULATION) == fingerprint(SIMULATION) != fingerprint(ROOT / "tests" / "faults")


def test_every_test_is_in_one_shard() -> None:
    run = [path for shard in shards() for path in reached.tests_of(shard)]
    assert len(run) == len(set(run))
    assert set(run) == set((ROOT / "tests").rglob("test_*.py"))


def test_a_command_more_voids_only_what_can_call_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Path.read_bytes
    before = fingerprint(SIMULATION), fingerprint(ROOT / "tests" / "faults")

    def with_a_command(path: Path) -> bytes:
        more = b'\nmore = "joinedup.cli:main"' if path == ROOT / "pyproject.toml" else b""
        return told(path).replace(b"[project.scripts]", b"[project.scripts]" + more)

    monkeypatch.setattr(Path, "read_bytes", with_a_command)
    assert fingerprint(SIMULATION) == before[0]
    assert fingerprint(ROOT / "tests" / "faults") != before[1]
