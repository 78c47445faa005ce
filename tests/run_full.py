"""Run every test in shards, keep a stamp for each shard that passed, and resume where the last run stopped.

A shard's stamp is void as soon as a file changes that its tests stand on (`tests/reached.py`): a change of a page does
not ask for the simulations again. The seed of the simulations is fresh for each run, kept while a stopped one is
resumed, and printed, so that a failure can be repeated.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reached import ROOT, fingerprint

STATE = ROOT / ".cache" / "test-full"


def shards() -> list[Path]:
    """One shard per folder of tests, the quick ones first."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    return sorted(folders, key=lambda folder: ("simulation" in folder.parts, str(folder)))


def run(shard: Path, seed: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-rs", "--timeout=7200"]
    files = [str(path) for path in sorted(shard.glob("test_*.py"))]
    return subprocess.run(
        [*command, *files],
        cwd=ROOT,
        env={**os.environ, "JOINEDUP_SEED": seed, "JOINEDUP_FULL": "yes"},
        check=False,
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restart", action="store_true", help="forget the shards that passed")
    restart = parser.parse_args().restart
    STATE.mkdir(parents=True, exist_ok=True)
    seed_file = STATE / "seed"
    if restart:
        for stamp in STATE.iterdir():
            stamp.unlink()
    if not seed_file.exists():
        seed_file.write_text(str(secrets.randbelow(2**31)))
    seed = seed_file.read_text()
    print(f"== Seed of the simulations: {seed} (repeat with JOINEDUP_SEED={seed})")
    for shard in shards():
        stamp = STATE / f"{str(shard.relative_to(ROOT)).replace('/', '_')}.{fingerprint(shard)}.passed"
        if stamp.exists():
            print(
                f"== {shard.relative_to(ROOT)}: passed before, with the seed {stamp.read_text()}, on the same code"
            )
            continue
        print(f"== {shard.relative_to(ROOT)}", flush=True)
        if run(shard, seed) not in (0, 5):  # 5: no test collected
            return 1
        stamp.write_text(seed)
    seed_file.unlink()
    print("== All shards passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
