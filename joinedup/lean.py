"""A process without pandas: Arrow looks for it at the first text it is given and imports it where it is installed,
which is half of what a process of ours takes to start."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType


class _Absent:
    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=name)


def without_pandas() -> None:
    """From now on pandas is not installed, for this process: call it before anything is imported."""
    sys.meta_path.insert(0, _Absent)
