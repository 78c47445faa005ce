"""Run every test in shards, keep a stamp for each shard that passed, and resume where the last run stopped.

A shard's stamp is void as soon as any tracked file changes, so a resumed run never mixes two states of the code.
The seed of the simulations is fresh for each started run and printed, so that a failure can be repeated.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STATE = ROOT / ".cache" / "test-full"


def state_of_the_code() -> str:
    """Hash of every tracked or new file, as git sees the working tree."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    digest = hashlib.sha256()
    for name in sorted(filter(None, names)):
        path = ROOT / name
        if path.is_file():
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def shards() -> list[Path]:
    """One shard per folder of tests, the quick ones first."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    return sorted(folders, key=lambda folder: ("simulation" in folder.parts, str(folder)))


def run(shard: Path, seed: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-rs", "--timeout=7200"]
    files = [str(path) for path in sorted(shard.glob("test_*.py"))]
    return subprocess.run(
        [*command, *files], cwd=ROOT, env={**os.environ, "JOINEDUP_SEED": seed}, check=False
    ).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restart", action="store_true", help="forget the shards that passed")
    restart = parser.parse_args().restart
    folder = STATE / state_of_the_code()
    folder.mkdir(parents=True, exist_ok=True)
    seed_file = folder / "seed"
    if restart or not seed_file.exists():
        for stamp in folder.iterdir():
            stamp.unlink()
        seed_file.write_text(str(secrets.randbelow(2**31)))
    seed = seed_file.read_text()
    print(f"== Seed of the simulations: {seed} (repeat with JOINEDUP_SEED={seed})")
    for shard in shards():
        stamp = folder / (str(shard.relative_to(ROOT)).replace("/", "_") + ".passed")
        if stamp.exists():
            print(f"== {shard.relative_to(ROOT)}: passed before, on the same code")
            continue
        print(f"== {shard.relative_to(ROOT)}", flush=True)
        if run(shard, seed) not in (0, 5):  # 5: no test collected
            return 1
        stamp.touch()
    print("== All shards passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
