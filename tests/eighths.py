"""The eighth of a long table that this push runs: the next one with every commit, all of them in the full run."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest


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


def an_eighth(names: Iterable[str]) -> list[Any]:
    """The rows of a table for `parametrize`: those of this push's eighth, and the others in the full run alone."""
    return [pytest.param(name, marks=() if its_turn(name) else pytest.mark.full) for name in names]


def examples(number: int) -> int:
    """How many examples of a slow property to try: all of them in the full run, a fifth in a push."""
    return number if "JOINEDUP_FULL" in os.environ else max(2, number // 5)


def in_turn(test: Any) -> Any:
    """A long test that runs in one push of eight, and in every full run."""
    return test if its_turn(test.__name__) else pytest.mark.full(test)
