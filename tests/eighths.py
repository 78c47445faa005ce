"""The eighth of a long table that this push runs: the next one with every commit, all of them in the full run."""

from __future__ import annotations

import os
import subprocess
import zlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def eighth() -> int:
    """0 to 7: what JOINEDUP_EIGHTH says, else how many commits there are; 0 outside a repository."""
    told = os.environ.get("JOINEDUP_EIGHTH")
    if told:
        return int(told) % 8
    asked = ["git", "rev-list", "--count", "HEAD"]
    done = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return int(done.stdout) % 8 if done.returncode == 0 else 0


def its_turn(name: str) -> bool:
    """Whether the row of that name is in this push's eighth."""
    return zlib.crc32(name.encode()) % 8 == eighth()
