"""What decides whether a shard of the long run must run again."""

from __future__ import annotations

from tests.reached import ROOT, files_behind, fingerprint

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
