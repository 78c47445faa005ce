"""What every test shares: where the reference material lies, and the seed of the simulations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
TOLD = ROOT / ".cache" / "stood-still.txt"
"""Where a demo that stood still tells where each of its threads was."""

# A busy machine is no fault of what is tested.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Groups where they are asked for: --dist loadgroup."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.grouping import Grouped

    return Grouped(config, log)


def reference_folder(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable, ROOT / default))


@pytest.fixture(scope="session")
def published_data() -> Path:
    """Real published figures; not part of the repository."""
    folder = reference_folder("JOINEDUP_DATA", "../shared/data")
    if not folder.is_dir():
        pytest.skip(f"no published data: set JOINEDUP_DATA (looked in {folder.name})")
    return folder


@pytest.fixture(scope="session")
def oracles() -> Path:
    """Cases answered by the field's reference programs; not part of the repository."""
    folder = reference_folder("JOINEDUP_ORACLES", "../shared/oracles")
    if not folder.is_dir():
        pytest.skip(f"no oracle cases: set JOINEDUP_ORACLES (looked in {folder.name})")
    return folder


@pytest.fixture(scope="session")
def seed() -> int:
    """Fixed in `make test`; fresh for each run of `make test-full`, which prints it."""
    return int(os.environ.get("JOINEDUP_SEED", "7"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The agreement with the field's reference programs, where their cases were run; and of a demo that stood still,
    where."""
    if TOLD.exists():
        terminalreporter.section("a demo stood still, and was made once more")
        terminalreporter.write_line(TOLD.read_text())
        TOLD.unlink()
    from tests.oracles.agreement import table_of

    outcomes = [
        (report.nodeid, outcome)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if "test_agrees_with_the_peer[" in report.nodeid
    ]
    if outcomes:
        terminalreporter.section("agreement with the field's reference programs")
        terminalreporter.write_line(table_of(outcomes))
