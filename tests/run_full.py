"""Run every test in shards, two at a time; keep a stamp for each that passed, and resume where the last run stopped.

A shard's stamp is void as soon as a file changes that its tests stand on (`tests/reached.py`): a change of a page does
not ask for the simulations again. The seed of the simulations is fresh for each run, kept while a stopped one is
resumed, and printed, so that a failure can be repeated. Each shard is one process, for one long test would leave a
second one idle; what it printed is in `.cache/test-full`, and is shown where it failed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reached import ROOT, fingerprint, tests_of

STATE = ROOT / ".cache" / "test-full"
SEED = STATE / "seed"
AT_ONCE = 2
BY_FILE = ("simulation", "faults", "property")
"""Folders whose files take minutes each and share nothing that is slow to make."""
PAGES = ROOT / "tests" / "system"
"""Its tests share demos and a database, which take minutes to make."""


def shards() -> list[Path]:
    """One shard per folder of tests, the quick ones first; one per file where a file takes minutes."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    single = [path for name in BY_FILE for path in files if path.parent.name == name]
    folders = sorted({path.parent for path in files} - {path.parent for path in single}, key=str)
    slow = [folder for folder in folders if folder.is_relative_to(PAGES)]
    return [*(folder for folder in folders if folder not in slow), *slow, *single]


def name_of(shard: Path) -> str:
    return str(shard.relative_to(ROOT).with_suffix("")).replace("/", "_")


def run(shard: Path, seed: str) -> bool:
    """Whether the tests of a shard pass, or passed before."""
    stamp = STATE / f"{name_of(shard)}.{fingerprint(shard)}.passed"
    if stamp.exists():
        say(f"{name_of(shard)}: passed before, with the seed {stamp.read_text()}, on the same code")
        return True
    command = [sys.executable, "-m", "pytest", "-rs", "--timeout=7200", *map(str, tests_of(shard))]
    known = {**os.environ, "JOINEDUP_SEED": seed, "JOINEDUP_FULL": "yes"}
    say(f"{name_of(shard)}: started")
    printed = STATE / f"{name_of(shard)}.log"
    with printed.open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=known, stdout=log, stderr=log, check=False)
    passed = done.returncode in (0, 5)  # 5: no test collected
    lines = printed.read_text().splitlines()
    say(f"{name_of(shard)}: {lines[-1] if passed and lines else chr(10).join(lines)}")
    if passed:
        stamp.write_text(seed)
    return passed


def say(words: str) -> None:
    print(f"== {words}", flush=True)


def seed_of(restart: bool) -> str:
    """The seed of the run that is resumed, or a fresh one."""
    STATE.mkdir(parents=True, exist_ok=True)
    if restart:
        for kept in STATE.iterdir():
            kept.unlink()
    if not SEED.exists():
        SEED.write_text(str(secrets.randbelow(2**31)))
    return SEED.read_text()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restart", action="store_true", help="forget the shards that passed")
    seed = seed_of(parser.parse_args().restart)
    say(f"Seed of the simulations: {seed} (repeat with JOINEDUP_SEED={seed})")
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        passed = list(lanes.map(lambda shard: run(shard, seed), shards()))
    failed = [name_of(shard) for shard, well in zip(shards(), passed, strict=True) if not well]
    if failed:
        say(f"Failed: {', '.join(failed)}")
        return 1
    SEED.unlink()
    say("All shards passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
