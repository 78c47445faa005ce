"""How far the preparation of figures has come: written by the process that prepares, read by pages that wait."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

FILE = "progress.json"
OLD = 900.0
"""Seconds after which nothing was heard: the process was ended, and the page says so."""


@dataclass(frozen=True)
class Progress:
    """The step, how many of how many parts are done, and what went wrong, if anything."""

    step: str
    done: int = 0
    total: int = 1
    failed: str = ""
    quiet: bool = False

    @property
    def words(self) -> str:
        """The step as a person reads it."""
        return f"{self.step}: {self.done} of {self.total}" if self.total > 1 else self.step


def tell(folder: Path, step: str, done: int = 0, total: int = 1, failed: str = "") -> None:
    """Write how far it is, whole: a page never reads half of it."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    staged = folder / f".{FILE}"
    staged.write_text(json.dumps({"step": step, "done": done, "total": total, "failed": failed}))
    staged.replace(folder / FILE)


def forget(folder: Path) -> None:
    """Nothing is under way any more."""
    (folder / FILE).unlink(missing_ok=True)


def read(folder: Path) -> Progress | None:
    """How far it is; None where nothing is under way."""
    file = folder / FILE
    try:
        told = json.loads(file.read_text())
        quiet = time.time() - file.stat().st_mtime > OLD
    except (OSError, ValueError):
        return None
    return Progress(told["step"], told["done"], told["total"], told["failed"], quiet)
