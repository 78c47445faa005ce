"""How the command speaks: JSON for programs, a plain table for people, progress only on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, int, int], None]


def print_json(value: Any) -> None:
    """One JSON document on standard output; missing numbers are null, never NaN."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False, default=str, indent=2) + "\n")


def print_table(header: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
    """A plain text table; columns listed in `right` are set right. Empty: says so."""
    if not rows:
        print("Nothing to show.")
        return
    text = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    widths = [max(len(str(head)), *(len(row[i]) for row in text)) for i, head in enumerate(header)]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            c.rjust(w) if i in right else c.ljust(w)
            for i, (c, w) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    print(line([str(h) for h in header]))
    print(line(["-" * w for w in widths]))
    for row in text:
        print(line(row))


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """A progress line on standard error: a moving bar on a terminal, one line a step elsewhere."""
    if quiet:
        yield lambda step, done, total: None
        return
    if not sys.stderr.isatty():
        yield _plain_progress()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    from rich.console import Console

    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            task = tasks.setdefault(step, None)
            if task is None:
                task = tasks[step] = bar.add_task(step, total=total)
            bar.update(task, completed=done, total=total)

        yield show


def _plain_progress() -> Progress:
    """Logs of a scheduled job get a line when a step starts and ends, with the seconds, not a bar."""
    started: dict[str, float] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in started:
            started[step] = time.monotonic()
            print(f"{step} ...", file=sys.stderr, flush=True)
        if total and done >= total and started[step] >= 0:
            print(f"{step}: done in {time.monotonic() - started[step]:.0f} s", file=sys.stderr, flush=True)
            started[step] = -1.0

    return show


def dictionary(rows: Sequence[Mapping[str, Any]], header: Sequence[str]) -> list[list[Any]]:
    """Rows of a list of mappings in the order of the header."""
    return [[row.get(name) for name in header] for row in rows]
